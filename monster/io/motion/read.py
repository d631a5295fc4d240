"""Motion files: ``.bvh`` ``.amc`` ``.c3d``, and ``.npy`` ``.npz`` ``.pkl`` of joints, features or body parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from monster.arrays import AnyArray
from monster.errors import FileFormatError, MonsterError
from monster.geometry.body import skipped_start
from monster.io.captions_file import captions_beside, rate_of
from monster.io.formats import MotionOptions, RawMotion
from monster.io.motion import generators, smpl
from monster.io.motion import humanml3d as humanml
from monster.io.motion.asf import raw_amc
from monster.io.motion.body_model import BodyModel, read_body_model
from monster.io.motion.bvh import read_bvh
from monster.io.motion.c3d import raw_c3d
from monster.io.motion.joint_arrays import raw_motion
from monster.io.normalise.body_frame import check_finite, to_motion, vote_up
from monster.io.normalise.mapping import Names, read_mapping
from monster.io.normalise.retarget import retargeted
from monster.io.normalise.rigs import Rig, joints_of
from monster.io.npz import MOTION_FORMAT, few_names, load_motion, npz_names, own_format, read_npy, read_npz
from monster.io.scene.clouds import POINT_NAMES
from monster.io.sources import checked_file, in_file
from monster.skeleton import JOINT_COUNT
from monster.types import Finding, Motion

MOTION_SUFFIXES: Final = (".bvh", ".npy", ".npz", ".amc", ".c3d", ".pkl")
TO_CONVERT: Final[dict[str, str]] = {
    ".fbx": "convert it first: Blender, File > Import > FBX, then File > Export > Motion Capture (.bvh)",
    ".asf": "a skeleton without a motion; read the .amc beside it",
}
_NOT_MOTIONS: Final = frozenset(("fps", "format", "placed", "provenance", "lengths", "gender", "text"))
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
    mapping: Mapping[str, Names] | str | Path | None = None,
    body_model: str | Path | None = None,
    retarget: bool = False,
) -> Motion:
    """Read one motion as a Motion: z up, metres, at the file's own rate; what was found out is in its ``provenance``.

    ``axes`` ("y": y points up), ``unit`` ("cm", or metres in one unit) and ``fps`` overrule detection. ``placed`` says
    that the coordinates are those of a scene: they are not shifted; otherwise the floor is put at z = 0. ``key`` picks
    one of the motions in a file that has many. ``mapping`` (or a JSON file of it) gives a rig's names for our joints;
    ``body_model`` is an ``.npz`` of SMPL, SMPL-H or SMPL-X for exact joints of body parameters; ``retarget`` brings
    the bones to the lengths of the neutral body. Raises FileFormatError that names the file and the reason.
    """
    path = checked_file(path)
    ids = motion_ids(path)
    if key is not None and key not in ids:
        raise FileFormatError(f"{path.name}: expected a motion named {key!r}, got {few_names(ids)}")
    if key is None and len(ids) > 1:
        raise FileFormatError(f"{path.name}: expected one motion, got {len(ids)}: say key=, one of {few_names(ids)}")
    return _read(
        path, ids[0] if key is None else key, MotionOptions(axes, unit, placed, fps, mapping, body_model, retarget)
    )


def read_motions(
    path: str | Path,
    *,
    axes: str | None = None,
    unit: str | float | None = None,
    fps: float | None = None,
    placed: bool = False,
    mapping: Mapping[str, Names] | str | Path | None = None,
    body_model: str | Path | None = None,
    retarget: bool = False,
    on_error: Callable[[str, MonsterError], None] | None = None,
) -> dict[str, Motion]:
    """Read all motions of a file by id (the file's stem where it holds one); options as in ``read_motion``.

    With ``on_error`` a motion that cannot be read is told to it and left out; without, its error is raised.
    """
    path = checked_file(path)
    given = MotionOptions(axes, unit, placed, fps, mapping, body_model, retarget)
    motions: dict[str, Motion] = {}
    for clip in motion_ids(path):
        try:
            motions[clip] = _read(path, clip, given)
        except MonsterError as error:
            if on_error is None:
                raise
            on_error(clip, error)
    return motions


def motion_ids(path: str | Path) -> tuple[str, ...]:
    """The ids of the motions in a file: array names or numbers where it holds many, else the file's stem.

    Raises FileFormatError for a file that holds no motion by its name or its arrays' names.
    """
    path = checked_file(path)
    return _layout(path.resolve(), path.stat().st_mtime_ns).ids


def motion_captions(path: str | Path) -> dict[str, tuple[str, ...]]:
    """Captions by the ids of ``motion_ids``: of ``captions.jsonl`` beside a file, else of the file itself.

    Motions without any are not there. Raises like ``motion_ids``.
    """
    path = checked_file(path)
    layout = _layout(path.resolve(), path.stat().st_mtime_ns)
    told = {**generators.read_batch(path).captions} if layout.kind == "batch" else {}
    beside = captions_beside(path)
    told |= {clip: beside[clip].captions for clip in layout.ids if clip in beside and beside[clip].captions}
    return {clip: told[clip] for clip in layout.ids if clip in told}


@dataclass(frozen=True)
class _Layout:
    """What a file holds: ids of its motions, how they lie in it, and the names of its arrays where they have any."""

    ids: tuple[str, ...]
    kind: str = "single"  # "own": the project's format; "named": arrays by name; "batch": many in one array
    names: tuple[str, ...] = ()


@lru_cache(maxsize=16)
def _layout(path: Path, modified: int) -> _Layout:
    """The layout of a file in this very version: reading a thousand motions of it looks once."""
    suffix = path.suffix.lower()
    if suffix not in MOTION_SUFFIXES:
        advice = f"; {TO_CONVERT[suffix]}" if suffix in TO_CONVERT else ""
        came = f"{suffix or 'no ending'!r}{advice}"
        raise FileFormatError(f"{path.name}: expected a motion file ({' '.join(MOTION_SUFFIXES)}), got {came}")
    if suffix == ".npz":
        return _layout_of_npz(path)
    if suffix == ".pkl":
        return _layout_of_batch(path)
    if suffix == ".npy":
        shape, kind = generators.array_header(path)
        return _layout_of_batch(path) if kind == "O" or len(shape) == 4 else _Layout((path.stem,))
    return _Layout((path.stem,))


def _layout_of_npz(path: Path) -> _Layout:
    names, form = npz_names(path), own_format(path)
    if form not in (None, MOTION_FORMAT) or set(POINT_NAMES) & set(names):
        raise FileFormatError(f"{path.name}: expected a motion, got the point cloud of a scene")
    key = next((name for name in generators.MOTION_KEYS if name in names), None)
    if form is None and key is not None and len(generators.array_header(path, key)[0]) == 4:
        return _layout_of_batch(path)
    return _layout_of_names(path, names, is_own=form is not None)


def _layout_of_names(path: Path, names: tuple[str, ...], *, is_own: bool = False) -> _Layout:
    motions = tuple(name for name in names if name not in _NOT_MOTIONS)
    if not motions:
        raise FileFormatError(f"{path.name}: expected a motion, got {few_names(names)}")
    is_one = is_own or smpl.is_parameters(set(names)) or len(motions) == 1 or set(motions) & set(_MOTION_KEYS)
    return _Layout((path.stem,) if is_one else motions, "own" if is_own else "named", names)


def _layout_of_batch(path: Path) -> _Layout:
    batch = generators.read_batch(path)
    return _Layout(tuple(batch.motions), "batch") if batch.motions else _layout_of_names(path, tuple(batch.named))


def _read(path: Path, clip: str, given: MotionOptions) -> Motion:
    layout = _layout(path.resolve(), path.stat().st_mtime_ns)
    if layout.kind == "own":
        motion = load_motion(path)
        motion = replace(motion, fps=given.fps or motion.fps, placed=given.placed or motion.placed)
    else:
        raw = _with_rate(_raw(path, clip, layout, given), path, clip)
        common = _common_up(path.resolve(), path.stat().st_mtime_ns) if len(layout.ids) > 1 else None
        motion = to_motion(raw, given, path, common_up=common)
    with in_file(path):
        return retargeted(motion) if given.retarget else motion


def _raw(path: Path, clip: str, layout: _Layout, given: MotionOptions) -> RawMotion:
    suffix = path.suffix.lower()
    mapping = read_mapping(given.mapping)
    body = None if given.body_model is None else read_body_model(given.body_model)
    if suffix == ".bvh":
        return _raw_bvh(path, mapping)
    if suffix == ".amc":
        return raw_amc(path, mapping)
    if suffix == ".c3d":
        return raw_c3d(path, mapping)
    if layout.kind == "batch":
        raw = raw_motion(generators.read_batch(path).motions[clip], path, body=body)
        return replace(raw, usual_up="y", usual_fps=humanml.FPS)
    if layout.kind == "named":
        return _raw_named(path, clip, layout.names, body)
    return raw_motion(read_npy(path), path, body=body)


def _with_rate(raw: RawMotion, path: Path, clip: str) -> RawMotion:
    rate = rate_of(path, clip, len(raw.joints)) if raw.fps is None else None
    return raw if rate is None else replace(raw, fps=rate, fps_source="captions.jsonl")


def _raw_bvh(path: Path, mapping: Mapping[str, tuple[str, ...]]) -> RawMotion:
    bvh = read_bvh(path)
    positions, notes = bvh.positions()
    names = [joint.name for joint in bvh.joints]
    rig = Rig(names, [joint.parent for joint in bvh.joints], [joint.is_end for joint in bvh.joints])
    with in_file(path):
        joints, more = joints_of(rig, positions, mapping)
    note = "; ".join((*notes[:1], *more))
    found = [Finding("joints", f"{JOINT_COUNT} of {len(names)} by name", "detected", note)]
    skipped, why = skipped_start(joints, bvh.fps)
    if skipped:
        joints = joints[skipped:]
        count = "first frame" if skipped == 1 else f"first {skipped} frames"
        found.append(Finding("start", f"{count} left out", "detected", why))
    return RawMotion(joints, bvh.fps, usual_up="y", findings=tuple(found))


def _raw_named(path: Path, clip: str, names: tuple[str, ...], body: BodyModel | None) -> RawMotion:
    if smpl.is_parameters(set(names)):
        return _raw_parameters(path, names, body)
    name = clip if clip in names else next((key for key in _MOTION_KEYS if key in names), None)
    name = name or next(key for key in names if key not in _NOT_MOTIONS)
    raw = raw_motion(_named(path, name), path, body=body)
    rate = _named(path, "fps") if "fps" in names else np.zeros((0,))
    return raw if rate.shape != () or rate.dtype.kind not in "iuf" else replace(raw, fps=float(rate))


def _raw_parameters(path: Path, names: tuple[str, ...], body: BodyModel | None) -> RawMotion:
    arrays = {name: _named(path, name) for name in names if name in smpl.NAMES}
    for name, array in arrays.items():
        if array.dtype.kind == "f" and array.ndim > 1:
            check_finite(array, path, what=name)
    with in_file(path):
        joints, found, fps = smpl.joints_of_arrays(arrays, body)
    return RawMotion(joints, fps, unit=1.0, findings=(found,))


def _named(path: Path, name: str) -> AnyArray:
    """One array of a file by its name."""
    if path.suffix.lower() == ".npz":
        return read_npz(path, [name])[name]
    return generators.read_batch(path).named[name]


@lru_cache(maxsize=16)
def _common_up(path: Path, modified: int) -> str | None:
    """Which way is up in a file of many motions, in this very version of it."""
    layout = _layout(path, modified)
    sample = []
    for name in layout.ids[:: max(1, len(layout.ids) // _SAMPLE)]:
        try:
            sample.append(_raw(path, name, layout, MotionOptions()).joints)
        except MonsterError:
            continue  # its own reading will tell what is wrong with it
    return vote_up(sample)
