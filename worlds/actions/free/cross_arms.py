"""Cross the arms, and look around."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.cycles import turning_points
from worlds.actions.free.move import free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.feet import aside
from worlds.actions.performing.keyframes import HANDS, SPINE_AT_REST, Keyframe, Posture, SpineAngles
from worlds.actions.performing.timeline import Timeline
from worlds.actions.spec import Phrases
from worlds.geometry.kinematics import FPS, MotionKinematics, starts
from worlds.geometry.relations import FloorPlan
from worlds.types import Targets

CROSS, HELD, DROP = (0.7, 1.1), (1.2, 3.0), (0.6, 0.9)  # seconds
ACROSS, AHEAD, HEIGHTS = (0.1, 0.14), (0.2, 0.28), (0.68, 0.72)  # metres, metres, statures
CROSSED, CROSSED_TIME = 0.08, 0.6  # arm lengths of the left wrist to the right of the right one; seconds
GLANCES, TWISTS = (2, 5), (0.45, 0.8)
GLANCE_SECONDS, GAZE_SECONDS = (0.5, 0.9), (0.2, 0.7)
LOOKED, LOOKS, WITHIN, CALM = np.radians(22), 2, 6.0, 1.6  # to each side; turns; seconds; m/s of the hands


def cross_arms(actor: Actor, timeline: Timeline) -> None:
    """Each hand goes to the other side of the chest, and both stay."""
    height, across = actor.draw(HEIGHTS) * timeline.body.stature, actor.draw(ACROSS)
    for hand, sign in zip(HANDS, (1.0, -1.0), strict=True):
        x, y = aside(timeline, sign * across, actor.draw(AHEAD))
        timeline.set(hand, timeline.now, x, y, height)
    seconds = actor.seconds(CROSS)
    timeline.play([Keyframe(Posture(reach=(1.0, 1.0)), start=0.0, at=seconds)])
    timeline.wait(seconds + actor.seconds(HELD, least=HELD[0]))
    seconds = actor.seconds(DROP)
    timeline.play([Keyframe(Posture(reach=(0.0, 0.0)), start=0.0, at=seconds)])
    timeline.wait(seconds)


def crossed_arms(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """The left hand is on the right before the trunk, and the right one on the left."""
    hands = motion.local_pair("wrist")
    crossed = hands[:, 0, 0] - hands[:, 1, 0] > CROSSED * motion.arm
    low, high = motion.pelvis[:, 2], motion.pair("shoulder")[..., 2].max(axis=1)
    level = (hands[..., 2] > low[:, None] + 0.05).all(axis=1) & (hands[..., 2] < high[:, None] + 0.05).all(axis=1)
    return starts(np.asarray(crossed & level & (hands[..., 1] > 0.0).all(axis=1) & motion.upright), CROSSED_TIME)


def look_around(actor: Actor, timeline: Timeline) -> None:
    """Head and shoulders turn to one side and to the other, the feet stay."""
    sign = float(actor.rng.choice([-1.0, 1.0]))
    for _ in range(int(actor.rng.integers(*GLANCES))):
        seconds = actor.seconds(GLANCE_SECONDS, least=0.45)
        spine = SpineAngles(twist=sign * actor.draw(TWISTS), bend=0.06)
        timeline.play([Keyframe(Posture(nod=actor.draw((-0.25, 0.2))), start=0.0, at=seconds)])
        timeline.reach(Posture(spine=spine), seconds=seconds)
        timeline.wait(actor.seconds(GAZE_SECONDS))
        sign = -sign
    timeline.reach(Posture(spine=SPINE_AT_REST, nod=0.0), seconds=0.7)


def looked_around(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """The shoulders turn far to one side and to the other over hips and feet that stay."""
    shoulders, hips = motion.pair("shoulder"), motion.pair("hip")
    across = [pair[:, 1, :2] - pair[:, 0, :2] for pair in (shoulders, hips)]
    angles = [np.arctan2(line[:, 1], line[:, 0]) for line in across]
    twist = (angles[0] - angles[1] + np.pi) % (2 * np.pi) - np.pi
    quiet = (
        motion.standing & (motion.speed < 0.25) & (motion.wrist_speed.max(axis=1) < CALM) & motion.hanging.all(axis=1)
    )
    points = [frame for frame in turning_points(twist, LOOKED) if abs(twist[frame]) > LOOKED / 2]
    for first, last in zip(points, points[LOOKS - 1 :], strict=False):
        if twist[first] * twist[last] < 0 and last - first < WITHIN * FPS and quiet[first : last + 1].all():
            return [first]
    return []


CROSS_ARMS: Final = free_action(
    "cross the arms",
    move=cross_arms,
    seconds=3.6,
    detect=crossed_arms,
    phrases=Phrases(
        bare=(
            "~cross {your} arms", "~fold {your} arms", "~stand with {your} arms crossed",
            "~cross both arms before {your} chest", "~fold {your} arms in front of {your} chest",
        ),
        tells_walk=False,
    ),
)  # fmt: skip
LOOK_AROUND: Final = free_action(
    "look around",
    move=look_around,
    seconds=4.0,
    detect=looked_around,
    phrases=Phrases(
        bare=(
            "~look around", "~look left and right", "~look to both sides", "~look about", "~look from side to side",
            "~search with {your} eyes",
        ),
        tells_walk=False,
    ),
)  # fmt: skip
