"""Feet that an action lifts off the floor on one spot: their places, written as keys of their own tracks."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.performing.keyframes import FEET, FootPose, Keyframe, Posture
from worlds.actions.performing.timeline import Timeline
from worlds.people.body import LEFT, RIGHT, SIDES

READY: Final = 0.45  # seconds before the first movement of a foot: tracks are smoothed
TAKE_OVER: Final = (0.2, 0.25)  # seconds from now in which the feet's own tracks begin or cease to count
SETTLED: Final = 0.5  # seconds that feet stay in place after they are down
STEEPEST: Final = 0.98  # sine of the steepest sole
TOE_OFF_ANGLE: Final = 0.7  # radians of the sole when the ball leaves the floor


class Feet:
    """The feet of a standing body from now on: each stays in place until a key moves it."""

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.base = [np.array(timeline.stand.foot(timeline.body, side)) for side in (LEFT, RIGHT)]
        for side in (LEFT, RIGHT):
            self.put(side, timeline.now)
        self._count(1.0)

    def _count(self, weight: float) -> None:
        start, end = TAKE_OVER
        self.timeline.play([Keyframe(Posture(free_feet=weight), start=start, at=end)])

    def put(
        self, side: int, time: float, *, ahead: float = 0.0, out: float = 0.0, up: float = 0.0, pitch: float = 0.0
    ) -> None:
        """A key: the foot is so many metres ahead, out to its side and up from where it stands, its toes up."""
        yaw = self.timeline.stand.yaw
        across = SIDES[side] * out
        x, y, turned = self.base[side]
        x = x + np.cos(yaw) * across - np.sin(yaw) * ahead
        y = y + np.sin(yaw) * across + np.cos(yaw) * ahead
        pose = FootPose(float(x), float(y), self.timeline.body.ankle_height + up, float(turned), pitch)
        self.timeline.set(FEET[side], time, *pose)

    def raise_heel(
        self, side: int, time: float, rise: float, *, up: float = 0.0, out: float = 0.0, ahead: float = 0.0
    ) -> None:
        """A key: the ankle is ``rise`` higher than flat over a ball that stays, all of it ``up`` over the floor."""
        length, slope = self.timeline.body.sole
        steep = float(np.arcsin(np.clip(np.sin(slope) + rise / length, -STEEPEST, STEEPEST)))
        ahead += float(length * (np.cos(slope) - np.cos(steep)))
        self.put(side, time, ahead=ahead, up=up + rise, pitch=slope - steep, out=out)

    def hold(self, side: int, time: float) -> None:
        """A key: the foot is still where its last key was."""
        track = FEET[side]
        self.timeline.move(track, time, time + 0.021, *self.timeline.last(track))

    def down(self) -> None:
        """Both feet stand again where they stood, and carry weight as usual."""
        timeline = self.timeline
        for side in (LEFT, RIGHT):
            self.put(side, timeline.now)
            self.put(side, timeline.now + SETTLED)
        self._count(0.0)
        timeline.wait(0.1)

    def highest_heel(self) -> float:
        """Metres that the ankle rises over the ball before the ball leaves the floor."""
        length, slope = self.timeline.body.sole
        return float(length * (np.sin(TOE_OFF_ANGLE + slope) - np.sin(slope)))


def aside(timeline: Timeline, across: float, ahead: float = 0.0) -> tuple[float, float]:
    """The floor point so far to the right and in front of where the body stands."""
    stand = timeline.stand
    cos, sin = np.cos(stand.yaw), np.sin(stand.yaw)
    return float(stand.x + cos * across - sin * ahead), float(stand.y + sin * across + cos * ahead)
