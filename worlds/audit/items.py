"""Finds faults of single items: unreadable files, implausible bodies, collisions, false captions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from monster.arrays import FloatArray
from monster.checks.motion import check_motion
from monster.checks.scene import check_scene
from monster.corpus.storage import Corpus, ItemRecord
from monster.errors import MonsterError
from monster.types import CANONICAL_FPS, Motion, Scene
from worlds.checker.claims import is_true
from worlds.checker.collisions import collides
from worlds.corpus_checker import WorldsChecker
from worlds.geometry.kinematics import MotionKinematics
from worlds.hard_negatives import is_false

SUPPORT_DEPTH: Final = 0.45  # metres below a body off the floor within which the scene must have points
_FLOATING: Final = "floating"
_CONSTANT_FEET: Final = "constant"  # expected of generated bodies: planted feet do not move by a millimetre
# Remarks that are not faults of a corpus: long clips are encoded in windows, a capture may begin in a T-pose.
_HARMLESS: Final = frozenset(
    {"long", "t-pose", "no-colors", "no-objects", "one-view", "many-objects", "below-floor-points"}
)


@dataclass(frozen=True)
class Fault:
    """A fault: a short fixed code, the id of its item or scene, and a readable message."""

    code: str
    owner: str
    text: str

    def __str__(self) -> str:
        return f"{self.owner}: {self.text} [{self.code}]"


class ItemAudit:
    """Checks the items of a corpus one by one; a scene that items share is read once."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.scene_of = lru_cache(maxsize=8)(corpus.scene)
        checker = corpus.checker
        self.checker = checker if isinstance(checker, WorldsChecker) else None

    def faults(self, record: ItemRecord) -> Iterator[Fault]:
        """The faults of an item, excluding those of its scene."""
        if record.motion is None and record.scene is None and not record.captions:
            yield Fault("empty", record.id, "expected a motion, a scene or a caption, got nothing")
        yield from self._caption_faults(record)
        if record.motion is None:
            return
        try:
            motion = self.corpus.motion(record.motion)
        except (MonsterError, OSError) as error:
            yield Fault("unreadable", record.id, str(error))
            return
        yield from self._motion_faults(record, motion)
        yield from self._claim_faults(record, motion)

    def scene_faults(self, scene: str) -> Iterator[Fault]:
        """The faults of a scene."""
        try:
            cloud = self.scene_of(scene)
        except (MonsterError, OSError) as error:
            yield Fault("unreadable", scene, str(error))
            return
        for remark in check_scene(cloud):
            if remark.level == "warning" and remark.code not in _HARMLESS:
                yield Fault(f"scene-{remark.code}", scene, remark.text)

    def _caption_faults(self, record: ItemRecord) -> Iterator[Fault]:
        if any(not caption.strip() for caption in record.captions):
            yield Fault("empty-caption", record.id, "expected captions with words, got an empty one")
        if len(set(record.captions)) < len(record.captions):
            yield Fault("repeated-caption", record.id, "expected different captions, got one of them twice")

    def _motion_faults(self, record: ItemRecord, motion: Motion) -> Iterator[Fault]:
        for remark in check_motion(motion):
            if remark.level != "warning" or remark.code in _HARMLESS:
                continue
            if remark.code == _FLOATING and self._is_supported(record, motion):
                continue
            if remark.code == _CONSTANT_FEET and self._has_room(record.scene):
                continue
            yield Fault(remark.code, record.id, remark.text)
        if abs(motion.fps - CANONICAL_FPS) > 1e-6:
            yield Fault("rate", record.id, f"expected {CANONICAL_FPS:g} frames a second, got {motion.fps:g}")

    def _is_supported(self, record: ItemRecord, motion: Motion) -> bool:
        """Whether the scene has points below the body in all frames without a joint near the floor."""
        if record.scene is None:
            return False
        try:
            scene = self.scene_of(record.scene)
        except (MonsterError, OSError):
            return True  # reported as a fault of the scene
        raised = motion.joints[motion.joints[..., 2].min(axis=1) > 0.25][::5]
        return all(_has_support(frame, scene) for frame in raised)

    def _has_room(self, scene: str | None) -> bool:
        return self.checker is not None and scene is not None and self.checker.knows(scene)

    def _claim_faults(self, record: ItemRecord, motion: Motion) -> Iterator[Fault]:
        if self.checker is None or record.scene is None or not self.checker.knows(record.scene):
            return
        floor_plans, claims = self.checker.floor_plans, self.checker.claims(record)
        floor_plan = floor_plans[record.scene]
        kinematics = MotionKinematics.of(motion.joints)
        if collides(floor_plan, kinematics):
            yield Fault("collision", record.id, "a joint is inside furniture for too long")
        for caption, claim in zip(record.captions, claims, strict=False):
            if not is_true(claim, floor_plan, kinematics):
                yield Fault(
                    "false-caption",
                    record.id,
                    f"expected a true caption, got {caption!r}, which the checker cannot prove",
                )
        if not claims:
            return
        for negative in record.hard_negatives:
            if not is_false(negative, claims[0], kinematics, floor_plan=floor_plan, rooms=floor_plans):
                text = f"expected a false hard negative, got one that the checker cannot disprove: {negative}"
                yield Fault("true-hard-negative", record.id, text)


def _has_support(joints: FloatArray, scene: Scene) -> bool:
    low = joints[joints[:, 2].argmin()]
    near = np.linalg.norm(scene.points[:, :2] - joints[:, None, :2].mean(axis=0), axis=1) < 0.5
    below = low[2] - scene.points[near, 2]
    return bool(((below > -0.1) & (below < SUPPORT_DEPTH)).any())
