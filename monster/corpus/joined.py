"""Several corpora as one, for example a user's corpus and a generated one, to train on both."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np

from monster.arrays import AnyArray, BoolArray
from monster.corpus.checker import Case, Checker, Claim, HardNegative
from monster.corpus.storage import FORMAT, Corpus, ItemRecord
from monster.errors import CorpusError
from monster.types import Item, Scene

_CHECKER_KEY: Final = "checker"  # key of a claim that names its checker, if the parts have different checkers


def open_corpora(folders: Sequence[str | Path]) -> Corpus:
    """The corpus of a folder, or of several as one. Raises CorpusError as `Corpus.open` does."""
    parts = [Corpus.open(folder) for folder in folders]
    return parts[0] if len(parts) == 1 else JoinedCorpus(parts)


class JoinedCorpus(Corpus):
    """The items of several corpora, one after the other; ids start with the corpus number: ``0/room-00001``.

    Raises CorpusError for a duplicate folder.
    """

    def __init__(self, parts: Sequence[Corpus]) -> None:
        folders = [part.folder.resolve() for part in parts]
        duplicate = next((part for part, folder in zip(parts, folders, strict=True) if folders.count(folder) > 1), None)
        if duplicate is not None:
            raise CorpusError(f"{duplicate.folder}: expected each corpus once, got it twice")
        info = {
            "format": FORMAT,
            "name": " + ".join(str(part.info.get("name", part.folder.name)) for part in parts),
            "parts": [dict(part.info) for part in parts],
        }
        names = [part.checker_name for part in parts]
        mixed = len(set(names) - {None}) > 1
        records = [
            _numbered(record, number, name if mixed else None)
            for number, (part, name) in enumerate(zip(parts, names, strict=True))
            for record in part.records
        ]
        super().__init__(parts[0].folder, info, tuple(records))
        self.parts = tuple(parts)

    def __str__(self) -> str:
        return " + ".join(str(part) for part in self.parts)

    def motion_path(self, motion: str) -> Path:
        """The path of the motion with that id."""
        number, local = _split(motion)
        return self.parts[number].motion_path(local)

    def scene_path(self, scene: str) -> Path:
        """The path of the scene with that id."""
        number, local = _split(scene)
        return self.parts[number].scene_path(local)

    @cached_property
    def checker(self) -> Checker | None:
        """The checkers of the parts as one; None if no part has one."""
        if not any(part.checker for part in self.parts):
            return None
        return _JoinedChecker(self.parts)


class _JoinedChecker:
    """Asks the checker of the part that a scene or an item comes from."""

    def __init__(self, parts: Sequence[Corpus]) -> None:
        self._names = [part.checker_name for part in parts]
        self._checkers = [part.checker for part in parts]

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of all parts, each once."""
        kinds = (kind for checker in self._checkers if checker is not None for kind in checker.kinds)
        return tuple(dict.fromkeys(kinds))

    def knows(self, scene: str) -> bool:
        """Whether the scene's part knows its geometry."""
        number, local = _split(scene)
        checker = self._checkers[number]
        return checker is not None and checker.knows(local)

    def prove(self, claims: Sequence[Claim], cases: Iterable[Case]) -> BoolArray:
        """As `Checker.prove`; a claim of another checker than the scene's is not true there."""
        columns = [self._prove_one(claims, *case) for case in cases]
        return np.stack(columns, axis=1) if columns else np.zeros((len(claims), 0), dtype=bool)

    def _prove_one(self, claims: Sequence[Claim], joints: AnyArray, scene: str) -> BoolArray:
        number, local = _split(scene)
        name = self._names[number]
        readable = [row for row, claim in enumerate(claims) if claim.get(_CHECKER_KEY, name) == name]
        proven = np.zeros(len(claims), dtype=bool)
        proven[readable] = self._checker(number).prove([_plain(claims[row]) for row in readable], [(joints, local)])[
            :, 0
        ]
        return proven

    def describe(self, joints: AnyArray, scene: str | None = None) -> list[dict[str, Any]]:
        """As `Checker.describe`; without a scene the first checker answers."""
        if scene is None:
            return next(checker for checker in self._checkers if checker is not None).describe(joints)
        number, local = _split(scene)
        return self._checker(number).describe(joints, local)

    def hard_negatives(
        self,
        record: ItemRecord,
        joints: AnyArray,
        *,
        kinds: Sequence[str] = (),
        scenes: Sequence[str] = (),
        seed: int = 0,
    ) -> list[HardNegative]:
        """As `Checker.hard_negatives`; scenes of other parts are left out."""
        number, local = _local(record)
        others = [scene for part, scene in map(_split, scenes) if part == number]
        return self._checker(number).hard_negatives(local, joints, kinds=kinds, scenes=others, seed=seed)

    def apply(self, negative: HardNegative, item: Item, scene_of: Callable[[str], Scene]) -> Item:
        """As `Checker.apply`."""
        number, _ = _split(item.id)
        return self._checker(number).apply(negative, item, lambda scene: scene_of(_name(number, scene)))

    def reprove(self, record: ItemRecord, motions: Iterable[AnyArray]) -> BoolArray:
        """As `Checker.reprove`."""
        number, local = _local(record)
        return self._checker(number).reprove(local, motions)

    def is_scene_free(self, claim: Claim) -> bool:
        """As `Checker.is_scene_free`."""
        name = claim.get(_CHECKER_KEY)
        checkers = (
            checker
            for checker, own_name in zip(self._checkers, self._names, strict=True)
            if checker is not None and name in (None, own_name)
        )
        return next(checkers).is_scene_free(_plain(claim))

    def paraphrases(self, record: ItemRecord, joints: AnyArray) -> list[int]:
        """As `Checker.paraphrases`."""
        number, local = _local(record)
        return self._checker(number).paraphrases(local, joints)

    def flagged(self, record: ItemRecord) -> ItemRecord:
        """As `Checker.flagged`."""
        number, local = _local(record)
        metadata = dict(self._checker(number).flagged(local).metadata)
        if record.claims:
            metadata["claims"] = record.metadata["claims"]
        return dataclasses.replace(record, metadata=metadata)

    def _checker(self, number: int) -> Checker:
        checker = self._checkers[number]
        if checker is None:
            raise CorpusError(f"corpus {number}: expected a corpus with a checker, got one that names none")
        return checker


def _split(name: str) -> tuple[int, str]:
    """The number of the corpus that an id comes from, and the id there."""
    number, _, local = name.partition("/")
    return int(number), local


def _name(number: int, local: str) -> str:
    return f"{number}/{local}"


def _numbered(record: ItemRecord, number: int, checker: str | None) -> ItemRecord:
    motion, scene = (local if local is None else _name(number, local) for local in (record.motion, record.scene))
    metadata = record.metadata
    if checker is not None and record.claims:
        metadata = {**metadata, "claims": [{_CHECKER_KEY: checker, **claim} for claim in record.claims]}
    return dataclasses.replace(record, id=_name(number, record.id), motion=motion, scene=scene, metadata=metadata)


def _local(record: ItemRecord) -> tuple[int, ItemRecord]:
    """The number of the corpus that a record comes from, and the record there."""
    number, name = _split(record.id)
    motion, scene = (whole if whole is None else _split(whole)[1] for whole in (record.motion, record.scene))
    metadata = record.metadata
    if record.claims:
        metadata = {**metadata, "claims": [_plain(claim) for claim in record.claims]}
    return number, dataclasses.replace(record, id=name, motion=motion, scene=scene, metadata=metadata)


def _plain(claim: Claim) -> Claim:
    return {key: value for key, value in claim.items() if key != _CHECKER_KEY}
