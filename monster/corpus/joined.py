"""Several corpora as one: a user's own beside a generated one, to train on both."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from monster.corpus.storage import FORMAT, Corpus, ItemRecord
from monster.errors import CorpusError
from worlds.checker.relations import Plan


def open_corpora(folders: Sequence[str | Path]) -> Corpus:
    """The corpus of a folder, or of several as one. Raises CorpusError as `Corpus.open` does."""
    parts = [Corpus.open(folder) for folder in folders]
    return parts[0] if len(parts) == 1 else JoinedCorpus(parts)


class JoinedCorpus(Corpus):
    """The items of several corpora, one after the other; every id begins with its corpus's number: ``0/room-00001``.

    Raises CorpusError for a folder that is given twice.
    """

    def __init__(self, parts: Sequence[Corpus]) -> None:
        folders = [part.folder.resolve() for part in parts]
        twice = next((part.folder for part, own in zip(parts, folders, strict=True) if folders.count(own) > 1), None)
        if twice is not None:
            raise CorpusError(f"{twice}: expected every corpus once, got it twice")
        info = {
            "format": FORMAT,
            "name": " + ".join(str(part.info.get("name", part.folder.name)) for part in parts),
            "parts": [dict(part.info) for part in parts],
        }
        records = [_numbered(record, number) for number, part in enumerate(parts) for record in part.records]
        super().__init__(parts[0].folder, info, tuple(records))
        self.parts = tuple(parts)

    def __str__(self) -> str:
        return " + ".join(str(part) for part in self.parts)

    def motion_path(self, motion: str) -> Path:
        """Where the motion with that id lies."""
        part, own = self._part(motion)
        return part.motion_path(own)

    def scene_path(self, scene: str) -> Path:
        """Where the scene with that id lies."""
        part, own = self._part(scene)
        return part.scene_path(own)

    @cached_property
    def plans(self) -> dict[str, Plan]:
        """Floor plans by scene id, of the corpora that were generated."""
        return {
            _name(number, scene): plan for number, part in enumerate(self.parts) for scene, plan in part.plans.items()
        }

    def claims(self, record: ItemRecord) -> tuple[Any, ...]:
        """What each caption of the record says, for the checker; empty where it was not generated."""
        return self._part(record.id)[0].claims(record)

    def _part(self, name: str) -> tuple[Corpus, str]:
        """The corpus that an id comes from, and the id there."""
        number, _, own = name.partition("/")
        return self.parts[int(number)], own


def _name(number: int, own: str) -> str:
    return f"{number}/{own}"


def _numbered(record: ItemRecord, number: int) -> ItemRecord:
    motion, scene = (own if own is None else _name(number, own) for own in (record.motion, record.scene))
    return dataclasses.replace(record, id=_name(number, record.id), motion=motion, scene=scene)
