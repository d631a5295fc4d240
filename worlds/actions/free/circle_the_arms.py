"""Circle the arms."""

from __future__ import annotations

from typing import Final

import numpy as np

from monster.arrays import BoolArray
from worlds.actions.detecting.limbs import wrists_from_shoulders
from worlds.actions.free.move import free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.keyframes import ArmAngles, Keyframe, Posture, one_arm
from worlds.actions.performing.postures import rest_arms
from worlds.actions.performing.timeline import Timeline
from worlds.actions.spec import Phrases
from worlds.geometry.kinematics import MotionKinematics, starts
from worlds.geometry.relations import FloorPlan
from worlds.types import Targets

# Angles in radians.
TURNS: Final = (2, 4)
TURN_SECONDS, SHORTEST_TURN = (0.95, 1.15), 0.72
EXTRA_SECONDS: Final = 0.3  # for starting and stopping
UP_SECONDS: Final = (0.3, 0.4)
UP_SHARE: Final = 0.5  # of raising the arms, after which they begin to turn
RAISED, ELBOW = (0.25, 0.45), 0.08
KEYS_A_TURN: Final = 6
STRAIGHT: Final = np.radians(130)  # of the elbows
STRAIGHT_TIME: Final = 1.2  # seconds
CIRCLED: Final = np.radians(500)


def circle_arms(actor: Actor, timeline: Timeline) -> None:
    """Both straight arms go round and round, forwards or backwards."""
    rng, turns = actor.rng, int(actor.rng.integers(*TURNS))
    once = actor.seconds(TURN_SECONDS, least=SHORTEST_TURN)
    direction, up = float(rng.choice([-1.0, 1.0])), actor.seconds(UP_SECONDS)
    for side in range(2):
        raised = ArmAngles(raised=rng.uniform(*RAISED), elbow=ELBOW)
        timeline.play([Keyframe(one_arm(side, raised), start=0.0, at=up)])
    timeline.wait(UP_SHARE * up)
    before, seconds = timeline.last("circling")[0], turns * once + EXTRA_SECONDS
    timeline.play([Keyframe(Posture(circling=(before, before)), start=0.0, at=0.0)])
    for share in np.linspace(0, 1, KEYS_A_TURN * turns + 1)[1:]:
        eased = share - np.sin(2 * np.pi * share) / (4 * np.pi * turns)
        angle = before + direction * 2 * np.pi * turns * eased
        timeline.play([Keyframe(Posture(circling=(angle, angle)), at=share)], seconds=seconds)
    timeline.wait(seconds)
    rest_arms(timeline, up)


def circled_arms(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """Both straight arms go round their shoulders, at least a turn and a half, seen from the side."""
    hand = wrists_from_shoulders(motion)
    angle = np.unwrap(np.arctan2(hand[..., 1], -hand[..., 2]), axis=0)
    straight: BoolArray = np.asarray((motion.elbows > STRAIGHT).all(axis=1))
    for start in starts(straight, STRAIGHT_TIME):
        end = start + int(np.append(~straight[start:], True).argmax())
        turned = np.abs(angle[start:end] - angle[start]) >= CIRCLED
        if turned.any(axis=0).all():
            return [start + int(turned.all(axis=1).argmax())]
    return []


CIRCLE_THE_ARMS: Final = free_action(
    "circle the arms",
    move=circle_arms,
    seconds=3.4,
    detect=circled_arms,
    phrases=Phrases(
        general=(
            "exercise",
            "move an arm",
        ),
        bare=(
            "~circle the arms",
            "~swing both arms in circles",
            "~make big circles with both arms",
            "~circle {your} arms",
            "~do arm circles",
            "~rotate both arms",
            "~windmill {your} arms",
            "~spin both arms around",
        ),
        tells_walk=False,
    ),
)
