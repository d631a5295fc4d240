"""From a robot's root, its turn and its joint angles to the 22 joints; what the file leaves open, the body decides.

The root's height tells its unit, for the feet are on the floor. A quaternion is read in the order (w x y z or x y z w)
in which the pelvis is upright and the feet are near the floor. A robot that faces along x all the time fits both, the
one facing ahead, the other back: then it is taken to walk ahead, or to face ahead where it does not walk.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np

from monster.arrays import AnyArray, DoubleArray
from monster.errors import FileFormatError
from monster.io.formats import RawMotion
from monster.io.motion.kinematics import euler_matrices, quaternion_matrices
from monster.io.motion.robots.robot import Robot
from monster.skeleton import JOINT_COUNT
from monster.types import Finding

Order = Literal["wxyz", "xyzw"]
USUAL_FPS: Final = 30.0
_SURE: Final = 0.15  # how far one order of a quaternion must lead the other
_CONTRADICTION: Final = 1.0  # the same against the order that a format declares
_SAMPLE: Final = 100  # frames that decide it
_USUAL_GAP: Final = 0.1  # metres by which a standing robot's lowest joint is off the floor in usual files
_OVER: Final = 0.2  # radians beyond a hinge's limit that are remarkable
_FULL_TURNS: Final = 2 * np.pi
_MOST: Final = 1e6  # no unit makes a place or an angle this large
_UNITS: Final = {1.0: "metres", 0.01: "centimetres", 0.001: "millimetres"}


@dataclass(frozen=True, eq=False)
class Recording:
    """What a file holds: the root's ``position`` (frames, 3), its ``turn``, and ``angles`` (frames, hinges).

    ``turn`` is quaternions (frames, 4), in the ``order`` that the format declares (None: it does not), or angles in
    degrees (frames, 3) about the fixed axes x, y and z in that order. ``unit`` is metres in one unit of the position.
    ``fps`` is None where the file states none.
    """

    robot: Robot
    position: AnyArray
    turn: AnyArray
    angles: AnyArray
    layout: str
    order: Order | None = None
    unit: float = 1.0
    in_degrees: bool = False
    fps: float | None = None
    fps_source: str = "the file"


def raw_recording(recording: Recording, path: Path, *, unit: float | None = None) -> RawMotion:
    """The 22 joints of a recording. ``unit`` (metres) overrules that of the root's position.

    Raises FileFormatError that names the numbers that cannot be a place, a turn or an angle.
    """
    _check_numbers(recording, path)
    angles, angle_notes = _radians(recording, path)
    position = np.asarray(recording.position, dtype=np.float64)
    candidates = _turns(recording, path)
    scales = {order: _scale(recording, turn, angles) for order, turn in candidates.items()}
    order, order_notes = _order(recording, candidates, angles, scales)
    scale = unit or scales[order]
    joints = recording.robot.body_joints(position * scale, candidates[order], angles)
    notes = [Finding("joints", f"{JOINT_COUNT} of {recording.robot.name}", "given", recording.layout)]
    notes += [*order_notes, *angle_notes, *_limits(recording.robot, angles)]
    if unit is None and scale != recording.unit:
        notes.append(Finding("root unit", _UNITS[scale], "detected", "so that the feet are on the floor"))
    return RawMotion(
        joints / scale,
        recording.fps,
        recording.fps_source,
        up="z",
        unit=scale,
        usual_fps=USUAL_FPS,
        has_floor=True,
        findings=tuple(notes),
    )


def _check_numbers(recording: Recording, path: Path) -> None:
    frames = len(recording.angles)
    if frames < 2:
        raise FileFormatError(f"{path.name}: expected at least 2 frames of a robot's motion, got {frames}")
    for name in ("position", "turn", "angles"):
        values: AnyArray = getattr(recording, name)
        what = f"the root's {name}" if name != "angles" else "joint angles"
        if values.dtype.kind not in "iuf" or values.ndim != 2 or len(values) != frames:
            raise FileFormatError(
                f"{path.name}: expected {what} as numbers for {frames} frames, got {values.dtype} {values.shape}"
            )
        wrong = ~np.isfinite(values)
        if wrong.any():
            raise FileFormatError(
                f"{path.name}: expected numbers, got {int(wrong.sum())} values of {what} that are NaN or infinite, "
                f"the first in frame {int(np.argwhere(wrong)[0][0])}; did an export fail there?"
            )
        largest = float(np.abs(values).max())
        if largest > _MOST:
            raise FileFormatError(f"{path.name}: expected {what}, got {largest:.3g}; is the file damaged?")


def _radians(recording: Recording, path: Path) -> tuple[DoubleArray, list[Finding]]:
    """The angles in radians: as declared, or from degrees where no hinge could turn so far in radians."""
    angles = np.asarray(recording.angles, dtype=np.float64)
    turned = np.radians(angles)
    worst = int(np.abs(angles).max(axis=0).argmax())
    largest = float(np.abs(angles[:, worst]).max())
    if recording.in_degrees and largest <= np.degrees(_FULL_TURNS):
        return turned, []
    if not recording.in_degrees and largest <= _FULL_TURNS:
        return angles, []
    if not recording.in_degrees and not _beyond(recording.robot, turned).any():
        return turned, [Finding("angles", "degrees", "detected", f"{largest:.0f} radians are more than a turn")]
    unit = "degrees" if recording.in_degrees else "radians"
    raise FileFormatError(
        f"{path.name}: expected joint angles of {recording.robot.name} in {unit}, "
        f"got {largest:.4g} for {recording.robot.joint_names[worst]}; are the columns in another order?"
    )


def _turns(recording: Recording, path: Path) -> dict[Order, DoubleArray]:
    """The root's turns (frames, 3, 3) as each order of a quaternion gives them; the same one twice for angles."""
    turn = np.asarray(recording.turn, dtype=np.float64)
    if turn.shape[1] == 3:
        matrices = euler_matrices(turn[:, ::-1], (2, 1, 0))
        return {"wxyz": matrices}
    sizes = np.linalg.norm(turn, axis=1)
    if not (sizes.min() > 0.9 and sizes.max() < 1.1):
        raise FileFormatError(
            f"{path.name}: expected quaternions of length 1 for the root, got lengths of {sizes.min():.3g} to "
            f"{sizes.max():.3g}; are the columns in another order (place, quaternion, angles)?"
        )
    return {"wxyz": quaternion_matrices(np.roll(turn, -1, axis=1)), "xyzw": quaternion_matrices(turn)}


def _scale(recording: Recording, turn: DoubleArray, angles: DoubleArray) -> float:
    """Metres in one unit of the root's position: that which puts the lowest joint on the floor, else the declared."""
    some = _some_frames(len(angles))
    lowest = -_lowest(recording.robot, turn[some], angles[some])
    height = float(np.median(recording.position[some, 2]))
    if height <= 0 or np.median(lowest) <= 0:
        return recording.unit
    ratio = height / float(np.median(lowest))
    best = min(_UNITS, key=lambda unit: abs(np.log(ratio * unit)))
    return best if 0.5 < ratio * best < 2 else recording.unit


def _order(
    recording: Recording, turns: dict[Order, DoubleArray], angles: DoubleArray, scales: dict[Order, float]
) -> tuple[Order, list[Finding]]:
    """The order in which the body stands upright, the declared or usual one where both fit."""
    declared: Order = recording.order or "wxyz"
    if len(turns) == 1:
        return declared, []
    some = _some_frames(len(angles))
    places = {order: recording.position[some] * scale for order, scale in scales.items()}
    scores = {
        order: _standing(recording.robot, places[order], turn[some], angles[some]) for order, turn in turns.items()
    }
    other: Order = "xyzw" if declared == "wxyz" else "wxyz"
    lead = scores[declared] - scores[other]
    if abs(lead) >= _SURE if recording.order is None else lead <= -_CONTRADICTION:
        best = declared if lead > 0 else other
        return best, [Finding("quaternion", " ".join(best), "detected", "upright, and the feet near the floor")]
    if recording.order is not None:
        return declared, [Finding("quaternion", " ".join(declared), "given", "by the format")]
    ahead = {order: _ahead(places[order], turn[some]) for order, turn in turns.items()}
    is_backwards = ahead["xyzw"] < ahead["wxyz"]
    best = "wxyz" if is_backwards else "xyzw"
    reason = "it walks ahead" if ahead["wxyz"] != ahead["xyzw"] else "it faces x"
    note = f"so {reason}; facing the other way it would be {' '.join('xyzw' if is_backwards else 'wxyz')}: a first line"
    return best, [
        Finding("quaternion", " ".join(best), "guessed", f"{note} of names (x y z qx qy qz qw ...) settles it")
    ]


def _standing(robot: Robot, position: DoubleArray, turn: DoubleArray, angles: DoubleArray) -> float:
    """How well a robot stands: its pelvis upright (-1 to 1) and its lowest joint near the floor (0 to 1)."""
    tilt = float(np.arccos(np.clip(turn[:, 2, 2], -1, 1)).mean())
    gap = float(np.median(np.abs(position[:, 2] + _lowest(robot, turn, angles))))
    return 1 - tilt / (np.pi / 2) + float(np.exp(-max(gap - _USUAL_GAP, 0) / 0.2))


def _ahead(position: DoubleArray, turn: DoubleArray) -> float:
    """Which share of its way a robot goes where its pelvis faces (-1 to 1); 0 where it hardly goes or goes aside."""
    steps = np.diff(position[:, :2], axis=0)
    way = float(np.linalg.norm(steps, axis=1).sum())
    share = float(np.einsum("ti,ti->", steps, turn[:-1, :2, 0])) / max(way, 1e-9)
    return share if way > 0.5 and abs(share) > 0.5 else 0.0


def _lowest(robot: Robot, turn: DoubleArray, angles: DoubleArray) -> DoubleArray:
    """Height of the lowest of the 22 joints over the root (frames,)."""
    joints = robot.body_joints(np.zeros((len(angles), 3)), turn, angles)
    return np.asarray(joints[..., 2].min(axis=1))


def _some_frames(count: int) -> slice:
    return slice(None, None, max(1, count // _SAMPLE))


def _beyond(robot: Robot, angles: DoubleArray) -> AnyArray:
    """Which hinges (hinges,) turn beyond their limits by more than is measured on a robot."""
    low, high = robot.limits.T
    return np.asarray(np.maximum(low - angles.min(axis=0), angles.max(axis=0) - high) > _OVER)


def _limits(robot: Robot, angles: DoubleArray) -> list[Finding]:
    """A remark on hinges beyond their limits."""
    beyond = np.flatnonzero(_beyond(robot, angles))
    if len(beyond) == 0:
        return []
    first = int(beyond[0])
    low, high = robot.limits[first]
    reach = f"{angles[:, first].min():.2f} to {angles[:, first].max():.2f}"
    note = f"{robot.joint_names[first]} turns {reach} rad, its limits are {low:.2f} to {high:.2f}"
    return [Finding("limits", f"{len(beyond)} joints beyond", "detected", f"{note}; is this another robot or order?")]
