"""Clap."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.cycles import to_and_fro
from worlds.actions.detecting.limbs import wrists_from_shoulders
from worlds.actions.free.move import free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.keyframes import ARMS, ArmAngles, Posture
from worlds.actions.performing.open_floor import alternate
from worlds.actions.performing.postures import rest_arms
from worlds.actions.performing.timeline import Timeline
from worlds.actions.spec import Phrases
from worlds.geometry.kinematics import FPS, MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.people.body import COLLARS, ELBOWS, SHOULDERS, WRISTS
from worlds.types import Targets

# Angles in radians.
ARM_SWING, ELBOW = (0.45, 0.85), (1.45, 1.75)
SHUT_RAISED, OPEN_RAISED = 0.1, 0.22
OPEN_TWIST, OPEN_ELBOW = (-0.1, 0.15), 0.1  # twist of open arms; how much their elbows are straighter
PALMS: Final = 0.04  # metres from a wrist to the middle when the palms meet
MOST_INWARD: Final = 0.98  # sine of the largest twist
HALF_SECONDS, SHORTEST_HALF = (0.16, 0.26), 0.16  # from shut to open
UP_SECONDS: Final = (0.4, 0.55)
CLAPS: Final = (4, 8)
LEVEL: Final = (-0.75, 0.35)  # arm lengths of the hands over the shoulders
AHEAD: Final = 0.15  # arm lengths of the hands
PARTED: Final = 0.22  # arm lengths between the wrists before they turn back
TOGETHER: Final = 0.26  # arm lengths between the wrists
TURNS, WITHIN = 4, 2.4  # of the distance of the wrists; seconds


def clap(actor: Actor, timeline: Timeline) -> None:
    """Both hands meet before the chest, several times."""
    rng, body = actor.rng, actor.body
    swing, elbow = rng.uniform(*ARM_SWING), rng.uniform(*ELBOW)
    half = actor.seconds(HALF_SECONDS, least=SHORTEST_HALF)
    shoulder = float(body.offsets[SHOULDERS[1], 0] + body.offsets[COLLARS[1], 0])
    across = shoulder - PALMS + body.length(ELBOWS[0]) * np.sin(SHUT_RAISED)
    inward = across / (body.length(WRISTS[0]) * np.sin(elbow))
    shut = ArmAngles(swing, SHUT_RAISED, float(np.arcsin(min(inward, MOST_INWARD))), elbow)
    wide = ArmAngles(swing, OPEN_RAISED, actor.draw(OPEN_TWIST), elbow - OPEN_ELBOW)
    up, claps = actor.seconds(UP_SECONDS), int(rng.integers(*CLAPS))
    timeline.reach(Posture(arms=wide), seconds=up)
    for arm in ARMS:
        alternate(timeline, arm, [shut, wide], half=half, times=2 * claps)
    timeline.wait(2 * claps * half)
    rest_arms(timeline, up)


def clapped(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """The hands meet before the trunk, part, and meet again."""
    hands = wrists_from_shoulders(motion)
    wrists = motion.pair("wrist")
    gap = np.linalg.norm(wrists[:, 0] - wrists[:, 1], axis=1) / motion.arm
    level = (hands[..., 2] > LEVEL[0]) & (hands[..., 2] < LEVEL[1])
    before = (level & (hands[..., 1] > AHEAD)).all(axis=1)
    frames = to_and_fro(gap, before & motion.upright, PARTED, turns=TURNS, within=WITHIN)
    return [frame for frame in frames if gap[frame : frame + round(WITHIN * FPS)].min() < TOGETHER]


CLAP: Final = free_action(
    "clap",
    move=clap,
    seconds=2.4,
    detect=clapped,
    phrases=Phrases(
        general=("move an arm",),
        bare=(
            "~clap",
            "~clap {your} hands",
            "~applaud",
            "~give a round of applause",
            "~clap a few times",
            "~clap both hands together",
            "~bring {your} hands together and ~clap",
        ),
        tells_walk=False,
    ),
)
