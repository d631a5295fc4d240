"""Places: free of obstacles, on fitting seats, apart from each other, deterministic for a seed."""

from __future__ import annotations

import time

import numpy as np
import pytest
from handmade import BED, CHAIR, cupboard_all_round, plain_room
from hypothesis import given, settings
from hypothesis import strategies as st
from placed_clips import clip, raised, standing

from monster.placement import Place, find_places
from monster.placement.requirements import requirements_of
from monster.placement.search import MIN_SHIFT, MIN_TURN, SPACING, _PlaceSearch, turned
from monster.skeleton import INDEX
from monster.types import Motion
from worlds.checker.claims import detect_frames
from worlds.geometry.relations import FloorPlan
from worlds.rooms.occupancy import occupancy_of_room

ROOM = plain_room()
COARSE = ("pelvis", "head", "left_ankle", "right_ankle", "left_wrist", "right_wrist")
GRID = occupancy_of_room(ROOM)


def deepest(joints: np.ndarray) -> float:  # type: ignore[type-arg]
    """Metres that some joint is inside a solid of the room: by its boxes, not by cubes."""
    worst = 0.0
    for thing in ROOM.objects:
        own = thing.to_local(joints.reshape(-1, 3))
        for solid in thing.solids:
            away = np.abs(own - np.array(solid.center)) - np.array(solid.size) / 2
            worst = max(worst, float(-away.max(axis=1).min()))
    return worst


def test_placed_walks_do_not_penetrate_objects() -> None:
    places = find_places(clip("walk"), GRID, 5, np.random.default_rng(0))
    assert len(places) == 5
    for place in places:
        joints = place.put(clip("walk").joints)
        assert deepest(joints) < 0.05 and np.abs(joints[..., :2]).max() < 2.5
        assert place.is_free and place.seat is None
        assert abs(np.percentile(joints[:, [10, 11], 2].min(axis=1), 2)) < 0.02


@pytest.mark.parametrize("name", ["walk", "sit"])
def test_the_search_over_the_floor_finds_what_trying_every_start_finds(name: str) -> None:
    motion = clip(name)
    search = _PlaceSearch.of(motion, GRID, requirements_of(motion))
    found = {(place.yaw, *np.round(place.shift, 6)) for place in search.on_floor(np.random.default_rng(0))}
    frames = np.unique(np.linspace(0, len(motion) - 1, 14).astype(int))
    few = motion.joints[frames][:, [INDEX[joint] for joint in COARSE]].astype(np.float64)
    expected = set()
    for yaw in np.linspace(0, 2 * np.pi, 24, endpoint=False):
        body = turned(few, float(yaw))
        for start in GRID.standing_room(SPACING):
            shift = np.array([*(start - body[0, 0, :2]), search.rise])
            cubes = GRID.cubes(body + shift)
            if not (GRID.tight.ravel()[cubes[:, 0]].any() or GRID.depth.ravel()[cubes[:, 1:]].any()):
                expected.add((float(yaw), *np.round(shift, 6)))
    assert found <= expected and len(found) == min(len(expected), 150) > 0


def test_places_are_apart() -> None:
    places = find_places(clip("walk"), GRID, 6, np.random.default_rng(0))
    starts = [place.put(clip("walk").joints)[0, 0, :2] for place in places]
    for i in range(len(places)):
        for j in range(i):
            turn = abs((places[i].yaw - places[j].yaw + np.pi) % (2 * np.pi) - np.pi)
            assert np.linalg.norm(starts[i] - starts[j]) >= MIN_SHIFT or turn >= MIN_TURN - 1e-9


def test_sitting_clips_are_placed_on_seats() -> None:
    plan, places = FloorPlan(ROOM), find_places(clip("sit"), GRID, 3)
    assert places and {place.seat for place in places} <= {CHAIR, BED}
    for place in places:
        assert place.seat is not None
        assert detect_frames("sit on", (ROOM.by_id(place.seat),), plan, place.put(clip("sit").joints))


def test_clips_without_a_place_get_none() -> None:
    walled = plain_room(*cupboard_all_round())
    seats = [place.seat for place in find_places(clip("sit"), occupancy_of_room(walled), 3)]
    assert CHAIR not in seats
    assert find_places(raised(standing(4.0), 0.5), GRID, 1) == []
    assert find_places(clip("lie"), GRID, 1) == []


def test_the_same_seed_gives_the_same_places() -> None:
    first, again, other = (find_places(clip("walk"), GRID, 2, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert [(p.yaw, *p.shift) for p in first] == [(p.yaw, *p.shift) for p in again]
    assert [(p.yaw, *p.shift) for p in first] != [(p.yaw, *p.shift) for p in other]


@settings(max_examples=8, deadline=None)
@given(st.floats(0, 6.28), st.floats(-50, 50), st.floats(-2, 2))
def test_the_recording_position_does_not_matter(yaw: float, shift: float, rise: float) -> None:
    moved = Place(yaw, np.array([shift, -shift, rise])).put(clip("sit").joints)
    for place in find_places(Motion(moved.astype(np.float32), 20.0), GRID, 1):
        joints = place.put(moved)
        assert place.seat is not None and ROOM.by_id(place.seat).distance(joints[-1:, 0])[0] < 0.1
        assert joints[..., 2].min() > -0.05


@pytest.mark.parametrize("name", ["walk", "sit"])
def test_a_search_is_quick(name: str) -> None:
    find_places(clip(name), GRID, 1)
    start = time.process_time()
    find_places(clip(name), GRID, 3)
    assert time.process_time() - start < 2.0  # a fifth of a second, on a machine that does nothing else
