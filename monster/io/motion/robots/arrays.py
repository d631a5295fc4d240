"""Named arrays of a robot's motion (``.npz``, ``.pkl``): ``qpos``, GMR's parts, and BeyondMimic's body poses.

- ``qpos`` (frames, 36 or 26): MuJoCo's state, quaternion w x y z.
- ``root_pos``, ``root_rot``, ``dof_pos``: what GMR saves (github.com/YanjieZe/GMR, MIT), quaternion x y z w.
- ``body_pos_w``, ``body_quat_w`` (w x y z) and ``joint_pos``: what BeyondMimic saves for its training
  (github.com/HybridRobotics/whole_body_tracking, MIT). Without names the links are in Isaac Lab's order, level by
  level, or in MuJoCo's, limb by limb: the one in which links keep their distance from their parents is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from monster.arrays import AnyArray, DoubleArray, IntArray
from monster.errors import FileFormatError
from monster.geometry.axes import parsed_unit
from monster.io.formats import MotionFormat, MotionOptions, RawMotion
from monster.io.motion.kinematics import quaternion_matrices
from monster.io.motion.robots.recording import USUAL_FPS, Order, Recording, raw_recording
from monster.io.motion.robots.robot import Robot
from monster.io.motion.robots.tables import ROBOTS
from monster.io.numpy_files import npz_arrays
from monster.io.pickles import load_pickle
from monster.io.sources import Source
from monster.skeleton import JOINT_COUNT
from monster.types import Finding

_PLACES: Final = ("root_pos", "root_trans_offset", "root_translation", "base_pos")
_TURNS: Final = ("root_rot", "root_quat", "root_rotation", "base_quat")
_ANGLES: Final = ("dof_pos", "dof", "joint_pos", "dof_positions")
_RATES: Final = ("fps", "frequency", "frame_rate", "framerate", "motion_fps", "mocap_framerate")
_LINK_NAMES: Final = ("body_names", "link_body_list", "link_names")
_HINGE_NAMES: Final = ("joint_names", "dof_names")
_MOST: Final = 1e6  # no place in metres is so far
_NEAR: Final = 0.03  # metres by which a link's distance from its parent may differ from the table: revisions differ


def is_robot_arrays(names: Iterable[str]) -> bool:
    """Whether arrays of these names are a robot's motion."""
    found = set(names)
    parts = all(found & set(some) for some in (_PLACES, _TURNS, _ANGLES))
    return "qpos" in found or "body_pos_w" in found or parts


def raw_robot_arrays(arrays: Mapping[str, Any], path: Path, *, unit: float | None = None) -> RawMotion:
    """The motion in a robot's arrays. Raises FileFormatError that names the array and the shape that is expected."""
    if "body_pos_w" in arrays:
        return _of_bodies(arrays, path)
    if "qpos" in arrays:
        values = _array(arrays, ("qpos",), path)
        robot = _robot_of(values, {7 + len(robot.links): robot for robot in ROBOTS}, "qpos", path)
        place, turn, angles = values[:, :3], values[:, 3:7], values[:, 7:]
        order: Order = "wxyz"
        layout = "qpos of MuJoCo"
    else:
        place, turn = _array(arrays, _PLACES, path), _array(arrays, _TURNS, path)
        angles = _array(arrays, _ANGLES, path)
        robot = _robot_of(angles, {len(robot.links): robot for robot in ROBOTS}, "joint angles", path)
        order = "xyzw"
        layout = "root and joint angles as GMR saves them"
        if place.shape[1] != 3 or turn.shape[1] != 4:
            raise FileFormatError(
                f"{path.name}: expected the root's place (frames, 3) and quaternion (frames, 4), "
                f"got {place.shape} and {turn.shape}"
            )
    angles = _by_name(angles, robot.joint_names, _names(arrays, _HINGE_NAMES), path)
    fps = _rate(arrays, path)
    return raw_recording(Recording(robot, place, turn, angles, layout, order=order, fps=fps), path, unit=unit)


def _of_bodies(arrays: Mapping[str, Any], path: Path) -> RawMotion:
    """The motion in places and turns of all links."""
    places, turns = arrays.get("body_pos_w"), arrays.get("body_quat_w")
    if not isinstance(places, np.ndarray) or places.ndim != 3 or places.shape[2] != 3:
        raise FileFormatError(f"{path.name}: expected body_pos_w of shape (frames, links, 3), got {_kind(places)}")
    if not isinstance(turns, np.ndarray) or turns.shape != (*places.shape[:2], 4):
        raise FileFormatError(
            f"{path.name}: expected body_quat_w of shape {(*places.shape[:2], 4)} beside body_pos_w, got {_kind(turns)}"
        )
    for name, values in (("body_pos_w", places), ("body_quat_w", turns)):
        with np.errstate(invalid="ignore"):  # of a signalling NaN, which is refused
            numbers = values.astype(np.float64) if values.dtype.kind in "iuf" else np.array(np.nan)
        if not (np.abs(numbers) < _MOST).all():
            raise FileFormatError(
                f"{path.name}: expected {name} as numbers, got {values.dtype}, or NaN or {_MOST:.0e} among them"
            )
    sizes = np.linalg.norm(turns, axis=-1)
    if len(places) < 2 or not (sizes.min() > 0.9 and sizes.max() < 1.1):
        raise FileFormatError(f"{path.name}: expected 2 frames or more of quaternions of length 1 in body_quat_w")
    robot, links, how = _link_order(places, _names(arrays, _LINK_NAMES), path)
    matrices = quaternion_matrices(np.roll(turns[:, links], -1, axis=-1).astype(np.float64))
    joints = robot.joints_on_links(places[:, links].astype(np.float64), matrices)
    found = (Finding("joints", f"{JOINT_COUNT} of {robot.name}", "given", "body_pos_w and body_quat_w"), how)
    rate = _rate(arrays, path)
    return RawMotion(joints, rate, up="z", unit=1.0, usual_fps=USUAL_FPS, has_floor=True, findings=found)


def _link_order(places: AnyArray, names: Sequence[str], path: Path) -> tuple[Robot, IntArray, Finding]:
    """The robot, where in the file each of its links is, and how that is known."""
    for robot in ROBOTS:
        if set(robot.link_names) <= set(names) and len(names) == places.shape[1]:
            return robot, np.array([names.index(name) for name in robot.link_names]), _order_of("names", "given")
    counts = {len(robot.link_names): robot for robot in ROBOTS}
    robot = _robot_of(places, counts, "links", path)
    ways = {"MuJoCo's": np.arange(len(robot.link_names)), "Isaac Lab's": np.argsort(robot.breadth_first)}
    errors = {way: _length_error(robot, places[:, links]) for way, links in ways.items()}
    best = min(errors, key=lambda way: errors[way])
    if errors[best] > _NEAR:
        raise FileFormatError(
            f"{path.name}: expected the links of {robot.name} in MuJoCo's or Isaac Lab's order, got {places.shape[1]} "
            f"whose distances differ by {errors[best]:.2f} m; name them in an array body_names"
        )
    return robot, ways[best], _order_of(best, "detected")


def _order_of(way: str, how: Any) -> Finding:
    note = "links keep their distances" if how == "detected" else "by body_names"
    return Finding("link order", way if how == "detected" else "by name", how, note)


def _length_error(robot: Robot, places: AnyArray) -> float:
    """The largest difference of a link's distance from its parent to the published one, in any of some frames."""
    some = places[:: max(1, len(places) // 100)].astype(np.float64)
    lengths = np.linalg.norm(some[:, 1:] - some[:, list(robot.parents[1:])], axis=2)
    return float(np.abs(lengths - robot.lengths).max())


def _robot_of(values: AnyArray, counts: Mapping[int, Robot], what: str, path: Path) -> Robot:
    robot = counts.get(values.shape[1])
    if robot is None:
        known = " or ".join(f"{count} ({robot.name})" for count, robot in counts.items())
        raise FileFormatError(f"{path.name}: expected {what} of {known} columns, got {values.shape[1]}")
    return robot


def _array(arrays: Mapping[str, Any], names: Sequence[str], path: Path) -> AnyArray:
    """The first of the named arrays, with two dimensions (a batch of one is taken out)."""
    name = next(name for name in names if name in arrays)
    values = arrays[name]
    if isinstance(values, np.ndarray) and values.ndim == 3 and len(values) == 1:
        values = values[0]
    if not isinstance(values, np.ndarray) or values.ndim != 2:
        raise FileFormatError(f"{path.name}: expected {name} of shape (frames, columns), got {_kind(values)}")
    return values


def _by_name(angles: AnyArray, wanted: Sequence[str], names: Sequence[str], path: Path) -> DoubleArray:
    """The angles in the robot's order, by the file's names of its joints where it has them."""
    plain = [name.removesuffix("_joint") for name in names]
    if len(plain) != angles.shape[1]:
        return angles
    missing = [name for name in wanted if name not in plain]
    if missing:
        raise FileFormatError(f"{path.name}: expected a joint named {missing[0]}, got {', '.join(plain[:4])}, ...")
    return angles[:, [plain.index(name) for name in wanted]]


def _names(arrays: Mapping[str, Any], keys: Sequence[str]) -> list[str]:
    """The file's list of names; empty where it has none."""
    value = next((arrays[key] for key in keys if key in arrays), ())
    listed = value.ravel().tolist() if isinstance(value, np.ndarray) else value
    return [str(name) for name in listed] if isinstance(listed, list | tuple) else []


def _rate(arrays: Mapping[str, Any], path: Path) -> float | None:
    """Frames a second as the file states them: a number, an array of one, or text; None where it does not."""
    key = next((key for key in _RATES if key in arrays), None)
    if key is None:
        return None
    value = arrays[key]
    while isinstance(value, list | tuple | np.ndarray) and np.size(value) == 1:
        value = value.item() if isinstance(value, np.ndarray) else value[0]
    try:
        return float(value)
    except (TypeError, ValueError):
        raise FileFormatError(
            f"{path.name}: expected one number of frames a second in {key}, got {str(value)[:40]!r}"
        ) from None


def _kind(value: Any) -> str:
    return f"{value.dtype} {value.shape}" if isinstance(value, np.ndarray) else f"a {type(value).__name__}"


def _content(source: Source) -> Mapping[str, Any]:
    """The arrays by name; none of a pickle that holds no dict."""
    if source.suffix == ".npz":
        return npz_arrays(source)
    value = source.cached("pickle", lambda: load_pickle(source))
    return {str(name): part for name, part in value.items()} if isinstance(value, dict) else {}


def _sniff(source: Source) -> bool:
    if source.suffix == ".pkl":  # unpacked only where the start holds such a name
        names = ("qpos", "body_pos_w", *_PLACES, *_TURNS, *_ANGLES)
        if not any(name.encode() in source.head for name in names):
            return False
    return is_robot_arrays(_content(source))


def _read(source: Source, key: str, options: MotionOptions) -> RawMotion:
    unit = None if options.unit is None else parsed_unit(options.unit)[0]
    return raw_robot_arrays(_content(source), source.path, unit=unit)


FORMAT: Final = MotionFormat("robot-arrays", (".npz", ".pkl"), _read, sniff=_sniff)
