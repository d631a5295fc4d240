"""Skeleton animations of glTF 2.0 files: Mixamo, VRM and other rigs whose joint names are known.

Nodes move by translation, rotation and scale channels (STEP, LINEAR with spherical interpolation, CUBICSPLINE; Khronos
glTF 2.0 specification, section 3.11 and appendix C). A file with several animations holds several motions. The
humanoid tables of VRM 0.x and 1.0 give the joints of a file that has one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from monster.arrays import DoubleArray
from monster.errors import FileFormatError, InputError
from monster.io.formats import MotionFormat, MotionOptions, RawMotion, WriteOptions
from monster.io.gltf import Gltf, read_gltf
from monster.io.motion.gltf_writer import write_glb
from monster.io.motion.kinematics import quaternion_matrices, unit_quaternions
from monster.io.normalise.rigs import Rig, joints_of
from monster.io.sources import Source, in_file, short
from monster.skeleton import JOINT_COUNT
from monster.types import Finding, Motion

_MAX_NODES: Final = 5000
_MAX_FRAMES: Final = 200_000
_MOST_FPS: Final = 240.0
_PATHS: Final = {"translation": 3, "rotation": 4, "scale": 3}
# VRM's humanoid bones and the names that our rigs know them by.
_VRM: Final[dict[str, str]] = {
    "hips": "Hips", "spine": "Spine", "chest": "Spine1", "upperChest": "Spine2", "neck": "Neck", "head": "Head",
    "leftShoulder": "LeftShoulder", "leftUpperArm": "LeftArm", "leftLowerArm": "LeftForeArm", "leftHand": "LeftHand",
    "rightShoulder": "RightShoulder", "rightUpperArm": "RightArm", "rightLowerArm": "RightForeArm",
    "rightHand": "RightHand", "leftUpperLeg": "LeftUpLeg", "leftLowerLeg": "LeftLeg", "leftFoot": "LeftFoot",
    "leftToes": "LeftToeBase", "rightUpperLeg": "RightUpLeg", "rightLowerLeg": "RightLeg", "rightFoot": "RightFoot",
    "rightToes": "RightToeBase",
}  # fmt: skip
_DAMAGE: Final = (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError)


@dataclass(frozen=True, eq=False)
class _Channel:
    """One animated property of a node: key times (n,), values (n, width) or (n, 3, width) for cubic splines."""

    node: int
    path: str
    times: DoubleArray
    values: DoubleArray
    interpolation: str


def animation_names(gltf: Gltf) -> tuple[str, ...]:
    """A distinct name for each animation that moves a node: its own, or its number where it has none or shares it."""
    names: list[str] = []
    for number, animation in enumerate(gltf.list("animations")):
        name = animation.get("name")
        name = name if isinstance(name, str) and name.strip() else str(number)
        names.append(f"{name}-{number}" if name in names else name)
    return tuple(names)


def is_skeleton_animation(gltf: Gltf) -> bool:
    """Whether the file animates nodes with the names of a body's joints, or declares a VRM humanoid, and moves it."""
    if not gltf.list("animations"):
        return False
    try:
        rig = _rig(gltf)
        joints_of(rig, np.zeros((1, len(rig.names), 3)))
    except (FileFormatError, InputError):
        return False
    return True


def raw_gltf(gltf: Gltf, name: str, mapping: Mapping[str, Sequence[str]] | None = None) -> RawMotion:
    """The 22 joints of one animation, in metres and y up as the format says.

    Raises FileFormatError if the animation is damaged or its nodes are not the joints of a body.
    """
    names = animation_names(gltf)
    if name not in names:
        raise FileFormatError(f"{gltf.path.name}: expected an animation named {name!r}, got {', '.join(names[:8])}")
    channels = _channels(gltf, gltf.list("animations")[names.index(name)])
    times, fps = _frame_times(channels, gltf)
    positions = _node_positions(gltf, channels, times)
    with in_file(gltf.path):
        joints, notes = joints_of(_rig(gltf), positions, mapping)
    found = Finding("joints", f"{JOINT_COUNT} of {len(positions[0])} nodes by name", "detected", "; ".join(notes))
    return RawMotion(joints, fps, fps_source="the key times", up="y", unit=1.0, findings=(found,))


def _rig(gltf: Gltf) -> Rig:
    """All nodes as a rig; nodes of a VRM humanoid are called by their part of the body."""
    nodes = gltf.list("nodes")
    if not 0 < len(nodes) <= _MAX_NODES:
        raise FileFormatError(f"{gltf.path.name}: expected 1 to {_MAX_NODES} nodes, got {len(nodes)}")
    names = [str(node.get("name", f"node {number}")) for number, node in enumerate(nodes)]
    humanoid = _humanoid(gltf)
    if humanoid:
        names = [humanoid.get(number, f"node {number}") for number in range(len(nodes))]
    parents = _parents(gltf)
    inner = set(parents)
    ends = [number not in inner and name.lower().endswith(("end", "_end", "nub")) for number, name in enumerate(names)]
    return Rig(names, parents, ends)


def _humanoid(gltf: Gltf) -> dict[int, str]:
    """Node number to joint name, of the extension VRMC_vrm (1.0), VRMC_vrm_animation or VRM (0.x)."""
    extensions = gltf.document.get("extensions")
    extensions = extensions if isinstance(extensions, dict) else {}
    try:
        for name in ("VRMC_vrm", "VRMC_vrm_animation"):
            if name in extensions:
                bones = extensions[name]["humanoid"]["humanBones"]
                return {bone["node"]: _VRM[part] for part, bone in bones.items() if part in _VRM}
        if "VRM" in extensions:
            listed = extensions["VRM"]["humanoid"]["humanBones"]
            return {bone["node"]: _VRM[bone["bone"]] for bone in listed if bone["bone"] in _VRM}
    except _DAMAGE as error:
        raise FileFormatError(f"{gltf.path.name}: the VRM humanoid is damaged ({short(error)})") from error
    return {}


def _parents(gltf: Gltf) -> list[int]:
    nodes = gltf.list("nodes")
    parents = [-1] * len(nodes)
    for number, node in enumerate(nodes):
        for child in node.get("children") or ():
            if not isinstance(child, int) or not 0 <= child < len(nodes) or parents[child] >= 0 or child == number:
                raise FileFormatError(f"{gltf.path.name}: node {number} has a damaged list of children")
            parents[child] = number
    return parents


def _channels(gltf: Gltf, animation: Mapping[str, Any]) -> list[_Channel]:
    try:
        found = [_channel(gltf, animation, channel) for channel in animation["channels"]]
    except _DAMAGE as error:
        raise FileFormatError(f"{gltf.path.name}: an animation is damaged ({short(error)})") from error
    kept = [channel for channel in found if channel is not None]
    if not kept:
        raise FileFormatError(f"{gltf.path.name}: expected an animation that moves nodes, got one that moves none")
    return kept


def _channel(gltf: Gltf, animation: Mapping[str, Any], entry: Mapping[str, Any]) -> _Channel | None:
    target = entry["target"]
    if target["path"] not in _PATHS or "node" not in target:
        return None
    sampler = animation["samplers"][entry["sampler"]]
    kind = sampler.get("interpolation", "LINEAR")
    times, values = gltf.accessor(sampler["input"])[:, 0], gltf.accessor(sampler["output"])
    width, keys = _PATHS[target["path"]], 3 if kind == "CUBICSPLINE" else 1
    if not 0 <= target["node"] < len(gltf.list("nodes")):
        raise ValueError(f"node {target['node']} of a channel is not there")
    if values.shape != (len(times) * keys, width) or not len(times) or not (np.diff(times) > 0).all():
        raise ValueError(f"{len(times)} key times and values of shape {values.shape} do not belong together")
    if not (np.isfinite(times).all() and np.isfinite(values).all()):
        raise ValueError("keys that are not finite numbers")
    return _Channel(target["node"], target["path"], times, values.reshape(len(times), keys, width), kind)


def _frame_times(channels: Sequence[_Channel], gltf: Gltf) -> tuple[DoubleArray, float]:
    """Evenly spaced times from the first to the last key, at the rate of the densest channel."""
    densest = max((channel.times for channel in channels), key=len)
    if len(densest) < 2:
        raise FileFormatError(f"{gltf.path.name}: expected an animation over time, got a single pose")
    fps = min(max(_fps(densest), 1.0), _MOST_FPS)
    start = min(float(channel.times[0]) for channel in channels)
    stop = max(float(channel.times[-1]) for channel in channels)
    count = round((stop - start) * fps) + 1
    if count > _MAX_FRAMES:
        raise FileFormatError(f"{gltf.path.name}: expected at most {_MAX_FRAMES} frames, got {count}")
    return start + np.arange(count) / fps, fps


def _fps(times: DoubleArray) -> float:
    """Keys a second: a whole number where the times are nearly that, which float32 does not store exactly."""
    steps = np.diff(times)
    even = np.ptp(steps) < 0.1 * np.median(steps)
    rate = (len(times) - 1) / (times[-1] - times[0]) if even else 1 / np.median(steps)
    return float(round(rate)) if abs(rate - round(rate)) < 2e-4 * rate else round(float(rate), 3)


def _node_positions(gltf: Gltf, channels: Sequence[_Channel], times: DoubleArray) -> DoubleArray:
    """World positions (frames, nodes, 3) of all nodes."""
    nodes, parents = gltf.list("nodes"), _parents(gltf)
    own: dict[tuple[int, str], _Channel] = {(channel.node, channel.path): channel for channel in channels}
    world: dict[int, DoubleArray] = {}
    for number in _parents_first(parents):
        moved = {path: own[number, path] for path in _PATHS if (number, path) in own}
        local = _local_matrices(nodes[number], moved, times, gltf)
        parent = parents[number]
        world[number] = local if parent < 0 else world[parent] @ local
    positions = np.empty((len(times), len(nodes), 3))
    for number, matrices in world.items():
        positions[:, number] = matrices[:, :3, 3]
    return positions


def _parents_first(parents: Sequence[int]) -> list[int]:
    children: dict[int, list[int]] = {}
    for number, parent in enumerate(parents):
        children.setdefault(parent, []).append(number)
    order: list[int] = []
    waiting = list(children.get(-1, ()))
    while waiting:
        number = waiting.pop()
        order.append(number)
        waiting += children.get(number, ())
    return order


def _local_matrices(
    node: Mapping[str, Any], channels: Mapping[str, _Channel], times: DoubleArray, gltf: Gltf
) -> DoubleArray:
    """The node's transformation (frames or 1, 4, 4) within its parent."""
    if not channels and "matrix" in node:
        return _numbers(node["matrix"], 16, gltf).reshape(1, 4, 4).swapaxes(1, 2)
    rest = {"translation": (0.0, 0.0, 0.0), "rotation": (0.0, 0.0, 0.0, 1.0), "scale": (1.0, 1.0, 1.0)}
    parts: dict[str, DoubleArray] = {}
    for path, default in rest.items():
        channel = channels.get(path)
        fixed = _numbers(node.get(path, default), len(default), gltf)[None]
        parts[path] = fixed if channel is None else _sampled(channel, times)
    frames = max(len(part) for part in parts.values())
    matrices = np.zeros((frames, 4, 4))
    matrices[:, :3, :3] = quaternion_matrices(parts["rotation"]) * parts["scale"][:, None, :]
    matrices[:, :3, 3] = parts["translation"]
    matrices[:, 3, 3] = 1.0
    return matrices


def _numbers(values: Any, count: int, gltf: Gltf) -> DoubleArray:
    try:
        numbers = np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        numbers = np.zeros(0)
    if numbers.shape != (count,) or not np.isfinite(numbers).all():
        raise FileFormatError(f"{gltf.path.name}: expected {count} numbers in a node, got {str(values)[:60]}")
    return numbers


def _sampled(channel: _Channel, times: DoubleArray) -> DoubleArray:
    """The channel's values (frames, width) at the times; before the first and after the last key it stays."""
    keys = channel.times
    within = np.clip(times, keys[0], keys[-1])
    low = np.clip(np.searchsorted(keys, within, side="right") - 1, 0, max(len(keys) - 2, 0))
    high = np.minimum(low + 1, len(keys) - 1)
    gap = np.where(high > low, keys[high] - keys[low], 1.0)
    share = ((within - keys[low]) / gap)[:, None]
    if channel.interpolation == "STEP":
        return np.asarray(channel.values[np.where(share[:, 0] >= 1, high, low), 0])
    if channel.interpolation == "CUBICSPLINE":
        return _hermite(channel.values[low], channel.values[high], share, gap[:, None])
    one, other = channel.values[low, 0], channel.values[high, 0]
    if channel.path == "rotation":
        return _slerp(one, other, share)
    return np.asarray(one + (other - one) * share)


def _hermite(one: DoubleArray, other: DoubleArray, share: DoubleArray, gap: DoubleArray) -> DoubleArray:
    """Cubic splines between keys (frames, 3, width) of in-tangent, value, out-tangent (appendix C.5)."""
    t2, t3 = share**2, share**3
    return np.asarray(
        (2 * t3 - 3 * t2 + 1) * one[:, 1]
        + gap * (t3 - 2 * t2 + share) * one[:, 2]
        + (-2 * t3 + 3 * t2) * other[:, 1]
        + gap * (t3 - t2) * other[:, 0]
    )


def _slerp(one: DoubleArray, other: DoubleArray, share: DoubleArray) -> DoubleArray:
    """Spherical interpolation of quaternions (frames, 4) the shorter way."""
    one, other = unit_quaternions(one), unit_quaternions(other)
    cos = np.einsum("ti,ti->t", one, other)[:, None]
    other, cos = np.where(cos < 0, -other, other), np.clip(np.abs(cos), 0.0, 1.0)
    angle = np.arccos(cos)
    sin = np.sin(angle)
    near = sin < 1e-6
    safe = np.where(near, 1.0, sin)
    first = np.where(near, 1 - share, np.sin((1 - share) * angle) / safe)
    second = np.where(near, share, np.sin(share * angle) / safe)
    return np.asarray(first * one + second * other)


def _sniff(source: Source) -> bool:
    try:
        return is_skeleton_animation(read_gltf(source))
    except FileFormatError:  # reading it as a mesh tells what is wrong
        return False


def _keys(source: Source) -> tuple[str, ...]:
    names = animation_names(read_gltf(source))
    return (source.stem,) if len(names) == 1 else names


def _read(source: Source, key: str, options: MotionOptions) -> RawMotion:
    gltf = read_gltf(source)
    names = animation_names(gltf)
    return raw_gltf(gltf, key if key in names else names[0], options.mapping)


def _write(path: Path, motion: Motion, options: WriteOptions) -> None:
    write_glb(path, motion)


FORMAT: Final = MotionFormat("gltf", (".glb", ".gltf"), _read, sniff=_sniff, keys=_keys, write=_write)
