"""The checker of generated corpora, as the engine asks it: see `monster.corpus.checker`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np

from monster.arrays import AnyArray, BoolArray
from monster.corpus.checker import Case, HardNegative, checker_of
from monster.corpus.checker import Claim as StoredClaim
from monster.corpus.storage import Corpus, ItemRecord, read_lines
from monster.errors import CorpusError
from monster.types import Item, Scene
from worlds.checker.claims import Claim, Observation
from worlds.checker.description import describe
from worlds.checker.records import claim_from_json, room_from_json
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import OF_VIEWER, FloorPlan, ReferringExpression
from worlds.hard_negatives import KINDS, apply, flagged, negatives_of_record
from worlds.types import Room

NAME: Final = "worlds"
READ: Final = ("2", "3")  # versions of the generator whose claims this checker reads
_NO_ROOM: Final = FloorPlan(Room("", np.zeros((0, 2)), 0.0, (), ()))


class WorldsChecker:
    """Decides from ``rooms.jsonl``, the exact geometry of generated rooms. Implements `monster.corpus.checker.Checker`.

    Raises CorpusError for a corpus of another version of the generator.
    """

    def __init__(self, folder: Path, info: Mapping[str, Any]) -> None:
        version = info.get("generator", {}).get("generator", READ[-1])
        if version not in READ:
            expected = " or ".join(READ)
            raise CorpusError(f"{folder}: made by generator {version}, expected {expected}: generate it again")
        self.folder = folder

    @classmethod
    def of(cls, corpus: Corpus) -> WorldsChecker:
        """The checker of a generated corpus. Raises CorpusError if it has none or another one."""
        checker = checker_of(corpus)
        if not isinstance(checker, WorldsChecker):
            raise CorpusError(f"{corpus}: expected a corpus with the checker {NAME!r}, got {corpus.checker_name!r}")
        return checker

    @cached_property
    def plans(self) -> dict[str, FloorPlan]:
        """Floor plans by scene id; empty for a corpus without rooms.jsonl."""
        path = self.folder / "rooms.jsonl"
        if not path.exists():
            return {}
        return {str(line["scene"]): FloorPlan(room_from_json(line)) for line in read_lines(path)}

    def claims(self, record: ItemRecord) -> tuple[Claim, ...]:
        """What each caption of the record says."""
        return tuple(map(self._read, record.claims))

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of hard negatives."""
        return KINDS

    def knows(self, scene: str) -> bool:
        """Whether the room of the scene is known."""
        return scene in self.plans

    def prove(self, claims: Sequence[StoredClaim], cases: Iterable[Case]) -> BoolArray:
        """Which claims (rows) are true of which cases (columns)."""
        table = _ClaimTable([self._read(claim) for claim in claims])
        seen: MotionKinematics | None = None
        given: AnyArray | None = None
        columns = []
        for joints, scene in cases:
            if seen is None or joints is not given:
                given, seen = joints, MotionKinematics.of(joints)
            columns.append(table.proven(scene, Observation(self._plan(scene), seen)))
        return np.stack(columns, axis=1) if columns else np.zeros((len(claims), 0), dtype=bool)

    def describe(self, joints: AnyArray, scene: str | None = None) -> list[dict[str, Any]]:
        """What the motion does, with times: see `worlds.checker.description`."""
        return describe(MotionKinematics.of(joints), _NO_ROOM if scene is None else self._plan(scene))

    def hard_negatives(
        self,
        record: ItemRecord,
        joints: AnyArray,
        *,
        kinds: Sequence[str] = (),
        scenes: Sequence[str] = (),
        seed: int = 0,
    ) -> list[HardNegative]:
        """New hard negatives of the item, each proven false."""
        if not record.claims or record.scene is None:
            return []
        rooms = {scene: self._plan(scene) for scene in scenes}
        found = negatives_of_record(record, joints, self._plan(record.scene), rooms=rooms, seed=seed)
        return [negative for negative in found if not kinds or negative["kind"] in kinds]

    def apply(self, negative: HardNegative, item: Item, scene_of: Callable[[str], Scene]) -> Item:
        """The item with the change of the hard negative."""
        return apply(negative, item, scene_of)

    def reprove(self, record: ItemRecord, motions: Iterable[AnyArray]) -> BoolArray:
        """Which captions (rows) are true of which motions (columns) in the item's room."""
        return self.prove(record.claims, ((joints, str(record.scene)) for joints in motions))

    def is_scene_free(self, claim: StoredClaim) -> bool:
        """Whether the claim names neither an object nor a kind of room."""
        return is_scene_free(self._read(claim))

    def paraphrases(self, record: ItemRecord, joints: AnyArray) -> list[int]:
        """Which captions (numbers from 1) say what the first says."""
        if not record.claims or record.scene is None or not self.knows(record.scene):
            return []
        plan, viewer = self._plan(record.scene), MotionKinematics.of(joints).viewer
        said = [
            [(step.action, [plan.resolve(phrase, viewer) for phrase in step.objects]) for step in claim.steps]
            for claim in self.claims(record)
        ]
        return [number for number in range(1, min(len(said), len(record.captions))) if said[number] == said[0]]

    def flagged(self, record: ItemRecord) -> ItemRecord:
        """The record with the flags that a record of this version has."""
        return replace(record, metadata={**record.metadata, **flagged(record.metadata, len(record.captions))})

    def _plan(self, scene: str) -> FloorPlan:
        try:
            return self.plans[scene]
        except KeyError:
            raise CorpusError(f"{self.folder}: expected a scene of rooms.jsonl, got {scene!r}") from None

    def _read(self, claim: StoredClaim) -> Claim:
        try:
            return claim_from_json(claim)
        except (KeyError, ValueError, TypeError, IndexError) as error:
            raise CorpusError(f"{self.folder}: expected a claim of the generator, got {dict(claim)}") from error


def is_scene_free(claim: Claim) -> bool:
    """Whether the claim names neither an object nor a kind of room."""
    return claim.room is None and not any(step.objects for step in claim.steps)


def plans_of(corpus: Corpus) -> Mapping[str, FloorPlan]:
    """Floor plans of a corpus by scene id; empty for a corpus without this checker."""
    return corpus.checker.plans if isinstance(corpus.checker, WorldsChecker) else {}


class _ClaimTable:
    """Claims that are proven of one motion after the other."""

    def __init__(self, claims: list[Claim]) -> None:
        self._rows: dict[Claim, list[int]] = {}
        for row, claim in enumerate(claims):
            self._rows.setdefault(claim, []).append(row)
        self._count = len(claims)
        self._possible: dict[str, list[Claim]] = {}

    def proven(self, scene: str, observation: Observation) -> BoolArray:
        """Which claims (rows) are true of the observation in that scene."""
        true = np.zeros(self._count, dtype=bool)
        # Most claims name objects that a room does not have, or has twice: those are false there without a look.
        if scene not in self._possible:
            self._possible[scene] = [claim for claim in self._rows if _may_hold(claim, observation.plan)]
        for claim in self._possible[scene]:
            if observation.proves(claim):
                true[self._rows[claim]] = True
        return true


def _may_hold(claim: Claim, plan: FloorPlan) -> bool:
    if claim.room not in (None, plan.room.kind):
        return False
    return all(_may_be_unambiguous(phrase, plan) for step in claim.steps for phrase in step.objects)


def _may_be_unambiguous(phrase: ReferringExpression, plan: FloorPlan) -> bool:
    """Whether the phrase may name one object there; whose left and right is meant depends on the motion."""
    if phrase.relation in OF_VIEWER:
        return phrase.category in plan.by_category
    return len(plan.resolve(phrase)) == 1
