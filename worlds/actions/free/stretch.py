"""Stretch."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.limbs import on_both_feet, wrists_from_shoulders
from worlds.actions.free.move import free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.keyframes import ArmAngles, Keyframe, Posture, SpineAngles
from worlds.actions.performing.postures import rest_arms
from worlds.actions.performing.timeline import Timeline
from worlds.actions.spec import Phrases
from worlds.geometry.kinematics import FPS, MotionKinematics, starts
from worlds.geometry.relations import FloorPlan
from worlds.types import Targets

# Angles in radians.
OVERHEAD: Final = (2.9, 3.05)  # of the arms from hanging down
APART: Final = (0.05, 0.3)
ELBOW: Final = 0.12
SIDEWAYS: Final = 0.5  # probability that the arms go up sideways
LEAN_BACK: Final = (-0.2, -0.05)  # of the spine
TILTS: Final = (-0.28, 0.0, 0.0, 0.28)  # of the spine
UP_SECONDS: Final = (0.8, 1.0)
HOLD_SECONDS, SHORTEST_HOLD = (1.1, 1.6), 1.0
HANDS_UP, STRAIGHT = 0.7, np.radians(135)  # arm lengths over the shoulders, of the elbows
STILL: Final = 1.2  # arm lengths a second
STRETCH_TIME: Final = 0.6  # seconds


def stretch(actor: Actor, timeline: Timeline) -> None:
    """Both arms overhead, the trunk a little back, held for a moment."""
    rng, up = actor.rng, actor.seconds(UP_SECONDS)
    apart, over = rng.uniform(*APART), rng.uniform(*OVERHEAD)
    sideways = rng.random() < SIDEWAYS
    arms = ArmAngles(raised=over, elbow=ELBOW) if sideways else ArmAngles(swing=over, raised=apart, elbow=ELBOW)
    tilt = rng.choice(TILTS)
    spine = SpineAngles(bend=rng.uniform(*LEAN_BACK), tilt=tilt)
    timeline.play([Keyframe(Posture(arms=arms, spine=spine), start=0.0, at=up)])
    timeline.wait(up + actor.seconds(HOLD_SECONDS, least=SHORTEST_HOLD))
    rest_arms(timeline, up)


def stretched(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """Both straight arms are overhead and stay there."""
    hand = wrists_from_shoulders(motion)
    up = (hand[..., 2] > HANDS_UP).all(axis=1) & (motion.elbows > STRAIGHT).all(axis=1)
    still = np.linalg.norm(np.gradient(hand, axis=0), axis=2).max(axis=1) * FPS < STILL
    return starts(up & still & motion.standing & on_both_feet(motion), STRETCH_TIME)


STRETCH: Final = free_action(
    "stretch",
    move=stretch,
    seconds=3.0,
    detect=stretched,
    phrases=Phrases(
        general=(
            "raise a hand",
            "exercise",
        ),
        bare=(
            "~stretch",
            "~stretch both arms overhead",
            "~stretch up with both arms",
            "~raise both arms high and ~stretch",
            "~have a stretch",
            "~lift both arms over {your} head",
            "~reach up high with both hands",
        ),
        tells_walk=False,
    ),
)
