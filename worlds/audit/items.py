"""Finds faults of single items: files, bodies, collisions, captions that are false."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

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

SUPPORT: Final = 0.45  # metres below a body that hangs in the air within which something of the room has to be
_HELD_UP: Final = "floating"
_PLANTED: Final = "constant"  # feet of a generated body that carry weight stay where they are, to the millimetre
# Remarks on a file that are no fault of a corpus: long clips are encoded in windows, a capture may begin in a T-pose.
_HARMLESS: Final = frozenset(
    {"long", "t-pose", "no-colors", "no-objects", "one-view", "many-objects", "below-floor-points"}
)


@dataclass(frozen=True)
class Fault:
    """A fault: a short fixed code, the id of its item or scene, and a line for a person."""

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
        """The faults of an item, without those of its scene."""
        if record.motion is None and record.scene is None and not record.captions:
            yield Fault("empty", record.id, "expected a motion, a scene or a caption, got nothing")
        yield from self._told(record)
        if record.motion is None:
            return
        try:
            motion = self.corpus.motion(record.motion)
        except (MonsterError, OSError) as error:
            yield Fault("unreadable", record.id, str(error))
            return
        yield from self._body(record, motion)
        yield from self._claims(record, motion)

    def scene_faults(self, scene: str) -> Iterator[Fault]:
        """The faults of a scene."""
        try:
            found = self.scene_of(scene)
        except (MonsterError, OSError) as error:
            yield Fault("unreadable", scene, str(error))
            return
        for remark in check_scene(found):
            if remark.level == "warning" and remark.code not in _HARMLESS:
                yield Fault(f"scene-{remark.code}", scene, remark.text)

    def _told(self, record: ItemRecord) -> Iterator[Fault]:
        if any(not caption.strip() for caption in record.captions):
            yield Fault("empty-caption", record.id, "expected captions with words, got an empty one")
        if len(set(record.captions)) < len(record.captions):
            yield Fault("repeated-caption", record.id, "one of its captions is there twice")

    def _body(self, record: ItemRecord, motion: Motion) -> Iterator[Fault]:
        for remark in check_motion(motion):
            if remark.level != "warning" or remark.code in _HARMLESS:
                continue
            if remark.code == _HELD_UP and self._is_held(record, motion):
                continue
            if remark.code == _PLANTED and self._knows(record.scene):
                continue
            yield Fault(remark.code, record.id, remark.text)
        if abs(motion.fps - CANONICAL_FPS) > 1e-6:
            yield Fault("rate", record.id, f"expected {CANONICAL_FPS:g} frames a second, got {motion.fps:g}")

    def _is_held(self, record: ItemRecord, motion: Motion) -> bool:
        """Whether something of the room is below a body that has no joint near the floor."""
        try:
            scene: Scene | None = None if record.scene is None else self.scene_of(record.scene)
        except (MonsterError, OSError):
            return True  # the scene's fault, which is listed there
        if scene is None:
            return False
        hanging = motion.joints[motion.joints[..., 2].min(axis=1) > 0.25][::5]
        return all(_has_support(frame, scene) for frame in hanging)

    def _knows(self, scene: str | None) -> bool:
        return self.checker is not None and scene is not None and self.checker.knows(scene)

    def _claims(self, record: ItemRecord, motion: Motion) -> Iterator[Fault]:
        if self.checker is None or record.scene is None or not self.checker.knows(record.scene):
            return
        plans, claims, seen = self.checker.floor_plans, self.checker.claims(record), MotionKinematics.of(motion.joints)
        plan = plans[record.scene]
        if collides(plan, seen):
            yield Fault("collision", record.id, "a joint is inside furniture for too long")
        for caption, claim in zip(record.captions, claims, strict=False):
            if not is_true(claim, plan, seen):
                yield Fault("false-caption", record.id, f"the checker finds {caption!r} not true")
        for negative in record.hard_negatives if claims else ():
            if not is_false(negative, claims[0], seen, plan=plan, rooms=plans):
                text = f"the checker does not find the hard negative false: {negative}"
                yield Fault("true-hard-negative", record.id, text)


def _has_support(joints: np.ndarray, scene: Scene) -> bool:
    low = joints[joints[:, 2].argmin()]
    near = np.linalg.norm(scene.points[:, :2] - joints[:, None, :2].mean(axis=0), axis=1) < 0.5
    below = low[2] - scene.points[near, 2]
    return bool(((below > -0.1) & (below < SUPPORT)).any())
