"""Outputs of Kimodo: an ``.npz`` of posed joints of SOMA, SMPL-X or the robot G1, with the prompt in ``meta.json``.

The arrays are described under "Output formats" in github.com/nv-tlabs/kimodo (Apache-2.0): ``posed_joints`` (frames,
joints, 3) in metres, y up, facing +z, at 30 frames a second; 77 joints of SOMA, 30 of its older form, 34 of the Unitree
G1, 22 of SMPL-X. Of G1 the joints are link origins, so hips, spine, neck, head and shoulders are placed on pelvis and
torso, whose turns three links each of them tell.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import numpy as np

from monster.arrays import AnyArray, DoubleArray
from monster.errors import FileFormatError
from monster.io.formats import MotionFormat, MotionOptions, RawMotion
from monster.io.motion.robots.tables import G1
from monster.io.normalise.body_frame import check_finite
from monster.io.normalise.soma import SOMA_30, SOMA_77, soma_places
from monster.io.numpy_files import npz_arrays
from monster.io.sources import Source, read_text
from monster.skeleton import JOINT_COUNT, JOINTS
from monster.types import Finding

KEY: Final = "posed_joints"
FPS: Final = 30.0
_FARTHEST: Final = 1e6  # metres


def _sides(*parts: str) -> tuple[str, ...]:
    return tuple(f"{side}_{part}" for side in ("left", "right") for part in parts)


_LEG: Final = ("hip_pitch", "hip_roll", "hip_yaw", "knee", "ankle_pitch", "ankle_roll", "toe_base")
_ARM: Final = ("shoulder_pitch", "shoulder_roll", "shoulder_yaw", "elbow", "wrist_roll", "wrist_pitch", "wrist_yaw")
G1_34: Final[tuple[str, ...]] = (
    "pelvis", *_sides(*_LEG), "waist_yaw", "waist_roll", "waist_pitch", *_sides(*_ARM, "hand_roll"),
)  # fmt: skip
_NAMED: Final = {"knee": "knee", "ankle": "ankle_pitch", "foot": "toe_base", "elbow": "elbow", "wrist": "wrist_pitch"}
_ON_PELVIS: Final = ("left_hip", "right_hip")
_ON_TORSO: Final = (
    "spine1", "spine2", "spine3", "neck", "head", "left_collar", "right_collar", "left_shoulder", "right_shoulder",
)  # fmt: skip
_SKELETONS: Final = {77: "SOMA", 30: "SOMA, older form", 34: "Unitree G1", JOINT_COUNT: "SMPL-X"}


def is_kimodo(names: Iterable[str]) -> bool:
    """Whether arrays of these names are an output of Kimodo."""
    return KEY in names


def raw_kimodo(posed: AnyArray, path: Path) -> RawMotion:
    """The motion in ``posed_joints``. Raises FileFormatError that names the joint counts that are known."""
    known = ", ".join(f"{count} ({name})" for count, name in _SKELETONS.items())
    shape = posed.shape
    if posed.ndim == 4 and len(posed) == 1:
        posed = posed[0]
    is_known = posed.ndim == 3 and posed.shape[2] == 3 and posed.shape[1] in _SKELETONS
    if posed.dtype.kind not in "iuf" or not is_known:
        raise FileFormatError(
            f"{path.name}: expected {KEY} of shape (frames, joints, 3) with joints one of {known}, "
            f"got {posed.dtype} {shape}; is this an output of another version of Kimodo?"
        )
    check_finite(posed, path, what=KEY)
    posed = posed.astype(np.float64)
    if np.abs(posed).max(initial=0.0) > _FARTHEST:
        raise FileFormatError(f"{path.name}: expected places in metres, got {np.abs(posed).max():.3g}; is it damaged?")
    joints = _body(posed)
    count = posed.shape[1]
    found = Finding("joints", f"{JOINT_COUNT} of {count}", "given", f"Kimodo, skeleton of {_SKELETONS[count]}")
    source = "Kimodo, declared by the format"
    return RawMotion(joints, FPS, source, up="y", unit=1.0, has_floor=True, findings=(found,))


def kimodo_captions(path: Path) -> tuple[str, ...]:
    """The prompt in ``meta.json`` beside an output; nothing without such a file or a text in it."""
    beside = path.with_name("meta.json")
    if not beside.is_file():
        return ()
    try:
        meta = json.loads(read_text(beside, what="JSON"))
    except (ValueError, RecursionError):
        raise FileFormatError(f"{beside.name}: expected a JSON object with the prompt, got something else") from None
    text = meta.get("text") if isinstance(meta, dict) else None
    if isinstance(text, list) and all(isinstance(part, str) for part in text):
        text = " ".join(text)  # a sequence of prompts is one motion
    return (text.strip(),) if isinstance(text, str) and text.strip() else ()


def _body(posed: DoubleArray) -> DoubleArray:
    """The 22 of all joints (frames, joints, 3)."""
    if posed.shape[1] == 34:
        return _g1_body(posed)
    names = {77: SOMA_77, 30: SOMA_30}.get(posed.shape[1])
    return posed if names is None else posed[:, soma_places(names)]


def _g1_body(posed: DoubleArray) -> DoubleArray:
    still = np.zeros((1, len(G1.links)))
    origin = np.zeros((1, 3))
    links = G1.link_poses(origin, np.eye(3)[None], still)[0]
    rest = G1.body_joints(origin, np.eye(3)[None], still)[0]
    joints = np.empty((len(posed), JOINT_COUNT, 3))
    joints[:, 0] = posed[:, 0]
    for index, joint in enumerate(JOINTS):
        side, _, part = joint.partition("_")
        if part in _NAMED:
            joints[:, index] = posed[:, G1_34.index(f"{side}_{_NAMED[part]}")]
    for carried, corner, (left, right) in (
        (_ON_PELVIS, "pelvis", _sides("hip_pitch")),
        (_ON_TORSO, "waist_pitch", _sides("shoulder_pitch")),
    ):
        link = "torso_link" if corner == "waist_pitch" else corner
        at_rest = links[[G1.link_names.index(name) for name in (link, f"{left}_link", f"{right}_link")]]
        moved = posed[:, [G1_34.index(name) for name in (corner, left, right)]]
        places = [JOINTS.index(joint) for joint in carried]
        joints[:, places] = _carried(rest[places], at_rest[None], moved)
    return joints


def _carried(points: DoubleArray, corners: DoubleArray, moved: DoubleArray) -> DoubleArray:
    """Points (n, 3) that go with a triangle from (1, 3, 3) to (frames, 3, 3): (frames, n, 3)."""
    turn = _triangle_axes(moved) @ np.swapaxes(_triangle_axes(corners), -1, -2)
    centre = moved[:, 1:].mean(axis=1)
    arms = points - corners[0, 1:].mean(axis=0)
    return np.asarray(centre[:, None] + np.einsum("tij,nj->tni", turn, arms))


def _triangle_axes(corners: DoubleArray) -> DoubleArray:
    """Rotations (frames, 3, 3) whose columns are a triangle's normal, its second side, and what is at right angles."""
    side = corners[:, 1] - corners[:, 2]
    across = corners[:, 1:].mean(axis=1) - corners[:, 0]
    normal = np.cross(side, across)
    columns = [vector / np.maximum(np.linalg.norm(vector, axis=-1, keepdims=True), 1e-12) for vector in (normal, side)]
    return np.stack([*columns, np.cross(*columns)], axis=-1)


def _sniff(source: Source) -> bool:
    return is_kimodo(npz_arrays(source))


def _captions(source: Source) -> Mapping[str, tuple[str, ...]]:
    prompt = kimodo_captions(source.path)
    return {source.stem: prompt} if prompt else {}


def _read(source: Source, key: str, options: MotionOptions) -> RawMotion:
    return raw_kimodo(npz_arrays(source).select([KEY])[KEY], source.path)


FORMAT: Final = MotionFormat("kimodo", (".npz",), _read, sniff=_sniff, captions=_captions)
