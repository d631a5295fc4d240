"""Tables of a robot's motion (``.csv``): rows of ``qpos`` without a header, or with named columns as BONES-SEED has.

Without a header a row is the root's place (metres), its quaternion, and the joint angles (radians) in the order of
MuJoCo: 36 numbers are a G1 of 29 hinges (Kimodo, GRAIL: w x y z; LAFAN1_Retargeting_Dataset: x y z w), 26 an H1. With
a header, columns are taken by name. ``root_translateX`` and ``root_rotateX`` are those of BONES-SEED
(huggingface.co/datasets/bones-studio/seed): centimetres, degrees about fixed axes x, y, z, 120 frames a second.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from monster.errors import FileFormatError
from monster.geometry.axes import parsed_unit
from monster.io.formats import MotionFormat, MotionOptions, RawMotion
from monster.io.motion.robots.recording import Recording, raw_recording
from monster.io.motion.robots.robot import Robot
from monster.io.motion.robots.tables import G1, H1, ROBOTS
from monster.io.sources import FileLike, Source, opened, short

_WIDTHS: Final[dict[int, Robot]] = {36: G1, 26: H1}
_OTHERS: Final[dict[int, str]] = {
    29: "joint angles of a G1 without its root",
    19: "joint angles of an H1 without its root",
    30: "a G1 of 23 joints, which is not read",
    34: "an H1-2 of 27 joints, which is not read",
    35: "a root with three angles: name the columns in a first line",
    37: "a frame number or time before a G1's 36: name the columns in a first line",
    27: "a frame number or time before an H1's 26: name the columns in a first line",
}
_FEWEST: Final = 17  # columns of a table that can be a robot; the point clouds that are text have fewer
_SEED_FPS: Final = 120.0
_PREFIX: Final = re.compile(r"^(floating_?base|free_?joint|base|root|pelvis)(?=_|translate|rotate|pos|rot|quat)_?")
_POSITION: Final = re.compile(r"(translate|translation|trans|position|pos|p)?([xyz])")
_QUATERNION: Final = re.compile(r"(?:quaternion|quat|rotation|rot|orientation|q)([wxyz])")
_EULER: Final = re.compile(r"rotate([xyz])")
_EULER_NAMES: Final = tuple(f"rotate {axis}" for axis in "xyz")
_QUATERNION_NAMES: Final = tuple(f"quaternion {part}" for part in "wxyz")
_TIMES: Final = ("time", "times", "timestamp", "t")


def is_robot_table(file: FileLike) -> bool:
    """Whether the first line of a file has as many columns, or such names, as a robot's motion."""
    with opened(file) as source:
        first = source.head.decode("utf-8-sig", errors="replace").splitlines()
    line = next((line for line in first if line.strip() and not line.startswith("#")), "")
    cells = _cells(line)
    if not cells or len(cells) < _FEWEST:
        return False
    return _is_number(cells[0]) or bool(_hinge_columns(cells)[1])


def raw_robot_table(file: FileLike, *, unit: float | None = None) -> RawMotion:
    """The motion in a table. Raises FileFormatError that names the columns that are expected."""
    with opened(file) as source:
        path, lines = source.path, source.text("a table of a robot's motion").splitlines()
    lines = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if not lines:
        raise FileFormatError(f"{path.name}: expected a table of a robot's motion, got no line of numbers")
    header = _cells(lines[0])
    is_named = not _is_number(header[0])
    recording = _named(header, lines[1:], path) if is_named else _unnamed(_numbers(lines, path), path)
    return raw_recording(recording, path, unit=unit)


def _cells(line: str) -> list[str]:
    """The cells of a line that separates them by commas, semicolons, tabs or blanks."""
    mark = _mark(line)
    return [cell.strip().strip("\"'") for cell in line.split(mark)] if line.strip() else []


def _mark(line: str) -> str | None:
    return next((mark for mark in (",", ";", "\t") if mark in line), None)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _numbers(lines: Sequence[str], path: Path) -> DoubleArray:
    """The table's numbers (rows, columns)."""
    if not lines:
        raise FileFormatError(f"{path.name}: expected rows of numbers after the header, got none")
    try:
        return np.loadtxt(lines, dtype=np.float64, delimiter=_mark(lines[0]), ndmin=2, comments=None, encoding=None)
    except ValueError as error:
        raise FileFormatError(f"{path.name}: expected a table of numbers, got {short(error)}") from None


def _unnamed(values: DoubleArray, path: Path) -> Recording:
    """The recording in rows of ``qpos``."""
    width = values.shape[1]
    robot = _WIDTHS.get(width)
    if robot is None:
        known = ", ".join(f"{count} ({robot.name})" for count, robot in _WIDTHS.items())
        reason = f"; is this {_OTHERS[width]}?" if width in _OTHERS else "; is this a robot's motion at all?"
        raise FileFormatError(f"{path.name}: expected columns of a robot's motion, {known}, got {width}{reason}")
    layout = f"rows of {width} numbers: place, quaternion, {len(robot.links)} angles in MuJoCo's order"
    return Recording(robot, values[:, :3], values[:, 3:7], values[:, 7:], layout)


def _named(header: Sequence[str], lines: Sequence[str], path: Path) -> Recording:
    """The recording in columns with names."""
    robot, hinges = _hinge_columns(header)
    missing = [name for name in robot.joint_names if name not in hinges]
    root = _root_columns(header)
    missing += [f"root position {axis}" for axis in "xyz" if f"position {axis}" not in root]
    turn = next((names for names in (_EULER_NAMES, _QUATERNION_NAMES) if set(names) <= set(root)), ())
    if not turn:
        missing.append("root rotation (rotateX, rotateY, rotateZ, or qw, qx, qy, qz)")
    if missing:
        raise FileFormatError(
            f"{path.name}: expected columns of {robot.name}, got none for {', '.join(missing[:4])}"
            f"{', ...' if len(missing) > 4 else ''} among {', '.join(header[:6])}{', ...' if len(header) > 6 else ''}"
        )
    values = _numbers(lines, path)
    if values.shape[1] != len(header):
        raise FileFormatError(f"{path.name}: expected a number for each of {len(header)} names, got {values.shape[1]}")
    recording = Recording(
        robot,
        values[:, [root[f"position {axis}"] for axis in "xyz"]],
        values[:, [root[name] for name in turn]],
        values[:, [hinges[name] for name in robot.joint_names]],
        f"{len(header)} named columns",
        order="wxyz",
    )
    if turn == _EULER_NAMES:
        source = "BONES-SEED, declared by the format"
        recording = replace(recording, unit=0.01, in_degrees=True, fps=_SEED_FPS, fps_source=source)
    return _timed(recording, header, values)


def _hinge_columns(header: Sequence[str]) -> tuple[Robot, dict[str, int]]:
    """The robot that has most of the named hinges, and the columns of its hinges by name."""
    plain = {_hinge_name(cell): place for place, cell in enumerate(header)}
    found = [(robot, {name: plain[name] for name in robot.joint_names if name in plain}) for robot in ROBOTS]
    return max(found, key=lambda pair: len(pair[1]) / len(pair[0].links))


def _hinge_name(cell: str) -> str:
    name = cell.strip().lower()
    for ending in ("_dof", "_pos", "_joint"):
        name = name.removesuffix(ending)
    return name


def _root_columns(header: Sequence[str]) -> Mapping[str, int]:
    """The columns of the root's position and turn, as "position x", "quaternion w", "rotate x"."""
    found: dict[str, int] = {}
    for place, cell in enumerate(header):
        name = _PREFIX.sub("", cell.strip().lower()).replace("_", "").replace(".", "")
        for what, pattern in (("rotate", _EULER), ("quaternion", _QUATERNION), ("position", _POSITION)):
            match = pattern.fullmatch(name)
            if match:
                found.setdefault(f"{what} {match[match.lastindex or 1]}", place)
                break
    return found


def _timed(recording: Recording, header: Sequence[str], values: DoubleArray) -> Recording:
    """The recording with the rate that a column of times in seconds gives."""
    column = next((place for place, cell in enumerate(header) if cell.strip().lower() in _TIMES), None)
    if column is None or len(values) < 2:
        return recording
    step = float(np.median(np.diff(values[:, column])))
    if not 0.001 <= step <= 1:
        return recording
    rate = 1 / step
    rate = float(round(rate)) if abs(rate - round(rate)) < 0.01 * rate else rate
    return replace(recording, fps=rate, fps_source="the column of times")


def _read(source: Source, key: str, options: MotionOptions) -> RawMotion:
    return raw_robot_table(source, unit=None if options.unit is None else parsed_unit(options.unit)[0])


FORMAT: Final = MotionFormat("robot-table", (".csv",), _read, sniff=is_robot_table)
