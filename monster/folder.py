"""A folder of a user's own files, read as items: every motion and every scene that is found in it.

Ids are paths relative to the folder (``cmu/walk.bvh``); motions of a file with many get ``file/key``. A
``captions.jsonl`` beside motions gives their captions by id. A corpus folder yields its own items.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from monster.corpus.storage import Corpus
from monster.errors import InputError, MonsterError
from monster.types import Item

# Files that explain others and are never items themselves.
BESIDE: Final = frozenset({".json", ".jsonl", ".md", ".csv", ".tsv", ".html", ".png", ".jpg", ".log", ".yaml", ".yml"})


@dataclass(eq=False)
class Folder:
    """Reads the items of a folder; afterwards ``left_out`` says what could not be read, one line each."""

    path: Path
    left_out: list[str] = field(default_factory=list)
    ignored: int = 0  # files of kinds that nobody reads

    def __iter__(self) -> Iterator[Item]:
        if not self.path.is_dir():
            came = "a file" if self.path.exists() else "nothing"
            raise InputError(f"{self.path}: expected a folder of motions and scenes, got {came}")
        self.left_out, self.ignored = [], 0
        yield from self._corpus() if (self.path / "corpus.json").exists() else self._files()

    def _corpus(self) -> Iterator[Item]:
        corpus = Corpus.open(self.path)
        for record in sorted(corpus.records, key=lambda record: record.scene or ""):  # neighbours share their scene
            try:
                yield corpus.item(record)
            except MonsterError as error:
                self.left_out.append(f"{record.id}: {error}")

    def _files(self) -> Iterator[Item]:
        from monster.readers import is_motion_file, is_scene_file

        for path in sorted(self.path.rglob("*")):
            relative = path.relative_to(self.path)
            if (
                not path.is_file()
                or path.suffix.lower() in BESIDE
                or any(part.startswith(".") for part in relative.parts)
            ):
                continue
            motion, scene = is_motion_file(path), is_scene_file(path)
            if not motion and not scene:
                self.ignored += 1
                continue
            yield from self._file(path, relative.as_posix(), motion=motion, scene=scene)

    def _file(self, path: Path, name: str, *, motion: bool, scene: bool) -> Iterator[Item]:
        """The items of one file. What may be either is tried as motion first."""
        reasons = []
        for wanted, read in ((motion, _motions), (scene, _scene)):
            if not wanted:
                continue
            try:
                found = read(path, name, self.left_out)
            except MonsterError as error:
                reasons.append(str(error))
                continue
            yield from found
            return
        self.left_out.append(_both(name, reasons))


def _motions(path: Path, name: str, left_out: list[str]) -> list[Item]:
    from monster.readers import motion_ids, read_captions, read_motions

    single = len(motion_ids(path)) == 1  # whose error says what the file is not; of many, each is told by itself
    captions = read_captions(path.parent)
    found = read_motions(
        path, on_error=None if single else lambda clip, error: left_out.append(f"{name}/{clip}: {error}")
    )
    items = []
    for clip, motion in found.items():
        told = captions[clip].captions if clip in captions else ()
        items.append(Item(name if single else f"{name}/{clip}", motion, captions=told, metadata={"file": name}))
    return items


def _scene(path: Path, name: str, _: list[str]) -> list[Item]:
    from monster.readers import read_scene

    return [Item(name, scene=read_scene(path), metadata={"file": name})]


def _both(name: str, reasons: list[str]) -> str:
    reason = reasons[0] if len(reasons) == 1 else f"neither a motion ({reasons[0]}) nor a scene ({reasons[-1]})"
    return f"{name}: {reason}"
