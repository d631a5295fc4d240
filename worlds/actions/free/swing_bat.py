"""Swing a bat, a golf club or a racket with both hands."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.free.move import free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.feet import aside
from worlds.actions.performing.keyframes import HANDS, SPINE_AT_REST, Keyframe, Posture, SpineAngles
from worlds.actions.performing.timeline import Timeline
from worlds.actions.spec import Phrases
from worlds.geometry.kinematics import FPS, MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.types import Targets

RIGHT_HANDED: Final = 0.8
GRIP: Final = 0.08  # metres between the wrists
LOW: Final = (0.4, 0.62)  # height of the hands as they hit, of stature: golf to bat
HIGH: Final = (0.7, 0.8)  # and at both ends
GRAB, BACK, SWING, HOLD, REST = (0.6, 0.8), (0.6, 0.9), (0.36, 0.5), (0.4, 0.8), (0.6, 0.8)
SWINGS: Final = (1, 3)
TWIST: Final = 0.75
TOGETHER, FARTHEST, WITHIN = 0.45, 0.75, 0.6  # arm lengths, arm lengths, seconds


def swing_bat(actor: Actor, timeline: Timeline) -> None:
    """Both hands together: back over one shoulder, fast across, out over the other."""
    side = 1.0 if actor.rng.random() < RIGHT_HANDED else -1.0
    stature, low, high = timeline.body.stature, actor.draw(LOW), actor.draw(HIGH)
    address, wound = (0.0, 0.42, low + 0.04), (0.42 * side, 0.24, high)
    through, finish = (0.0, 0.5, low), (-0.42 * side, 0.24, high)
    _set_hands(timeline, address, stature=stature, time=timeline.now)
    grab = actor.seconds(GRAB)
    timeline.play([Keyframe(Posture(reach=(1.0, 1.0), lean=0.15 + 0.5 * (0.62 - low)), start=0.0, at=grab)])
    timeline.wait(grab)
    for _ in range(int(actor.rng.integers(*SWINGS))):
        back, swing = actor.seconds(BACK, least=0.5), actor.seconds(SWING, least=0.36)
        for place, seconds, twist in ((wound, back, -TWIST), (through, 0.5 * swing, 0.0), (finish, 0.6 * swing, TWIST)):
            timeline.play([Keyframe(Posture(spine=SpineAngles(twist=side * twist, bend=0.12)), at=seconds)])
            _set_hands(timeline, place, stature=stature, time=timeline.now + seconds)
            timeline.wait(seconds)
        _set_hands(timeline, finish, stature=stature, time=timeline.now + actor.seconds(HOLD))
        timeline.wait(actor.seconds(HOLD, least=HOLD[1]))
    rest = actor.seconds(REST)
    timeline.play([Keyframe(Posture(reach=(0.0, 0.0), spine=SPINE_AT_REST, lean=0.0), start=0.0, at=rest)])
    timeline.wait(rest)


def _set_hands(timeline: Timeline, place: tuple[float, float, float], *, stature: float, time: float) -> None:
    """Both wrists at a place: to the right, ahead, and the height in statures."""
    across, ahead, height = place
    for hand, sign in zip(HANDS, (-1.0, 1.0), strict=True):
        x, y = aside(timeline, across + sign * GRIP / 2, ahead)
        timeline.set(hand, time, x, y, height * stature)


def swung(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """The hands, close together, go far from one side to the other in a moment."""
    hands = motion.local_pair("wrist") / motion.arm
    apart = np.linalg.norm(hands[:, 1] - hands[:, 0], axis=1)
    across = hands[:, :, 0].mean(axis=1)
    window = round(WITHIN * FPS)
    for start in range(max(len(across) - window, 0)):
        span = slice(start, start + window + 1)
        moved = abs(across[start + window] - across[start])
        still_there = motion.speed[span].max() < 0.6 and motion.standing[span].all()
        if moved > FARTHEST and apart[span].max() < TOGETHER and still_there:
            return [start]
    return []


SWING_BAT: Final = free_action(
    "swing a bat",
    move=swing_bat,
    seconds=4.0,
    detect=swung,
    phrases=Phrases(
        bare=(
            "~swing a bat", "~swing a golf club", "~swing a racket", "~play golf", "~swing a baseball bat",
            "~make a golf swing", "~swing something with both hands", "~swing a club",
        ),
        general=("move an arm",),
        tells_walk=False,
    ),
)  # fmt: skip
