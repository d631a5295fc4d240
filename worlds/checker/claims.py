"""Is a claim true of a motion in a room? Decided from joints and geometry alone, never from the generator's plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np

from worlds.actions.registry import ACTIONS
from worlds.geometry.kinematics import Joints, MotionKinematics, Pace, Turn
from worlds.geometry.relations import FloorPlan, ReferringExpression
from worlds.types import ActionName, Array, PlacedObject


@dataclass(frozen=True)
class Step:
    """One thing that a caption says was done, to the objects that the phrases name (none: to no named object)."""

    action: ActionName
    objects: tuple[ReferringExpression, ...] = ()


@dataclass(frozen=True)
class Claim:
    """What a caption says: steps in their order, and possibly the pace, the turn on the way and the kind of room."""

    steps: tuple[Step, ...]
    pace: Pace | None = None
    turn: Turn | None = None
    room: str | None = None


def is_true(claim: Claim, plan: FloorPlan, joints: Joints | MotionKinematics) -> bool:
    """Whether every part of the claim holds for ``joints`` (frames, 22, 3) in the room of ``plan``, at 20 fps.

    A phrase that fits no object or several makes the claim false: it names nothing.
    """
    return Observation(plan, MotionKinematics.of(joints)).proves(claim)


class Observation:
    """A motion in a room. The moments of each action are found once, so that many claims can be proven of it."""

    def __init__(self, plan: FloorPlan, seen: MotionKinematics) -> None:
        self.plan, self.seen = plan, seen
        self._of_objects: dict[tuple[ActionName, tuple[int, ...]], list[int]] = {}
        self._of_any: dict[ActionName, list[int]] = {}

    def proves(self, claim: Claim) -> bool:
        """Whether the claim is true: see `is_true`."""
        if claim.room is not None and claim.room != self.plan.room.kind:
            return False
        if claim.turn is not None and self.seen.turn != claim.turn:
            return False
        if claim.pace is not None and self.seen.pace != claim.pace:
            return False
        return self._in_order(claim.steps)

    def _in_order(self, steps: Sequence[Step]) -> bool:
        after = -1
        for step in steps:
            later = [moment for moment in self._moments(step) if moment > after]
            if not later:
                return False
            after = min(later)
        return True

    def _moments(self, step: Step) -> list[int]:
        if not step.objects:
            return self._done_to_any(step.action)
        fitting = [self.plan.resolve(phrase, self.seen.viewer) for phrase in step.objects]
        if any(len(ids) != 1 for ids in fitting):
            return []
        return self._done_to(step.action, tuple(ids[0] for ids in fitting))

    def _done_to(self, action: ActionName, ids: tuple[int, ...]) -> list[int]:
        key = action, ids
        if key not in self._of_objects:
            objects = tuple(self.plan.room.by_id(number) for number in ids)
            self._of_objects[key] = moments_of(action, objects, self.plan, self.seen)
        return self._of_objects[key]

    def _done_to_any(self, action: ActionName) -> list[int]:
        if action not in self._of_any:
            targets = [
                tuple(object_.id for object_ in objects) for objects in all_targets(action, self.plan, self.seen)
            ]
            self._of_any[action] = [moment for ids in targets for moment in self._done_to(action, ids)]
        return self._of_any[action]


def all_targets(action: ActionName, plan: FloorPlan, seen: MotionKinematics) -> Iterator[tuple[PlacedObject, ...]]:
    """Whatever the body may have done the action to: one empty tuple for an action that is done to nothing.

    What it never comes near is left out, except for what is done from afar.
    """
    things, spec = plan.room.objects, ACTIONS[action]
    if not spec.arity or np.isinf(spec.reach):
        yield from combinations(things, spec.arity)
        return
    away = _distances(plan, seen)
    if spec.arity == 2:
        close = (away <= spec.reach).astype(np.float32)
        yield from ((things[i], things[j]) for i, j in np.argwhere(np.triu(close @ close.T, 1) > 0))
        return
    yield from ((things[index],) for index in np.flatnonzero(away.min(axis=1, initial=np.inf) <= spec.reach))


@lru_cache(maxsize=4)
def _distances(plan: FloorPlan, seen: MotionKinematics) -> Array:
    """Metres over the floor from the pelvis to each object of the room: (objects, frames)."""
    found = [thing.distance(seen.pelvis) for thing in plan.room.objects]
    return np.array(found, dtype=np.float64).reshape(len(found), len(seen))


def moments_of(
    action: ActionName, things: Sequence[PlacedObject], plan: FloorPlan, joints: Joints | MotionKinematics
) -> list[int]:
    """Frames at which the action is done to the objects: the start of every stretch that lasts long enough."""
    return ACTIONS[action].detect(MotionKinematics.of(joints), tuple(things), plan)
