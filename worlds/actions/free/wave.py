"""Wave."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from worlds.actions.detecting.cycles import separate, to_and_fro
from worlds.actions.detecting.limbs import wrists_from_shoulders
from worlds.actions.free.move import free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.keyframes import ARMS, ArmAngles, one_arm
from worlds.actions.performing.open_floor import alternate
from worlds.actions.performing.postures import rest_arms
from worlds.actions.performing.timeline import Timeline
from worlds.actions.spec import Phrases, Sided
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.types import Targets

# Angles in radians.
RIGHT_SHARE: Final = 0.5
ARM_SWING, ARM_RAISED, ARM_TWIST = (0.0, 0.4), (1.15, 2.0), -1.5
WIDTH: Final = (0.38, 0.6)  # of the forearm to either side
UP_SECONDS: Final = (0.5, 0.7)
HALF_SECONDS, SHORTEST_HALF = (0.2, 0.3), 0.17  # from one side to the other
WAVES: Final = (2, 5)
HAND_UP, ELBOW_UP, OTHER_DOWN = 0.0, 0.12, -0.2  # arm lengths: over the shoulder, over the elbow, of the other hand
SWAY: Final = 0.13  # arm lengths of the forearm before it turns back
CALM: Final = 1.6  # metres a second of the pelvis
TURNS, WITHIN = 3, 2.4  # of the forearm; seconds


def wave(actor: Actor, timeline: Timeline) -> None:
    """One forearm up beside the head swings from side to side."""
    rng = actor.rng
    side = int(rng.random() < RIGHT_SHARE)
    swing, raised, width = rng.uniform(*ARM_SWING), rng.uniform(*ARM_RAISED), rng.uniform(*WIDTH)
    upright = ArmAngles(swing, raised, ARM_TWIST, np.pi - raised)
    inward = upright._replace(elbow=upright.elbow - width)
    outward = upright._replace(elbow=upright.elbow + width)
    up = actor.seconds(UP_SECONDS)
    half = actor.seconds(HALF_SECONDS, least=SHORTEST_HALF)
    timeline.reach(one_arm(side, upright), seconds=up)
    times = 2 * int(rng.integers(*WAVES)) + int(rng.integers(2))
    alternate(timeline, ARMS[side], [inward, outward], half=half, times=times)
    timeline.wait(times * half)
    rest_arms(timeline, up)


def waved(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """One forearm is up and swings to the left and right, while the other hand is down."""
    return separate([frame for side in range(2) for frame in waved_with(motion, targets, floor_plan, side)])


def waved_with(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan, side: int) -> list[int]:
    """Frames at which the hand of that side waves."""
    hand = wrists_from_shoulders(motion)
    forearm = (motion.local_pair("wrist") - motion.local_pair("elbow")) / motion.arm
    calm = motion.speed < CALM
    up = (hand[:, side, 2] > HAND_UP) & (forearm[:, side, 2] > ELBOW_UP) & (hand[:, 1 - side, 2] < OTHER_DOWN)
    where = up & calm & motion.upright
    return to_and_fro(forearm[:, side, 0], where, SWAY, turns=TURNS, within=WITHIN)


WAVE: Final = replace(
    free_action(
        "wave",
        move=wave,
        seconds=2.6,
        detect=waved,
        phrases=Phrases(
            general=(
                "raise a hand",
                "move an arm",
            ),
            bare=(
                "~wave",
                "~wave with one hand",
                "~wave a hand",
                "~wave hello",
                "~raise a hand and ~wave",
                "~wave at someone",
                "~greet someone with a wave",
                "~wave goodbye",
                "~lift an arm and ~wave it",
            ),
            tells_walk=False,
        ),
    ),
    sided=Sided(
        waved_with,
        (
            "~wave with {hand}",
            "~wave {hand}",
            "~raise {hand} and ~wave",
            "~wave hello with {hand}",
            "~lift {arm} and ~wave",
            "~wave with {arm}",
            "~swing {hand} from side to side in a wave",
        ),
    ),
)
