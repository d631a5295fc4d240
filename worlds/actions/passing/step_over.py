"""Step over a low object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from worlds.actions.performing.actor import Actor, Setting, free_place, get_up
from worlds.actions.performing.keyframes import Keyframe, Posture
from worlds.actions.performing.spots import clearance
from worlds.actions.performing.timeline import Timeline
from worlds.actions.spec import UNDER_BODY, ActionSpec, Extent, HardNegativeRules, Phrases, Sampling, Tail
from worlds.geometry.kinematics import STOP_SPEED, MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.people.gait import Stand, shuffle, walk
from worlds.people.paths import make_path, resampled
from worlds.rooms.floor import WalkableMap, inside
from worlds.types import ActionName, PlacedObject, Room, Targets

# Distances in metres.
ON_FLOOR: Final = 0.05  # of the underside of the object, at most
LOW: Final = (0.08, 0.35)  # height of the object
SHALLOW: Final = 0.46  # size along the path that one step can cross, at most
FOOT_SPACE: Final = 0.22  # of a step that the feet need beside the object
STEP: Final = (0.62, 0.74)  # length of the steps
STEPS: Final = ((3, 2), (2, 2), (2, 1))  # before and after the middle of the object
STEP_CLEARANCE: Final = 0.03  # over the object
SIDE_CLEARANCE: Final = 0.22  # to other objects
FARTHEST_START: Final = 0.4  # from a body that is somewhere already
FASTEST: Final = 1.0  # metres a second
STAND_SECONDS: Final = (0.3, 0.6)  # before and after
CLOSING_PERIOD: Final = 0.45  # seconds
LOW_TOP: Final = (0.05, 0.36)  # height of the object's top
AROUND_FRAMES: Final = 15


def step_over(actor: Actor, targets: Targets, is_last: bool) -> bool:
    """Walk straight over a low object, with each foot high enough to clear it."""
    target, step = targets[0], actor.draw(STEP)
    for start, along, before, after in _crossings(actor.room, target, actor.floor, step=step):
        if actor.timeline is not None and np.linalg.norm(free_place(actor) - start) > FARTHEST_START:
            continue
        ends = start + along * step * np.array([[0.0], [before + after]])
        _cross(actor, target, ends, step=step, crossing=before)
        return True
    return False


def _cross(actor: Actor, target: PlacedObject, ends: DoubleArray, *, step: float, crossing: int) -> None:
    """Straight steps of one length, of which the number ``crossing`` and the next one pass over the object."""
    path = make_path(ends)
    if actor.timeline is None:
        actor.timeline = Timeline(actor.body, Stand(float(ends[0, 0]), float(ends[0, 1]), float(path.yaws[0])))
        actor.timeline.wait(actor.seconds(STAND_SECONDS))
    get_up(actor)
    timeline = actor.timeline
    high = target.size[2] + STEP_CLEARANCE
    steps = walk(
        path,
        actor.body,
        speed=min(actor.speed, FASTEST),
        start=timeline.now,
        first=0,
        count=round(path.length / step),
        raised={crossing: high, crossing + 1: high},
    )
    end = Stand(float(ends[-1, 0]), float(ends[-1, 1]), float(path.yaws[-1]))
    timeline.take(steps, end, gait=0.7)
    closing = shuffle(end, end, actor.body, start=timeline.now, period=CLOSING_PERIOD, first=1 - steps.side)
    timeline.take(closing, end, gait=0.15)
    timeline.play([Keyframe(Posture(gait=0.0), start=-0.1, at=0.25)])
    timeline.wait(actor.seconds(STAND_SECONDS))


def _crossings(
    room: Room, target: PlacedObject, floor: WalkableMap, *, step: float
) -> Iterator[tuple[DoubleArray, DoubleArray, int, int]]:
    """Starts (2,) and directions (2,) of straight paths over the object, and the steps before and after its middle."""
    middle = np.array(target.position[:2])
    for axis in (1, 0):
        if target.size[axis] > min(SHALLOW, step - FOOT_SPACE):
            continue
        turned = target.yaw + (0.0 if axis else np.pi / 2)
        for along in (np.array([-np.sin(turned), np.cos(turned)]), np.array([np.sin(turned), -np.cos(turned)])):
            for before, after in STEPS:
                marks = middle + along * step * (np.arange(-before, after) + 0.5)[:, None]
                if _is_clear(room, floor, target, marks):
                    yield marks[0], along, before - 1, after
                    break


def _is_clear(room: Room, floor: WalkableMap, target: PlacedObject, marks: DoubleArray) -> bool:
    """Whether a straight path (n, 2) is free but for that object."""
    line = resampled(marks, 0.05)
    is_free = inside(room.outline, line).all() and clearance(room, line, ignore=target.id).min() > SIDE_CLEARANCE
    return bool(is_free and floor.is_walkable(marks[[0, -1]]).all())


def find_low(setting: Setting) -> list[tuple[int, ...]]:
    """Low objects with a straight path over them."""
    targets: list[tuple[int, ...]] = []
    for object_ in setting.room.objects:
        if object_.position[2] >= ON_FLOOR or not LOW[0] <= object_.size[2] <= LOW[1]:
            continue
        if next(_crossings(setting.room, object_, setting.floor, step=STEP[1]), None) is not None:
            targets.append((object_.id,))
    return targets


def stepped_over(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """The pelvis passes over a low object, and a foot above it."""
    target = targets[0]
    top = target.position[2] + target.size[2]
    if target.position[2] > ON_FLOOR or not LOW_TOP[0] <= top <= LOW_TOP[1]:
        return []
    over = (target.distance(motion.pelvis) <= 0.0) & (motion.speed > STOP_SPEED) & motion.standing
    frames = np.flatnonzero(over)
    if not len(frames):
        return []
    middle = int(frames[len(frames) // 2])
    around = slice(max(middle - AROUND_FRAMES, 0), middle + AROUND_FRAMES + 1)
    for side in range(2):
        ankle = motion.pair("ankle")[around, side]
        if ((target.distance(ankle) <= 0.0) & (ankle[:, 2] > top)).any():
            return [middle]
    return []


def can_be_stepped_over(target: PlacedObject) -> bool:
    """Whether the object is low and on the floor."""
    return target.size[2] <= LOW[1] and target.position[2] < ON_FLOOR


STEP_OVER: Final = ActionSpec(
    name=ActionName("step over"),
    perform=step_over,
    find_targets=find_low,
    seconds=3.0,
    detect=stepped_over,
    reach=UNDER_BODY,
    extent=Extent(is_walk=True),
    phrases=Phrases(
        general=(
            "walk",
            "raise a foot",
        ),
        named=(
            "~step over {o}",
            "~step across {o}",
            "~step right over {o}",
            "~lift {your} feet over {o}",
            "~climb over {o}",
            "~get across {o} with a big step",
        ),
        bare=(
            "~step over something",
            "~step across something",
            "~climb over something low",
        ),
        tail=Tail("stepping over {o}", rank=5),
    ),
    sampling=Sampling(weight=3.5),
    hard_negatives=HardNegativeRules(suits=can_be_stepped_over),
)
