"""Rooms to place clips in: from a generated corpus, with exact geometry, or from a folder of scans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from monster.corpus.folder import check_is_folder, paths_in
from monster.corpus.importers.writer import file_name, split_rooms
from monster.corpus.storage import Corpus, Split
from monster.errors import CorpusError, MonsterError
from monster.io import file_kind, read_scene
from monster.io.npz import load_scene, save_scene
from monster.io.scene.scannet import room_of
from monster.placement import OccupancyGrid, Seat, occupancy_of_scan
from monster.types import Scene, SceneObject
from worlds.corpus_checker import floor_plans_of
from worlds.geometry.relations import FloorPlan
from worlds.rooms.occupancy import occupancy_of_room
from worlds.types import PlacedObject, Room, Solid

_CACHED_ROOMS: Final = 96  # grids, of 3 MB each
_CACHED_SCENES: Final = 4
# Labels of scans that do not name an object that a person stands near.
_UNNAMED: Final = frozenset(
    {"wall", "floor", "ceiling", "unannotated", "otherfurniture", "otherstructure", "otherprop", "object", "unknown"}
)
_BOX_PERCENTILES: Final = (2, 98)  # of an object's points: the bounds of its box


@dataclass(frozen=True, eq=False)
class RoomGeometry:
    """Occupancy grid and floor plan of a room; the plan is ``exact`` or built from labelled points."""

    grid: OccupancyGrid
    floor_plan: FloorPlan
    exact: bool


@dataclass(eq=False)
class Rooms:
    """Rooms by scene id, read on demand.

    ``rooms`` maps a scene to its room, which no two splits may share; ``splits`` maps it to its split.
    """

    rooms: Mapping[str, str]
    splits: Mapping[str, Split]
    scene: Callable[[str], Scene]
    floor_plans: Mapping[str, FloorPlan] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)  # scene id -> why it cannot be used

    def __post_init__(self) -> None:
        self._geometry = lru_cache(maxsize=_CACHED_ROOMS)(self._open)

    def geometry(self, scene: str) -> RoomGeometry | None:
        """The geometry of a scene's room; None, with the reason in ``broken``, if it cannot be used."""
        if scene in self.broken:
            return None
        try:
            return self._geometry(scene)
        except MonsterError as error:
            self.broken[scene] = str(error)
            return None

    def _open(self, scene: str) -> RoomGeometry:
        floor_plan = self.floor_plans.get(scene)
        if floor_plan is not None:
            return RoomGeometry(occupancy_of_room(floor_plan.room), floor_plan, exact=True)
        cloud = self.scene(scene)
        grid = occupancy_of_scan(cloud)
        return RoomGeometry(grid, floor_plan_of_scan(cloud, grid), exact=False)


def open_rooms(folder: Path, *, seed: int = 0, cache: Path | None = None) -> Rooms:
    """The rooms of a corpus folder, or of the scans in a folder. Raises a MonsterError if there are none.

    Scans are stored in the folder ``cache`` when they are first read, and read from there afterwards.
    """
    check_is_folder(folder)
    if (folder / "corpus.json").exists():
        return _of_corpus(Corpus.open(folder))
    paths = {name: path for path, name in paths_in(folder) if _is_scene(path)}
    if not paths:
        raise CorpusError(f"{folder}: expected scans or a corpus with rooms, got none")
    rooms = {name: _room_name(name) for name in paths}
    drawn = split_rooms({room: Counter() for room in rooms.values()}, seed)

    def read(name: str) -> Scene:
        if cache is None:
            return read_scene(paths[name])
        stored = cache / f"{file_name(name)}.npz"
        if not stored.exists():
            save_scene(stored, read_scene(paths[name]))
        return load_scene(stored)

    scene = lru_cache(maxsize=_CACHED_SCENES)(read)
    return Rooms(rooms, {name: drawn[room] for name, room in rooms.items()}, scene)


def floor_plan_of_scan(scene: Scene, grid: OccupancyGrid) -> FloorPlan:
    """A floor plan of the labelled objects as axis-aligned boxes, with the seats that the grid detected."""
    labelled = [object_ for object_ in scene.objects() if object_.label and object_.label.lower() not in _UNNAMED]
    low, high = scene.points.min(axis=0).astype(float), scene.points.max(axis=0).astype(float)
    outline = np.array([[low[0], low[1]], [high[0], low[1]], [high[0], high[1]], [low[0], high[1]]])
    placed = tuple(_box_around(object_, grid) for object_ in labelled)
    return FloorPlan(Room("room", outline, float(high[2] - grid.floor), (), placed))


def _box_around(object_: SceneObject, grid: OccupancyGrid) -> PlacedObject:
    low, high = np.percentile(object_.points.astype(np.float64), _BOX_PERCENTILES, axis=0)
    size = np.maximum(high - low, 0.02)
    middle = (low + high) / 2
    position = (float(middle[0]), float(middle[1]), grid.floor)
    center = (0.0, 0.0, float(middle[2]) - grid.floor)
    solid = Solid(center, (float(size[0]), float(size[1]), float(size[2])), (0.5, 0.5, 0.5))
    seats = tuple(_local_seat(seat, position) for seat in grid.seats if seat.owner == object_.id)
    whole = (solid.size[0], solid.size[1], float(high[2]) - grid.floor)
    return PlacedObject(object_.id, (object_.label or "").lower(), position, 0.0, whole, (solid,), seats=seats)


def _local_seat(seat: Seat, position: tuple[float, float, float]) -> tuple[float, float, float]:
    x, y, z = (float(value) for value in seat.point - np.array(position))
    return x, y, z


def _of_corpus(corpus: Corpus) -> Rooms:
    splits = {record.scene: record.split for record in corpus.records if record.scene is not None}
    if not splits:
        raise CorpusError(f"{corpus.folder}: expected a corpus with rooms, got one without scenes")
    rooms = {scene: _room_name(scene) for scene in splits}
    return Rooms(rooms, splits, lru_cache(maxsize=_CACHED_SCENES)(corpus.scene), floor_plans_of(corpus))


def _room_name(name: str) -> str:
    """The ScanNet room, which re-scans share; the scene itself for other names."""
    stem = Path(name).name.partition(".")[0]
    room = room_of(stem)
    return name if room == stem else room


def _is_scene(path: Path) -> bool:
    try:
        return file_kind(path) == "scene"
    except MonsterError:
        return False
