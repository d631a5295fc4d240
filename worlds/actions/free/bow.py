"""Bow."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.free.move import free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.feet import aside
from worlds.actions.performing.keyframes import ArmAngles, Keyframe, Posture, SpineAngles
from worlds.actions.performing.postures import rest_arms
from worlds.actions.performing.timeline import Timeline
from worlds.actions.spec import Phrases
from worlds.geometry.kinematics import FPS, MotionKinematics, starts
from worlds.geometry.relations import FloorPlan
from worlds.types import Targets

# Angles in radians.
PELVIS_LEAN, SPINE_BEND = (0.5, 0.9), (0.25, 0.45)
HIPS_BACK: Final = 0.13  # metres for the sine of the lean
LEGS_GIVE: Final = 0.02  # metres
HANDS_ON_THIGHS: Final = ArmAngles(swing=0.22, raised=0.08, twist=0.2, elbow=0.2)
DOWN_SECONDS, SHORTEST_DOWN = (0.75, 1.0), 0.6
HOLD_SECONDS: Final = (0.2, 0.6)
# Angles of detection in degrees.
BOWED, STRAIGHT = 32, 18  # of the trunk
LEGS_STRAIGHT: Final = 140
CALM: Final = 0.45  # metres a second of the pelvis
HANDS_DOWN: Final = 0.62  # arm lengths from the thighs
BOW_TIME: Final = 0.25  # seconds
BEFORE_SECONDS, AFTER_SECONDS = 1.6, 3.5  # in which the trunk is straight


def bow(actor: Actor, timeline: Timeline) -> None:
    """The trunk bends forward over straight legs and comes up again, arms along the thighs."""
    rng, stand, height = actor.rng, timeline.stand, timeline.body.standing_height
    down = actor.seconds(DOWN_SECONDS, least=SHORTEST_DOWN)
    lean, bend = rng.uniform(*PELVIS_LEAN), rng.uniform(*SPINE_BEND)
    bowed_down = Posture(
        place=aside(timeline, 0.0, -HIPS_BACK * np.sin(lean)),
        height=height - LEGS_GIVE,
        lean=lean,
        spine=SpineAngles(bend=bend),
        arms=HANDS_ON_THIGHS,
    )
    timeline.play([Keyframe(bowed_down, start=0.0, at=down)])
    timeline.wait(down + actor.seconds(HOLD_SECONDS))
    timeline.play([Keyframe(Posture(place=(stand.x, stand.y), height=height), start=0.0, at=down)])
    rest_arms(timeline, down)


def bowed(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """The trunk bends forward over straight legs with the hands at the thighs, and rises again, on one spot."""
    lean = np.degrees(motion.leaning)
    legs = (motion.knees > np.radians(LEGS_STRAIGHT)).all(axis=1) & (motion.speed < CALM)
    thigh = 0.5 * (motion.pair("hip") + motion.pair("knee"))
    down = (np.linalg.norm(motion.pair("wrist") - thigh, axis=2) < HANDS_DOWN * motion.arm).all(axis=1)
    straight = lean < STRAIGHT
    bows = []
    for start in starts((lean > BOWED) & legs & down, BOW_TIME):
        before = straight[max(start - round(BEFORE_SECONDS * FPS), 0) : start]
        after = straight[start : start + round(AFTER_SECONDS * FPS)]
        if before.any() and after.any() and legs[start : start + int(straight[start:].argmax()) + 1].all():
            bows.append(start)
    return bows


BOW: Final = free_action(
    "bow",
    move=bow,
    seconds=2.4,
    detect=bowed,
    phrases=Phrases(
        general=("bend over",),
        bare=(
            "~bow",
            "~take a bow",
            "~bow from the waist",
            "~make a bow",
            "~bend forward in a bow",
            "~bend forward and ~come back up",
        ),
        counted=(
            "~bow {times}",
            "~take {n} bows",
        ),
        tells_walk=False,
    ),
)
