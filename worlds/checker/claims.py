"""Decides whether a claim is true of a motion in a room, from joints and geometry alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations
from typing import Final, Literal

import numpy as np

from monster.arrays import AnyArray, DoubleArray
from worlds.actions.detecting.movements import Way, step_counts, walks_in_way
from worlds.actions.general import GENERAL
from worlds.actions.registry import ACTIONS
from worlds.geometry.kinematics import MotionKinematics, Pace, Turn
from worlds.geometry.relations import FloorPlan, ReferringExpression
from worlds.types import ActionName, PlacedObject, Targets

Side = Literal["left", "right", "both"]
SIDES: Final[tuple[Side, Side]] = ("left", "right")
STEP_SLACK: Final = 1  # tolerance of a claimed number of walking steps


@dataclass(frozen=True)
class Step:
    """One claimed action, with a referring expression for each target; none if the caption names no target.

    ``action`` is in `ACTIONS`, or in `GENERAL`, whose actions have no targets. ``side`` is the limb or the turning
    direction, ``count`` the repetitions in the whole motion (of "walk": the steps), ``way`` the walking direction.
    """

    action: ActionName
    objects: tuple[ReferringExpression, ...] = ()
    side: Side | None = None
    count: int | None = None
    way: Way | None = None

    @property
    def is_marked(self) -> bool:
        """Whether it has a side, a count or a direction."""
        return (self.side, self.count, self.way) != (None, None, None)


@dataclass(frozen=True)
class Claim:
    """What a caption claims: actions in order, and optionally pace, turn of the walk and kind of room."""

    steps: tuple[Step, ...]
    pace: Pace | None = None
    turn: Turn | None = None
    room: str | None = None


def is_true(claim: Claim, floor_plan: FloorPlan, joints: AnyArray | MotionKinematics) -> bool:
    """Whether every part of the claim holds for ``joints`` (frames, 22, 3) at 20 fps in the room of ``floor_plan``.

    A referring expression that matches no object, or several, makes the claim false.
    """
    return Observation(floor_plan, MotionKinematics.of(joints)).proves(claim)


class Observation:
    """A motion in a room. Caches the detected frames of each action, so that many claims can be tested quickly."""

    def __init__(self, floor_plan: FloorPlan, motion: MotionKinematics) -> None:
        self.floor_plan, self.motion = floor_plan, motion
        self._target_frames: dict[tuple[ActionName, tuple[int, ...]], list[int]] = {}
        self._action_targets: dict[ActionName, list[tuple[int, ...]]] = {}  # targets for which it is detected
        self._step_frames: dict[Step, list[int]] = {}

    def proves(self, claim: Claim) -> bool:
        """Whether the claim is true: see `is_true`."""
        if claim.room is not None and claim.room != self.floor_plan.room.kind:
            return False
        if claim.turn is not None and self.motion.turn != claim.turn:
            return False
        if claim.pace is not None and self.motion.pace != claim.pace:
            return False
        return self._are_in_order(claim.steps)

    def _are_in_order(self, steps: Sequence[Step]) -> bool:
        last = -1
        for step in steps:
            if step not in self._step_frames:
                self._step_frames[step] = self._frames(step)
            later = [frame for frame in self._step_frames[step] if frame > last]
            if not later:
                return False
            last = min(later)
        return True

    def _frames(self, step: Step) -> list[int]:
        """Frames at which the claimed action is done; empty if its count is wrong."""
        if step.way is not None:
            side = SIDES.index(step.side) if step.side in SIDES else None
            return walks_in_way(self.motion, step.way, side) if step.action == "walk" else []
        if step.action in GENERAL:
            frames = self._general_frames(step)
        elif not step.objects:
            frames = self._frames_of_action(step)
        else:
            frames = self._frames_of_named_targets(step)
        if step.count is not None and not self._count_matches(step, frames):
            return []
        return frames

    def _frames_of_named_targets(self, step: Step) -> list[int]:
        matches = [self.floor_plan.resolve(phrase, self.motion.viewer) for phrase in step.objects]
        if any(len(ids) != 1 for ids in matches):
            return []
        return self._target_side_frames(step, tuple(ids[0] for ids in matches))

    def times(self, step: Step) -> int:
        """Repetitions of the action in the whole motion; of "walk" the number of steps of its longest walk."""
        if step.action == "walk":
            return max((steps for _, steps in step_counts(self.motion)), default=0)
        return len(self._frames(replace(step, count=None)))

    def _count_matches(self, step: Step, frames: list[int]) -> bool:
        if step.action == "walk":
            return any(abs(steps - step.count) <= STEP_SLACK for _, steps in step_counts(self.motion) if step.count)
        return len(frames) == step.count

    def _general_frames(self, step: Step) -> list[int]:
        general = GENERAL[step.action]
        if step.side is None:
            return general.find(self.motion)
        if general.find_side is None:
            return []
        return _frames_of_side(step.side, [general.find_side(self.motion, side) for side in range(2)])

    def _target_side_frames(self, step: Step, ids: tuple[int, ...]) -> list[int]:
        """Frames at which the action is done to these targets, with the limb of its side if it has one."""
        frames, sided = self._frames_of_targets(step.action, ids), ACTIONS[step.action].sided
        if step.side is None or not frames:
            return frames
        if sided is None:
            return []
        targets = tuple(self.floor_plan.room.by_id(instance) for instance in ids)
        by_side = [sided.detect(self.motion, targets, self.floor_plan, side) for side in range(2)]
        return _frames_of_side(step.side, by_side)

    def _frames_of_targets(self, action: ActionName, ids: tuple[int, ...]) -> list[int]:
        key = action, ids
        if key not in self._target_frames:
            targets = tuple(self.floor_plan.room.by_id(instance) for instance in ids)
            self._target_frames[key] = detect_frames(action, targets, self.floor_plan, self.motion)
        return self._target_frames[key]

    def _frames_of_action(self, step: Step) -> list[int]:
        """Frames at which the action is done to any targets."""
        action = step.action
        if action not in self._action_targets:
            candidates = candidate_targets(action, self.floor_plan, self.motion)
            ids_of_candidates = (tuple(target.id for target in targets) for targets in candidates)
            self._action_targets[action] = [ids for ids in ids_of_candidates if self._frames_of_targets(action, ids)]
        return [frame for ids in self._action_targets[action] for frame in self._target_side_frames(step, ids)]


def _frames_of_side(side: Side, frames: list[list[int]]) -> list[int]:
    """The entry of ``frames`` (left, right) for a side; for "both" the left frames, if there are right ones."""
    left, right = frames
    if side == "both":
        return left if right else []
    return left if side == "left" else right


def candidate_targets(action: ActionName, floor_plan: FloorPlan, motion: MotionKinematics) -> Iterator[Targets]:
    """Targets within the action's reach of the motion; one empty tuple for an action without targets."""
    objects, spec = floor_plan.room.objects, ACTIONS[action]
    if not spec.arity or np.isinf(spec.reach):
        yield from combinations(objects, spec.arity)
        return
    distances = _distances(floor_plan, motion)
    if spec.arity == 2:
        near = (distances <= spec.reach).astype(np.float32)
        yield from ((objects[i], objects[j]) for i, j in np.argwhere(np.triu(near @ near.T, 1) > 0))
        return
    yield from ((objects[index],) for index in np.flatnonzero(distances.min(axis=1, initial=np.inf) <= spec.reach))


@lru_cache(maxsize=4)
def _distances(floor_plan: FloorPlan, motion: MotionKinematics) -> DoubleArray:
    """Distances (objects, frames) in metres over the floor from the pelvis to each object of the room."""
    distances = [object_.distance(motion.pelvis) for object_ in floor_plan.room.objects]
    return np.array(distances, dtype=np.float64).reshape(len(distances), len(motion))


def detect_frames(
    action: ActionName, targets: Sequence[PlacedObject], floor_plan: FloorPlan, joints: AnyArray | MotionKinematics
) -> list[int]:
    """Frames at which the action's detector finds it done to the targets: see `ActionSpec.detect`."""
    return ACTIONS[action].detect(MotionKinematics.of(joints), tuple(targets), floor_plan)
