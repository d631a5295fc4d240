"""Rooms that clips are placed into: those of a generated corpus, whose geometry is known, or a folder of scans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from monster.corpus.folder import check_is_folder, paths_in
from monster.corpus.importers.writer import split_rooms
from monster.corpus.storage import Corpus, Split
from monster.errors import CorpusError, MonsterError
from monster.io import file_kind, read_scene
from monster.io.scene.scannet import room_of
from monster.placement import OccupancyGrid, Seat, occupancy_of_scan
from monster.types import Scene, SceneObject
from worlds.corpus_checker import floor_plans_of
from worlds.geometry.relations import FloorPlan
from worlds.rooms.occupancy import occupancy_of_room
from worlds.types import PlacedObject, Room, Solid

_KEPT: Final = 96  # grids, of 3 MB each
_KEPT_SCENES: Final = 4
# Names of scans that are no things one stands near.
_NAMELESS: Final = frozenset(
    {"wall", "floor", "ceiling", "unannotated", "otherfurniture", "otherstructure", "otherprop", "object", "unknown"}
)
_BOX: Final = (2, 98)  # percentiles of an object's points between which its box lies


@dataclass(frozen=True, eq=False)
class KnownRoom:
    """What is known of a room: its grid, its plan, and whether the plan is ``exact`` or made of labelled points."""

    grid: OccupancyGrid
    plan: FloorPlan
    exact: bool


@dataclass(eq=False)
class Rooms:
    """Rooms by the ids of their scenes, read when asked for.

    ``rooms`` names for each scene the room that no two splits may share, ``splits`` the split of each scene.
    """

    rooms: Mapping[str, str]
    splits: Mapping[str, Split]
    scene: Callable[[str], Scene]
    floor_plans: Mapping[str, FloorPlan] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)  # what is wrong with scenes that cannot be used

    def __post_init__(self) -> None:
        self._known = lru_cache(maxsize=_KEPT)(self._read)

    def known(self, scene: str) -> KnownRoom | None:
        """The room of a scene; None, and a word in ``broken``, when it cannot be used."""
        if scene in self.broken:
            return None
        try:
            return self._known(scene)
        except MonsterError as error:
            self.broken[scene] = str(error)
            return None

    def _read(self, scene: str) -> KnownRoom:
        plan = self.floor_plans.get(scene)
        if plan is not None:
            return KnownRoom(occupancy_of_room(plan.room), plan, exact=True)
        read = self.scene(scene)
        grid = occupancy_of_scan(read)
        return KnownRoom(grid, plan_of_scan(read, grid), exact=False)


def open_rooms(folder: Path, *, seed: int = 0) -> Rooms:
    """The rooms of a corpus folder, or of the scans in a folder. Raises a MonsterError when there are none."""
    check_is_folder(folder)
    if (folder / "corpus.json").exists():
        return _of_corpus(Corpus.open(folder))
    paths = {name: path for path, name in paths_in(folder) if _is_scene(path)}
    if not paths:
        raise CorpusError(f"{folder}: expected scans or a corpus with rooms, got none")
    rooms = {name: _room_name(name) for name in paths}
    drawn = split_rooms({room: Counter() for room in rooms.values()}, seed)
    scene = lru_cache(maxsize=_KEPT_SCENES)(lambda name: read_scene(paths[name]))
    return Rooms(rooms, {name: drawn[room] for name, room in rooms.items()}, scene)


def plan_of_scan(scene: Scene, grid: OccupancyGrid) -> FloorPlan:
    """A floor plan of the named objects: upright boxes along the axes, with the seats that were found on them."""
    things = [thing for thing in scene.objects() if thing.label and thing.label.lower() not in _NAMELESS]
    low, high = scene.points.min(axis=0).astype(float), scene.points.max(axis=0).astype(float)
    outline = np.array([[low[0], low[1]], [high[0], low[1]], [high[0], high[1]], [low[0], high[1]]])
    placed = tuple(_boxed(thing, grid) for thing in things)
    return FloorPlan(Room("room", outline, float(high[2] - grid.floor), (), placed))


def _boxed(thing: SceneObject, grid: OccupancyGrid) -> PlacedObject:
    low, high = np.percentile(thing.points.astype(np.float64), _BOX, axis=0)
    size = np.maximum(high - low, 0.02)
    middle = (low + high) / 2
    position = (float(middle[0]), float(middle[1]), grid.floor)
    center = (0.0, 0.0, float(middle[2]) - grid.floor)
    solid = Solid(center, (float(size[0]), float(size[1]), float(size[2])), (0.5, 0.5, 0.5))
    seats = tuple(_own(seat, position) for seat in grid.seats if seat.owner == thing.id)
    whole = (solid.size[0], solid.size[1], float(high[2]) - grid.floor)
    return PlacedObject(thing.id, (thing.label or "").lower(), position, 0.0, whole, (solid,), seats=seats)


def _own(seat: Seat, position: tuple[float, float, float]) -> tuple[float, float, float]:
    x, y, z = (float(value) for value in seat.point - np.array(position))
    return x, y, z


def _of_corpus(corpus: Corpus) -> Rooms:
    splits = {record.scene: record.split for record in corpus.records if record.scene is not None}
    if not splits:
        raise CorpusError(f"{corpus.folder}: expected a corpus with rooms, got one without scenes")
    rooms = {scene: _room_name(scene) for scene in splits}
    return Rooms(rooms, splits, lru_cache(maxsize=_KEPT_SCENES)(corpus.scene), floor_plans_of(corpus))


def _room_name(name: str) -> str:
    """What re-scans of one room share: the ScanNet room, else the scene itself."""
    stem = Path(name).name.partition(".")[0]
    return room_of(stem) if room_of(stem) != stem else name


def _is_scene(path: Path) -> bool:
    try:
        return file_kind(path) == "scene"
    except MonsterError:
        return False
