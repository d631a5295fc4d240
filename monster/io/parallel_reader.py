"""Reads many motion and scene files, in order and in several processes: for each what it holds, or its error."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from monster.errors import FileFormatError, MissingExtra, MonsterError
from monster.io.declared import Declared
from monster.io.detection import file_kind
from monster.io.formats import Kind
from monster.io.motion.read import motion_captions, motion_ids, read_motions
from monster.io.registry import load_modules, registered_modules
from monster.io.scene.read import read_scene
from monster.io.sources import Source
from monster.parallel import ProcessCrash, map_ordered
from monster.types import Motion, Scene

FEW: Final = 16  # files that are read sooner than processes start
MOST_WORKERS: Final = 8
_beside: dict[Path, Any] = {}  # captions files that this process has parsed


@dataclass(frozen=True)
class ReadTask:
    """A file or folder to read, with what the caller declares; ``options`` are further ones of ``read_motions``."""

    path: Path
    declared: Declared = field(default_factory=Declared)
    options: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.path.name

    def read(self) -> FileContent:
        """What the file holds, or why it cannot be read; raises nothing about the file."""
        try:
            with Source(self.path, beside=_beside) as source:
                return self._content(source)
        except MonsterError as error:
            return FileContent(self, error=_plain(error))
        except (OSError, MemoryError, RecursionError) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            return FileContent(self, error=FileFormatError(f"{self.path.name}: cannot be read ({reason})"))

    def _content(self, source: Source) -> FileContent:
        kind = file_kind(source)
        if kind is None:
            return FileContent(self)
        if kind != "motion":
            return FileContent(self, "scene", scene=read_scene(source, **self.declared.scene()))
        errors: dict[str, MonsterError] = {}
        is_single = len(motion_ids(source)) == 1
        captions = motion_captions(source)
        leave = None if is_single else lambda key, error: errors.update({key: _plain(error)})
        motions = read_motions(source, on_error=leave, **self.declared.motion(), **self.options)
        return FileContent(self, "motion", motions, captions=captions, errors=errors, is_single=is_single)


@dataclass(frozen=True, eq=False)
class FileContent:
    """What a file holds: motions by id and their captions, or a scene; ``kind`` None for neither.

    ``error`` says why the file cannot be read, ``errors`` why some motions of a file with many cannot be.
    """

    task: ReadTask
    kind: Kind | None = None
    motions: Mapping[str, Motion] = field(default_factory=dict)
    scene: Scene | None = None
    captions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    error: MonsterError | None = None
    errors: Mapping[str, MonsterError] = field(default_factory=dict)
    is_single: bool = True


def read_many(
    files: Iterable[str | Path | ReadTask], *, workers: int | None = None, declared: Declared | None = None
) -> Iterator[FileContent]:
    """Read files in order; each gives a FileContent, with its error if it cannot be read or ends its process.

    ``workers`` processes read, 0 reads in this one; None means one for each processor, or this process where there are
    16 files or fewer. ``declared`` holds for paths; a ReadTask has its own.

        for content in read_many(sorted(folder.glob("*.bvh")), workers=2):
            print(content.task.path, content.error or list(content.motions))
    """
    declared = Declared() if declared is None else declared
    tasks = [file if isinstance(file, ReadTask) else ReadTask(Path(file), declared) for file in files]
    if workers is None:
        workers = 0 if len(tasks) <= FEW else min(os.cpu_count() or 1, MOST_WORKERS)
    _beside.clear()
    results = map_ordered(ReadTask.read, tasks, workers=workers, prepare=partial(load_modules, registered_modules()))
    for task, result in zip(tasks, results, strict=True):
        yield _crashed(task) if isinstance(result, ProcessCrash) else _frozen(result)


def _crashed(task: ReadTask) -> FileContent:
    text = f"{task.path.name}: the parser failed; is the file damaged, or of another format?"
    return FileContent(task, error=FileFormatError(text))


def _frozen(content: FileContent) -> FileContent:
    """The content with read-only arrays, which pickling makes writeable."""
    for motion in content.motions.values():
        motion.joints.flags.writeable = False
    if content.scene is not None:
        content.scene.points.flags.writeable = False
    return content


def _plain(error: MonsterError) -> MonsterError:
    """An error that can be pickled."""
    if isinstance(error, MissingExtra):
        return error
    return error if type(error).__init__ is MonsterError.__init__ else FileFormatError(str(error))
