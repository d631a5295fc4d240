"""Crawl on hands and knees."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np

from monster.arrays import BoolArray, DoubleArray
from worlds.actions.detecting.gaits import joined, spells
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.keyframes import FEET, HANDS, Keyframe, Posture, SpineAngles
from worlds.actions.performing.timeline import Timeline
from worlds.actions.performing.ways import draw_way, has_way, stand_at
from worlds.actions.spec import ActionSpec, Extent, Phrases, Sampling
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.people.body import KNEES, SIDES
from worlds.people.strides import Gait, Strides, in_turn, steps_of, stride
from worlds.types import ActionName, Targets

# Metres, radians.
SPEEDS, STEPS = (0.25, 0.6), (0.22, 0.36)
WAY, LONGEST_WAY = 1.2, 2.6
KNEE_HEIGHT, ANKLE_HEIGHT, WRIST_HEIGHT = 0.06, 0.065, 0.05
THIGH_SHARE: Final = 0.985  # of the thigh that is vertical
LEANS: Final = (1.38, 1.5)
FEET_BACK: Final = 0.36  # of the ankles behind the hips
HANDS_AHEAD: Final = (0.84, 0.94)  # of a hand before the ankle of the other side, in body statures / 1.7
HANDS_APART: Final = (0.14, 0.2)
FOOT_PITCH: Final = -2.6
HAND_LIFT: Final = 1.3  # of the lift of a foot
STILL: Final = 0.4  # seconds before the first step
LOW_HANDS, LOW_KNEES, LEVEL = 0.22, 0.24, 0.4  # metres over the floor; of the neck over the pelvis
CRAWLING, PAUSE, CRAWLED = 0.08, 1.0, 0.4  # m/s, seconds, metres


def crawl(actor: Actor, targets: Targets, is_last: bool) -> bool:
    """Hands and knees in turn, the left hand with the right knee."""
    if actor.timeline is not None:
        return False
    path = draw_way(actor, WAY, LONGEST_WAY, straight=True)
    if path is None:
        return False
    timeline = stand_at(actor, path, 0.0, 0.0)
    gait = Gait(
        speed=actor.draw(SPEEDS), step=actor.draw(STEPS), duty=0.62, lift=actor.draw((0.03, 0.08)), peak=0.5,
        width=actor.draw((0.07, 0.11)), leave=0.0, swing=0.0, land=0.0, toe_out=0.0, ramp=(1.0, 1.0),
    )  # fmt: skip
    count = steps_of(path.length, gait)
    contacts = in_turn(gait, count, int(actor.rng.integers(2)))
    strides = stride(actor.body, path, gait, contacts=contacts, count=count, start=STILL)
    _write(actor, timeline, strides)
    timeline.now = float(strides.times[-1])
    timeline.wait(actor.draw((0.0, 0.4)))
    timeline.stand = strides.end
    timeline.lying = True
    return True


def _write(actor: Actor, timeline: Timeline, strides: Strides) -> None:
    """On all fours at once, then along."""
    body, rng = actor.body, actor.rng
    height = KNEE_HEIGHT + THIGH_SHARE * body.length(KNEES[0]) + 0.2 * body.hip_drop
    lean = actor.draw(LEANS)
    posture = Posture(
        height=height, lean=lean, spine=SpineAngles(bend=actor.draw((-0.1, 0.15))), nod=-actor.draw((0.3, 0.9)),
        reach=(1.0, 1.0), free_feet=1.0,
    )  # fmt: skip
    timeline.play([Keyframe(posture, at=0.0)])
    yaw = float(strides.yaw[0])
    ahead, across = np.array([-np.sin(yaw), np.cos(yaw)]), np.array([np.cos(yaw), np.sin(yaw)])
    reach = actor.draw(HANDS_AHEAD) * body.stature / 1.7
    apart = actor.draw(HANDS_APART)
    sway = rng.uniform(0.0, 0.06)
    for index, time in enumerate([0.0, *strides.times]):
        frame = max(index - 1, 0)
        x, y = strides.pelvis[frame, :2]
        timeline.set("place", time, float(x), float(y))
        phase = strides.phases[frame]
        timeline.set("yaw", time, yaw + float(sway * np.sin(np.pi * phase)))
        for side in range(2):
            _write_limbs(timeline, strides, (frame, time, side), ahead=ahead, across=across, hand=(reach, apart))


def _write_limbs(
    timeline: Timeline,
    strides: Strides,
    at: tuple[int, float, int],
    *,
    ahead: DoubleArray,
    across: DoubleArray,
    hand: tuple[float, float],
) -> None:
    """The foot of a side in one frame, and the hand of the other side, which moves with it."""
    frame, time, side = at
    ankle = strides.ankles[side, frame]
    up = float(ankle[2] - timeline.body.ankle_height)
    foot = ankle[:2] - FEET_BACK * ahead
    yaw = float(np.arctan2(-ahead[0], ahead[1]))
    timeline.set(FEET[side], time, float(foot[0]), float(foot[1]), ANKLE_HEIGHT + 0.5 * up, yaw, FOOT_PITCH)
    reach, apart = hand
    middle = foot - across * float((foot - strides.pelvis[frame, :2]) @ across)
    wrist = middle + reach * ahead - SIDES[side] * apart * across
    timeline.set(HANDS[1 - side], time, float(wrist[0]), float(wrist[1]), WRIST_HEIGHT + HAND_LIFT * up)


def on_all_fours(motion: MotionKinematics) -> BoolArray:
    """Frames (frames,) in which hands and knees are low and the trunk is level."""
    hands = motion.pair("wrist")[..., 2].min(axis=1) < LOW_HANDS
    knees = motion.pair("knee")[..., 2].min(axis=1) < LOW_KNEES
    level = np.abs(motion.joint("neck")[:, 2] - motion.pelvis[:, 2]) < LEVEL
    facing_down = motion.joint("neck")[:, 2] - motion.pelvis[:, 2] > -0.15
    over = motion.pelvis[:, 2] > motion.pair("knee")[..., 2].min(axis=1) + 0.15
    return np.asarray(hands & knees & level & facing_down & over)


def crawled(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """The body goes somewhere on all fours."""
    going = on_all_fours(motion) & (motion.speed > CRAWLING)
    steps = np.linalg.norm(np.diff(motion.pelvis[:, :2], axis=0, prepend=motion.pelvis[:1, :2]), axis=1)
    return [start for start, end in joined(spells(going), PAUSE) if steps[start:end].sum() > CRAWLED]


CRAWL: Final = ActionSpec(
    name=ActionName("crawl"),
    arity=0,
    perform=crawl,
    find_targets=partial(has_way, least=WAY),
    seconds=4.0,
    detect=crawled,
    extent=Extent(is_walk=True),
    phrases=Phrases(
        bare=(
            "~crawl", "~crawl forward", "~crawl on {your} hands and knees", "~crawl on all fours",
            "~crawl along the floor", "~crawl across the floor", "~go on all fours",
        ),
        general=("move",),
        tells_walk=False,
    ),
    sampling=Sampling(weight=1.3, starts_at_target=True),
)  # fmt: skip
