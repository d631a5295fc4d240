"""Step over a low object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from worlds.actions.performing.actor import Actor, Setting, free_place, get_up
from worlds.actions.performing.spots import clearance
from worlds.actions.performing.timeline import Timeline
from worlds.actions.spec import UNDER_BODY, ActionSpec, HardNegativeRules, Phrases, Sampling, Tail
from worlds.checker.kinematics import STOP_SPEED, Seen
from worlds.checker.relations import Plan
from worlds.people.gait import Stand, shuffle, walk
from worlds.people.paths import make_path, resampled
from worlds.rooms.floor import FloorGrid, inside
from worlds.types import ActionName, Array, PlacedObject, Room, Targets

LOW: Final = (0.08, 0.35)  # height in metres of what one steps over
SHALLOW: Final = 0.46  # metres along the way that one step can cross
STEP: Final = (0.62, 0.74)  # metres of a step across
LOW_TOP: Final = (0.05, 0.36)


def step_over(actor: Actor, things: Targets, last: bool) -> bool:
    """Walk straight over a low object, each foot high enough to clear it."""
    thing, step = things[0], float(actor.rng.uniform(*STEP))
    for start, along, before, after in _crossings(actor.room, thing, actor.floor, step=step):
        if actor.line is not None and np.linalg.norm(free_place(actor) - start) > 0.4:
            continue
        _cross(actor, thing, start + along * step * np.array([[0.0], [before + after]]), step=step, crossing=before)
        return True
    return False


def _cross(actor: Actor, thing: PlacedObject, ends: Array, *, step: float, crossing: int) -> None:
    """Straight steps of one length of which the numbers ``crossing - 1`` and the next pass over the object."""
    path = make_path(ends)
    if actor.line is None:
        actor.line = Timeline(actor.body, Stand(float(ends[0, 0]), float(ends[0, 1]), float(path.yaws[0])))
        actor.line.wait(actor.seconds(0.3, 0.6))
    get_up(actor)
    line = actor.line
    high, count = thing.size[2] + 0.03, round(path.length / step)
    steps = walk(
        path,
        actor.body,
        speed=min(actor.speed, 1.0),
        start=line.now,
        first=0,
        count=count,
        raised={crossing: high, crossing + 1: high},
    )
    end = Stand(float(ends[-1, 0]), float(ends[-1, 1]), float(path.yaws[-1]))
    line.take(steps, end, gait=0.7)
    closing = shuffle(end, end, actor.body, start=line.now, period=0.45, first=1 - steps.side)
    line.take(closing, end, gait=0.15)
    line.move("gait", line.now - 0.1, line.now + 0.25, 0.0)
    line.wait(actor.seconds(0.3, 0.6))


def _crossings(
    room: Room, thing: PlacedObject, floor: FloorGrid, *, step: float
) -> Iterator[tuple[Array, Array, int, int]]:
    """Starts (2,) and directions (2,) of straight ways over the object, and the steps before and after its middle."""
    middle = np.array(thing.position[:2])
    for axis in (1, 0):
        if thing.size[axis] > min(SHALLOW, step - 0.22):
            continue
        turned = thing.yaw + (0.0 if axis else np.pi / 2)
        for along in (np.array([-np.sin(turned), np.cos(turned)]), np.array([np.sin(turned), -np.cos(turned)])):
            for before, after in ((3, 2), (2, 2), (2, 1)):
                marks = middle + along * step * (np.arange(-before, after) + 0.5)[:, None]
                if _is_clear(room, floor, thing, marks):
                    yield marks[0], along, before - 1, after
                    break


def _is_clear(room: Room, floor: FloorGrid, thing: PlacedObject, marks: Array) -> bool:
    """Whether a straight way is free but for that object."""
    line = resampled(marks, 0.05)
    return bool(inside(room.outline, line).all() and clearance(room, line, but=thing.id).min() > 0.22
                and floor.is_walkable(marks[[0, -1]]).all())  # fmt: skip


def _stepped_over(setting: Setting) -> list[tuple[int, ...]]:
    low = (thing for thing in setting.room.objects if thing.position[2] < 0.05 and LOW[0] <= thing.size[2] <= LOW[1])
    return [(t.id,) for t in low if next(_crossings(setting.room, t, setting.floor, step=STEP[1]), None) is not None]


def stepped_over(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """The pelvis passes over a low object, and a foot above it."""
    thing = things[0]
    top = thing.position[2] + thing.size[2]
    if thing.position[2] > 0.05 or not LOW_TOP[0] <= top <= LOW_TOP[1]:
        return []
    over = (thing.distance(seen.pelvis) <= 0.0) & (seen.speed > STOP_SPEED) & seen.standing
    frames = np.flatnonzero(over)
    if not len(frames):
        return []
    middle = int(frames[len(frames) // 2])
    around = slice(max(middle - 15, 0), middle + 16)
    for side in range(2):
        ankle = seen.pair("ankle")[around, side]
        if ((thing.distance(ankle) <= 0.0) & (ankle[:, 2] > top)).any():
            return [middle]
    return []


STEP_OVER: Final = ActionSpec(
    name=ActionName("step over"),
    perform=step_over,
    find_targets=_stepped_over,
    seconds=3.0,
    detect=stepped_over,
    reach=UNDER_BODY,
    phrases=Phrases(
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
    hard_negatives=HardNegativeRules(suits=lambda target: target.size[2] <= 0.35 and target.position[2] < 0.05),
)
