"""Uploaded files: saved in a private folder under a safe name, read in a child process, then deleted."""

from __future__ import annotations

import re
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from starlette.datastructures import UploadFile

from monster.io import Declared, read_untrusted
from monster.sandbox import Limits
from monster.types import Motion, Scene
from service.errors import busy
from service.settings import ServiceSettings

MAX_NAME: Final = 80


@dataclass(frozen=True)
class Choices:
    """How files are read: what is declared about them, whether a motion has the coordinates of the scene, its key.

    ``keep_height`` is for a motion that is used with a scene.
    """

    declared: Declared = field(default_factory=Declared)
    placed: bool = False
    key: str | None = None
    keep_height: bool = False


DEFAULT: Final = Choices()


class Uploads:
    """Reads uploaded files, a few at a time. Thread-safe."""

    def __init__(self, settings: ServiceSettings, *, reader: str | None = None) -> None:
        self._settings = settings
        self._reader = reader
        self._limits = Limits(settings.read_seconds, settings.read_megabytes)
        self._slots = threading.BoundedSemaphore(settings.read_processes)

    def motion(self, file: UploadFile, choices: Choices = DEFAULT) -> Motion:
        """The motion of a file. Raises FileFormatError with the file's name, ServiceError if all slots stay busy."""
        with self._kept(file) as path:
            options = {**choices.declared.motion(), "placed": choices.placed, "key": choices.key}
            options["keep_height"] = choices.keep_height
            most = self._settings.max_frames
            return read_untrusted(path, "motion", limits=self._limits, most=most, reader=self._reader, **options)

    def scene(self, file: UploadFile, choices: Choices = DEFAULT) -> Scene:
        """The scene of a file, in its own coordinates if a motion is placed in them; raises like ``motion``."""
        with self._kept(file) as path:
            options = {**choices.declared.scene(), "placed": choices.placed}
            most = self._settings.max_points
            return read_untrusted(path, "scene", limits=self._limits, most=most, reader=self._reader, **options)

    @contextmanager
    def _kept(self, file: UploadFile) -> Iterator[Path]:
        """The path of a copy in a new folder, while one of the slots is held."""
        if not self._slots.acquire(timeout=self._settings.wait_seconds):
            raise busy("too many uploaded files are being read")
        try:
            with tempfile.TemporaryDirectory(prefix="monster-upload-") as folder:
                path = Path(folder, safe_name(file.filename or ""))
                with path.open("wb") as copy:
                    shutil.copyfileobj(file.file, copy)
                yield path
        finally:
            self._slots.release()


def safe_name(name: str) -> str:
    """The last part of a client's file name, with safe characters only."""
    last = PurePosixPath(name.replace("\\", "/")).name
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", last).lstrip(".-")
    stem, dot, suffix = plain.rpartition(".")
    if not stem:
        return plain[:MAX_NAME] or "upload"
    return f"{stem[: MAX_NAME - len(suffix[:12]) - 1]}{dot}{suffix[:12]}"
