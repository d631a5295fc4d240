"""Jump forward with both feet."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np

from worlds.actions.detecting.cycles import separate
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.ballistics import TICK, flight
from worlds.actions.performing.feet import READY, Feet
from worlds.actions.performing.keyframes import ARM_AT_REST, ARMS, ArmAngles, Keyframe, Posture
from worlds.actions.performing.timeline import Timeline
from worlds.actions.performing.ways import draw_way, has_way, stand_at
from worlds.actions.spec import ActionSpec, Phrases, Sampling
from worlds.geometry.kinematics import FPS, MotionKinematics, starts
from worlds.geometry.relations import FloorPlan
from worlds.people.gait import Stand
from worlds.types import ActionName, Targets

# CMU subjects 13 and 16: 0.4 to 0.9 m in flights of 0.35 to 0.55 s, trunk to 34 to 70 degrees, dip 0.13 to 0.3 m.
DISTANCE: Final = (0.4, 1.15)  # metres
RISE: Final = (0.15, 0.32)
DIP: Final = (0.16, 0.3)
JUMPS: Final = (1, 4)
WAY, MARGIN = 1.0, 0.1
ARMS_BACK: Final = ArmAngles(swing=-0.9, raised=0.2, twist=0.2, elbow=0.25)
ARMS_AHEAD: Final = ArmAngles(swing=1.4, raised=0.25, twist=0.1, elbow=0.4)
CROUCH_LEAN, CROUCH_BEND, LANDING_LEAN = 0.4, 0.35, 0.35
PELVIS_FIRST: Final = 0.12  # seconds by which the pelvis leaves before the feet
IN_AIR, AIR_TIME, FORWARD, STRIDE = 0.06, 0.1, 0.3, 0.4  # leg lengths, seconds, metres, leg lengths


def jump_forward(actor: Actor, targets: Targets, is_last: bool) -> bool:
    """One to three jumps in a row, each as far as the first."""
    path = draw_way(actor, WAY, JUMPS[1] * DISTANCE[1], straight=True)
    if path is None:
        return False
    timeline = stand_at(actor, path, 0.0, actor.draw((0.0, 0.3)))
    distance = min(actor.draw(DISTANCE), path.length - MARGIN)
    count = min(int(actor.rng.integers(*JUMPS)), int((path.length - MARGIN) / distance))
    before, feet = timeline.now, Feet(timeline)
    timeline.wait(READY - 0.1)
    rise, dip = actor.draw(RISE), actor.draw(DIP)
    start = timeline.stand
    for index in range(max(count, 1)):
        _jump_once(feet, start, rise=rise, dip=dip, away=(index * distance, (index + 1) * distance))
    gone = max(count, 1) * distance
    end = _ahead(start, gone)
    timeline.settle(Stand(*end, start.yaw), since=before)
    timeline.play([Keyframe(Posture(free_feet=0.0), start=0.1, at=0.3)])
    timeline.wait(0.5)
    return True


def _ahead(stand: Stand, metres: float) -> tuple[float, float]:
    return float(stand.x - np.sin(stand.yaw) * metres), float(stand.y + np.cos(stand.yaw) * metres)


def _jump_once(feet: Feet, stand: Stand, *, rise: float, dip: float, away: tuple[float, float]) -> None:
    """Dip, push, flight, landing: the feet go from one distance to the other while they are in the air."""
    timeline, toes, begin = feet.timeline, feet.highest_heel(), feet.timeline.now
    heights = flight(rise, toes, dip)
    air = np.flatnonzero(heights > toes)
    first, last = begin + TICK * air[0], begin + TICK * air[-1]
    for index, height in enumerate(heights):
        time = begin + TICK * index
        timeline.set("hop", time, float(height))
        share = float(np.clip((time - first) / (last - first), 0.0, 1.0))
        ahead = away[0] + (away[1] - away[0]) * share
        above = max(0.0, float(height) - toes)
        tuck = 0.25 * np.sin(np.pi * share)
        for side in range(2):
            heel = float(np.clip(height, 0.0, toes)) * (1.0 if share < 0.5 else 0.3)
            feet.raise_heel(side, time, heel, up=above * (1 + tuck), ahead=ahead)
    timeline.now = begin + TICK * (len(heights) - 1)
    timeline.move("place", first - 2 * PELVIS_FIRST, first - PELVIS_FIRST, *_ahead(stand, away[0] + 0.04))
    timeline.set("place", last + PELVIS_FIRST, *_ahead(stand, away[1] - 0.04))
    timeline.set("place", timeline.now, *_ahead(stand, away[1]))
    _swing(timeline, begin=begin, first=first, last=last)


def _swing(timeline: Timeline, *, begin: float, first: float, last: float) -> None:
    """Arms back, then ahead; the trunk down, up, and down at the landing."""
    for arm in ARMS:
        timeline.move(arm, begin, first - 0.16, *ARMS_BACK)
        timeline.move(arm, first - 0.14, (first + last) / 2, *ARMS_AHEAD)
        timeline.move(arm, last, timeline.now, *ARM_AT_REST)
    for track, low, mid, after, rest in (
        ("lean", (CROUCH_LEAN,), (0.12,), (LANDING_LEAN,), (0.0,)),
        ("spine", (0.0, CROUCH_BEND, 0.0), (0.0, 0.1, 0.0), (0.0, 0.3, 0.0), (0.0, 0.06, 0.0)),
    ):
        timeline.move(track, begin, first - 0.12, *low)
        timeline.set(track, (first + last) / 2, *mid)
        timeline.set(track, last + 0.1, *after)
        timeline.set(track, timeline.now, *rest)


def jumped_forward(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """Both feet leave the floor together, and land ahead together."""
    balls = motion.pair("foot")[..., 2]
    up = (balls - np.percentile(balls, 5)).min(axis=1) > IN_AIR * motion.leg
    ankles = motion.local_pair("ankle")
    together = np.abs(ankles[:, 0, 1] - ankles[:, 1, 1]) < STRIDE * motion.leg
    found = []
    for start in starts(np.asarray(up & together & motion.upright), AIR_TIME):
        around = slice(max(start - 3, 0), start + round(0.5 * FPS))
        step = motion.pelvis[around][-1] - motion.pelvis[around][0]
        if float(step[:2] @ motion.heading[start]) > FORWARD and together[around].all():
            found.append(start)
    return separate(found, 0.3)


JUMP_FORWARD: Final = ActionSpec(
    name=ActionName("jump forward"),
    arity=0,
    perform=jump_forward,
    find_targets=partial(has_way, least=WAY),
    seconds=2.4,
    detect=jumped_forward,
    phrases=Phrases(
        bare=(
            "~jump forward", "~leap forward", "~jump ahead", "~do a long jump", "~take a jump forward",
            "~jump forward with both feet",
        ),
        counted=("~jump forward {times}", "~make {n} jumps forward"),
        general=("leave the floor",),
        tells_walk=False,
    ),
    sampling=Sampling(weight=0.7),
)  # fmt: skip
