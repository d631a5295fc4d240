"""SMPL body parameters to joints, by forward kinematics on a neutral body (no body model is needed).

Rows of 69 or more numbers (root orientation 0:3, body pose 3:66, translation 66:69, shape after), AMASS ``.npz``
(poses, trans, betas, mocap_framerate) and SMPL-X ``.npz`` (global_orient, body_pose, transl) are read. The body is that
of `kinematics`: the shape is not applied, and a finding says so. With a body model that the user has (`body_model`)
joints are exact for the shape in the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import numpy as np

from monster.arrays import AnyArray, DoubleArray
from monster.errors import InputError
from monster.io.formats import MotionFormat, MotionOptions, RawMotion
from monster.io.motion.body_model import BodyModel
from monster.io.motion.kinematics import STATURE, axis_angle_matrices, forward, pose_body
from monster.io.normalise.body_frame import check_finite
from monster.io.numpy_files import npz_arrays
from monster.io.sources import Source, in_file
from monster.io.stated_fps import RATE_NAMES, stated_fps
from monster.skeleton import JOINT_COUNT, PARENTS
from monster.types import Finding

MIN_WIDTH: Final = 69
# Rows of body parameters: orientation, body pose and translation, and 0, 10, 16, 20, 50, 100 or 300 shape numbers.
ROW_WIDTHS: Final = frozenset((69, 79, 85, 89, 119, 169, 369))
BODY_WIDTH: Final = JOINT_COUNT * 3
# Translation moves the model's origin, which is near the chest: the pelvis of the mean body is below it, in the
# model's own y up axes (SMPL and SMPL-H, Loper et al. 2015; SMPL-X, Pavlakos et al. 2019).
_PELVIS: Final[dict[str, tuple[float, float, float]]] = {"SMPL": (0.0, -0.223, 0.028), "SMPL-X": (0.0, -0.351, 0.012)}
_ORIENTATION: Final = ("root_orient", "global_orient")
_POSE: Final = ("pose_body", "body_pose")
_TRANSLATION: Final = ("trans", "transl")
_SHAPE: Final = ("betas",)
NAMES: Final = frozenset((*_ORIENTATION, *_POSE, *_TRANSLATION, *RATE_NAMES, *_SHAPE, "poses", "pose_jaw", "jaw_pose"))
_POSE_WIDTHS: Final = (63, 69)
_MAX_TURN: Final = 4 * np.pi
_HANDS_OF_SMPLX: Final = 165  # width of "poses" with jaw and eyes


def is_parameters(names: Iterable[str]) -> bool:
    """Whether arrays of these names are body parameters."""
    there = set(names)
    return "poses" in there or not (there.isdisjoint(_POSE) or there.isdisjoint(_ORIENTATION))


def joints_of_rows(rows: DoubleArray, body: BodyModel | None = None) -> tuple[DoubleArray, Finding]:
    """Joints (frames, 22, 3) in the world of rows (frames, 69 or more), and what was assumed."""
    pose, moved = rows[:, :BODY_WIDTH], rows[:, BODY_WIDTH:MIN_WIDTH]
    return _joints(pose, moved, "SMPL-X") if body is None else _exact_joints(pose, moved, body, rows[:, MIN_WIDTH:])


def joints_of_arrays(
    arrays: Mapping[str, AnyArray], body: BodyModel | None = None
) -> tuple[DoubleArray, Finding, float | None]:
    """The same from the named arrays of an AMASS or SMPL-X file, with its fps where the file states it."""
    model = "SMPL-X" if _first(arrays, ("global_orient", "pose_jaw", "jaw_pose")) is not None else "SMPL"
    if "poses" in arrays:
        pose = arrays["poses"]
        model = "SMPL-X" if pose.ndim == 2 and pose.shape[1] >= _HANDS_OF_SMPLX else model
    else:
        given = [_first(arrays, names) for names in (_ORIENTATION, _POSE)]
        parts = [_rows(part) for part in given if part is not None]
        _check_widths([part.shape[1] for part in parts])
        if len({len(part) for part in parts}) > 1:
            raise InputError(f"expected as many frames of orientation as of poses, got {[len(part) for part in parts]}")
        pose = np.concatenate(parts, axis=1)
    translation = _first(arrays, _TRANSLATION)
    translation = None if translation is None else _rows(translation)
    pose = _rows(pose)
    if pose.shape[1] < BODY_WIDTH or (translation is not None and translation.shape != (len(pose), 3)):
        raise InputError(
            f"expected body parameters of {BODY_WIDTH} or more numbers a frame and a translation of 3, "
            f"got {pose.shape} and {None if translation is None else translation.shape}"
        )
    moved = np.zeros((len(pose), 3)) if translation is None else translation.astype(np.float64)
    fps = stated_fps(arrays)
    turns = pose[:, :BODY_WIDTH].astype(np.float64)
    if body is None:
        return *_joints(turns, moved, model), fps
    return *_exact_joints(turns, moved, body, _first(arrays, _SHAPE)), fps


def _check_widths(widths: list[int]) -> None:
    """Raise InputError unless an orientation has 3 numbers and a pose 3 for each of 21 or 23 joints."""
    if widths[0] != 3 or any(width not in _POSE_WIDTHS for width in widths[1:]):
        hint = "rotations of six numbers have 6 and 126" if any(width % 6 == 0 for width in widths) else "others"
        raise InputError(
            f"expected an orientation of 3 and a body pose of 63 or 69 rotation numbers a frame, got {widths};"
            f" are these rotation vectors? ({hint})"
        )


def _exact_joints(
    pose: DoubleArray, translation: DoubleArray, body: BodyModel, betas: AnyArray | None
) -> tuple[DoubleArray, Finding]:
    """Joints of the body model for these shape numbers; the median of the numbers where every frame has its own."""
    if betas is not None and betas.dtype.kind not in "iuf":
        raise InputError(f"expected betas as numbers, got {betas.dtype} {betas.shape}")
    shape = np.zeros(0) if betas is None or betas.size == 0 else np.median(np.atleast_2d(betas), axis=0)
    rest = body.rest_joints(shape)
    offsets = rest - np.concatenate([np.zeros((1, 3)), rest[list(PARENTS[1:])]])
    moved = np.broadcast_to(offsets, (len(pose), JOINT_COUNT, 3)).copy()
    moved[:, 0] += translation
    note = f"with the body model {body.name}, {'mean shape' if not shape.any() else 'shape of the file'}"
    return forward(PARENTS, moved, _rotations(pose)), Finding("joints", "computed", "given", note)


def _joints(pose: DoubleArray, translation: DoubleArray, model: str) -> tuple[DoubleArray, Finding]:
    rotations = _rotations(pose)
    note = f"{model} parameters on a neutral body of {STATURE} m; its shape is not applied"
    return pose_body(rotations, translation + np.array(_PELVIS[model])), Finding("joints", "computed", "guessed", note)


def _rotations(pose: DoubleArray) -> DoubleArray:
    """Rotation matrices (frames, 22, 3, 3) of rotation vectors (frames, 66)."""
    turns = pose.reshape(-1, JOINT_COUNT, 3)
    largest = float(np.abs(turns).max(initial=0.0))
    if largest > _MAX_TURN:
        raise InputError(
            f"expected joint rotations in radians, got values up to {largest:.3g}; are these degrees, or features?"
        )
    return axis_angle_matrices(turns)


def _first(arrays: Mapping[str, AnyArray], names: tuple[str, ...]) -> AnyArray | None:
    return next((arrays[name] for name in names if name in arrays), None)


def _rows(values: AnyArray) -> AnyArray:
    """Numbers as (frames, width); (frames, joints, 3) is flattened."""
    if values.ndim not in (2, 3) or values.dtype.kind not in "iuf" or values.size == 0:
        raise InputError(f"expected body parameters as numbers (frames, width), got {values.dtype} {values.shape}")
    return values.reshape(len(values), -1)


def read_parameters(arrays: Mapping[str, AnyArray], path: Path, body: BodyModel | None) -> RawMotion:
    """The joints of named arrays of body parameters. Raises FileFormatError if they are damaged."""
    used = {name: arrays[name] for name in arrays if name in NAMES}
    for name, array in used.items():
        if array.dtype.kind == "f" and array.ndim > 1:
            check_finite(array, path, what=name)
    with in_file(path):
        joints, found, fps = joints_of_arrays(used, body)
    return RawMotion(joints, fps, unit=1.0, findings=(found,))


def _is_smpl(source: Source) -> bool:
    return is_parameters(npz_arrays(source))


def _read(source: Source, key: str, options: MotionOptions) -> RawMotion:
    return read_parameters(npz_arrays(source), source.path, options.body_model)


FORMAT: Final = MotionFormat("smpl", (".npz",), _read, sniff=_is_smpl)
