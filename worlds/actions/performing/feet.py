"""Feet that a move lifts off the floor: where they are, written as keys of their own."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.performing.postures import FEET
from worlds.actions.performing.timeline import Timeline
from worlds.people.body import LEFT, RIGHT, SIDES
from worlds.types import Array

READY: Final = 0.45  # seconds from the decision to lift a foot to its first move: tracks are smoothed


class Feet:
    """The feet of a standing body from now on: each is at rest where it stands until a key moves it."""

    def __init__(self, line: Timeline) -> None:
        self.line = line
        self.base = [np.array(line.stand.foot(line.body, side)) for side in (LEFT, RIGHT)]
        for side in (LEFT, RIGHT):
            self.put(side, line.now)
        line.move("free", line.now + 0.2, line.now + 0.25, 1.0)

    def put(self, side: int, time: float, *, ahead: float = 0.0, out: float = 0.0, up: float = 0.0,
            pitch: float = 0.0) -> None:  # fmt: skip
        """A key: the foot is so many metres ahead, out to its side and up of where it stands, its toes up by pitch."""
        yaw = self.line.stand.yaw
        across = SIDES[side] * out
        x, y, turned = self.base[side]
        x, y = x + np.cos(yaw) * across - np.sin(yaw) * ahead, y + np.sin(yaw) * across + np.cos(yaw) * ahead
        self.line.set(FEET[side], time, float(x), float(y), self.line.body.ankle_height + up, float(turned), pitch)

    def raise_heel(self, side: int, time: float, rise: float, *, up: float = 0.0, out: float = 0.0) -> None:
        """A key: the ankle is ``rise`` higher than flat over a ball that stays, all of it ``up`` over the floor."""
        length, slope = self.line.body.sole
        steep = float(np.arcsin(np.clip(np.sin(slope) + rise / length, -0.98, 0.98)))
        ahead = length * (np.cos(slope) - np.cos(steep))
        self.put(side, time, ahead=ahead, up=up + rise, pitch=slope - steep, out=out)

    def hold(self, side: int, time: float) -> None:
        """A key: the foot is still where its last key was."""
        track = FEET[side]
        self.line.move(track, time, time + 0.021, *self.line.last(track))

    def down(self) -> None:
        """Both feet stand again where they stood, and carry weight as usual."""
        line = self.line
        for side in (LEFT, RIGHT):
            self.put(side, line.now)
            self.put(side, line.now + 0.5)
        line.move("free", line.now + 0.2, line.now + 0.25, 0.0)
        line.now += 0.1

    def highest_heel(self) -> float:
        """Metres that the ankle rises over the ball before that leaves the floor."""
        length, slope = self.line.body.sole
        return float(length * (np.sin(0.7 + slope) - np.sin(slope)))


def aside(line: Timeline, across: float, ahead: float = 0.0) -> Array:
    """The floor point (2,) so far to the right of and before where the body stands."""
    cos, sin = np.cos(line.stand.yaw), np.sin(line.stand.yaw)
    return np.array([line.stand.x + cos * across - sin * ahead, line.stand.y + sin * across + cos * ahead])
