"""Uploaded files: kept in a private folder under a harmless name, read by a process that may die, then gone."""

from __future__ import annotations

import logging
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Final, TypeVar

from starlette.datastructures import UploadFile

from monster.errors import FileFormatError, MissingExtra
from monster.readers.arrays import load_motion, load_scene
from monster.types import Motion, Scene
from service.errors import busy
from service.reading import LACKING, REFUSED, Choices, Job, Kind, Limits
from service.settings import Settings

log = logging.getLogger("service")
PROGRAM: Final = "service.reading"
MAX_NAME: Final = 80
DEFAULT: Final = Choices()
Value = TypeVar("Value", Motion, Scene)
GRACE: Final = 5.0  # seconds on top of the computing time, for starting up and for waiting on the disk


class Uploads:
    """Reads uploaded files, a few at a time. Safe to use from many threads."""

    def __init__(self, settings: Settings, *, program: str = PROGRAM) -> None:
        self._settings = settings
        self._program = program
        self._slots = threading.BoundedSemaphore(settings.read_processes)

    def motion(self, file: UploadFile, choices: Choices = DEFAULT) -> Motion:
        """The motion of a file. Raises FileFormatError with the file's name, ServiceError when all slots stay taken."""
        return self._read("motion", file, load_motion, choices)

    def scene(self, file: UploadFile) -> Scene:
        """The scene of a file; raises like ``motion``."""
        return self._read("scene", file, load_scene, DEFAULT)

    def _read(self, kind: Kind, file: UploadFile, load: Callable[[Path], Value], choices: Choices) -> Value:
        name = safe_name(file.filename or "")
        if not self._slots.acquire(timeout=self._settings.wait_seconds):
            raise busy("too many uploaded files are being read")
        try:
            with tempfile.TemporaryDirectory(prefix="monster-upload-") as folder:
                source, answer = Path(folder, "in", name), Path(folder, "answer.npz")
                source.parent.mkdir(mode=0o700)
                with source.open("wb") as copy:
                    shutil.copyfileobj(file.file, copy)
                self._run(kind, source, answer, Job(self._limits(), choices))
                return _loaded(load, answer, name)
        finally:
            self._slots.release()

    def _limits(self) -> Limits:
        chosen = self._settings
        return Limits(chosen.read_seconds, chosen.read_megabytes, chosen.max_frames, chosen.max_points)

    def _run(self, kind: Kind, source: Path, answer: Path, job: Job) -> None:
        command = [sys.executable, "-P", "-m", self._program, kind, str(source), str(answer), job.to_json()]
        try:
            # What a parser writes goes to a file, whose size is limited; a pipe could fill this process's memory.
            with answer.with_suffix(".log").open("wb") as told:
                status = subprocess.run(
                    command,
                    cwd=source.parent,
                    env=_environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=told,
                    stderr=told,
                    timeout=job.limits.seconds + GRACE,
                    check=False,
                ).returncode
        except subprocess.TimeoutExpired:
            raise FileFormatError(f"{source.name}: reading it took longer than {job.limits.seconds:g} s") from None
        if status != 0:
            raise _failure(status, source, answer, job.limits)


def _loaded(load: Callable[[Path], Value], answer: Path, name: str) -> Value:
    try:
        return load(answer)
    except FileFormatError as error:  # only a parser that an attacker has taken over answers like this
        log.error("reading %s gave a broken answer: %s", name, error)
        raise _gave_up(name) from None


def _gave_up(name: str) -> FileFormatError:
    return FileFormatError(f"{name}: the parser gave up on it; is the file damaged, or not what its name says?")


def _failure(status: int, source: Path, answer: Path, limits: Limits) -> FileFormatError | MissingExtra:
    line = Path(f"{answer}.error")
    if status in (REFUSED, LACKING) and line.is_file():
        text = line.read_text(encoding="utf-8")
        if status == REFUSED:
            return FileFormatError(text.replace(f"{source.parent}{os.sep}", ""))
        extra, _, reason = text.partition("\n")
        log.error("%s", reason)
        return MissingExtra(f"reading {source.name}", extra)
    log.warning("reading %s ended with %d: %s", source.name, status, _end_of(answer.with_suffix(".log")))
    if -status == getattr(signal, "SIGXCPU", None):
        return FileFormatError(f"{source.name}: reading it took longer than {limits.seconds:g} s")
    return _gave_up(source.name)


def _end_of(path: Path, size: int = 2000) -> str:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - size))
        return file.read().decode(errors="replace")


def _environment() -> dict[str, str]:
    """This process's environment without the service's own settings (keys), and with the packages in reach."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("MONSTER_")}
    roots = [str(Path(__file__).parents[1]), kept.get("PYTHONPATH", "")]
    # Each thread of a native library reserves address space, which is limited.
    return kept | {
        "PYTHONPATH": os.pathsep.join(filter(None, roots)),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def safe_name(name: str) -> str:
    """The last part of a client's file name with nothing in it that a file system or a terminal could take amiss."""
    last = PurePosixPath(name.replace("\\", "/")).name
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", last).lstrip(".-")
    stem, dot, suffix = plain.rpartition(".")
    if not stem:
        return plain[:MAX_NAME] or "upload"
    return f"{stem[: MAX_NAME - len(suffix[:12]) - 1]}{dot}{suffix[:12]}"
