"""Skeleton animations of FBX files (``.fbx``), parsed by ufbx (extra ``fbx``) in a child process.

The C library ufbx is MIT or public domain; its Python wheel states no licence. Every animation stack ("take") is a
motion. ufbx brings axes and units to metres, y up; takes are sampled at the file's frame rate. The binding does not
count its references, so that some files crash it.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from monster.arrays import DoubleArray
from monster.errors import FileFormatError, MissingExtra
from monster.io.formats import MotionFormat, MotionOptions, RawMotion
from monster.io.motion.kinematics import quaternion_matrices
from monster.io.normalise.rigs import Rig, joints_of
from monster.io.sources import Source, checked_file, in_file, short
from monster.sandbox import call_kept, is_worker
from monster.skeleton import JOINT_COUNT
from monster.types import Finding

_MAX_NODES: Final = 5000
_MAX_FRAMES: Final = 100_000
_REFERENCES: Final = 3


@dataclass(frozen=True, eq=False)
class FbxTake:
    """One take: node names, parents (-1 for a root) and world positions (frames, nodes, 3) in metres, y up."""

    names: tuple[str, ...]
    parents: tuple[int, ...]
    positions: DoubleArray
    fps: float


def take_names(path: str | Path) -> tuple[str, ...]:
    """A distinct name for each take. Raises FileFormatError if the file cannot be parsed, MissingExtra without ufbx."""
    return tuple(str(name) for name in _asked(checked_file(path), None)["names"])


def read_take(path: str | Path, name: str) -> FbxTake:
    """Sample one take. Raises FileFormatError if there is none of that name or it moves nothing."""
    found = _asked(checked_file(path), name)
    return FbxTake(tuple(found["names"]), tuple(found["parents"]), np.asarray(found["positions"]), float(found["fps"]))


def parse(path: str, name: str | None) -> Iterator[dict[str, Any]]:
    """The names of all takes, or with ``name`` that take, for a sandbox worker."""
    if name is None:
        yield {"names": _distinct([str(stack.name) for stack in _items(_load(path).anim_stacks)])}
        return
    take = _sampled(Path(path), name)
    yield {"names": take.names, "parents": take.parents, "positions": take.positions, "fps": take.fps}


def _asked(path: Path, name: str | None) -> dict[str, Any]:
    """The answer of ``parse``: of this process if it is a sandbox worker, else of one that this process keeps."""
    _check_installed()
    arguments: dict[str, Any] = {"path": str(path.absolute()), "name": name}
    if is_worker():
        return next(parse(**arguments))
    return call_kept(f"{__name__}:parse", arguments, name=path.name)


def _sampled(path: Path, name: str) -> FbxTake:
    scene = _load(path)
    stacks = _items(scene.anim_stacks)
    names = _distinct([str(stack.name) for stack in stacks])
    if name not in names:
        raise FileFormatError(f"{path.name}: expected a take named {name!r}, got {', '.join(names[:8]) or 'none'}")
    root, *nodes = _items(scene.nodes)
    if not 0 < len(nodes) <= _MAX_NODES:
        raise FileFormatError(f"{path.name}: expected 1 to {_MAX_NODES} nodes, got {len(nodes)}")
    stack = stacks[names.index(name)]
    fps = float(_held(scene.settings).frames_per_second)
    times = _frame_times(stack, fps, path)
    anim = _held(stack.anim)
    places = {node.typed_id: number for number, node in enumerate(nodes)}
    parents = tuple(places.get(_held(node.parent).typed_id, -1) for node in nodes)
    positions = _positions([_local_matrices(node, anim, times) for node in nodes], parents, _matrix(root.node_to_world))
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
    import ufbx

    path = Path(path)
    try:
        scene = ufbx.load_file(
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
    return _held(scene)


def _check_installed() -> None:
    try:
        import ufbx  # noqa: F401
    except ImportError:
        raise MissingExtra("reading .fbx files", "fbx") from None


def _held(value: Any) -> Any:
    """The same object, kept until the process ends: the binding gives its objects away without counting references.

    Without this, what is read a second time may be freed memory.
    """
    for _ in range(_REFERENCES):
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(value))
    return value


def _items(values: Any) -> list[Any]:
    """The entries of one of ufbx's lists; iterating over them frees them (see `_held`)."""
    values = _held(values)
    return [_held(values[number]) for number in range(len(values))]


def _frame_times(stack: Any, fps: float, path: Path) -> DoubleArray:
    """Times of the frames from the stated start to the stated stop, or to the last key where the file states none."""
    start, stop = float(stack.time_begin), float(stack.time_end)
    if stop <= start:
        stop = max((_last_key(curve) for curve in _curves(stack)), default=start)
    seconds = stop - start
    if not (1.0 <= fps <= 1000.0 and seconds > 0 and seconds * fps < _MAX_FRAMES):
        raise FileFormatError(
            f"{path.name}: expected a take over time, got {seconds:.3g} s at {fps:.4g} frames a second"
        )
    return start + np.arange(round(seconds * fps) + 1) / fps


def _curves(stack: Any) -> Iterator[Any]:
    for layer in _items(stack.layers):
        for value in _items(layer.anim_values):
            yield from (_held(curve) for curve in _held(value.curves) if curve is not None)


def _last_key(curve: Any) -> float:
    keys = _held(curve.keyframes)
    return float(_held(keys[len(keys) - 1]).time) if len(keys) else 0.0


def _matrix(columns: Any) -> DoubleArray:
    matrix = np.eye(4)
    matrix[:3] = np.array([columns.c0, columns.c1, columns.c2, columns.c3], dtype=np.float64).T
    return matrix


def _positions(matrices: Sequence[DoubleArray], parents: Sequence[int], root: DoubleArray) -> DoubleArray:
    """World positions (frames, nodes, 3) of local matrices (frames, 4, 4); ufbx sorts parents before children."""
    world: dict[int, DoubleArray] = {-1: root}
    positions = np.empty((len(matrices[0]), len(matrices), 3))
    for number, parent in enumerate(parents):
        with np.errstate(over="ignore", invalid="ignore"):  # numbers of damaged files, which are refused afterwards
            world[number] = world[parent] @ matrices[number]
        positions[:, number] = world[number][:, :3, 3]
    return positions


def _local_matrices(node: Any, anim: Any, times: DoubleArray) -> DoubleArray:
    import ufbx

    transforms = [ufbx.evaluate_transform(anim, node, float(time)) for time in times]
    scales = np.array([transform.scale for transform in transforms], dtype=np.float64)
    turns = quaternion_matrices(np.array([transform.rotation for transform in transforms], dtype=np.float64))
    matrices = np.zeros((len(times), 4, 4))
    matrices[:, :3, :3] = turns * scales[:, None, :]
    matrices[:, :3, 3] = [transform.translation for transform in transforms]
    matrices[:, 3, 3] = 1.0
    return matrices


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    found: list[str] = []
    for number, name in enumerate(names):
        own = name.strip() or str(number)
        found.append(f"{own}-{number}" if own in found else own)
    return tuple(found)


def _keys(source: Source) -> tuple[str, ...]:
    names = take_names(source.path)
    if not names:
        raise FileFormatError(f"{source.name}: expected an FBX file with an animation, got one without takes")
    return (source.stem,) if len(names) == 1 else names


def _read(source: Source, key: str, options: MotionOptions) -> RawMotion:
    names = take_names(source.path)
    return raw_fbx(source.path, key if key in names else names[0], options.mapping)


FORMAT: Final = MotionFormat("fbx", (".fbx",), _read, keys=_keys)
