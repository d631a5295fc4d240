"""Raise the left arm, the right arm or both."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np

from worlds.actions.detecting.limbs import wrists_from_shoulders
from worlds.actions.free.move import free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.keyframes import ArmAngles, Keyframe, one_arm
from worlds.actions.performing.postures import rest_arms
from worlds.actions.performing.timeline import Timeline
from worlds.actions.spec import ActionSpec, Phrases
from worlds.geometry.kinematics import MotionKinematics, starts
from worlds.geometry.relations import FloorPlan
from worlds.types import Targets

SIDEWAYS: Final = 0.4  # probability
FORWARD: Final = ((1.5, 2.95), (0.0, 0.25))  # swing and raise: from level to straight up
ASIDE: Final = ((0.0, 0.2), (1.45, 2.8))
RAISE_SECONDS, HOLD_SECONDS = (0.6, 1.1), (0.4, 1.4)
UP: Final = -0.12  # arm lengths of the hand over the shoulder
STRETCHED: Final = 0.82
DOWN: Final = -0.6
TIME: Final = 0.3


def _raise(sides: tuple[int, ...], actor: Actor, timeline: Timeline) -> None:
    """The arm goes up to the front or to the side, stays, and comes down."""
    swing, raised = ASIDE if actor.rng.random() < SIDEWAYS else FORWARD
    angles = ArmAngles(actor.draw(swing), actor.draw(raised), 0.1, actor.draw((0.02, 0.3)))
    seconds = actor.seconds(RAISE_SECONDS, least=0.5)
    timeline.play([Keyframe(one_arm(side, angles), start=0.0, at=seconds) for side in sides])
    timeline.wait(seconds)
    timeline.wait(actor.seconds(HOLD_SECONDS, least=TIME + 0.1))
    rest_arms(timeline, seconds)


def raised(sides: tuple[int, ...], motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """These hands are held out at the shoulders or over them, the other one hangs; the body stands."""
    hands = wrists_from_shoulders(motion)
    up = (hands[..., 2] > UP) & (np.linalg.norm(hands, axis=2) > STRETCHED) & (motion.wrist_speed < 1.0)
    state = motion.standing.copy()
    for side in range(2):
        state &= up[:, side] if side in sides else hands[:, side, 2] < DOWN
    return starts(state, TIME)


def _spec(name: str, sides: tuple[int, ...], phrases: tuple[str, ...]) -> ActionSpec:
    return free_action(
        name,
        move=partial(_raise, sides),
        seconds=2.6,
        detect=partial(raised, sides),
        phrases=Phrases(bare=phrases, general=("raise a hand",), tells_walk=False),
    )


def _one(word: str) -> tuple[str, ...]:
    return (
        f"~raise {{your}} {word} arm", f"~lift {{your}} {word} arm", f"~raise {{your}} {word} hand",
        f"~hold up {{your}} {word} arm", f"~stretch {{your}} {word} arm out", f"~put {{your}} {word} hand up",
    )  # fmt: skip


RAISE_LEFT_ARM: Final = _spec("raise the left arm", (0,), _one("left"))
RAISE_RIGHT_ARM: Final = _spec("raise the right arm", (1,), _one("right"))
RAISE_BOTH_ARMS: Final = _spec(
    "raise both arms",
    (0, 1),
    (
        "~raise both arms", "~lift both arms", "~raise {your} arms", "~hold both arms up", "~put both hands up",
        "~lift {your} arms up",
    ),
)  # fmt: skip
