"""Hop on one leg, and skip."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from worlds.actions.detecting.gaits import joined, spells
from worlds.actions.gaits.going import Floor, Going, gait_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.keyframes import ArmAngles
from worlds.actions.performing.striding import UpperBody
from worlds.actions.spec import ActionSpec, Phrases
from worlds.geometry.kinematics import FPS, MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.people.body import LEFT, RIGHT
from worlds.people.strides import Contact, Gait
from worlds.types import Targets

HOPS_A_SECOND: Final = (1.7, 2.4)
HOP_LENGTHS: Final = (0.22, 0.42)  # metres
HOP_CONTACT: Final = 0.3  # phases before and after the middle of a contact
STEP_CONTACT, HOP_LANDING = (0.42, 0.28), (0.26, 0.42)  # phases: of a skip's step, and of the landing of its hop
SKIP_STEPS: Final = (0.38, 0.54)
SKIPS_A_SECOND: Final = (2.0, 2.5)  # contacts
OFF, UP = 0.05, 0.08  # leg lengths of a sole in the air, and of the other one
AROUND: Final = 2  # frames before and after a flight
FLIGHT_TIME: Final = 0.1
FREE_SECONDS: Final = 0.9  # that one foot stays off the floor
HOP_WAY, SKIP_WAY = 1.3, 2.9


def _hop(side: int, actor: Actor) -> Going:
    """One foot springs along, the other one stays up behind."""
    step, rate = actor.draw(HOP_LENGTHS), actor.draw(HOPS_A_SECOND)
    gait = Gait(
        speed=step * rate, step=step, duty=0.3, hop_lift=actor.draw((0.13, 0.22)), peak=0.5, width=0.03,
        crouch=actor.draw((0.05, 0.1)), bounce=-actor.draw((0.07, 0.11)), leave=-0.6, swing=-0.75, land=-0.3,
        ramp=(1.2, 1.4), held=1 - side, held_up=actor.draw((0.25, 0.45)), held_ahead=actor.draw((-0.35, 0.0)),
    )  # fmt: skip

    def contacts(_: Gait, count: int, first: int) -> list[Contact]:
        return [Contact(side, float(index), HOP_CONTACT, HOP_CONTACT) for index in range(1, count)]

    arm = ArmAngles(
        swing=actor.draw((0.1, 0.5)), raised=actor.draw((0.3, 0.8)), twist=0.3, elbow=actor.draw((0.7, 1.4))
    )
    upper = UpperBody(
        lean=actor.draw((0.05, 0.2)), arms=(arm, arm), arm_swing=0.0, hips=0.0, chest=0.0, flap=actor.draw((0.1, 0.5))
    )
    return Going(gait, upper, contacts, first=1 - side)


def skip(actor: Actor) -> Going:
    """A step and a hop on one foot, then on the other, with the free knee high."""
    step, rate = actor.draw(SKIP_STEPS), actor.draw(SKIPS_A_SECOND)
    gait = Gait(
        speed=step * rate, step=step, duty=0.3, lift=actor.draw((0.16, 0.28)), peak=0.6, width=0.05,
        hop_lift=actor.draw((0.12, 0.17)),
        crouch=actor.draw((0.03, 0.06)), bounce=-actor.draw((0.045, 0.07)), leave=-0.65, swing=-0.8, land=-0.2,
        ramp=(1.6, 2.0),
    )  # fmt: skip

    def contacts(_: Gait, count: int, first: int) -> list[Contact]:
        listed = []
        for index in range(1, count):
            before, after = STEP_CONTACT if index % 2 == 0 else HOP_LANDING
            listed.append(Contact((first + index // 2) % 2, float(index), before, after))
        return listed

    arm = ArmAngles(
        swing=actor.draw((0.0, 0.3)), raised=actor.draw((0.15, 0.4)), twist=0.3, elbow=actor.draw((0.6, 1.5))
    )
    upper = UpperBody(
        lean=actor.draw((0.02, 0.15)), arms=(arm, arm), arm_swing=actor.draw((0.4, 0.9)), elbow_swing=0.15,
        hips=0.06, chest=0.1, arm_phases=2.0,
    )  # fmt: skip
    return Going(gait, upper, contacts)


def one_foot_flights(motion: MotionKinematics, side: int) -> list[tuple[int, int]]:
    """Flights that begin and end on that foot, the other one in the air before and after."""
    balls = motion.pair("foot")[..., 2]
    height = (balls - np.percentile(balls, 3)) / motion.leg
    flights = []
    for start, end in spells((height.min(axis=1) > OFF) & motion.upright):
        around = slice(max(start - AROUND, 0), end + AROUND)
        other_up = (height[around, 1 - side] > UP).all()
        if end - start >= FLIGHT_TIME * FPS and other_up and _lands_on(height[:, side], start, end):
            flights.append((start, end))
    return flights


def _lands_on(height: DoubleArray, start: int, end: int) -> bool:
    """Whether a foot is on the floor just before a flight, and just after it."""
    before, after = height[max(start - AROUND, 0) : start], height[end : end + AROUND]
    return bool((before < OFF).any() and (after < OFF).any())


def hopped(side: int, motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """The body springs from one foot onto the same foot, at least twice, while the other one stays up."""
    flights = joined(one_foot_flights(motion, side), 0.6)
    return [start for start, end in flights if (end - start) / FPS > 0.45]


def skipped(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """Hops on one foot and on the other in turn, going forwards."""
    hops = [(start, side) for side in (LEFT, RIGHT) for start, _ in one_foot_flights(motion, side)]
    hops.sort()
    found = []
    for (start, side), (later, other) in pairwise(hops):
        moving = np.median(motion.speed[start : later + 1]) > 0.6
        if side != other and later - start < 1.3 * FPS and moving:
            found.append(start)
    return found[:1]


def _spec(side: int, name: str, word: str) -> ActionSpec:
    return gait_action(
        name,
        draw=partial(_hop, side),
        floor=Floor(least=HOP_WAY, most=3.0),
        seconds=2.6,
        detect=partial(hopped, side),
        phrases=Phrases(general=("hop", "move"), bare=(
            f"~hop forward on {{your}} {word} leg", f"~hop along on {{your}} {word} foot",
            f"~jump on {{your}} {word} leg",
            f"~hop on {{your}} {word} leg", f"~hop on {{your}} {word} foot",
        ), tells_walk=False),
        weight=0.45,
    )  # fmt: skip


HOP_LEFT: Final = _spec(LEFT, "hop left", "left")
HOP_RIGHT: Final = _spec(RIGHT, "hop right", "right")
SKIP: Final = gait_action(
    "skip",
    draw=skip,
    floor=Floor(least=SKIP_WAY, most=6.0),
    seconds=2.8,
    detect=skipped,
    phrases=Phrases(
        general=("move",),
        bare=("~skip", "~skip along", "~skip forward", "~skip across the room", "~skip through the room"),
        tells_walk=False,
    ),
    weight=0.6,
)
