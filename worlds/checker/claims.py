"""Is a claim true of a motion in a room? Decided from joints and geometry alone, never from the generator's plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations
from typing import Final, Literal

import numpy as np

from worlds.actions.detecting.movements import Way, step_counts, walks_in_way
from worlds.actions.general import GENERAL
from worlds.actions.registry import ACTIONS
from worlds.geometry.kinematics import Joints, MotionKinematics, Pace, Turn
from worlds.geometry.relations import FloorPlan, ReferringExpression
from worlds.types import ActionName, Array, PlacedObject

Side = Literal["left", "right", "both"]
SIDES: Final[tuple[Side, Side]] = ("left", "right")
STEP_SLACK: Final = 1  # steps of a walk that may be counted more or fewer


@dataclass(frozen=True)
class Step:
    """One thing that a caption says was done, to the objects that the phrases name (none: to no named object).

    It may say with which limb or to which side, how often in the whole motion (of walking: how many steps), and in
    which direction. ``action`` is one of `ACTIONS`, or of `GENERAL`, which have no objects.
    """

    action: ActionName
    objects: tuple[ReferringExpression, ...] = ()
    side: Side | None = None
    count: int | None = None
    way: Way | None = None

    @property
    def is_marked(self) -> bool:
        """Whether it says more than the action and its objects."""
        return (self.side, self.count, self.way) != (None, None, None)


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
        self._of_any: dict[ActionName, list[tuple[int, ...]]] = {}  # targets that it is done to
        self._of_steps: dict[Step, list[int]] = {}

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
            if step not in self._of_steps:
                self._of_steps[step] = self._moments(step)
            later = [moment for moment in self._of_steps[step] if moment > after]
            if not later:
                return False
            after = min(later)
        return True

    def _moments(self, step: Step) -> list[int]:
        if step.way is not None:
            side = SIDES.index(step.side) if step.side in SIDES else None
            return walks_in_way(self.seen, step.way, side) if step.action == "walk" else []
        if step.action in GENERAL:
            moments = self._of_general(step)
        elif not step.objects:
            moments = self._done_to_any(step)
        else:
            fitting = [self.plan.resolve(phrase, self.seen.viewer) for phrase in step.objects]
            moments = [] if any(len(ids) != 1 for ids in fitting) else self._on(step, tuple(ids[0] for ids in fitting))
        return moments if step.count is None or self._counts(step, moments) else []

    def times(self, step: Step) -> int:
        """How often the step is done in the whole motion; of walking the steps of its longest walk."""
        if step.action == "walk":
            return max((steps for _, steps in step_counts(self.seen)), default=0)
        return len(self._moments(replace(step, count=None)))

    def _counts(self, step: Step, moments: list[int]) -> bool:
        if step.action == "walk":
            return any(abs(steps - step.count) <= STEP_SLACK for _, steps in step_counts(self.seen) if step.count)
        return len(moments) == step.count

    def _of_general(self, step: Step) -> list[int]:
        general = GENERAL[step.action]
        if step.side is None:
            return general.find(self.seen)
        if general.find_side is None:
            return []
        return _on_side(step.side, [general.find_side(self.seen, side) for side in range(2)])

    def _on(self, step: Step, ids: tuple[int, ...]) -> list[int]:
        """The moments at which the step is done to those objects, with the limb of its side if it names one."""
        moments, sided = self._done_to(step.action, ids), ACTIONS[step.action].sided
        if step.side is None or not moments:
            return moments
        if sided is None:
            return []
        objects = tuple(self.plan.room.by_id(number) for number in ids)
        return _on_side(step.side, [sided.detect(self.seen, objects, self.plan, side) for side in range(2)])

    def _done_to(self, action: ActionName, ids: tuple[int, ...]) -> list[int]:
        key = action, ids
        if key not in self._of_objects:
            objects = tuple(self.plan.room.by_id(number) for number in ids)
            self._of_objects[key] = moments_of(action, objects, self.plan, self.seen)
        return self._of_objects[key]

    def _done_to_any(self, step: Step) -> list[int]:
        action = step.action
        if action not in self._of_any:
            targets = (tuple(one.id for one in objects) for objects in all_targets(action, self.plan, self.seen))
            self._of_any[action] = [ids for ids in targets if self._done_to(action, ids)]
        return [moment for ids in self._of_any[action] for moment in self._on(step, ids)]


def _on_side(side: Side, moments: list[list[int]]) -> list[int]:
    """The moments (left, right) of a side; of both sides those of the left, if there are any of the right."""
    if side == "both":
        return moments[0] if moments[1] else []
    return moments[SIDES.index(side)]


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
