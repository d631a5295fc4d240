"""Files that nobody vouches for, read in a process of its own: a native parser can take its process along.

``read_isolated`` starts one process for one file. ``Child`` keeps a process that answers many requests and is started
anew when it died or hung; `serving` is its other end.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Literal, overload

from monster.errors import FileFormatError, InputError, MissingExtra
from monster.io.npz import load_motion, load_scene
from monster.sandbox.protocol import LACKING, REFUSED, Job, Kind, Limits
from monster.types import Motion, Scene

__all__ = ["Child", "Limits", "ParserDied", "ParserFailed", "ParserHung", "read_isolated", "run_program"]

log = logging.getLogger("monster.io")
PROGRAM: Final = "monster.sandbox.protocol"
GRACE: Final = 5.0  # seconds on top of the computing time, for starting up and for waiting on the disk
START_SECONDS: Final = 120.0  # for a process that answers many requests to be ready
MAX_LINE: Final = 1 << 24
DEFAULT: Final = Limits()


class ParserFailed(FileFormatError):
    """The process that read a file ended or fell silent; the file's name comes first."""


class ParserDied(ParserFailed):
    """The process ended."""


class ParserHung(ParserFailed):
    """The process gave no answer in time, and was ended."""


@overload
def read_isolated(
    path: str | Path, kind: Literal["motion"], *, limits: Limits = ..., program: str = ..., **options: Any
) -> Motion: ...
@overload
def read_isolated(
    path: str | Path, kind: Literal["scene"], *, limits: Limits = ..., program: str = ..., **options: Any
) -> Scene: ...
def read_isolated(
    path: str | Path, kind: Kind, *, limits: Limits = DEFAULT, program: str = PROGRAM, **options: Any
) -> Motion | Scene:
    """Read a motion or scene in a process of its own, within ``limits``; ``options`` are those of its reader.

    Coordinates of a scene come back rounded to a millimetre. Raises FileFormatError with the file's name for whatever
    goes wrong with the file, ParserDied and ParserHung among it; MissingExtra where the reader needs one.
    """
    path = Path(path).absolute()
    with tempfile.TemporaryDirectory(prefix="monster-reading-") as folder:
        answer = Path(folder, "answer.npz")
        run_program(program, path, answer, Job(limits, options).to_json(), limits=limits, first=(kind,))
        try:
            return load_motion(answer) if kind == "motion" else load_scene(answer)
        except FileFormatError as error:  # only a parser that a hostile file has taken over answers like this
            log.error("reading %s gave a broken answer: %s", path.name, error)
            raise _gave_up(path.name) from None


def run_program(
    program: str, path: Path, answer: Path, job: str, *, limits: Limits, first: tuple[str, ...] = ()
) -> None:
    """Run ``program [first] path answer job``, which writes ``answer`` or, for a refusal, a line into ``answer.error``.

    Raises FileFormatError with the file's name for a refusal, ParserDied, ParserHung, or MissingExtra.
    """
    arguments = (*first, str(path), str(answer), job)
    try:
        # What a parser writes goes to a file, whose size is limited; a pipe could fill this process's memory.
        with answer.with_suffix(".log").open("wb") as told:
            status = subprocess.run(
                _command(program, *arguments),
                cwd=answer.parent,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=told,
                stderr=told,
                timeout=limits.seconds + GRACE,
                check=False,
            ).returncode
    except subprocess.TimeoutExpired:
        raise _too_long(path.name, limits) from None
    if status != 0:
        raise _failure(status, path, answer, limits)


def _failure(status: int, path: Path, answer: Path, limits: Limits) -> FileFormatError | MissingExtra:
    line = Path(f"{answer}.error")
    if status in (REFUSED, LACKING) and line.is_file():
        text = line.read_text(encoding="utf-8")
        if status == REFUSED:
            return FileFormatError(text.replace(f"{path.parent}{os.sep}", ""))
        extra, _, reason = text.partition("\n")
        log.error("%s", reason)
        return MissingExtra(f"reading {path.name}", extra)
    log.warning("reading %s ended with %d: %s", path.name, status, _end_of(answer.with_suffix(".log")))
    if -status == getattr(signal, "SIGXCPU", None):
        return _too_long(path.name, limits)
    return _gave_up(path.name)


def _gave_up(name: str) -> ParserDied:
    return ParserDied(f"{name}: the parser gave up on it; is the file damaged, or not what its name says?")


def _too_long(name: str, limits: Limits) -> ParserHung:
    return ParserHung(f"{name}: reading it took longer than {limits.seconds:g} s")


def _end_of(path: Path, size: int = 2000) -> str:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - size))
        return file.read().decode(errors="replace")


def _command(program: str, *arguments: str) -> list[str]:
    named = [program] if program.endswith(".py") else ["-m", program]
    return [sys.executable, "-P", *named, *arguments]


def _environment() -> dict[str, str]:
    """This process's environment without the project's own settings (keys), and with the packages in reach."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("MONSTER_")}
    roots = [str(Path(__file__).parents[2]), kept.get("PYTHONPATH", "")]
    # Each thread of a native library reserves address space, which is limited.
    return kept | {
        "PYTHONPATH": os.pathsep.join(filter(None, roots)),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


class Child:
    """A process that runs a program with `monster.sandbox.worker`, asked again and again by one thread at a time.

    ``program`` is a module, or the path of a script (``.py``). Limits hold for each answer; on a busy machine ``wait``
    times the seconds of computing may pass.
    It is started when first asked, and anew after it died, hung, or gave ``most`` answers (whatever leaks is gone).
    """

    def __init__(self, program: str, *, limits: Limits = DEFAULT, most: int = 1000, wait: float = 1.0) -> None:
        self._program, self._limits, self._most = program, limits, most
        self._wait = limits.seconds * wait + GRACE
        self._process: subprocess.Popen[bytes] | None = None
        self._given = 0

    def ask(self, request: Mapping[str, Any], name: str) -> Iterator[dict[str, Any]]:
        """The answers to a request as they come, each within the time limit; ``name`` is the file's, for errors.

        Raises ParserDied or ParserHung; after that the next request starts another process.
        """
        process = self._ready()
        finished = False
        try:
            _send(process, request, name)
            while not finished:
                answer = self._answer(process, name, self._wait)
                finished = answer.get("done") is True
                if not finished:
                    self._given += 1
                    yield answer
        finally:
            if not finished:  # it died, hung, or the caller went away before the end
                self.close()

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            _shut(pipe)

    def __enter__(self) -> Child:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self.close()

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._process is not None and (self._given >= self._most or self._process.poll() is not None):
            self.close()
        if self._process is None:
            pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
            limits = (str(self._limits.megabytes), str(self._limits.seconds))
            command, environment = _command(self._program, *limits), _environment()
            self._process = subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, stderr=nothing)
            self._given = 0
            try:
                self._answer(self._process, self._program, START_SECONDS)
            except ParserFailed as error:
                self.close()
                raise InputError(f"{self._program}: the process that reads files does not start ({error})") from None
        return self._process

    def _answer(self, process: subprocess.Popen[bytes], name: str, seconds: float) -> dict[str, Any]:
        """The next line of the process, which is ended when the line does not come in time."""
        if process.stdout is None:
            raise _gave_up(name)
        late = threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        alarm = threading.Timer(seconds, end)
        alarm.daemon = True
        alarm.start()
        try:
            line = process.stdout.readline(MAX_LINE)
        finally:
            alarm.cancel()
        if late.is_set() or (not line and -process.wait() == getattr(signal, "SIGPROF", None)):
            raise _too_long(name, self._limits)
        try:
            answer = json.loads(line)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise _gave_up(name)
        return answer


def _send(process: subprocess.Popen[bytes], request: Mapping[str, Any], name: str) -> None:
    try:
        if process.stdin is not None:
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
    except OSError:
        raise _gave_up(name) from None


def _shut(pipe: IO[bytes] | None) -> None:
    if pipe is None:
        return
    try:
        pipe.close()
    except OSError:  # what was not sent yet cannot be sent any more
        return
