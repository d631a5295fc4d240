"""Reads a folder of motion and scene files as items.

Ids are paths relative to the folder (``cmu/walk.bvh``); motions of a file with several get ``file/key``. A
``captions.jsonl`` beside motions gives their captions by id. The folder of a ScanNet scan is one scene; a corpus folder
yields its own items.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from monster.corpus.storage import Corpus
from monster.errors import InputError, MonsterError
from monster.io.declared import Declared
from monster.types import Item

if TYPE_CHECKING:
    from monster.io import FileContent
    from monster.provenance import Finding, Remark

# Metadata, documents and images: never items.
IGNORED_SUFFIXES: Final = frozenset(
    {".json", ".jsonl", ".md", ".tsv", ".html", ".png", ".jpg", ".log", ".yaml", ".yml"}
)


@dataclass(eq=False)
class Folder:
    """Reads the items of a folder; afterwards ``left_out`` has one line for each item that could not be read.

    Items of a corpus get no remarks: they were checked when it was made. ``workers`` is as in ``read_many``.
    """

    path: Path
    declared: Declared = field(default_factory=Declared)
    workers: int | None = None
    left_out: list[str] = field(default_factory=list)
    ignored: int = 0  # files that hold neither a motion nor a scene
    remarks: list[tuple[str, Remark]] = field(default_factory=list)  # remarks with the ids of their items
    guesses: list[tuple[str, Finding]] = field(default_factory=list)  # guessed values with the ids of their items

    def __iter__(self) -> Iterator[Item]:
        check_is_folder(self.path)
        self.left_out, self.ignored, self.remarks, self.guesses = [], 0, [], []
        yield from self._corpus() if (self.path / "corpus.json").exists() else self._files()

    def _corpus(self) -> Iterator[Item]:
        corpus = Corpus.open(self.path)
        scene_of = lru_cache(maxsize=4)(corpus.scene)
        for record in sorted(corpus.records, key=lambda record: record.scene or ""):  # items of one scene in a row
            try:
                yield corpus.item(record, scene_of)
            except MonsterError as error:
                self.left_out.append(f"{record.id}: {error}")

    def _files(self) -> Iterator[Item]:
        from monster.io import ReadTask, read_many

        named = list(paths_in(self.path))
        tasks = (ReadTask(path, self.declared) for path, _ in named)
        for (_, name), content in zip(named, read_many(tasks, workers=self.workers), strict=True):
            items = self._items(content, name)
            for item in items:
                self._remark(item)
            yield from items

    def _items(self, content: FileContent, name: str) -> list[Item]:
        """The items of a file; what cannot be read is listed."""
        prefix = f"{content.task.path.name}: "
        if content.error is not None:
            self.left_out.append(f"{name}: {str(content.error).removeprefix(prefix)}")
        elif content.kind is None:
            self.ignored += 1
        self.left_out += [f"{name}/{key}: {str(error).removeprefix(prefix)}" for key, error in content.errors.items()]
        metadata = {"file": name}
        if content.scene is not None:
            return [Item(name, scene=content.scene, metadata=metadata)]
        ids = {key: name if content.is_single else f"{name}/{key}" for key in content.motions}
        captions = content.captions
        return [
            Item(ids[key], motion, captions=captions.get(key, ()), metadata=metadata)
            for key, motion in content.motions.items()
        ]

    def _remark(self, item: Item) -> None:
        for value in (item.motion, item.scene):
            if value is not None:
                self.remarks += [(item.id, remark) for remark in value.provenance.warnings]
                self.guesses += [(item.id, finding) for finding in value.provenance.guesses]


def check_is_folder(path: Path) -> None:
    """Raise InputError if the path is not a folder."""
    if not path.is_dir():
        actual = "a file" if path.exists() else "nothing"
        raise InputError(f"{path}: expected a folder of motions and scenes, got {actual}")


def paths_in(folder: Path) -> Iterator[tuple[Path, str]]:
    """Paths that may be motions or scenes, sorted, with names relative to the folder.

    These are files, and folders that are one scene (a ScanNet scan). Hidden files and files with `IGNORED_SUFFIXES` are
    left out. No file is opened.
    """
    from monster.io import is_scene_file

    if is_scene_file(folder):
        yield folder, folder.resolve().name
        return
    scans: set[Path] = set()
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in relative.parts)
        if hidden or scans & set(path.parents):  # the files of a scan are parts of one scene
            continue
        if path.is_dir():
            if is_scene_file(path):
                scans.add(path)
                yield path, relative.as_posix()
        elif path.is_file() and path.suffix.lower() not in IGNORED_SUFFIXES:
            yield path, relative.as_posix()
