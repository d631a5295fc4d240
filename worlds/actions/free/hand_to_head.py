"""A hand at the head: drinking, eating, a telephone, scratching, saluting."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np

from monster.arrays import BoolArray, DoubleArray
from worlds.actions.detecting.cycles import turning_points
from worlds.actions.detecting.gaits import joined, spells
from worlds.actions.free.move import Move, free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.feet import aside
from worlds.actions.performing.keyframes import HANDS, Keyframe, Posture, one_hand
from worlds.actions.performing.timeline import Timeline
from worlds.actions.spec import ActionSpec, DetectSide, Phrases, Sided
from worlds.geometry.kinematics import FPS, MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.people.body import SIDES
from worlds.types import Targets

# Of the wrist from the joint of the head: outwards, ahead, up, in metres (CMU 13_07 to 13_09: 0.09, 0.12, -0.06).
MOUTH: Final = (0.07, 0.13, -0.07)
EAR: Final = (0.17, 0.04, -0.05)
CROWN: Final = (0.12, 0.1, 0.115)
BROW: Final = (0.15, 0.13, 0.03)
BELLY: Final = (0.12, 0.34, -0.55)
SPREAD: Final = 0.015
RIGHT_HANDED: Final = 0.6  # probability
LIFT, LOWER = (0.6, 1.0), (0.6, 1.0)  # seconds
NEAR: Final = 0.26  # metres from the joint of the head
SCRATCH: Final = 0.03


@dataclass(frozen=True)
class _Hand:
    """One hand of a body that stands where it stands."""

    timeline: Timeline
    side: int

    def at(self, place: tuple[float, float, float]) -> Posture:
        """The wrist at a place from the head."""
        out, ahead, up = place
        trunk = self.timeline.body.offsets[[3, 6, 9, 12, 15]].sum(axis=0)
        x, y = aside(self.timeline, SIDES[self.side] * out, float(trunk[1]) + 0.03 + ahead)
        return one_hand(self.side, (x, y, float(self.timeline.body.standing_height + trunk[2] + up)))

    def reach(self, place: tuple[float, float, float], seconds: float) -> None:
        """From hanging to a place in so many seconds."""
        start = self.timeline.now
        self.timeline.set(HANDS[self.side], start - 0.02, *_hand_of(self.at(place)))
        weights = (0.0, 1.0) if self.side else (1.0, 0.0)
        self.timeline.play([Keyframe(Posture(reach=weights), start=0.0, at=seconds)])
        self.timeline.wait(seconds)

    def move(self, place: tuple[float, float, float], seconds: float) -> None:
        """From place to place."""
        self.timeline.reach(self.at(place), seconds=seconds)

    def drop(self, seconds: float) -> None:
        """Let the arm hang again."""
        self.timeline.play([Keyframe(Posture(reach=(0.0, 0.0), nod=0.0), start=0.0, at=seconds)])
        self.timeline.wait(seconds)


def _hand_of(posture: Posture) -> tuple[float, float, float]:
    place = posture.left_hand or posture.right_hand
    return place if place is not None else (0.0, 0.0, 0.0)


def _begin(actor: Actor, timeline: Timeline) -> _Hand:
    return _Hand(timeline, int(actor.rng.random() < RIGHT_HANDED))


def _near(actor: Actor, place: tuple[float, float, float]) -> tuple[float, float, float]:
    x, y, z = place + actor.rng.normal(0.0, SPREAD, 3)
    return float(x), float(y), float(z)


def drink(actor: Actor, timeline: Timeline) -> None:
    """A cup goes to the mouth, the head tips back."""
    hand = _begin(actor, timeline)
    hand.reach(BELLY, actor.seconds(LIFT))
    for _ in range(int(actor.rng.integers(1, 3))):
        seconds = actor.seconds(LIFT)
        hand.move(_near(actor, MOUTH), seconds)
        timeline.play([Keyframe(Posture(nod=-0.45), start=0.0, at=0.4)])
        timeline.wait(actor.seconds((1.0, 2.0), least=1.0))
        timeline.play([Keyframe(Posture(nod=0.0), start=0.0, at=0.4)])
        hand.move(BELLY, seconds)
    hand.drop(actor.seconds(LOWER))


def eat(actor: Actor, timeline: Timeline) -> None:
    """A hand goes to the mouth again and again."""
    hand = _begin(actor, timeline)
    hand.reach(BELLY, actor.seconds(LIFT))
    for _ in range(int(actor.rng.integers(3, 6))):
        hand.move(_near(actor, MOUTH), actor.seconds((0.4, 0.6), least=0.38))
        timeline.wait(actor.seconds((0.1, 0.25), least=0.1))
        hand.move(BELLY, actor.seconds((0.4, 0.6), least=0.38))
        timeline.wait(actor.seconds((0.05, 0.3)))
    hand.drop(actor.seconds(LOWER))


def phone(actor: Actor, timeline: Timeline) -> None:
    """A telephone at the ear."""
    hand = _begin(actor, timeline)
    hand.reach(_near(actor, EAR), actor.seconds(LIFT))
    timeline.wait(actor.seconds((2.2, 4.0), least=2.2))
    hand.drop(actor.seconds(LOWER))


def scratch(actor: Actor, timeline: Timeline) -> None:
    """Fingers rub to and fro on the crown."""
    hand = _begin(actor, timeline)
    hand.reach(CROWN, actor.seconds(LIFT))
    out, ahead, up = CROWN
    for index in range(2 * int(actor.rng.integers(3, 6))):
        hand.move((out + (-1) ** index * SCRATCH, ahead, up), actor.seconds((0.2, 0.28), least=0.2))
    hand.drop(actor.seconds(LOWER))


def salute(actor: Actor, timeline: Timeline) -> None:
    """The hand goes to the brow, stays, and comes down."""
    hand = _begin(actor, timeline)
    hand.reach(_near(actor, BROW), actor.seconds((0.4, 0.7), least=0.4))
    timeline.wait(actor.seconds((0.6, 1.5), least=0.6))
    hand.drop(actor.seconds((0.4, 0.7), least=0.4))


def _from_head(motion: MotionKinematics, side: int) -> DoubleArray:
    """The wrist (frames, 3) from the head: outwards, ahead, up, in metres of a body with legs of 0.83 m."""
    wrist = motion.local_pair("wrist")[:, side] - motion.local_joints[:, 15]
    wrist = wrist * (0.83 / motion.leg)
    wrist[:, 0] *= SIDES[side]
    return np.asarray(wrist)


def _visits(motion: MotionKinematics, side: int, where: BoolArray, pause: float = 0.2) -> list[tuple[int, int]]:
    calm = motion.standing & (motion.speed < 0.4)
    return joined(spells(np.asarray(where & calm)), pause)


def _at_mouth(motion: MotionKinematics, side: int) -> list[tuple[int, int]]:
    hand = _from_head(motion, side)
    where = (np.linalg.norm(hand, axis=1) < NEAR) & (hand[:, 1] > 0.06) & (hand[:, 2] < 0.02)
    return _visits(motion, side, where & (hand[:, 0] < 0.125))


def drank(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan, side: int) -> list[int]:
    """The hand stays at the mouth for a while."""
    return [start for start, end in _at_mouth(motion, side) if end - start >= 0.9 * FPS]


def ate(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan, side: int) -> list[int]:
    """The hand comes to the mouth at least three times."""
    visits = [start for start, end in _at_mouth(motion, side) if end - start < 0.9 * FPS]
    return [first for first, last in zip(visits, visits[2:], strict=False) if last - first < 5 * FPS][:1]


def phoned(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan, side: int) -> list[int]:
    """The hand stays at the ear."""
    hand = _from_head(motion, side)
    where = (np.linalg.norm(hand, axis=1) < NEAR) & (hand[:, 1] < 0.12) & (hand[:, 0] > 0.06) & (hand[:, 2] < 0.04)
    return [start for start, end in _visits(motion, side, where) if end - start >= 1.7 * FPS]


def scratched(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan, side: int) -> list[int]:
    """The hand moves to and fro at the crown."""
    hand = _from_head(motion, side)
    where = (np.linalg.norm(hand, axis=1) < NEAR + 0.02) & (hand[:, 2] > 0.03)
    found = []
    for start, end in _visits(motion, side, where):
        if len(turning_points(hand[start:end, 0], 0.025)) >= 4:
            found.append(start)
    return found


def saluted(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan, side: int) -> list[int]:
    """The hand is still beside the brow."""
    hand = _from_head(motion, side)
    where = (np.linalg.norm(hand, axis=1) < NEAR + 0.02) & (hand[:, 0] > 0.08) & (hand[:, 1] > 0.05)
    where &= (np.abs(hand[:, 2] - BROW[2]) < 0.05) & (motion.wrist_speed[:, side] < 0.3)
    return [start for start, end in _visits(motion, side, where) if end - start >= 0.45 * FPS]


def _either(detect: DetectSide, motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    return sorted(frame for side in range(2) for frame in detect(motion, targets, floor_plan, side))


def _spec(
    name: str, move: Move, detect: DetectSide, *, seconds: float, phrases: tuple[str, ...], sided: tuple[str, ...]
) -> ActionSpec:
    words = Phrases(bare=phrases, general=("move an arm",), tells_walk=False)
    action = free_action(name, move=move, seconds=seconds, detect=partial(_either, detect), phrases=words)
    return replace(action, sided=Sided(detect, sided))


DRINK: Final = _spec(
    "drink", drink, drank, seconds=4.2,
    phrases=("~drink", "~drink something", "~take a drink", "~drink from a cup", "~take a sip", "~drink from a bottle"),
    sided=("~drink with {hand}", "~drink from a cup in {hand}", "~bring a glass to {your} mouth with {hand}"),
)  # fmt: skip
EAT: Final = _spec(
    "eat", eat, ate, seconds=5.0,
    phrases=("~eat", "~eat something", "~put food into {your} mouth", "~take some bites", "~have a snack"),
    sided=("~eat with {hand}", "~bring food to {your} mouth with {hand}"),
)  # fmt: skip
PHONE: Final = _spec(
    "talk on the phone", phone, phoned, seconds=4.6,
    phrases=(
        "~make a phone call", "~phone someone", "~hold a phone to {your} ear", "~answer the phone",
        "~talk into a phone", "~use a phone",
    ),
    sided=("~hold a phone in {hand}", "~hold a phone to {your} ear with {hand}", "~phone with {hand}"),
)  # fmt: skip
SCRATCH_HEAD: Final = _spec(
    "scratch the head", scratch, scratched, seconds=3.4,
    phrases=(
        "~scratch {your} head", "~rub {your} head", "~scratch the top of {your} head", "~scratch {your} scalp",
        "~ruffle {your} hair",
    ),
    sided=("~scratch {your} head with {hand}", "~rub {your} head with {hand}"),
)  # fmt: skip
SALUTE: Final = _spec(
    "salute", salute, saluted, seconds=2.4,
    phrases=(
        "~salute", "~give a salute", "~salute like a soldier", "~raise a hand to {your} brow", "~do a military salute",
    ),
    sided=("~salute with {hand}", "~bring {hand} to {your} brow"),
)  # fmt: skip
