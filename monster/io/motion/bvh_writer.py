"""BVH with 22 joints that Blender, MotionBuilder and this project read: centimetres, y up, Z-X-Y angles.

A bone that is fixed in its parent's frame (all bones of a rigid skeleton) has rotations only. A joint that moves by
more than 0.2 mm in its parent's frame (collars of a rig, joints of a generator) has position channels too, so that
reading gives back every position.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from monster.files import atomic_file
from monster.io.motion.kinematics import REST_OFFSETS
from monster.io.motion.rotations import Pose, euler_zxy, solve_pose
from monster.skeleton import JOINT_COUNT, JOINTS, PARENTS
from monster.types import Motion

NAMES: Final[dict[str, str]] = {
    "pelvis": "Hips", "spine1": "Spine", "spine2": "Spine1", "spine3": "Spine2", "neck": "Neck", "head": "Head",
}  # fmt: skip
_LIMBS: Final[dict[str, str]] = {
    "hip": "UpLeg", "knee": "Leg", "ankle": "Foot", "foot": "ToeBase",
    "collar": "Shoulder", "shoulder": "Arm", "elbow": "ForeArm", "wrist": "Hand",
}  # fmt: skip
_WANDERS: Final = 0.0002  # metres
_CM: Final = 100.0
_ROTATIONS: Final = "Zrotation Xrotation Yrotation"
_POSITIONS: Final = "Xposition Yposition Zposition"
_END: Final = 0.08  # metres from a last joint to its end site


def write_bvh(path: str | Path, motion: Motion) -> None:
    """Write a motion at its own fps. Position and floor are kept; `read_motion` gives it back to a millimetre."""
    pose = solve_pose(y_up(motion.joints.astype(np.float64)))
    apart = np.abs(pose.places - pose.offsets).max(axis=(0, 2))
    wanders = [joint == 0 or bool(apart[joint] > _WANDERS) for joint in range(JOINT_COUNT)]
    order: list[int] = []
    skeleton: list[str] = ["HIERARCHY"]
    _joint(0, 0, pose.offsets, wanders=wanders, lines=skeleton, order=order)
    rows = io.StringIO()
    np.savetxt(rows, _channels(pose, order, wanders), fmt="%.6f")
    with atomic_file(path) as temporary:
        temporary.write_text(
            "\n".join(skeleton)
            + f"\nMOTION\nFrames: {len(motion)}\nFrame Time: {1 / motion.fps:.8f}\n{rows.getvalue()}",
            encoding="ascii",
        )


def y_up(joints: DoubleArray) -> DoubleArray:
    """Coordinates (..., 3) with z up as coordinates with y up."""
    return np.stack([joints[..., 0], joints[..., 2], -joints[..., 1]], axis=-1)


def joint_name(joint: str) -> str:
    """The name of one of our joints in a file, as Mixamo's rigs have it ("left_hip": "LeftUpLeg")."""
    side, _, part = joint.partition("_")
    return NAMES.get(joint) or f"{side.capitalize()}{_LIMBS[part]}"


def _joint(
    joint: int, depth: int, offsets: DoubleArray, *, wanders: list[bool], lines: list[str], order: list[int]
) -> None:
    """Add a joint and all its descendants to the lines, and their indices to the order."""
    order.append(joint)
    pad = "  " * depth
    channels = f"6 {_POSITIONS} {_ROTATIONS}" if wanders[joint] else f"3 {_ROTATIONS}"
    lines += [f"{pad}{'JOINT' if depth else 'ROOT'} {joint_name(JOINTS[joint])}", f"{pad}{{"]
    lines += [f"{pad}  OFFSET {_numbers(offsets[joint])}", f"{pad}  CHANNELS {channels}"]
    children = [child for child, parent in enumerate(PARENTS) if parent == joint]
    for child in children:
        _joint(child, depth + 1, offsets, wanders=wanders, lines=lines, order=order)
    if not children:
        bone = REST_OFFSETS[joint] / np.linalg.norm(REST_OFFSETS[joint]) * _END
        lines += [f"{pad}  End Site", f"{pad}  {{", f"{pad}    OFFSET {_numbers(bone)}", f"{pad}  }}"]
    lines.append(f"{pad}}}")


def _numbers(metres: DoubleArray) -> str:
    return " ".join(f"{value:.6f}" for value in metres * _CM)


def _channels(pose: Pose, order: list[int], wanders: list[bool]) -> DoubleArray:
    """Channel values (frames, channels) of the joints in their order."""
    angles = euler_zxy(pose.turns)
    columns: list[DoubleArray] = []
    for joint in order:
        columns += [pose.places[:, joint] * _CM] if wanders[joint] else []
        columns.append(angles[:, joint])
    return np.concatenate(columns, axis=1)
