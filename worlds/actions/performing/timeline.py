"""The movements of a body: keys on tracks, written one after the other, then turned into joints all at once.

Every track is one smooth curve, so nothing jumps. A foot stays where it landed until it is lifted, and the pelvis goes
only as high as the legs allow, so nothing slides.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np

from monster.arrays import DoubleArray, FloatArray
from worlds.actions.performing.composing import compose_pose, sway
from worlds.actions.performing.keyframes import ARM_AT_REST, FEET, SPINE_AT_REST, Keyframe, Posture
from worlds.people.body import SIDES, Body, solve
from worlds.people.curves import smoothed, through_keys, wrapped
from worlds.people.gait import Footfall, Stand, Steps, track_foot
from worlds.types import ActionInstance

FPS: Final = 20.0
TURN_IN: Final = 0.5  # seconds that a body takes to turn from where it faces to where it goes
SWING_IN: Final = 0.4  # seconds until arms and hips swing with the steps
SETTLE: Final = 1.2  # frames over which every track is smoothed
CLOSEST_KEYS: Final = 0.02  # seconds between two keys of a track


class Timeline:
    """The movements of one performance. ``now`` is its end so far, in seconds; actions append to it."""

    def __init__(self, body: Body, stand: Stand) -> None:
        self.body = body
        self.stand = stand  # where the body stands, or would stand when it rises
        self.now = 0.0
        self.seat: int | None = None  # id of the object that the body sits or lies on
        self.lying = False
        self._recorded: list[tuple[ActionInstance, float]] = []  # with its end
        self._origins = [stand.foot(body, side) for side in range(2)]
        self._falls: list[Footfall] = []
        self._tracks: dict[str, tuple[list[float], list[tuple[float, ...]]]] = {}
        standing = Posture(
            place=(stand.x, stand.y), yaw=stand.yaw, height=body.standing_height, lean=0.0, spine=SPINE_AT_REST,
            nod=0.0, gait=0.0, arms=ARM_AT_REST, reach=(0.0, 0.0), left_hand=(0.0, 0.0, 0.0),
            right_hand=(0.0, 0.0, 0.0), carrying=0.0, free_feet=0.0, hop=0.0, circling=(0.0, 0.0),
        )  # fmt: skip
        for name, value in standing.tracks():
            self._tracks[name] = ([0.0], [value])
        for name in FEET:
            self._tracks[name] = ([0.0], [(0.0,) * 5])

    def set(self, track: str, time: float, *value: float) -> None:
        """A key: the track has this value at that time. Keys that were later are dropped."""
        times, values = self._tracks[track]
        while times and times[-1] > time - CLOSEST_KEYS:
            times.pop()
            values.pop()
        times.append(time)
        values.append(value)

    def last(self, track: str) -> tuple[float, ...]:
        """The value of the track's latest key."""
        return self._tracks[track][1][-1]

    def untouched(self, track: str) -> bool:
        """Whether the track has no key but the first."""
        return len(self._tracks[track][0]) == 1

    def move(self, track: str, start: float, end: float, *value: float) -> None:
        """Hold the track until ``start``, then bring it to this value at ``end``."""
        times, values = self._tracks[track]
        if start > times[-1] + CLOSEST_KEYS:
            self.set(track, start, *values[-1])
        self.set(track, end, *value)

    def play(self, keyframes: Iterable[Keyframe], *, seconds: float = 1.0) -> None:
        """Write keyframes from now on, their times scaled by ``seconds``; ``now`` stays."""
        for keyframe in keyframes:
            for track, value in keyframe.posture.tracks():
                end = self.now + keyframe.at * seconds
                if keyframe.start is None:
                    self.set(track, end, *value)
                else:
                    self.move(track, self.now + keyframe.start * seconds, end, *value)

    def reach(self, posture: Posture, *, seconds: float) -> None:
        """Bring the body to that posture in so many seconds."""
        self.play([Keyframe(posture, at=1.0, start=0.0)], seconds=seconds)
        self.now += seconds

    def wait(self, seconds: float) -> None:
        """Do nothing for so long."""
        self.now += seconds

    def take(self, steps: Steps, stand: Stand, *, gait: float) -> None:
        """Append steps that end at ``stand``; ``gait`` is how much arms and hips swing along, 0 to 1."""
        if not steps.falls:
            return
        self._falls += steps.falls
        time, x, y, yaw = np.array(steps.keys).T
        yaw += wrapped(yaw[0] - self.last("yaw")[0]) + self.last("yaw")[0] - yaw[0]
        self.move("place", self.now, time[0], x[0], y[0])
        for key in zip(time[1:], x[1:], y[1:], strict=True):
            self.set("place", *key)
        # The body turns into the way during its first step, not at once.
        turned = np.maximum(time >= min(self.now + TURN_IN, time[-1]), time == time[-1])
        self.move("yaw", self.now, time[turned][0], yaw[turned][0])
        for moment, angle in zip(time[turned][1:], yaw[turned][1:], strict=True):
            self.set("yaw", moment, angle)
        self.move("gait", self.now, self.now + SWING_IN, gait)
        self.now = steps.end
        self.stand = Stand(stand.x, stand.y, float(self.last("yaw")[0] + wrapped(stand.yaw - self.last("yaw")[0])))

    def settle(self, stand: Stand, *, since: float) -> None:
        """Stand at ``stand`` from now on, gone there since then by the feet's own tracks."""
        middle = (since + self.now) / 2
        for side in range(len(SIDES)):
            x, y, yaw = stand.foot(self.body, side)
            self._falls.append(Footfall(side, x, y, yaw, lift=middle, land=middle + 1 / FPS))
        self.stand = stand

    def record(self, instance: ActionInstance) -> None:
        """Note that this action has been performed since the one before, or since the start."""
        self._recorded.append((instance, self.now))

    @property
    def frames(self) -> int:
        """How many frames the performance has at 20 a second."""
        return round(self.now * FPS) + 1

    def performed(self) -> tuple[ActionInstance, ...]:
        """The recorded actions with their frames: without gaps, the first from the start, the last to the end."""
        if not self._recorded:
            return ()
        marks = [0, *(round(end * FPS) for _, end in self._recorded[:-1]), self.frames]
        spans = [range(start, end) for start, end in pairwise(marks)]
        return tuple(
            replace(instance, frames=frames) for (instance, _), frames in zip(self._recorded, spans, strict=True)
        )

    def render(self, rng: np.random.Generator) -> FloatArray:
        """Joints (frames, 22, 3) of everything that was written, with a little random sway."""
        times = np.arange(self.frames) / FPS
        tracks = {name: self._sampled(name, times) for name in self._tracks}
        feet = []
        for side in range(len(SIDES)):
            falls = [fall for fall in self._falls if fall.side == side]
            feet.append(track_foot(self.body, self._origins[side], falls, times))
        return solve(self.body, compose_pose(self.body, tracks, feet, sway(rng, times))).astype(np.float32)

    def _sampled(self, name: str, times: DoubleArray) -> DoubleArray:
        at, values = self._tracks[name]
        curve = through_keys(at, values, times)
        return curve if name.endswith(("hand", "foot", "hop")) else smoothed(curve, SETTLE)
