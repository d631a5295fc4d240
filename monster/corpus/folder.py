"""Reads a folder of motion and scene files as items.

Ids are paths relative to the folder (``cmu/walk.bvh``); motions of a file with several get ``file/key``. A
``captions.jsonl`` beside motions gives their captions by id. The folder of a ScanNet scan is one scene; a corpus folder
yields its own items.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from monster.corpus.storage import Corpus
from monster.errors import InputError, MonsterError
from monster.io.declared import Declared
from monster.types import Item

if TYPE_CHECKING:
    from monster.io import Source
    from monster.provenance import Finding, Remark

# Metadata, tables, documents and images: never items.
IGNORED_SUFFIXES: Final = frozenset(
    {".json", ".jsonl", ".md", ".csv", ".tsv", ".html", ".png", ".jpg", ".log", ".yaml", ".yml"}
)


@dataclass(eq=False)
class Folder:
    """Reads the items of a folder; afterwards ``left_out`` has one line for each item that could not be read.

    Items of a corpus get no remarks: they were checked when it was made.
    """

    path: Path
    declared: Declared = field(default_factory=Declared)
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
        for record in sorted(corpus.records, key=lambda record: record.scene or ""):  # items of one scene in a row
            try:
                yield corpus.item(record)
            except MonsterError as error:
                self.left_out.append(f"{record.id}: {error}")

    def _files(self) -> Iterator[Item]:
        captions_files: dict[Path, Any] = {}  # parsed once for all motions in their folder
        for path, name in paths_in(self.path):
            items = self._file(path, name, captions_files)
            for item in items:
                self._remark(item)
            yield from items

    def _remark(self, item: Item) -> None:
        for value in (item.motion, item.scene):
            if value is not None:
                self.remarks += [(item.id, remark) for remark in value.provenance.warnings]
                self.guesses += [(item.id, finding) for finding in value.provenance.guesses]

    def _file(self, path: Path, name: str, captions_files: dict[Path, Any]) -> list[Item]:
        from monster.io import Source, file_kind

        try:
            with Source(path, beside=captions_files) as source:
                kind = file_kind(source)
                if kind is None:
                    self.ignored += 1
                    return []
                return self._read(source, name, kind)
        except MonsterError as error:
            self.left_out.append(f"{name}: {str(error).removeprefix(f'{path.name}: ')}")
            return []

    def _read(self, source: Source, name: str, kind: str) -> list[Item]:
        if kind == "motion":
            return _motions(source, name, self.declared, self.left_out)
        return _scene(source, name, self.declared)


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


def _motions(source: Source, name: str, declared: Declared, left_out: list[str]) -> list[Item]:
    from monster.io import motion_captions, motion_ids, read_motions

    def leave(clip: str, error: MonsterError) -> None:
        left_out.append(f"{name}/{clip}: {str(error).removeprefix(f'{source.name}: ')}")

    is_single = len(motion_ids(source)) == 1
    captions = motion_captions(source)
    motions = read_motions(source, on_error=None if is_single else leave, **declared.motion())
    metadata = {"file": name}
    return [
        Item(name if is_single else f"{name}/{clip}", motion, captions=captions.get(clip, ()), metadata=metadata)
        for clip, motion in motions.items()
    ]


def _scene(source: Source, name: str, declared: Declared) -> list[Item]:
    from monster.io import read_scene

    return [Item(name, scene=read_scene(source, **declared.scene()), metadata={"file": name})]
