"""The rooms of TRUMANS: occupied cells or meshes, and movable objects at their poses in a given frame."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from trimesh.transformations import euler_matrix

from monster.arrays import AnyArray, DoubleArray
from monster.corpus.importers.data import by_data_set, memory_mapped
from monster.errors import FileFormatError
from monster.geometry.axes import to_z_up
from monster.io import read_scene, split_objects
from monster.io.pickles import load_object_array
from monster.io.scene.meshes import read_mesh
from monster.io.sources import checked_file, in_file
from monster.types import Finding, Provenance, Scene

LOW: Final = np.array([-3.0, 0.0, -4.0])  # metres, y up: the first cell's corner, and the size of a cell
CELL: Final = 0.02
_POINTS: Final = 50_000  # of a room that objects are put into
_OBJECT_POINTS: Final = 2000
_MISPLACED: Final = frozenset(("movable_chair_base_02",))  # of another size than the others (the loader of TRUMANS+)
_IGNORED_WORDS: Final = frozenset(("static", "movable"))
_WORDS: Final = {"fridge": "refrigerator"}


@dataclass(frozen=True)
class Rooms:
    """The folder with ``Scene_mesh`` or ``Scene``, and the folder ``Object_all``, which is optional.

    An id is the name of a room, or NAME@SEGMENT@FRAME for a room with the objects of a segment.
    """

    folder: Path
    objects: Path
    _parts: dict[str, DoubleArray] = field(default_factory=dict)

    def id_of(self, room: str, segment: str, frame: int) -> str:
        """The id of the scene in which an action begins."""
        return f"{room}@{segment}@{frame}" if self._poses(segment).is_file() else room

    def scene(self, scene: str) -> Scene:
        """The scene with an id of ``id_of``; z up. Raises a MonsterError that names what is missing or wrong."""
        room, _, rest = scene.partition("@")
        if not rest:
            return _room(self.folder, room)
        segment, _, frame = rest.rpartition("@")
        return self._with_objects(_room(self.folder, room), segment, int(frame))

    def _poses(self, segment: str) -> Path:
        return self.objects / "Object_pose" / f"{segment}.npy"

    def _with_objects(self, room: Scene, segment: str, frame: int) -> Scene:
        """A subsampled room, with each object of a segment as one more instance."""
        keep = np.sort(np.random.default_rng(0).permutation(len(room.points))[:_POINTS])
        points, ids = [room.points[keep]], [np.full(len(room.points), -1) if room.instances is None else room.instances]
        ids[0] = ids[0][keep]
        labels, number = dict(room.labels or {}), int(ids[0].max(initial=-1))
        for name, (rotation, position) in _poses_at(self._poses(segment), frame).items():
            number += 1
            placed = self._object(name) @ rotation.T + position
            points.append(to_z_up(placed, "y").astype(np.float32))
            ids.append(np.full(len(placed), number))
            labels[number] = object_word(name)
        objects_finding = Finding(
            "objects", f"{len(points) - 1} that are moved", "given", f"where they are in frame {frame}"
        )
        colors = None
        if room.colors is not None:
            grey = np.full((sum(map(len, points[1:])), 3), 0.5, np.float32)
            colors = np.concatenate([room.colors[keep], grey])
        provenance = Provenance(room.provenance.source, (*room.provenance.findings, objects_finding))
        instances = np.concatenate(ids).astype(np.int64)
        return Scene(np.concatenate(points), colors, instances, labels, provenance)

    def _object(self, name: str) -> DoubleArray:
        if name not in self._parts:
            path = self.objects / "Object_mesh" / f"{name}.obj"
            if not path.is_file():
                raise FileFormatError(f"expected Object_all/Object_mesh/{path.name}, got nothing")
            self._parts[name] = read_mesh(path).points[:_OBJECT_POINTS]  # in random order
        return self._parts[name]


def object_word(name: str) -> str:
    """The category of an object: "movable_chair_seat_01" is a part of a chair."""
    words: list[str] = [word for word in re.findall(r"[a-z]+", name.lower()) if word not in _IGNORED_WORDS]
    word = words[0] if words else name
    return _WORDS.get(word, word)


@lru_cache(maxsize=8)
def _room(folder: Path, room: str) -> Scene:
    """A room by its name: its mesh, which separates objects better, or its cells."""
    mesh, cells = folder / "Scene_mesh" / f"{room}.obj", folder / "Scene" / f"{room}.npy"
    if mesh.is_file():
        return read_scene(mesh, axes="y", unit=1.0, placed=True)
    if not cells.is_file():
        raise FileFormatError(f"expected Scene_mesh/{mesh.name} or Scene/{cells.name}, got nothing")
    points = surface_cells(memory_mapped(cells), cells)
    with in_file(cells):
        stated = by_data_set("axes", "y up"), by_data_set("unit", "metres")
        note = Finding("points", f"{len(points)} cells of {CELL * 100:.0f} cm", "given", "surface cells only")
        scene = Scene(to_z_up(points, "y").astype(np.float32), provenance=Provenance(cells.name, (*stated, note)))
    return split_objects(scene)


def surface_cells(occupied: AnyArray, path: Path) -> DoubleArray:
    """Centres (n, 3) of the occupied cells that have an empty neighbour, y up in metres. Raises FileFormatError."""
    if occupied.ndim != 3 or occupied.dtype.kind not in "biuf":
        raise FileFormatError(f"{path.name}: expected occupied cells (x, y, z), got {occupied.dtype} {occupied.shape}")
    full = np.pad(np.asarray(occupied) > 0, 1)
    inner = full[1:-1, 1:-1, 1:-1].copy()
    for axis in range(3):
        for step in (-1, 1):
            inner &= np.roll(full, step, axis)[1:-1, 1:-1, 1:-1]
    outer = (full[1:-1, 1:-1, 1:-1] & ~inner).nonzero()
    return np.asarray(LOW + (np.stack(outer, axis=1) + 0.5) * CELL)


def _poses_at(path: Path, frame: int) -> dict[str, tuple[DoubleArray, DoubleArray]]:
    """The rotation (3, 3) and position (3,) of each object in a frame."""
    poses = _poses(path, path.stat().st_mtime_ns)
    poses_by_name: dict[str, tuple[DoubleArray, DoubleArray]] = {}
    for name, values in poses.items():
        try:
            angles, position = (
                np.asarray(values[key], np.float64)[frame].reshape(3) for key in ("rotation", "location")
            )
        except (KeyError, TypeError, ValueError, IndexError):
            raise FileFormatError(
                f"Object_pose/{path.name}: expected rotation and location of {name!r} in frame {frame}, got none"
            ) from None
        if name not in _MISPLACED:
            poses_by_name[str(name)] = (rotation_matrix(angles), position)
    return poses_by_name


@lru_cache(maxsize=4)
def _poses(path: Path, modified: int) -> dict[str, Any]:
    """The objects of a segment, cached by modification time."""
    poses = load_object_array(checked_file(path))
    if not isinstance(poses, dict):
        raise FileFormatError(f"Object_pose/{path.name}: expected objects by name, got {type(poses).__name__}")
    return poses


def rotation_matrix(angles: DoubleArray) -> DoubleArray:
    """The rotation (3, 3) about the fixed axes x, then y, then z, by angles (3,) in radians."""
    return np.asarray(euler_matrix(*angles, axes="sxyz")[:3, :3])
