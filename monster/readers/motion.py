"""Motion files: ``.bvh``, and ``.npy`` / ``.npz`` of joints, features or body parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from monster.errors import FileFormatError, MonsterError
from monster.readers import humanml, smpl
from monster.readers.arrays import (
    MOTION_FORMAT,
    AnyArray,
    few_names,
    load_motion,
    npz_names,
    own_format,
    read_npy,
    read_npz,
)
from monster.readers.body_frame import Given, RawMotion, check_finite, to_motion, vote_up
from monster.readers.bvh import read_bvh
from monster.readers.clouds import POINT_NAMES
from monster.readers.files import checked_file, in_file
from monster.readers.rigs import Rig, joints_of
from monster.readers.sidecar import rate_of
from monster.skeleton import JOINT_COUNT
from monster.types import Finding, Motion

MOTION_SUFFIXES: Final = (".bvh", ".npy", ".npz")
_POINT_COUNTS: Final = (22, 24, 52, 55)  # SMPL's body alone, SMPL, SMPL-H, SMPL-X: the body comes first in all
_FLAT: Final = JOINT_COUNT * 3
_OTHER_WIDTHS: Final[dict[int, str]] = {
    72: "SMPL poses without a translation, or 24 joints: then reshape them to (frames, 24, 3)",
    156: "SMPL-H poses without a translation",
    165: "SMPL-X poses without a translation",
    251: "KIT-ML features of 21 joints",
    322: "Motion-X parameters, which order their numbers in another way",
}
_NOT_MOTIONS: Final = frozenset(("fps", "format", "placed", "provenance", "lengths", "gender"))
_MOTION_KEYS: Final = ("joints", "motion", "positions")
_SAMPLE: Final = 16  # motions of a file that vote on its axes


def read_motion(
    path: str | Path,
    *,
    axes: str | None = None,
    unit: str | float | None = None,
    fps: float | None = None,
    placed: bool = False,
    key: str | None = None,
) -> Motion:
    """Read one motion as a Motion: z up, metres, at the file's own rate; what was found out is in its ``provenance``.

    ``axes`` ("y": y points up), ``unit`` ("cm", or metres in one unit) and ``fps`` overrule detection. ``placed`` says
    that the coordinates are those of a scene: they are not shifted; otherwise the floor is put at z = 0. ``key`` picks
    one of the motions in an ``.npz`` that has many. Raises FileFormatError that names the file and the reason.
    """
    path = checked_file(path)
    ids = motion_ids(path)
    if key is not None and key not in ids:
        raise FileFormatError(f"{path.name}: expected a motion named {key!r}, got {few_names(ids)}")
    if key is None and len(ids) > 1:
        raise FileFormatError(f"{path.name}: expected one motion, got {len(ids)}: say key=, one of {few_names(ids)}")
    return _read(path, ids[0] if key is None else key, Given(axes, unit, fps, placed))


def read_motions(
    path: str | Path,
    *,
    axes: str | None = None,
    unit: str | float | None = None,
    fps: float | None = None,
    placed: bool = False,
    on_error: Callable[[str, MonsterError], None] | None = None,
) -> dict[str, Motion]:
    """Read all motions of a file by id (the file's stem where it holds one); options as in ``read_motion``.

    With ``on_error`` a motion that cannot be read is told to it and left out; without, its error is raised.
    """
    path = checked_file(path)
    motions: dict[str, Motion] = {}
    for clip in motion_ids(path):
        try:
            motions[clip] = _read(path, clip, Given(axes, unit, fps, placed))
        except MonsterError as error:
            if on_error is None:
                raise
            on_error(clip, error)
    return motions


def motion_ids(path: str | Path) -> tuple[str, ...]:
    """The ids of the motions in a file: array names where an ``.npz`` holds many, else the file's stem.

    Raises FileFormatError for a file that holds no motion by its name or its arrays' names.
    """
    path = checked_file(path)
    suffix = path.suffix.lower()
    if suffix not in MOTION_SUFFIXES:
        raise FileFormatError(
            f"{path.name}: expected a motion file ({' '.join(MOTION_SUFFIXES)}), got {suffix or 'no ending'!r}"
        )
    if suffix != ".npz":
        return (path.stem,)
    return _layout(path.resolve(), path.stat().st_mtime_ns).ids


@dataclass(frozen=True)
class _Layout:
    """What an ``.npz`` holds: ids of its motions, names of its arrays, whether it has the own format."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    is_own: bool


@lru_cache(maxsize=16)
def _layout(path: Path, modified: int) -> _Layout:
    """The layout of a file in this very version: reading a thousand motions of it looks once."""
    names, form = npz_names(path), own_format(path)
    if form not in (None, MOTION_FORMAT) or set(POINT_NAMES) & set(names):
        raise FileFormatError(f"{path.name}: expected a motion, got the point cloud of a scene")
    motions = tuple(name for name in names if name not in _NOT_MOTIONS)
    if not motions:
        raise FileFormatError(f"{path.name}: expected a motion, got {few_names(names)}")
    is_one = form is not None or smpl.is_parameters(set(names)) or len(motions) == 1 or set(motions) & set(_MOTION_KEYS)
    return _Layout((path.stem,) if is_one else motions, names, form is not None)


def raw_motion(array: AnyArray, path: Path) -> RawMotion:
    """The joints in an array of any known layout. Raises FileFormatError with the likely reason for any other."""
    where = f"{path.name}: expected joints of shape (frames, {JOINT_COUNT}, 3)"
    if array.dtype.kind not in "iuf":
        raise FileFormatError(f"{where}, got values of type {array.dtype}")
    check_finite(array, path)
    values = array.astype(np.float64)
    if values.ndim == 3 and values.shape[2] == 3 and values.shape[1] in _POINT_COUNTS:
        points = values.shape[1]
        found = Finding(
            "joints", f"{JOINT_COUNT} of {points} points" if points > JOINT_COUNT else f"{points} points", "given"
        )
        return RawMotion(values[:, :JOINT_COUNT], findings=(found,))
    if values.ndim == 2 and values.shape[1] == _FLAT:
        found = Finding("joints", f"{JOINT_COUNT} points", "detected", f"rows of {_FLAT} numbers")
        return RawMotion(values.reshape(-1, JOINT_COUNT, 3), findings=(found,))
    if values.ndim == 2 and values.shape[1] == humanml.WIDTH:
        found = Finding("joints", "recovered", "detected", "HumanML3D features")
        return RawMotion(humanml.recover_joints(values), humanml.FPS, "the format", up="y", findings=(found,))
    if values.ndim == 2 and values.shape[1] >= smpl.MIN_WIDTH and values.shape[1] not in _OTHER_WIDTHS:
        with in_file(path):
            joints, found = smpl.joints_of_rows(values)
        return RawMotion(joints, unit=1.0, findings=(found,))
    raise FileFormatError(f"{where}, got {array.shape}; {_shape_reason(array.shape)}")


def _read(path: Path, clip: str, given: Given) -> Motion:
    if path.suffix.lower() == ".bvh":
        return to_motion(_raw_bvh(path), given, path)
    if path.suffix.lower() == ".npy":
        return to_motion(_with_rate(raw_motion(read_npy(path), path), path, clip), given, path)
    layout = _layout(path.resolve(), path.stat().st_mtime_ns)
    if layout.is_own:
        motion = load_motion(path)
        return replace(motion, fps=given.fps or motion.fps, placed=given.placed or motion.placed)
    raw = _with_rate(_raw_npz(path, clip, layout.names), path, clip)
    common = _common_up(path.resolve(), path.stat().st_mtime_ns) if len(layout.ids) > 1 else None
    return to_motion(raw, given, path, common_up=common)


def _with_rate(raw: RawMotion, path: Path, clip: str) -> RawMotion:
    rate = rate_of(path, clip) if raw.fps is None else None
    return raw if rate is None else replace(raw, fps=rate, fps_source="captions.jsonl")


def _raw_bvh(path: Path) -> RawMotion:
    bvh = read_bvh(path)
    positions, notes = bvh.positions()
    names = [joint.name for joint in bvh.joints]
    rig = Rig(names, [joint.parent for joint in bvh.joints], [joint.is_end for joint in bvh.joints])
    with in_file(path):
        joints, more = joints_of(rig, positions)
    note = "; ".join((*notes[:1], *more))
    found = Finding("joints", f"{JOINT_COUNT} of {len(names)} by name", "detected", note)
    return RawMotion(joints, bvh.fps, usual_up="y", findings=(found,))


def _raw_npz(path: Path, clip: str, names: tuple[str, ...]) -> RawMotion:
    if smpl.is_parameters(set(names)):
        return _raw_parameters(path)
    name = clip if clip in names else next((key for key in _MOTION_KEYS if key in names), None)
    name = name or next(key for key in names if key not in _NOT_MOTIONS)
    raw = raw_motion(read_npz(path, [name])[name], path)
    rate = read_npz(path, ["fps"])["fps"] if "fps" in names else np.zeros((0,))
    return raw if rate.shape != () or rate.dtype.kind not in "iuf" else replace(raw, fps=float(rate))


def _raw_parameters(path: Path) -> RawMotion:
    arrays = read_npz(path)
    for name, array in arrays.items():
        if array.dtype.kind == "f" and array.ndim > 1:
            check_finite(array, path, what=name)
    with in_file(path):
        joints, found, fps = smpl.joints_of_arrays(arrays)
    return RawMotion(joints, fps, unit=1.0, findings=(found,))


@lru_cache(maxsize=16)
def _common_up(path: Path, modified: int) -> str | None:
    """Which way is up in a file of many motions, in this very version of it."""
    ids = motion_ids(path)
    sample = []
    for name in ids[:: max(1, len(ids) // _SAMPLE)]:
        try:
            sample.append(raw_motion(read_npz(path, [name])[name], path).joints)
        except MonsterError:
            continue  # its own reading will tell what is wrong with it
    return vote_up(sample)


def _shape_reason(shape: tuple[int, ...]) -> str:
    """The likely reason for a shape that holds no motion."""
    if len(shape) == 2 and shape[1] in _OTHER_WIDTHS:
        return f"are these {_OTHER_WIDTHS[shape[1]]}?"
    if len(shape) == 2 and shape[1] <= 12:
        return "is this one frame, or the point cloud of a scene?" if shape[0] != JOINT_COUNT else "is this one frame?"
    if len(shape) == 3 and shape[:2] == (JOINT_COUNT, 3):
        return "are the frames last? transpose it to (frames, joints, 3)"
    if len(shape) == 4:
        return "are these several motions in one array? save each under its own name in an .npz"
    if len(shape) == 3 and shape[2] == 3:
        return f"{shape[1]} points are no known joint set ({', '.join(map(str, _POINT_COUNTS))})"
    return "is this a motion at all?"
