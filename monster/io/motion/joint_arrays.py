"""Joints in NumPy files of any known layout: points, flat rows, HumanML3D features, rows of body parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from monster.arrays import AnyArray
from monster.errors import FileFormatError
from monster.files import atomic_file
from monster.io.formats import MotionFormat, MotionOptions, RawMotion, WriteOptions
from monster.io.motion import humanml3d, smpl
from monster.io.motion.body_model import BodyModel
from monster.io.motion.bvh_writer import y_up
from monster.io.normalise.body_frame import finite_numbers, refuse_changing_bones
from monster.io.numpy_files import ArrayHeader, few_names, header_of, npy_header, npz_arrays, read_npy
from monster.io.sources import Source, in_file
from monster.io.stated_fps import RATE_NAMES, stated_fps
from monster.skeleton import JOINT_COUNT
from monster.types import Finding, Motion

# Names of the array of joints in an .npz of one motion, the surest first; and names of arrays that are no motions.
JOINT_NAMES: Final = ("joints", "motion", "positions")
_OTHER_NAMES: Final = RATE_NAMES | frozenset(("format", "placed", "provenance", "lengths", "gender", "text"))
# The body alone, SMPL, SMPL-H, SMPL-X, and the latter three with the landmarks that the smplx package appends: the
# body's 22 come first in all.
POINT_COUNTS: Final = (22, 24, 52, 55, 45, 73, 127, 144)
FLAT: Final = JOINT_COUNT * 3
# Rows that are no joints, by their width.
_OTHER_WIDTHS: Final[dict[int, str]] = {
    51: "17 points of Human3.6M: their joints are others",
    72: "SMPL poses without a translation, or 24 joints: then reshape them to (frames, 24, 3)",
    75: "25 points of x y z, as Kinect gives them: reshape them to (frames, 25, 3) and name a mapping",
    96: "32 points of x y z of Human3.6M",
    132: "22 rotations of six numbers",
    135: "a translation and 22 rotations of six numbers",
    144: "24 rotations of six numbers",
    156: "SMPL-H poses without a translation",
    165: "SMPL-X poses without a translation",
    201: "a translation and 22 rotation matrices",
    251: "KIT-ML features of 21 joints",
    262: "InterGen features of one person",
    272: "MotionStreamer features",
    322: "Motion-X parameters, which order their numbers in another way",
    384: "sentence vectors, as MiniLM makes them",
    512: "text or image vectors, as CLIP makes them",
    768: "sentence vectors, as BERT and its kind make them",
}


def raw_motion(array: AnyArray, path: Path, *, body: BodyModel | None = None) -> RawMotion:
    """The joints in an array of any known layout. Raises FileFormatError with the likely reason for any other."""
    values = finite_numbers(array, path)
    shape = values.shape
    if len(shape) == 3 and shape[2] == 3 and shape[1] in POINT_COUNTS:
        all_points = f"{shape[1]} points"
        value = f"{JOINT_COUNT} of {all_points}" if shape[1] > JOINT_COUNT else all_points
        return RawMotion(values[:, :JOINT_COUNT], findings=(Finding("joints", value, "given"),))
    if len(shape) == 2 and shape[1] == FLAT:
        joints = values.reshape(-1, JOINT_COUNT, 3)
        refuse_changing_bones(joints, path, "are these rotation vectors?")
        found = Finding("joints", f"{JOINT_COUNT} points", "detected", f"rows of {FLAT} numbers")
        return RawMotion(joints, findings=(found,))
    if len(shape) == 2 and shape[1] == humanml3d.WIDTH:
        return humanml3d.checked_features(values, path)
    if len(shape) == 2 and shape[1] in smpl.ROW_WIDTHS:
        with in_file(path):
            joints, found = smpl.joints_of_rows(values, body)
        return RawMotion(joints, unit=1.0, findings=(found,))
    expected = f"expected joints of shape (frames, {JOINT_COUNT}, 3)"
    raise FileFormatError(f"{path.name}: {expected}, got {shape}; {_shape_reason(shape)}")


def named_keys(arrays: Mapping[str, AnyArray], source: Source) -> tuple[str, ...]:
    """The keys of the motions among named arrays: the file's stem for a single one, else the arrays' names.

    Raises FileFormatError if there is none.
    """
    names = [name for name in arrays if name not in _OTHER_NAMES]
    if len(names) == 1 or set(names) & set(JOINT_NAMES):
        return (source.stem,)
    headers = [header_of(arrays, name) for name in names]
    readable = [header for header in headers if header != ArrayHeader()]
    if not names or (readable and not any(map(_has_motion_shape, readable))):
        hint = "; is this the point cloud of a scene?" if names else ""
        raise FileFormatError(f"{source.name}: expected a motion, got {few_names(arrays)}{hint}")
    return tuple(names)


def read_named(arrays: Mapping[str, AnyArray], key: str, path: Path, body: BodyModel | None) -> RawMotion:
    """The motion with a key of ``named_keys``."""
    usual = [name for name in JOINT_NAMES if name in arrays]
    others = [name for name in arrays if name not in _OTHER_NAMES]
    name = key if key in arrays else [*usual, *others][0]
    raw = raw_motion(arrays[name], path, body=body)
    with in_file(path):
        fps = stated_fps({name: arrays[name] for name in RATE_NAMES if name in arrays})
    return raw if fps is None else replace(raw, fps=fps)


def write_joints(path: str | Path, motion: Motion, *, up: str = "z") -> None:
    """Write joints (frames, 22, 3) as float32 metres, "z" up or "y" up; the file states neither fps nor axes."""
    joints = y_up(motion.joints.astype(np.float64)) if up == "y" else motion.joints
    with atomic_file(path) as temporary, temporary.open("wb") as file:
        np.save(file, np.ascontiguousarray(joints, dtype=np.float32), allow_pickle=False)


def _shape_reason(shape: tuple[int, ...]) -> str:
    """The likely reason for a shape that holds no motion."""
    if len(shape) == 2 and shape[1] in _OTHER_WIDTHS:
        return f"are these {_OTHER_WIDTHS[shape[1]]}?"
    if len(shape) == 2 and shape[1] > FLAT:
        widths = ", ".join(map(str, (FLAT, humanml3d.WIDTH, *sorted(smpl.ROW_WIDTHS))))
        return f"rows of {shape[1]} numbers are of no known layout (known: {widths}); are these features or vectors?"
    if len(shape) == 2 and shape[1] <= 12:
        return "is this one frame, or the point cloud of a scene?" if shape[0] != JOINT_COUNT else "is this one frame?"
    if len(shape) == 3 and shape[:2] == (JOINT_COUNT, 3):
        return "are the frames last? transpose it to (frames, joints, 3)"
    if len(shape) == 4:
        return "several motions in one array are (motions, frames, 22, 3) or (motions, 22, 3, frames)"
    if len(shape) == 3 and shape[2] == 3:
        return f"{shape[1]} points are no known joint set ({', '.join(map(str, POINT_COUNTS))})"
    return "is this a motion at all?"


def _has_motion_shape(header: ArrayHeader) -> bool:
    shape = header.shape
    return len(shape) in (3, 4) or (len(shape) == 2 and shape[1] >= FLAT)


def _sniff(source: Source) -> bool:
    if source.suffix == ".npz":
        return not any("/" in name for name in npz_arrays(source))  # names of meshes and weights, not of motions
    return _has_motion_shape(npy_header(source))


def _keys(source: Source) -> tuple[str, ...]:
    return named_keys(npz_arrays(source), source) if source.suffix == ".npz" else (source.stem,)


def _read(source: Source, key: str, options: MotionOptions) -> RawMotion:
    if source.suffix == ".npz":
        return read_named(npz_arrays(source), key, source.path, options.body_model)
    return raw_motion(read_npy(source), source.path, body=options.body_model)


def _write(path: Path, motion: Motion, options: WriteOptions) -> None:
    write_joints(path, motion, up=options.up)


FORMAT: Final = MotionFormat("joints", (".npy", ".npz"), _read, sniff=_sniff, keys=_keys, write=_write)
