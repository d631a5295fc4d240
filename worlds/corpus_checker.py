"""The checker of generated corpora: implements the protocol of `monster.corpus.checker`."""

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
from worlds.geometry.relations import VIEWER_RELATIONS, FloorPlan, ReferringExpression
from worlds.hard_negatives import KINDS, apply, flagged, negatives_of_record
from worlds.types import Room

NAME: Final = "worlds"
SUPPORTED_VERSIONS: Final = tuple("23456789")  # versions of the generator whose claims this checker reads
_EMPTY_PLAN: Final = FloorPlan(Room("", np.zeros((0, 2)), 0.0, (), ()))


class WorldsChecker:
    """Decides claims from ``rooms.jsonl``, the exact geometry of generated rooms.

    Raises CorpusError for a corpus made by an unsupported version of the generator.
    """

    def __init__(self, folder: Path, info: Mapping[str, Any]) -> None:
        version = info.get("generator", {}).get("generator", SUPPORTED_VERSIONS[-1])
        if version not in SUPPORTED_VERSIONS:
            expected = " or ".join(SUPPORTED_VERSIONS)
            raise CorpusError(f"{folder}: made by generator {version}, expected {expected}: generate it again")
        self.folder = folder

    @classmethod
    def of(cls, corpus: Corpus) -> WorldsChecker:
        """The checker of a generated corpus. Raises CorpusError if the corpus names no checker or another one."""
        checker = checker_of(corpus)
        if not isinstance(checker, WorldsChecker):
            raise CorpusError(f"{corpus}: expected a corpus with the checker {NAME!r}, got {corpus.checker_name!r}")
        return checker

    @cached_property
    def floor_plans(self) -> dict[str, FloorPlan]:
        """Floor plans by scene id; empty for a corpus without rooms.jsonl."""
        path = self.folder / "rooms.jsonl"
        if not path.exists():
            return {}
        return {str(line["scene"]): FloorPlan(room_from_json(line)) for line in read_lines(path)}

    def claims(self, record: ItemRecord) -> tuple[Claim, ...]:
        """The claim of each caption of the record."""
        return tuple(map(self._parse_claim, record.claims))

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of hard negatives."""
        return KINDS

    def knows(self, scene: str) -> bool:
        """Whether ``rooms.jsonl`` has the room of the scene."""
        return scene in self.floor_plans

    def prove(self, claims: Sequence[StoredClaim], cases: Iterable[Case]) -> BoolArray:
        """(claims, cases) mask: the claim is true of the case."""
        table = _ClaimTable([self._parse_claim(claim) for claim in claims])
        motion: MotionKinematics | None = None
        last_joints: AnyArray | None = None
        columns = []
        for joints, scene in cases:
            if motion is None or joints is not last_joints:
                motion = MotionKinematics.of(joints)
                last_joints = joints
            columns.append(table.proves(scene, Observation(self._floor_plan(scene), motion)))
        if not columns:
            return np.zeros((len(claims), 0), dtype=bool)
        return np.stack(columns, axis=1)

    def describe(self, joints: AnyArray, scene: str | None = None) -> list[dict[str, Any]]:
        """What the motion does, with times: see `worlds.checker.description`."""
        floor_plan = _EMPTY_PLAN if scene is None else self._floor_plan(scene)
        return describe(MotionKinematics.of(joints), floor_plan)

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
        rooms = {scene: self._floor_plan(scene) for scene in scenes}
        negatives = negatives_of_record(record, joints, self._floor_plan(record.scene), rooms=rooms, seed=seed)
        return [negative for negative in negatives if not kinds or negative["kind"] in kinds]

    def apply(self, negative: HardNegative, item: Item, scene_of: Callable[[str], Scene]) -> Item:
        """The item changed by the hard negative."""
        return apply(negative, item, scene_of)

    def reprove(self, record: ItemRecord, motions: Iterable[AnyArray]) -> BoolArray:
        """(captions, motions) mask: the caption is true of the motion in the item's room."""
        return self.prove(record.claims, ((joints, str(record.scene)) for joints in motions))

    def is_scene_free(self, claim: StoredClaim) -> bool:
        """Whether the claim names neither an object nor a kind of room."""
        return is_scene_free(self._parse_claim(claim))

    def paraphrases(self, record: ItemRecord, joints: AnyArray) -> list[int]:
        """Indices, from 1, of the captions that claim the same actions on the same objects as caption 0."""
        if not record.claims or record.scene is None or not self.knows(record.scene):
            return []
        floor_plan, viewer = self._floor_plan(record.scene), MotionKinematics.of(joints).viewer
        claimed = [
            [(step.action, [floor_plan.resolve(phrase, viewer) for phrase in step.objects]) for step in claim.steps]
            for claim in self.claims(record)
        ]
        return [number for number in range(1, min(len(claimed), len(record.captions))) if claimed[number] == claimed[0]]

    def flagged(self, record: ItemRecord) -> ItemRecord:
        """The record with the flags that this version writes."""
        return replace(record, metadata={**record.metadata, **flagged(record.metadata, len(record.captions))})

    def _floor_plan(self, scene: str) -> FloorPlan:
        try:
            return self.floor_plans[scene]
        except KeyError:
            raise CorpusError(f"{self.folder}: expected a scene of rooms.jsonl, got {scene!r}") from None

    def _parse_claim(self, claim: StoredClaim) -> Claim:
        try:
            return claim_from_json(claim)
        except (KeyError, ValueError, TypeError, IndexError) as error:
            raise CorpusError(f"{self.folder}: expected a claim of the generator, got {dict(claim)}") from error


def is_scene_free(claim: Claim) -> bool:
    """Whether the claim names neither an object nor a kind of room."""
    return claim.room is None and not any(step.objects for step in claim.steps)


def floor_plans_of(corpus: Corpus) -> Mapping[str, FloorPlan]:
    """Floor plans of a corpus by scene id; empty for a corpus without this checker."""
    return corpus.checker.floor_plans if isinstance(corpus.checker, WorldsChecker) else {}


class _ClaimTable:
    """Tests a list of claims on one observation after another; equal claims are tested once."""

    def __init__(self, claims: list[Claim]) -> None:
        self._rows: dict[Claim, list[int]] = {}
        for row, claim in enumerate(claims):
            self._rows.setdefault(claim, []).append(row)
        self._count = len(claims)
        self._possible: dict[str, list[Claim]] = {}

    def proves(self, scene: str, observation: Observation) -> BoolArray:
        """(claims,) mask: the claim is true of the observation in that scene."""
        true = np.zeros(self._count, dtype=bool)
        # Most claims name objects that the room lacks or has twice: they are false without running detectors.
        if scene not in self._possible:
            self._possible[scene] = [claim for claim in self._rows if _may_be_true(claim, observation.floor_plan)]
        for claim in self._possible[scene]:
            if observation.proves(claim):
                true[self._rows[claim]] = True
        return true


def _may_be_true(claim: Claim, floor_plan: FloorPlan) -> bool:
    if claim.room not in (None, floor_plan.room.kind):
        return False
    return all(_may_be_unambiguous(phrase, floor_plan) for step in claim.steps for phrase in step.objects)


def _may_be_unambiguous(phrase: ReferringExpression, floor_plan: FloorPlan) -> bool:
    """Whether the phrase may match exactly one object; left and right depend on the motion."""
    if phrase.relation in VIEWER_RELATIONS:
        return phrase.category in floor_plan.by_category
    return len(floor_plan.resolve(phrase)) == 1
