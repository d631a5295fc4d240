"""Dance."""

from __future__ import annotations

from typing import Final

import numpy as np

from monster.arrays import BoolArray, DoubleArray
from worlds.actions.detecting.cycles import near, to_and_fro
from worlds.actions.detecting.limbs import wrists_from_shoulders
from worlds.actions.free.move import free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.feet import READY, Feet, aside
from worlds.actions.performing.keyframes import (
    ARM_AT_REST,
    SPINE_AT_REST,
    ArmAngles,
    Keyframe,
    Posture,
    SpineAngles,
    one_arm,
)
from worlds.actions.performing.timeline import Timeline
from worlds.geometry.kinematics import FPS, MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.people.body import SIDES
from worlds.people.curves import smoothed
from worlds.types import Targets

# Lengths in metres, angles in radians.
BEAT_SECONDS, SHORTEST_BEAT = (0.42, 0.52), 0.38
BEATS: Final = (6, 8)
SWAY, SWAY_GAIN = (0.085, 0.12), 1.3  # of the pelvis; since tracks are smoothed
TURN: Final = (0.1, 0.3)  # of the pelvis, against the chest
HIGH_ARMS: Final = 0.4  # probability
FOOT_UP, FOOT_IN, FOOT_AHEAD, FOOT_PITCH = 0.07, -0.03, 0.04, -0.3  # of the free foot
FOOT_DOWN: Final = 0.95  # share of the beat
SWAY_SHARE, SPRING_SHARE = 0.6, 0.45  # of the beat until the body has swayed, and until the knees give most
KNEES_BENT, KNEES_STRAIGHTER = 0.1, 0.035  # of the pelvis under its standing height
SPINE_BEND, SPINE_TILT = 0.08, 0.14
REST_SECONDS, END_SECONDS = 0.4, 0.3
SWAYED: Final = 0.12  # leg lengths before the sway turns back
TURNS, WITHIN = 4, 3.2  # of the sway; seconds
BUSY: Final = 0.5  # arm lengths a second of the hands
ELBOWS_BENT: Final = np.radians(140)
CALM: Final = 1.2  # metres a second of the pelvis
SPOT, SPOT_FRAMES = 0.9, 40
HIGH_KNEES: Final = (0.16, np.radians(120))  # of marching: leg lengths of a sole, angle of the knee
HIGH_KNEES_SECONDS: Final = 0.5


def dance(actor: Actor, timeline: Timeline) -> None:
    """Weight from side to side on the beat, knees springing, hips and arms swinging."""
    rng, feet = actor.rng, Feet(timeline)
    beat, beats = actor.seconds(BEAT_SECONDS, least=SHORTEST_BEAT), int(rng.integers(*BEATS))
    first, sway, turn = int(rng.integers(2)), rng.uniform(*SWAY), rng.uniform(*TURN)
    timeline.wait(READY - 0.1)
    high = rng.random() < HIGH_ARMS
    for index in range(beats):
        _beat(feet, (first + index) % 2, seconds=beat, sway=sway, turn=turn, high=high)
    stand = timeline.stand
    standing = Posture(
        place=(stand.x, stand.y),
        height=timeline.body.standing_height,
        yaw=stand.yaw,
        spine=SPINE_AT_REST,
        arms=ARM_AT_REST,
    )
    timeline.play([Keyframe(standing, start=0.0, at=REST_SECONDS)])
    timeline.wait(END_SECONDS)
    feet.down()


def _beat(feet: Feet, side: int, *, seconds: float, sway: float, turn: float, high: bool) -> None:
    """The weight goes over one foot, the other foot taps."""
    timeline, sign, free = feet.timeline, SIDES[side], 1 - side
    t, height = timeline.now, timeline.body.standing_height
    feet.put(free, t)
    feet.put(free, t + 0.5 * seconds, up=FOOT_UP, out=FOOT_IN, ahead=FOOT_AHEAD, pitch=FOOT_PITCH)
    feet.put(free, t + FOOT_DOWN * seconds)
    swayed = Posture(
        place=aside(timeline, SWAY_GAIN * sign * sway),
        yaw=timeline.stand.yaw + sign * turn,
        spine=SpineAngles(twist=-sign * turn, bend=SPINE_BEND, tilt=-sign * SPINE_TILT),
    )
    timeline.play(
        [
            Keyframe(swayed, start=0.0, at=SWAY_SHARE),
            Keyframe(Posture(height=height - KNEES_BENT), start=0.0, at=SPRING_SHARE),
            Keyframe(Posture(height=height - KNEES_STRAIGHTER), start=SPRING_SHARE, at=1.0),
            *(Keyframe(one_arm(arm, _arm(arm == side, high)), start=0.0, at=SWAY_SHARE) for arm in range(2)),
        ],
        seconds=seconds,
    )
    timeline.wait(seconds)


def _arm(toward: bool, high: bool) -> ArmAngles:
    """An arm at the end of a beat, on the side of the sway or on the other one."""
    sign = 1.0 if toward else -1.0
    if high:
        return ArmAngles(swing=0.3, raised=1.5 + 0.4 * sign, twist=-1.4, elbow=1.3 - 0.3 * sign)
    return ArmAngles(swing=0.35 + 0.5 * sign, raised=0.35 + 0.15 * sign, twist=0.3, elbow=1.5)


def danced(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """The pelvis sways from side to side over the feet while the arms swing, in a rhythm, on the spot."""
    hands = wrists_from_shoulders(motion)
    moving = np.linalg.norm(np.gradient(hands, axis=0), axis=2).mean(axis=1) * FPS
    busy = smoothed(moving[:, None], 4.0)[:, 0] > BUSY
    bent = motion.elbows.mean(axis=1) < ELBOWS_BENT
    where = busy & motion.upright & (motion.speed < CALM) & bent & ~_high_knees(motion)
    dances = to_and_fro(_sway(motion), where, SWAYED, turns=TURNS, within=WITHIN)
    return [start for start in dances if np.ptp(motion.pelvis[start : start + SPOT_FRAMES, :2], axis=0).max() < SPOT]


def _high_knees(motion: MotionKinematics) -> BoolArray:
    """Frames (frames,) near which a foot is lifted as high as in marching."""
    sole, knee = HIGH_KNEES
    high = (motion.soles > sole * motion.leg).any(axis=1) & (motion.knees.min(axis=1) < knee)
    return near(np.asarray(high), HIGH_KNEES_SECONDS)


def _sway(motion: MotionKinematics) -> DoubleArray:
    """How far the pelvis is to the right (frames,) of the direction that it mostly faces, in leg lengths."""
    ahead = motion.heading.mean(axis=0)
    ahead = ahead / max(float(np.linalg.norm(ahead)), 1e-9)
    return np.asarray((motion.pelvis[:, 0] * ahead[1] - motion.pelvis[:, 1] * ahead[0]) / motion.leg)


DANCE: Final = free_action(
    "dance",
    move=dance,
    seconds=4.0,
    detect=danced,
    phrases=(
        "~dance",
        "~dance on the spot",
        "~do a dance",
        "~dance a little",
        "~perform a few dance moves",
        "~sway to music",
        "~move to a rhythm",
        "~groove to music",
    ),
)
