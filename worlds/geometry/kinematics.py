"""Observed kinematics of a motion: position, heading, speed, limb angles, pace and turn, computed from joints alone.

Every quantity is cached on first use, because a checker tests one motion for many actions and objects.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

import numpy as np

from monster.arrays import AnyArray, BoolArray, DoubleArray, true_runs
from monster.skeleton import INDEX

Turn = Literal["left", "right", "straight"]
Pace = Literal["slowly", "quickly"]


FPS: Final = 20.0
MIN_STATE_SECONDS: Final = 0.4  # that a state has to last
STOP_SPEED: Final = 0.3  # metres a second: slower counts as standing
WALK_MEMORY: Final = 4.0  # seconds over which `recent_path_length` sums
TURN_ANGLE: Final = np.radians(60)
STRAIGHT_ANGLE: Final = np.radians(15)
SLOW_WALK, QUICK_WALK = 0.75, 1.35  # metres a second, median while walking


@dataclass(frozen=True)
class Viewer:
    """The frame of left and right: a floor point and the unit viewing direction."""

    position: tuple[float, float]
    heading: tuple[float, float]


@dataclass(frozen=True, eq=False)
class MotionKinematics:
    """Kinematics of ``joints`` (frames, 22, 3) in room coordinates at 20 fps."""

    joints: DoubleArray

    @classmethod
    def of(cls, joints: AnyArray | MotionKinematics) -> MotionKinematics:
        """The kinematics of joints (frames, 22, 3); an instance is returned as it is."""
        if isinstance(joints, MotionKinematics):
            return joints
        return cls(np.asarray(joints, dtype=np.float64))

    def __len__(self) -> int:
        return len(self.joints)

    def joint(self, name: str) -> DoubleArray:
        """One joint (frames, 3) by its name."""
        return np.asarray(self.joints[:, INDEX[name]])

    def pair(self, name: str) -> DoubleArray:
        """Left and right (frames, 2, 3) of a joint name without its side: "wrist", "foot" ..."""
        return np.asarray(self.joints[:, [INDEX[f"left_{name}"], INDEX[f"right_{name}"]]])

    @cached_property
    def pelvis(self) -> DoubleArray:
        """The pelvis (frames, 3)."""
        return self.joint("pelvis")

    @cached_property
    def heading(self) -> DoubleArray:
        """Unit direction (frames, 2) on the floor that the hips face."""
        return hip_heading(self.joints)

    @cached_property
    def viewer(self) -> Viewer:
        """Pelvis and heading in the first frame: captions say left and right from there."""
        x, y = self.pelvis[0, :2].tolist()
        heading_x, heading_y = self.heading[0].tolist()
        return Viewer((x, y), (heading_x, heading_y))

    @cached_property
    def speed(self) -> DoubleArray:
        """Speed (frames,) of the pelvis over the floor in metres a second."""
        return floor_speed(self.pelvis)

    @cached_property
    def recent_path_length(self) -> DoubleArray:
        """Metres (frames,) walked in the last WALK_MEMORY seconds; drift while standing does not count."""
        track = self.pelvis
        steps = np.linalg.norm(np.diff(track[:, :2], axis=0, prepend=track[:1, :2]), axis=1)
        length = np.cumsum(np.where(self.speed > STOP_SPEED / 2, steps, 0.0))
        return np.asarray(length - length[np.maximum(np.arange(len(length)) - round(WALK_MEMORY * FPS), 0)])

    @cached_property
    def leg(self) -> float:
        """Length of thigh and shank together, in metres."""
        first = self.joints[0]
        hip, knee, ankle = first[INDEX["left_hip"]], first[INDEX["left_knee"]], first[INDEX["left_ankle"]]
        return float(np.linalg.norm(hip - knee) + np.linalg.norm(knee - ankle))

    @cached_property
    def arm(self) -> float:
        """Length of upper arm and forearm together, in metres."""
        shoulder, elbow, wrist = (self.pair(name)[0, 0] for name in ("shoulder", "elbow", "wrist"))
        return float(np.linalg.norm(shoulder - elbow) + np.linalg.norm(elbow - wrist))

    @cached_property
    def local_joints(self) -> DoubleArray:
        """Joints (frames, 22, 3) in body coordinates: metres to the right of and in front of the pelvis, and height."""
        flat = self.joints[..., :2] - self.pelvis[:, None, :2]
        ahead = self.heading[:, None]
        right = np.stack([ahead[..., 1], -ahead[..., 0]], axis=-1)
        return np.stack([(flat * right).sum(axis=-1), (flat * ahead).sum(axis=-1), self.joints[..., 2]], axis=-1)

    def local_pair(self, name: str) -> DoubleArray:
        """Left and right (frames, 2, 3) of a joint in body coordinates."""
        return np.asarray(self.local_joints[:, [INDEX[f"left_{name}"], INDEX[f"right_{name}"]]])

    def bend(self, first: str, middle: str, last: str) -> DoubleArray:
        """Angles (frames, 2) in radians between the two bones at the left and at the right ``middle`` joint."""
        upper = self.pair(first) - self.pair(middle)
        lower = self.pair(last) - self.pair(middle)
        length = np.linalg.norm(upper, axis=2) * np.linalg.norm(lower, axis=2)
        return np.asarray(np.arccos(np.clip((upper * lower).sum(axis=2) / np.maximum(length, 1e-9), -1.0, 1.0)))

    @cached_property
    def knees(self) -> DoubleArray:
        """Angles (frames, 2) of the left and the right knee in radians; pi is a straight leg."""
        return self.bend("hip", "knee", "ankle")

    @cached_property
    def soles(self) -> DoubleArray:
        """Heights (frames, 2) of the balls of the feet over the lowest of them in the whole motion."""
        balls = self.pair("foot")[..., 2]
        return np.asarray(balls - balls.min())

    @cached_property
    def upright(self) -> BoolArray:
        """Frames (frames,) in which the neck is more than 25 cm above the pelvis."""
        return np.asarray(self.joint("neck")[:, 2] - self.pelvis[:, 2] > 0.25)

    @cached_property
    def standing(self) -> BoolArray:
        """Frames (frames,) in which the body is upright on nearly straight legs."""
        feet = self.pair("ankle")[..., 2].min(axis=1)
        return np.asarray((self.pelvis[:, 2] - feet > 0.82 * self.leg) & self.upright)

    @cached_property
    def elbows(self) -> DoubleArray:
        """Angles (frames, 2) of the left and the right elbow in radians; pi is a straight arm."""
        return self.bend("shoulder", "elbow", "wrist")

    @cached_property
    def leaning(self) -> DoubleArray:
        """Angles (frames,) in radians between the trunk and the vertical."""
        trunk = self.joint("neck") - self.pelvis
        return np.asarray(np.arctan2(np.linalg.norm(trunk[:, :2], axis=1), trunk[:, 2]))

    @cached_property
    def hanging(self) -> BoolArray:
        """Frames (frames, 2) in which the left and the right arm hang straight along the trunk."""
        arm = self.pair("wrist") - self.pair("shoulder")
        trunk = self.pelvis - self.joint("neck")
        length = np.linalg.norm(arm, axis=2) * np.linalg.norm(trunk, axis=1)[:, None]
        along = (arm * trunk[:, None]).sum(axis=2) / np.maximum(length, 1e-9)
        return np.asarray((along > np.cos(np.radians(35))) & (self.elbows > np.radians(145)))

    @cached_property
    def wrist_speed(self) -> DoubleArray:
        """Speed (frames, 2) of the left and the right wrist in metres a second."""
        step = np.gradient(self.pair("wrist"), axis=0) if len(self) > 1 else np.zeros((len(self), 2, 3))
        return np.asarray(np.linalg.norm(step, axis=2) * FPS)

    @cached_property
    def yaw(self) -> DoubleArray:
        """Heading of the hips (frames,) in radians, unwrapped, averaged over the steps of a walk."""
        return smoothed(np.unwrap(np.arctan2(self.heading[:, 1], self.heading[:, 0])), 5)

    @property
    def _is_straight(self) -> BoolArray:
        return np.asarray(self.standing & (self.leaning < np.radians(15)))

    @cached_property
    def carrying(self) -> BoolArray:
        """Frames (frames,) in which a standing body holds both hands steady in front of its trunk, as if carrying."""
        wrists = self.pair("wrist")
        ahead = ((wrists - self.pelvis[:, None])[..., :2] * self.heading[:, None]).sum(axis=2).min(axis=1)
        hip = self.pair("hip")[..., 2].max(axis=1)
        shoulder = self.pair("shoulder")[..., 2].min(axis=1)
        level = (wrists[..., 2].min(axis=1) > hip) & (wrists[..., 2].max(axis=1) < shoulder)
        apart = np.linalg.norm(wrists[:, 1] - wrists[:, 0], axis=1)
        bent = self.elbows.max(axis=1) < np.radians(135)
        up = np.gradient(wrists[..., 2] - self.pelvis[:, None, 2], axis=0) if len(self) > 1 else np.zeros((1, 2))
        steady = np.abs(up).max(axis=1) * FPS < 0.3
        return np.asarray((ahead > 0.2) & level & (apart > 0.12) & (apart < 0.58) & bent & steady & self._is_straight)

    @cached_property
    def pace(self) -> Pace | None:
        """Pace from the median walking speed; None if it is ordinary or the body walks less than a metre."""
        walking = self.speed > STOP_SPEED
        median = float(np.median(self.speed[walking])) if walking.any() else 0.0
        if walking.sum() / FPS * median < 1.0:
            return None
        if median < SLOW_WALK:
            return "slowly"
        return "quickly" if median > QUICK_WALK else None

    @cached_property
    def turn(self) -> Turn | None:
        """Change of walking direction from the first to the last half metre; None if unclear or too short."""
        return _path_turn(self.pelvis[:, :2])


def spans(state: BoolArray, pause: float = 0.0) -> list[tuple[int, int]]:
    """(first frame, frame after the last) of the runs of True in ``state``; runs less than ``pause`` s apart merge."""
    merged: list[tuple[int, int]] = []
    for start, end in true_runs(state).tolist():
        if merged and start - merged[-1][1] < pause * FPS:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def starts(state: BoolArray, seconds: float = MIN_STATE_SECONDS) -> list[int]:
    """The first frame of every run of True in ``state`` (frames,) that lasts at least ``seconds``."""
    padded = np.concatenate([[False], state, [False]]).astype(np.int8)
    edges = np.diff(padded)
    first = np.flatnonzero(edges == 1)
    length = np.flatnonzero(edges == -1) - first
    least = max(1, round(seconds * FPS))
    return [int(frame) for frame in first[length >= least]]


def reversals(track: DoubleArray, least: float) -> int:
    """How often a track (n,) changes direction after having moved at least ``least`` one way."""
    count, direction = 0, 0
    low = high = track[0]
    for value in track:
        low, high = min(low, value), max(high, value)
        if direction >= 0 and high - value >= least:
            count += direction > 0
            direction, low, high = -1, value, value
        elif direction <= 0 and value - low >= least:
            count += direction < 0
            direction, low, high = 1, value, value
    return count


def smoothed(values: DoubleArray, reach: int) -> DoubleArray:
    """Moving average (n,) over ``reach`` values before and after each, with repeated ends."""
    width = 2 * reach + 1
    return np.asarray(np.convolve(np.pad(values, reach, mode="edge"), np.ones(width) / width, "valid"))


def hip_heading(joints: DoubleArray) -> DoubleArray:
    """Unit direction (frames, 2) on the floor that the hips face."""
    across = (joints[:, INDEX["left_hip"]] - joints[:, INDEX["right_hip"]])[:, :2]
    forward = np.stack([across[:, 1], -across[:, 0]], axis=1)
    return np.asarray(forward / np.maximum(np.linalg.norm(forward, axis=1, keepdims=True), 1e-9))


def floor_speed(track: DoubleArray) -> DoubleArray:
    """Speed (frames,) over the floor in m/s of positions (frames, 3) at 20 fps, averaged over a quarter second."""
    flat = track[:, :2]
    ahead = np.minimum(np.arange(len(flat)) + 3, len(flat) - 1)
    behind = np.maximum(np.arange(len(flat)) - 2, 0)
    return np.asarray(np.linalg.norm(flat[ahead] - flat[behind], axis=1) * FPS / np.maximum(ahead - behind, 1))


def _path_turn(track: DoubleArray) -> Turn | None:
    """The turn of a track (frames, 2) on the floor."""
    length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(track, axis=0), axis=1))])
    if length[-1] < 1.6:
        return None
    at = np.arange(0.15, length[-1] - 0.1, 0.25)
    points = np.stack([np.interp(at, length, track[:, axis]) for axis in range(2)], axis=1)
    segments = np.diff(points, axis=0)
    heading = np.unwrap(np.arctan2(segments[:, 1], segments[:, 0]))
    change = heading - heading[0]
    if np.abs(change).max() < STRAIGHT_ANGLE:
        return "straight"
    total = float(np.median(change[-2:]))
    if abs(total) > TURN_ANGLE and np.abs(change).max() < abs(total) + np.radians(30):
        return "left" if total > 0 else "right"
    return None
