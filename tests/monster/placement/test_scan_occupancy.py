"""The occupancy grid of a scan: equal to that of its room, with the floor and existing seats."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from handmade import BED, CHAIR, TABLE, plain_room

from monster.errors import InputError
from monster.io import read_scene
from monster.placement import occupancy_of_scan
from monster.placement.occupancy import FREE, OUTSIDE
from monster.types import Scene
from worlds.rooms.occupancy import occupancy_of_room
from worlds.rooms.scan import scan

ROOM = plain_room()
SCANS = Path(__file__).parents[4] / "shared" / "data" / "scene"


@pytest.fixture(scope="module")
def scene() -> Scene:
    return scan(ROOM, np.random.default_rng(0), points=30_000)


def test_a_scan_is_free_where_its_room_is(scene: Scene) -> None:
    exact, seen = occupancy_of_room(ROOM), occupancy_of_scan(scene)
    rng = np.random.default_rng(1)
    points = np.column_stack([rng.uniform(-2.3, 2.3, (3000, 2)), rng.uniform(0.2, 1.8, 3000)])
    points = points[ROOM.by_id(TABLE).distance(points) > 0.1]  # solid by hand, open below when scanned
    first, second = (grid.owner.ravel()[grid.cubes(points)] == FREE for grid in (exact, seen))
    assert (first == second).mean() > 0.9 and abs(seen.floor) < 0.02
    assert second[~first].mean() < 0.2


def test_unseen_floor_is_not_free(scene: Scene) -> None:
    grid = occupancy_of_scan(scene)
    rim = np.array([[-30.0, 0.0, 1.0], [0.0, 30.0, 1.0], [2.9, 2.9, 1.0]])
    assert (grid.owner.ravel()[grid.cubes(rim)] == OUTSIDE).all()
    half = scene.points[:, 0] < 0.0
    cut = Scene(
        scene.points[half], instances=None if scene.instances is None else scene.instances[half], labels=scene.labels
    )
    assert occupancy_of_scan(cut).standing_room(0.1)[:, 0].max() < 0.0


def test_seats_are_on_labelled_objects(scene: Scene) -> None:
    seats = occupancy_of_scan(scene).seats
    assert {seat.owner for seat in seats} <= {CHAIR, BED} and any(seat.owner == CHAIR for seat in seats)
    for seat in seats:
        thing = ROOM.by_id(seat.owner)
        assert thing.distance(seat.point[None])[0] < 0.05
        assert abs(seat.point[2] - thing.seats[0][2]) < 0.06
    facing = next(seat.facing for seat in seats if seat.owner == CHAIR)
    assert facing @ ROOM.by_id(CHAIR).front > 0.8


def test_occupancy_needs_no_labels(scene: Scene) -> None:
    grid = occupancy_of_scan(replace(scene, instances=None, labels=None))
    assert len(grid.standing_room(0.2)) > 50 and grid.seats == ()
    assert TABLE not in grid.owner


def test_a_scan_without_a_floor_is_refused(scene: Scene) -> None:
    high = scene.points[:, 2] > 0.5
    with pytest.raises(InputError, match="a scene with a floor"):
        occupancy_of_scan(Scene(scene.points[high & (np.abs(scene.points[:, 0]) > 2.4)]))


@pytest.mark.skipif(not SCANS.is_dir(), reason="the real scans are not here")
def test_real_scans_have_floors_and_seats() -> None:
    grid = occupancy_of_scan(read_scene(SCANS / "scene0001_00.npz"))
    assert grid.span > 4.0 and len(grid.seats) >= 4
