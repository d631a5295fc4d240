"""Captions of placed clips: proven relations joined with the clip's text."""

from __future__ import annotations

import numpy as np
import pytest
from handmade import CHAIR, TABLE, plain_room
from placed_clips import clip, standing

from monster.placement import find_places, occupancy_of_scan
from worlds.align.captions import NEAR_DISTANCE, captions, relations
from worlds.align.rooms import RoomGeometry, floor_plan_of_scan
from worlds.checker.claims import is_true
from worlds.geometry.relations import FloorPlan
from worlds.rooms.occupancy import occupancy_of_room
from worlds.rooms.scan import scan

ROOM = plain_room()
GEOMETRY = RoomGeometry(occupancy_of_room(ROOM), FloorPlan(ROOM), exact=True)


def make_rng() -> np.random.Generator:
    return np.random.default_rng(3)


@pytest.mark.parametrize("name", ["walk", "sit"])
def test_claims_are_true_and_objects_exist(name: str) -> None:
    for place in find_places(clip(name), GEOMETRY.grid, 4, make_rng()):
        joints = place.put(clip(name).joints)
        for proven in relations(joints, GEOMETRY, make_rng()):
            assert proven.claim is None or is_true(proven.claim, GEOMETRY.floor_plan, joints)
            assert set(proven.objects) <= {object_.id for object_ in ROOM.objects}


def test_the_most_specific_relation_comes_first() -> None:
    place = next(place for place in find_places(clip("sit"), GEOMETRY.grid, 3) if place.seat == CHAIR)
    proven = relations(place.put(clip("sit").joints), GEOMETRY, make_rng())
    assert (proven[0].name, proven[0].objects, proven[0].tail) == ("sit on", (CHAIR,), "on the chair")


def test_place_relations_agree_with_distance_and_heading() -> None:
    for place in find_places(standing(), GEOMETRY.grid, 12, make_rng()):
        joints = place.put(standing().joints)
        for proven in relations(joints, GEOMETRY, make_rng()):
            object_ = ROOM.by_id(proven.objects[0])
            if proven.name == "stays near":
                assert object_.distance(joints[:, 0]).max() < NEAR_DISTANCE
            if proven.name == "faces":
                left, right = joints[0, 1, :2], joints[0, 2, :2]
                ahead = np.array([(left - right)[1], -(left - right)[0]])
                assert ahead @ (np.array(object_.position[:2]) - joints[0, 0, :2]) > 0


def test_texts_are_joined_with_relations() -> None:
    place = next(place for place in find_places(clip("sit"), GEOMETRY.grid, 3) if place.seat == CHAIR)
    proven = relations(place.put(clip("sit").joints), GEOMETRY, make_rng())[:1]
    assert captions(("a man takes a seat.",), proven, make_rng()) == (
        "a man takes a seat, on the chair",
        "a man takes a seat.",
    )
    assert captions(("waves",), [], make_rng()) == ("waves",) and captions((), [], make_rng()) == ()
    (alone,) = captions((), proven, make_rng())
    assert "chair" in alone and " " in alone


def test_the_floor_plan_of_a_scan_has_labelled_objects_without_fronts() -> None:
    scene = scan(ROOM, np.random.default_rng(0), points=20_000)
    grid = occupancy_of_scan(scene)
    floor_plan = floor_plan_of_scan(scene, grid)
    assert {object_.category for object_ in floor_plan.room.objects} == {"chair", "bed", "table", "bookshelf"}
    table, true = floor_plan.room.by_id(TABLE), ROOM.by_id(TABLE)
    assert np.allclose(table.position[:2], true.position[:2], atol=0.1)
    assert np.allclose(table.size[:2], true.size[:2], atol=0.15) and floor_plan.room.by_id(CHAIR).seats
    place = next(place for place in find_places(clip("sit"), grid, 3) if place.seat == CHAIR)
    proven = relations(place.put(clip("sit").joints), RoomGeometry(grid, floor_plan, exact=False), make_rng())
    assert proven[0].name == "sit on" and not any(word in proven[0].tail for word in ("facing", "in front", "wall"))
