"""GLB with an animated skeleton of 22 joints that Blender, game engines and this project read: metres, y up.

Joints turn by rotation channels, on the skeleton that `rotations.solve_pose` finds; the root and every joint that
changes its place in its parent have translation channels too, so that reading gives back every position. A mesh of
one slim double pyramid a bone, bound to the joints, makes the body visible in any viewer.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np

from monster.arrays import AnyArray, DoubleArray
from monster.files import atomic_file
from monster.io.gltf import packed_glb
from monster.io.motion.bvh_writer import joint_name, y_up
from monster.io.motion.rotations import Pose, solve_pose
from monster.skeleton import JOINT_COUNT, JOINTS, PARENTS
from monster.types import Motion

_MOVES: Final = 0.0002  # metres
_THICKNESS: Final = 0.12  # of a bone's length
_COLOR: Final = (0.85, 0.35, 0.2, 1.0)
_FLOAT, _UNSIGNED_BYTE, _UNSIGNED_SHORT = 5126, 5121, 5123
_TYPE_OF_WIDTH: Final = {1: "SCALAR", 3: "VEC3", 4: "VEC4", 16: "MAT4"}
_ARRAY_BUFFER, _ELEMENT_BUFFER = 34962, 34963


def write_glb(path: str | Path, motion: Motion) -> None:
    """Write a motion at its own rate, with its place and floor; `read_motion` gives it back to a millimetre."""
    pose = solve_pose(y_up(motion.joints.astype(np.float64)))
    builder = _Builder()
    nodes: list[dict[str, Any]] = [
        {"name": joint_name(name), "translation": _rest(pose, joint).tolist()} for joint, name in enumerate(JOINTS)
    ]
    for joint, parent in enumerate(PARENTS):
        if parent >= 0:
            nodes[parent].setdefault("children", []).append(joint)
    nodes.append({"name": "Body", "mesh": 0, "skin": 0})
    document = {
        "asset": {"version": "2.0", "generator": "monster-retrieval"},
        "scene": 0,
        "scenes": [{"nodes": [0, JOINT_COUNT]}],
        "nodes": nodes,
        "meshes": [{"primitives": [_mesh(builder, pose)]}],
        "materials": [{"name": "bones", "pbrMetallicRoughness": {"baseColorFactor": _COLOR, "metallicFactor": 0.0}}],
        "skins": [{"joints": list(range(JOINT_COUNT)), "inverseBindMatrices": _bind_matrices(builder, pose)}],
        "animations": [_animation(builder, pose, motion)],
    }
    with atomic_file(path) as temporary:
        temporary.write_bytes(builder.glb(document))


def _rest(pose: Pose, joint: int) -> DoubleArray:
    """Where a joint is in its parent at rest: the root where the motion starts."""
    return np.asarray(pose.places[0, 0] if joint == 0 else pose.offsets[joint])


def _rest_positions(pose: Pose) -> DoubleArray:
    positions = np.zeros((JOINT_COUNT, 3))
    for joint, parent in enumerate(PARENTS):
        positions[joint] = _rest(pose, joint) + (positions[parent] if parent >= 0 else 0.0)
    return positions


def _animation(builder: _Builder, pose: Pose, motion: Motion) -> dict[str, Any]:
    times = builder.add(np.arange(len(motion)) / motion.fps, bounds=True)
    samplers: list[dict[str, Any]] = []
    channels: list[dict[str, Any]] = []

    def channel(joint: int, path: str, values: DoubleArray) -> None:
        channels.append({"sampler": len(samplers), "target": {"node": joint, "path": path}})
        samplers.append({"input": times, "output": builder.add(values), "interpolation": "LINEAR"})

    for joint in range(JOINT_COUNT):
        channel(joint, "rotation", quaternions(pose.turns[:, joint]))
        moves = np.abs(pose.places[:, joint] - pose.offsets[joint]).max() > _MOVES
        if joint == 0 or moves:
            channel(joint, "translation", pose.places[:, joint])
    return {"name": "motion", "channels": channels, "samplers": samplers}


def quaternions(turns: DoubleArray) -> DoubleArray:
    """Unit quaternions x y z w (frames, 4) of rotations (frames, 3, 3), without sign changes from frame to frame.

    The largest of the four numbers is found first (Shepperd 1978), so that no rotation is near a division by zero.
    """
    trace = np.trace(turns, axis1=-2, axis2=-1)
    diagonal = np.diagonal(turns, axis1=-2, axis2=-1)
    squares = np.concatenate([1 - trace[:, None] + 2 * diagonal, 1 + trace[:, None]], axis=1)  # 4 x^2, y^2, z^2, w^2
    largest = squares.argmax(axis=1)
    table = np.empty((len(turns), 4, 4))
    for axis in range(3):
        table[:, axis, axis] = squares[:, axis]
        after, last = (axis + 1) % 3, (axis + 2) % 3
        table[:, axis, after] = table[:, after, axis] = turns[:, axis, after] + turns[:, after, axis]
        table[:, axis, 3] = table[:, 3, axis] = turns[:, last, after] - turns[:, after, last]
    table[:, 3, 3] = squares[:, 3]
    found = table[np.arange(len(turns)), largest]
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    turned_over = np.einsum("ti,ti->t", found[1:], found[:-1]) < 0
    signs = np.cumprod(np.where(np.concatenate([[False], turned_over]), -1.0, 1.0))
    return np.asarray(found * signs[:, None])


def _bind_matrices(builder: _Builder, pose: Pose) -> int:
    """The inverse of each joint's transformation at rest: a shift, since rest rotations are none; column-major."""
    matrices = np.tile(np.eye(4), (JOINT_COUNT, 1, 1))
    matrices[:, 3, :3] = -_rest_positions(pose)
    return builder.add(matrices.reshape(JOINT_COUNT, 16))


def _mesh(builder: _Builder, pose: Pose) -> dict[str, Any]:
    rest = _rest_positions(pose)
    points: list[DoubleArray] = []
    owners: list[int] = []
    triangles: list[tuple[int, int, int]] = []
    for joint, parent in enumerate(PARENTS):
        if parent < 0 or np.linalg.norm(rest[joint] - rest[parent]) < 1e-6:
            continue
        start = 6 * len(points)
        points.append(_double_pyramid(rest[parent], rest[joint]))
        owners += [parent] * 6
        ring = [start + 1, start + 2, start + 3, start + 4]
        for one, other in zip(ring, [*ring[1:], ring[0]], strict=True):
            triangles += [(start, one, other), (start + 5, other, one)]
    joints = np.zeros((len(owners), 4), dtype=np.uint8)
    joints[:, 0] = owners
    weights = np.tile([1.0, 0.0, 0.0, 0.0], (len(owners), 1))
    return {
        "attributes": {
            "POSITION": builder.add(np.concatenate(points), bounds=True, target=_ARRAY_BUFFER),
            "JOINTS_0": builder.add(joints, target=_ARRAY_BUFFER),
            "WEIGHTS_0": builder.add(weights, target=_ARRAY_BUFFER),
        },
        "indices": builder.add(np.array(triangles, dtype=np.uint16).reshape(-1, 1), target=_ELEMENT_BUFFER),
        "material": 0,
    }


def _double_pyramid(bottom: DoubleArray, top: DoubleArray) -> DoubleArray:
    """Six corners of a bone: bottom, four around it at a fifth of its length, top."""
    bone = top - bottom
    aside = np.cross(bone, np.eye(3)[np.abs(bone).argmin()])
    aside *= _THICKNESS * np.linalg.norm(bone) / np.linalg.norm(aside)
    ahead = np.cross(bone, aside) / np.linalg.norm(bone)
    middle = bottom + bone / 5
    return np.array([bottom, middle + aside, middle + ahead, middle - aside, middle - ahead, top])


class _Builder:
    """Collects arrays as accessors of one buffer."""

    def __init__(self) -> None:
        self.accessors: list[dict[str, Any]] = []
        self.views: list[dict[str, Any]] = []
        self.data = bytearray()

    def add(self, values: AnyArray, *, bounds: bool = False, target: int | None = None) -> int:
        """Store values (n,) or (n, width), floats as float32; return the accessor's number."""
        kinds = {"f": ("<f4", _FLOAT), "u1": ("<u1", _UNSIGNED_BYTE), "u2": ("<u2", _UNSIGNED_SHORT)}
        kind = values.dtype.kind if values.dtype.kind == "f" else values.dtype.str[1:]
        code, component = kinds[kind]
        table = np.ascontiguousarray(values.reshape(len(values), -1), dtype=code)
        self.data += b"\0" * (-len(self.data) % 4)
        view = {"buffer": 0, "byteOffset": len(self.data), "byteLength": table.nbytes}
        self.views.append(view if target is None else {**view, "target": target})
        self.data += table.tobytes()
        accessor: dict[str, Any] = {
            "bufferView": len(self.views) - 1,
            "componentType": component,
            "count": len(table),
            "type": _TYPE_OF_WIDTH[table.shape[1]],
        }
        if bounds:
            accessor |= {"min": table.min(axis=0).tolist(), "max": table.max(axis=0).tolist()}
        self.accessors.append(accessor)
        return len(self.accessors) - 1

    def glb(self, document: dict[str, Any]) -> bytes:
        """The bytes of the file."""
        whole = document | {
            "accessors": self.accessors,
            "bufferViews": self.views,
            "buffers": [{"byteLength": len(self.data)}],
        }
        return packed_glb(whole, bytes(self.data))
