"""What can be seen of a body without knowing what it was meant to do: where it is, faces, how fast it goes.

Everything is computed once for a motion, when first asked for: a checker asks for many actions and objects.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from monster.skeleton import INDEX
from worlds.types import Array

Turn = Literal["left", "right", "straight"]
Pace = Literal["slowly", "quickly"]
Joints = NDArray[np.floating]
Mask = NDArray[np.bool_]

FPS: Final = 20.0
SETTLED: Final = 0.4  # seconds that a state has to last
STOP_SPEED: Final = 0.3
WALK_MEMORY: Final = 4.0  # seconds that a walk is remembered
TURN_ANGLE: Final = np.radians(60)
STRAIGHT_ANGLE: Final = np.radians(15)
SLOW_WALK, QUICK_WALK = 0.75, 1.35  # metres a second, median while walking


@dataclass(frozen=True)
class Viewer:
    """From where left and right are told: a floor point and the unit direction of the gaze."""

    position: tuple[float, float]
    heading: tuple[float, float]


@dataclass(frozen=True, eq=False)
class MotionKinematics:
    """A body over frames at 20 a second: ``joints`` (frames, 22, 3) in the room, and what follows from them."""

    joints: Array

    @classmethod
    def of(cls, joints: Joints | MotionKinematics) -> MotionKinematics:
        """The joints as seen; what is seen already stays as it is."""
        return joints if isinstance(joints, MotionKinematics) else cls(np.asarray(joints, dtype=np.float64))

    def __len__(self) -> int:
        return len(self.joints)

    def joint(self, name: str) -> Array:
        """One joint (frames, 3) by its name."""
        return np.asarray(self.joints[:, INDEX[name]])

    def pair(self, name: str) -> Array:
        """The left and the right one (frames, 2, 3) of a joint: "wrist", "foot" ..."""
        return np.asarray(self.joints[:, [INDEX[f"left_{name}"], INDEX[f"right_{name}"]]])

    @cached_property
    def pelvis(self) -> Array:
        """The pelvis (frames, 3)."""
        return self.joint("pelvis")

    @cached_property
    def heading(self) -> Array:
        """Unit direction (frames, 2) on the floor that the hips face."""
        return facing(self.joints)

    @cached_property
    def viewer(self) -> Viewer:
        """The body as it stands in the first frame: left and right in a caption are its own then."""
        (x, y), (ahead, aside) = self.pelvis[0, :2].tolist(), self.heading[0].tolist()
        return Viewer((x, y), (ahead, aside))

    @cached_property
    def speed(self) -> Array:
        """Metres a second (frames,) of the pelvis over the floor."""
        return floor_speed(self.pelvis)

    @cached_property
    def walked(self) -> Array:
        """Metres (frames,) covered over the floor in the last seconds, those of standing still left out."""
        track = self.pelvis
        steps = np.linalg.norm(np.diff(track[:, :2], axis=0, prepend=track[:1, :2]), axis=1)
        length = np.cumsum(np.where(self.speed > STOP_SPEED / 2, steps, 0.0))
        return np.asarray(length - length[np.maximum(np.arange(len(length)) - round(WALK_MEMORY * FPS), 0)])

    @cached_property
    def leg(self) -> float:
        """Thigh and shank together, in metres."""
        first = self.joints[0]
        hip, knee, ankle = first[INDEX["left_hip"]], first[INDEX["left_knee"]], first[INDEX["left_ankle"]]
        return float(np.linalg.norm(hip - knee) + np.linalg.norm(knee - ankle))

    @cached_property
    def arm(self) -> float:
        """Upper arm and forearm together, in metres."""
        shoulder, elbow, wrist = (self.pair(name)[0, 0] for name in ("shoulder", "elbow", "wrist"))
        return float(np.linalg.norm(shoulder - elbow) + np.linalg.norm(elbow - wrist))

    @cached_property
    def own(self) -> Array:
        """Joints (frames, 22, 3) as the body has them: metres to the right of and before its pelvis, and height."""
        flat = self.joints[..., :2] - self.pelvis[:, None, :2]
        ahead = self.heading[:, None]
        right = np.stack([ahead[..., 1], -ahead[..., 0]], axis=-1)
        return np.stack([(flat * right).sum(axis=-1), (flat * ahead).sum(axis=-1), self.joints[..., 2]], axis=-1)

    def own_pair(self, name: str) -> Array:
        """The left and the right one (frames, 2, 3) of a joint as the body has them."""
        return np.asarray(self.own[:, [INDEX[f"left_{name}"], INDEX[f"right_{name}"]]])

    def bend(self, first: str, middle: str, last: str) -> Array:
        """Angles (frames, 2) in radians between the bones that meet at the left and the right ``middle`` joint."""
        one, other = self.pair(first) - self.pair(middle), self.pair(last) - self.pair(middle)
        length = np.linalg.norm(one, axis=2) * np.linalg.norm(other, axis=2)
        return np.asarray(np.arccos(np.clip((one * other).sum(axis=2) / np.maximum(length, 1e-9), -1.0, 1.0)))

    @cached_property
    def knees(self) -> Array:
        """Angles (frames, 2) of the left and the right knee in radians, pi when the leg is straight."""
        return self.bend("hip", "knee", "ankle")

    @cached_property
    def soles(self) -> Array:
        """Height (frames, 2) of each ball of the foot over where it is lowest in the whole motion."""
        balls = self.pair("foot")[..., 2]
        return np.asarray(balls - balls.min())

    @cached_property
    def upright(self) -> Mask:
        """Frames in which the trunk is: (frames,)."""
        return np.asarray(self.joint("neck")[:, 2] - self.pelvis[:, 2] > 0.25)

    @cached_property
    def standing(self) -> Mask:
        """Frames in which the body is upright on nearly straight legs: (frames,)."""
        feet = self.pair("ankle")[..., 2].min(axis=1)
        return np.asarray((self.pelvis[:, 2] - feet > 0.82 * self.leg) & self.upright)

    @cached_property
    def elbows(self) -> Array:
        """Angles (frames, 2) of the left and the right elbow in radians, pi when the arm is straight."""
        return self.bend("shoulder", "elbow", "wrist")

    @cached_property
    def leaning(self) -> Array:
        """Radians (frames,) that the trunk leans from the vertical."""
        trunk = self.joint("neck") - self.pelvis
        return np.asarray(np.arctan2(np.linalg.norm(trunk[:, :2], axis=1), trunk[:, 2]))

    @cached_property
    def hanging(self) -> Mask:
        """Whether each arm (frames, 2) hangs along the trunk rather than does something."""
        arm, trunk = self.pair("wrist") - self.pair("shoulder"), self.pelvis - self.joint("neck")
        length = np.linalg.norm(arm, axis=2) * np.linalg.norm(trunk, axis=1)[:, None]
        along = (arm * trunk[:, None]).sum(axis=2) / np.maximum(length, 1e-9)
        return np.asarray((along > np.cos(np.radians(35))) & (self.elbows > np.radians(145)))

    @cached_property
    def wrist_speed(self) -> Array:
        """Metres a second (frames, 2) of the wrists."""
        step = np.gradient(self.pair("wrist"), axis=0) if len(self) > 1 else np.zeros((len(self), 2, 3))
        return np.asarray(np.linalg.norm(step, axis=2) * FPS)

    @property
    def _straight(self) -> Mask:
        return np.asarray(self.standing & (self.leaning < np.radians(15)))

    @cached_property
    def carrying(self) -> Mask:
        """Frames (frames,) in which the hands hold something before the trunk of the standing body."""
        wrists = self.pair("wrist")
        ahead = ((wrists - self.pelvis[:, None])[..., :2] * self.heading[:, None]).sum(axis=2).min(axis=1)
        hip, shoulder = self.pair("hip")[..., 2].max(axis=1), self.pair("shoulder")[..., 2].min(axis=1)
        level = (wrists[..., 2].min(axis=1) > hip) & (wrists[..., 2].max(axis=1) < shoulder)
        apart = np.linalg.norm(wrists[:, 1] - wrists[:, 0], axis=1)
        bent = self.elbows.max(axis=1) < np.radians(135)
        up = np.gradient(wrists[..., 2] - self.pelvis[:, None, 2], axis=0) if len(self) > 1 else np.zeros((1, 2))
        steady = np.abs(up).max(axis=1) * FPS < 0.3
        return np.asarray((ahead > 0.2) & level & (apart > 0.12) & (apart < 0.58) & bent & steady & self._straight)

    @cached_property
    def pace(self) -> Pace | None:
        """Pace by the median speed while walking; None for an ordinary one or when nobody walks a metre."""
        walking = self.speed > STOP_SPEED
        median = float(np.median(self.speed[walking])) if walking.any() else 0.0
        if walking.sum() / FPS * median < 1.0:
            return None
        return "slowly" if median < SLOW_WALK else "quickly" if median > QUICK_WALK else None

    @cached_property
    def turn(self) -> Turn | None:
        """How the walk bends from first to last half metre, as the walker sees it; None when unclear or too short."""
        return _turn(self.pelvis[:, :2])


def starts(state: Mask, seconds: float = SETTLED) -> list[int]:
    """The first frame of every stretch in which the state (frames,) lasts so long."""
    padded = np.concatenate([[False], state, [False]]).astype(np.int8)
    edges = np.diff(padded)
    least = max(1, round(seconds * FPS))
    return [
        int(a) for a, b in zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1), strict=True) if b - a >= least
    ]


def reversals(track: Array, least: float) -> int:
    """How often a track (n,) turns back after having gone at least so far."""
    count, low, high, way = 0, track[0], track[0], 0
    for value in track:
        low, high = min(low, value), max(high, value)
        if way >= 0 and high - value >= least:
            count, way, low, high = count + (way > 0), -1, value, value
        elif way <= 0 and value - low >= least:
            count, way, low, high = count + (way < 0), 1, value, value
    return count


def facing(joints: Array) -> Array:
    """Unit direction (frames, 2) on the floor that the hips face."""
    across = (joints[:, INDEX["left_hip"]] - joints[:, INDEX["right_hip"]])[:, :2]
    forward = np.stack([across[:, 1], -across[:, 0]], axis=1)
    return np.asarray(forward / np.maximum(np.linalg.norm(forward, axis=1, keepdims=True), 1e-9))


def floor_speed(track: Array) -> Array:
    """Speed (frames,) over the floor in metres a second of positions (frames, 3) at 20 fps, over a quarter second."""
    flat = track[:, :2]
    ahead = np.minimum(np.arange(len(flat)) + 3, len(flat) - 1)
    behind = np.maximum(np.arange(len(flat)) - 2, 0)
    return np.asarray(np.linalg.norm(flat[ahead] - flat[behind], axis=1) * FPS / np.maximum(ahead - behind, 1))


def _turn(track: Array) -> Turn | None:
    length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(track, axis=0), axis=1))])
    if length[-1] < 1.6:
        return None
    at = np.arange(0.15, length[-1] - 0.1, 0.25)
    points = np.stack([np.interp(at, length, track[:, axis]) for axis in range(2)], axis=1)
    legs = np.diff(points, axis=0)
    heading = np.unwrap(np.arctan2(legs[:, 1], legs[:, 0]))
    change = heading - heading[0]
    if np.abs(change).max() < STRAIGHT_ANGLE:
        return "straight"
    total = float(np.median(change[-2:]))
    if abs(total) > TURN_ANGLE and np.abs(change).max() < abs(total) + np.radians(30):
        return "left" if total > 0 else "right"
    return None
