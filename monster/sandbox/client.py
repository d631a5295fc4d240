"""Runs a function in a child process that may crash, hang or run out of memory without harm to this process."""

from __future__ import annotations

import atexit
import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import IO, Any, Final

from monster.errors import FileFormatError, InputError, MissingExtra, MonsterError
from monster.sandbox.protocol import MAX_LINE, Limits, load_arrays

log = logging.getLogger("monster.sandbox")
IN_WORKER: Final = "MONSTER_SANDBOX_WORKER"  # an environment variable
PROGRAM: Final = "monster.sandbox.worker"
GRACE: Final = 5.0  # seconds on top of the computing time, for waiting on the disk
START_SECONDS: Final = 120.0  # for a worker to be ready
LOG_TAIL: Final = 2000  # bytes
DEFAULT: Final = Limits()


def is_worker() -> bool:
    """Whether this process is a worker, where a crash harms no other."""
    return IN_WORKER in os.environ


class SandboxError(FileFormatError):
    """The worker gave no answer; the text starts with the name of the file."""


class WorkerDied(SandboxError):
    """The worker ended, or sent an invalid answer."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}: the parser failed; is the file damaged, or of another format?")


class WorkerTimeout(SandboxError):
    """The worker exceeded the time limit and was killed."""

    def __init__(self, name: str, seconds: float) -> None:
        super().__init__(f"{name}: reading it took longer than {seconds:g} s")


class WorkerOutOfMemory(SandboxError):
    """The function needs more memory than its limit."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}: reading it needs more memory than the limit")


def call(function: str, arguments: Mapping[str, Any], *, name: str, limits: Limits = DEFAULT) -> dict[str, Any]:
    """The only answer of ``function`` ("module:name") in a new worker; raises like ``Worker.ask``."""
    with Worker(function, limits=limits) as worker:
        answers = list(worker.ask(arguments, name))
    if len(answers) != 1:
        raise WorkerDied(name)
    return answers[0]


_KEPT_LOCK: Final = threading.Lock()


def call_kept(function: str, arguments: Mapping[str, Any], *, name: str, limits: Limits = DEFAULT) -> dict[str, Any]:
    """Like ``call``, in a worker that this process keeps for the function until it ends."""
    with _KEPT_LOCK:
        (answer,) = _kept_worker(os.getpid(), function, limits).ask(arguments, name)
        return answer


@cache
def _kept_worker(process: int, function: str, limits: Limits) -> Worker:
    """The worker of a process (a forked child has its own)."""
    worker = Worker(function, limits=limits)
    atexit.register(worker.close)
    return worker


class Worker:
    """A child process that runs one function on request; one thread at a time may ask it.

    ``function`` is "module:name", in a package that is installed or in one of the folders ``search``. ``modules`` are
    imported in the child too. ``limits`` hold for each answer; on a busy machine ``patience`` times the seconds of
    computing may pass. The process is started at the first request, and again after it died, timed out, or gave
    ``most_answers`` answers, to free leaked memory.
    """

    def __init__(
        self,
        function: str,
        *,
        limits: Limits = DEFAULT,
        modules: Sequence[str] = (),
        search: Sequence[Path] = (),
        most_answers: int = 1000,
        patience: float = 1.0,
    ) -> None:
        self._function, self._modules, self._search = function, tuple(modules), tuple(search)
        self._limits, self._most_answers, self._patience = limits, most_answers, patience
        self._process: _Process | None = None
        self._answers = 0

    def ask(self, arguments: Mapping[str, Any], name: str) -> Iterator[dict[str, Any]]:
        """The answers of the function as they come, each within the limits; ``name`` is the file's, for errors.

        Raises what the function raised (FileFormatError, or MissingExtra), WorkerDied, WorkerTimeout or
        WorkerOutOfMemory.
        """
        process = self._ready()
        finished = False
        try:
            process.send({"arguments": dict(arguments)}, name)
            while not finished:
                message = process.receive(name, self._limits.seconds * self._patience + GRACE, self._limits.seconds)
                finished = "answer" not in message
                if not finished:
                    self._answers += 1
                    yield process.answer(message, name)
                elif message.get("done") is not True:
                    raise _raised(message, name)
        finally:
            if not finished:  # the worker died or timed out, or the caller stopped early
                self.close()

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            process.close()

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self.close()

    def _ready(self) -> _Process:
        if self._process is not None and (self._answers >= self._most_answers or self._process.has_ended()):
            self.close()
        if self._process is None:
            numbers = (str(self._limits.megabytes), str(self._limits.seconds))
            self._process = _Process((self._function, *numbers, *self._modules), self._search)
            self._answers = 0
            try:
                self._process.receive(self._function, START_SECONDS, START_SECONDS)
            except SandboxError as error:
                self.close()
                raise InputError(f"{self._function}: the worker process does not start ({error})") from None
        return self._process


class _Process:
    """One running worker, its folder, and its pipes."""

    def __init__(self, arguments: Sequence[str], search: Sequence[Path]) -> None:
        self._home = TemporaryDirectory(prefix="monster-sandbox-")
        self._folder = Path(self._home.name)
        self._log = self._folder / "worker.log"
        # Output of a parser goes to a file of limited size, because a pipe could fill the memory of this process.
        with self._log.open("ab") as log_file:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", PROGRAM, *arguments],
                cwd=self._folder,
                env=_environment(search),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log_file,
            )

    def has_ended(self) -> bool:
        """Whether the process has ended."""
        return self._process.poll() is not None

    def send(self, message: Mapping[str, Any], name: str) -> None:
        """Write one message. Raises WorkerDied."""
        try:
            os.truncate(self._log, 0)
            if self._process.stdin is not None:
                self._process.stdin.write(json.dumps(message).encode() + b"\n")
                self._process.stdin.flush()
        except OSError:
            raise self._died(name) from None

    def receive(self, name: str, wait: float, seconds: float) -> dict[str, Any]:
        """The next message. Ends the process and raises WorkerTimeout (of ``seconds``) after ``wait`` seconds."""
        late = threading.Event()

        def end() -> None:
            late.set()
            self._process.kill()

        alarm = threading.Timer(wait, end)
        alarm.daemon = True
        alarm.start()
        status = None
        try:
            line = b"" if self._process.stdout is None else self._process.stdout.readline(MAX_LINE)
            if not line:
                status = self._process.wait()
        finally:
            alarm.cancel()
        if late.is_set() or (status is not None and -status == getattr(signal, "SIGPROF", None)):
            raise WorkerTimeout(name, seconds)
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            message = None
        if not isinstance(message, dict):
            raise self._died(name)
        return message

    def answer(self, message: Mapping[str, Any], name: str) -> dict[str, Any]:
        """The values and arrays of an answer. Raises WorkerDied for a corrupt one."""
        values, arrays = message["answer"], message.get("arrays")
        if not isinstance(values, dict) or not isinstance(arrays, str | None):
            raise self._died(name)
        if arrays is None:
            return values
        path = self._folder / Path(arrays).name
        try:
            loaded = load_arrays(path)
        except ValueError as error:  # a hostile file controls the worker
            log.error("reading %s gave a corrupt answer: %s", name, error)
            raise WorkerDied(name) from None
        path.unlink()
        return values | loaded

    def close(self) -> None:
        """End the process and remove its folder."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            _close(pipe)
        self._home.cleanup()

    def _died(self, name: str) -> WorkerDied:
        try:
            printed = self._log.read_bytes()[-LOG_TAIL:]
        except OSError:  # another thread closed the worker
            printed = b""
        log.warning("reading %s ended: %s", name, printed.decode(errors="replace"))
        return WorkerDied(name)


def _raised(message: Mapping[str, Any], name: str) -> MonsterError:
    """The error in a worker's message."""
    kind, text = message.get("error"), str(message.get("text", ""))
    if kind == "input":
        return FileFormatError(text)
    if kind == "extra":
        log.error("%s", text)
        return MissingExtra(f"reading {name}", str(message.get("extra", "")))
    return WorkerOutOfMemory(name) if kind == "memory" else WorkerDied(name)


def _environment(search: Sequence[Path]) -> dict[str, str]:
    """The environment of this process without the MONSTER_ variables (keys), with the import paths of the packages."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("MONSTER_")}
    roots = [str(Path(__file__).parents[2]), *map(str, search), kept.get("PYTHONPATH", "")]
    # Each thread of a native library reserves address space, which is limited.
    return kept | {
        IN_WORKER: "1",
        "PYTHONPATH": os.pathsep.join(filter(None, roots)),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def _close(pipe: IO[bytes] | None) -> None:
    try:
        if pipe is not None:
            pipe.close()
    except OSError:  # unsent data of an ended process
        return
