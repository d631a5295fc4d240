"""Skeleton animations of FBX files (``.fbx``), parsed by ufbx (extra ``fbx``).

The C library ufbx is MIT or public domain; its Python wheel states no licence. Every animation stack ("take") is a
motion. ufbx brings axes and units to metres, y up; takes are sampled at the file's frame rate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from monster.arrays import DoubleArray
from monster.errors import FileFormatError, MissingExtra
from monster.io.motion.gltf import quaternion_matrices
from monster.io.normalise.body_frame import RawMotion
from monster.io.normalise.rigs import Rig, joints_of
from monster.io.sources import checked_file, in_file, short
from monster.skeleton import JOINT_COUNT
from monster.types import Finding

_MAX_NODES: Final = 5000
_MAX_FRAMES: Final = 100_000


@dataclass(frozen=True, eq=False)
class FbxTake:
    """One take: node names, parents (-1 for a root) and world positions (frames, nodes, 3) in metres, y up."""

    names: tuple[str, ...]
    parents: tuple[int, ...]
    positions: DoubleArray
    fps: float


def take_names(path: str | Path) -> tuple[str, ...]:
    """A distinct name for each take of a file. Raises FileFormatError if it cannot be parsed, MissingExtra without ufbx."""
    return _distinct([str(stack.name) for stack in _load(path).anim_stacks])


def read_take(path: str | Path, name: str) -> FbxTake:
    """Sample one take. Raises FileFormatError if there is none of that name or it moves nothing."""
    path = checked_file(path)
    scene = _load(path)
    stacks = list(scene.anim_stacks)
    names = _distinct([str(stack.name) for stack in stacks])
    if name not in names:
        raise FileFormatError(f"{path.name}: expected a take named {name!r}, got {', '.join(names[:8]) or 'none'}")
    stack = stacks[names.index(name)]
    nodes = [node for node in scene.nodes if node.parent is not None]  # without the root of the scene
    if not 0 < len(nodes) <= _MAX_NODES:
        raise FileFormatError(f"{path.name}: expected 1 to {_MAX_NODES} nodes, got {len(nodes)}")
    fps = float(scene.settings.frames_per_second)
    seconds = float(stack.time_end) - float(stack.time_begin)
    if not (1.0 <= fps <= 1000.0 and 0.0 < seconds and seconds * fps < _MAX_FRAMES):
        raise FileFormatError(
            f"{path.name}: expected a take over time, got {seconds:.3g} s at {fps:.4g} frames a second"
        )
    times = float(stack.time_begin) + np.arange(round(seconds * fps) + 1) / fps
    place = {node.typed_id: number for number, node in enumerate(nodes)}
    parents = tuple(place.get(node.parent.typed_id, -1) for node in nodes)
    positions = _positions(nodes, parents, stack.anim, times, _root(scene))
    if not np.isfinite(positions).all():
        raise FileFormatError(f"{path.name}: expected a take of finite numbers, got some that are not; is it damaged?")
    return FbxTake(tuple(str(node.name) for node in nodes), parents, positions, fps)


def raw_fbx(path: Path, name: str, mapping: Mapping[str, Sequence[str]] | None = None) -> RawMotion:
    """The 22 joints of one take. Raises FileFormatError if its nodes are not the joints of a body."""
    take = read_take(path, name)
    inner = set(take.parents)
    ends = [number not in inner and _is_end(node) for number, node in enumerate(take.names)]
    with in_file(path):
        joints, notes = joints_of(Rig(list(take.names), list(take.parents), ends), take.positions, mapping)
    found = Finding("joints", f"{JOINT_COUNT} of {len(take.names)} nodes by name", "detected", "; ".join(notes))
    return RawMotion(joints, take.fps, up="y", unit=1.0, findings=(found,))


def _is_end(name: str) -> bool:
    return name.lower().endswith(("end", "_end", "nub"))


def _load(path: str | Path) -> Any:
    path = checked_file(path)
    try:
        import ufbx
    except ImportError:
        raise MissingExtra("reading .fbx files", "fbx") from None
    try:
        return ufbx.load_file(
            str(path),
            file_format=ufbx.FileFormat.FBX,
            ignore_geometry=True,
            ignore_embedded=True,
            load_external_files=False,
            space_conversion=ufbx.SpaceConversion.ADJUST_TRANSFORMS,
            target_axes=ufbx.axes_right_handed_y_up,
            target_unit_meters=1.0,
        )
    except ufbx.UfbxError as error:
        raise FileFormatError(
            f"{path.name}: expected an FBX file, got one that ufbx refuses ({short(error)})"
        ) from None


def _root(scene: Any) -> DoubleArray:
    columns = scene.root_node.node_to_world
    matrix = np.eye(4)
    matrix[:3] = np.array([columns.c0, columns.c1, columns.c2, columns.c3], dtype=np.float64).T
    return matrix


def _positions(
    nodes: Sequence[Any], parents: Sequence[int], anim: Any, times: DoubleArray, root: DoubleArray
) -> DoubleArray:
    """World positions (frames, nodes, 3); parents may come after their children in the file."""
    world: dict[int, DoubleArray] = {}
    positions = np.empty((len(times), len(nodes), 3))
    for number in _parents_first(parents):
        local = _local_matrices(nodes[number], anim, times)
        world[number] = (root if parents[number] < 0 else world[parents[number]]) @ local
        positions[:, number] = world[number][:, :3, 3]
    return positions


def _local_matrices(node: Any, anim: Any, times: DoubleArray) -> DoubleArray:
    transforms = [node.evaluate_transform(anim, float(time)) for time in times]
    scales = np.array([transform.scale for transform in transforms], dtype=np.float64)
    turns = quaternion_matrices(np.array([transform.rotation for transform in transforms], dtype=np.float64))
    matrices = np.zeros((len(times), 4, 4))
    matrices[:, :3, :3] = turns * scales[:, None, :]
    matrices[:, :3, 3] = [transform.translation for transform in transforms]
    matrices[:, 3, 3] = 1.0
    return matrices


def _parents_first(parents: Sequence[int]) -> list[int]:
    order: list[int] = []
    done: set[int] = {-1}
    waiting = list(range(len(parents)))
    while waiting:
        ready = [number for number in waiting if parents[number] in done]
        if not ready:
            raise FileFormatError("expected a tree of nodes, got a circle")
        order += ready
        done |= set(ready)
        waiting = [number for number in waiting if number not in done]
    return order


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    found: list[str] = []
    for number, name in enumerate(names):
        own = name.strip() or str(number)
        found.append(f"{own}-{number}" if own in found else own)
    return tuple(found)
