"""A body's movements as keys on tracks, written one after the other, then turned into joints all at once.

Nothing jumps, because every track is one smooth curve; nothing slides, because feet stay where they landed until
they are lifted, and the pelvis goes only as high as the legs let it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from worlds.people.body import HIPS, SIDES, Body, Pose, orientation, solve
from worlds.people.curves import smoothed, through_keys, under, wrapped
from worlds.people.gait import Footfall, FootTrack, Stand, Steps, track_foot
from worlds.types import ActionName, Array, Deed, Event

FPS: Final = 20.0
TURN_IN: Final = 0.5  # seconds that a body takes to turn from where it faces to where it goes
SETTLE: Final = 1.2  # frames over which every track is smoothed
ARM_AT_REST: Final = (0.02, 0.13, 0.3, 0.3)
# Of the CMU walks: degrees that go with the feet 0.65 m apart.
HIP_SWING, CHEST_SWING, HIP_ROLL = np.radians(7), np.radians(9), np.radians(2.5)
ARM_SWING, ELBOW_SWING, ARM_BACK = np.radians(15), np.radians(20), np.radians(-4)
APART: Final = 0.65
SWAY: Final = 0.016  # metres that the pelvis goes over the foot that carries it
STRETCH: Final = 0.992  # of a leg: the most that a standing foot may ask for


class Timeline:
    """The script of one performance: ``now`` is where it has come to, in seconds; actions append to it."""

    def __init__(self, body: Body, stand: Stand) -> None:
        self.body = body
        self.stand = stand  # where the body stands, or would stand when it rises
        self.now = 0.0
        self.seat: int | None = None  # what the body sits or lies on
        self.lying = False
        self.events: list[tuple[ActionName, tuple[int, ...], float, float]] = []
        self._origins = [stand.foot(body, side) for side in range(2)]
        self._falls: list[Footfall] = []
        self._tracks: dict[str, tuple[list[float], list[tuple[float, ...]]]] = {}
        rest: dict[str, tuple[float, ...]] = {
            "place": (stand.x, stand.y), "yaw": (stand.yaw,), "height": (body.standing_height,), "lean": (0.0,),
            "spine": (0.0, 0.06, 0.0), "nod": (0.0,), "gait": (0.0,), "left arm": ARM_AT_REST, "right arm": ARM_AT_REST,
            "reach": (0.0, 0.0), "left hand": (0.0, 0.0, 0.0), "right hand": (0.0, 0.0, 0.0), "carried": (0.0,),
            "free": (0.0,),
            "left foot": (0.0,) * 5, "right foot": (0.0,) * 5, "hop": (0.0,), "circling": (0.0, 0.0),
        }  # fmt: skip
        for name, value in rest.items():
            self._tracks[name] = ([0.0], [value])

    def set(self, track: str, time: float, *value: float) -> None:
        """A key: the track has this value at that time; keys that were later are dropped."""
        times, values = self._tracks[track]
        while times and times[-1] > time - 0.02:
            times.pop()
            values.pop()
        times.append(time)
        values.append(value)

    def last(self, track: str) -> tuple[float, ...]:
        """The value of the track's latest key."""
        return self._tracks[track][1][-1]

    def untouched(self, track: str) -> bool:
        """Whether the track still is as it was at the start."""
        return len(self._tracks[track][0]) == 1

    def move(self, track: str, start: float, end: float, *value: float) -> None:
        """Hold the track until ``start``, then bring it to this value at ``end``."""
        times, values = self._tracks[track]
        if start > times[-1] + 0.02:
            self.set(track, start, *values[-1])
        self.set(track, end, *value)

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
        self.move("gait", self.now, self.now + 0.4, gait)
        self.now = steps.end
        self.stand = Stand(stand.x, stand.y, float(self.last("yaw")[0] + wrapped(stand.yaw - self.last("yaw")[0])))

    def record(self, deed: Deed, start: float) -> None:
        """Say that what went on since ``start`` was this action, done to these objects."""
        self.events.append((*deed, start, self.now))

    @property
    def frames(self) -> int:
        """How many frames the performance has at 20 a second."""
        return round(self.now * FPS) + 1

    def frame_events(self) -> tuple[Event, ...]:
        """The events in frames: they follow one another without gaps, the first from the start, the last to the end."""
        marks = [0, *(round(end * FPS) for _, _, _, end in self.events[:-1]), self.frames]
        return tuple(
            Event(action, targets, marks[i], marks[i + 1]) for i, (action, targets, _, _) in enumerate(self.events)
        )

    def render(self, rng: np.random.Generator) -> NDArray[np.float32]:
        """Joints (frames, 22, 3) of all that was written."""
        times = np.arange(self.frames) / FPS
        tracks = {name: self._sampled(name, times) for name in self._tracks}
        feet = [
            track_foot(self.body, self._origins[s], [f for f in self._falls if f.side == s], times) for s in range(2)
        ]
        return solve(self.body, _pose(self.body, tracks, feet, _idle(rng, times))).astype(np.float32)

    def _sampled(self, name: str, times: Array) -> Array:
        at, values = self._tracks[name]
        curve = through_keys(at, values, times)
        return curve if name.endswith(("hand", "foot", "hop")) else smoothed(curve, SETTLE)


def _idle(rng: np.random.Generator, times: Array) -> Array:
    """Small slow noise (n, 4), about +-1: nobody stands or sits quite still."""
    rate, phase = rng.uniform(0.15, 0.55, (3, 4)), rng.uniform(0, 2 * np.pi, (3, 4))
    return np.asarray(np.sin(2 * np.pi * rate * times[:, None, None] + phase).sum(axis=1) / np.sqrt(3))


def _pose(body: Body, tracks: dict[str, Array], feet: Sequence[FootTrack], idle: Array) -> Pose:
    free = tracks["free"]
    ankles = np.stack([foot.ankle for foot in feet], axis=1)
    angles = np.stack([foot.angles for foot in feet], axis=1)
    lifted = np.stack([tracks["left foot"], tracks["right foot"]], axis=1)
    mix = free[:, None, :]
    ankles = ankles + (lifted[..., :3] - ankles) * mix
    angles = angles + wrapped(lifted[..., 3:] - angles) * mix
    load = smoothed(np.stack([foot.load for foot in feet], axis=1), 2.0)
    over = (load[:, 1] - load[:, 0]) * (1 - free[:, 0])
    swing = tracks["gait"][:, 0] * _apart(ankles, tracks["yaw"][:, 0])
    turn = np.stack(
        [tracks["yaw"][:, 0] + HIP_SWING * swing, tracks["lean"][:, 0] + 0.008 * idle[:, 0], -HIP_ROLL * over], axis=1
    )
    spine = tracks["spine"] + 0.01 * idle[:, 1:4]
    spine[:, 0] -= CHEST_SWING * swing
    pelvis = np.column_stack([tracks["place"], tracks["height"]])
    across = np.stack([np.cos(tracks["yaw"][:, 0]), np.sin(tracks["yaw"][:, 0])], axis=1)
    pelvis[:, :2] += across * (SWAY * over + 0.003 * idle[:, 2] * (1 - free[:, 0]))[:, None]
    pelvis[:, 2] = _within_reach(body, pelvis, turn, ankles=ankles, free=free[:, 0]) + tracks["hop"][:, 0]
    hands = np.stack([tracks["left hand"], tracks["right hand"]], axis=1)
    nod = tracks["nod"][:, 0] + 0.03 * idle[:, 3]
    return Pose(pelvis, turn, spine, nod, ankles, angles, _arms(tracks, swing), np.clip(tracks["reach"], 0, 1), hands)


def _apart(ankles: Array, yaw: Array) -> Array:
    """How far the right foot is before the left, 1 at a usual step: (n,)."""
    ahead = np.stack([-np.sin(yaw), np.cos(yaw)], axis=1)
    apart = ((ankles[:, 1] - ankles[:, 0])[:, :2] * ahead).sum(axis=1) / APART
    return smoothed(np.clip(apart, -1.4, 1.4)[:, None], 1.2)[:, 0]


def _arms(tracks: dict[str, Array], swing: Array) -> Array:
    arms = np.stack([tracks["left arm"], tracks["right arm"]], axis=1)
    loose = 1 - tracks["carried"][:, 0]  # hands that carry something do not swing
    for side, sign in enumerate((1.0, -1.0)):
        forward = sign * swing
        arms[:, side, 0] += tracks["circling"][:, side]
        arms[:, side, 0] += loose * (ARM_SWING * forward + ARM_BACK * np.abs(tracks["gait"][:, 0]))
        arms[:, side, 3] += loose * ELBOW_SWING * np.maximum(forward + 0.4, 0.0)
    return arms


def _within_reach(body: Body, pelvis: Array, turn: Array, *, ankles: Array, free: Array) -> Array:
    """Heights (n,) of the pelvis: as written, but no higher than both legs reach the ground."""
    frame = orientation(*turn.T)
    highest = np.full(len(pelvis), np.inf)
    for side in range(len(SIDES)):
        offset = frame @ body.offsets[HIPS[side]]
        flat = np.linalg.norm((pelvis + offset - ankles[:, side])[:, :2], axis=1)
        rise = np.sqrt(np.maximum((STRETCH * body.leg) ** 2 - flat**2, 0.0))
        highest = np.minimum(highest, ankles[:, side, 2] + rise - offset[:, 2])
    capped = np.minimum(pelvis[:, 2], under(np.minimum(highest, body.standing_height), 1.2, 2))
    return np.asarray(np.where(free > 0.02, pelvis[:, 2], capped))
