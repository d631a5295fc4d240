"""Relations of placed clips: proven, plainly named, joined with the clip's words."""

from __future__ import annotations

import numpy as np
import pytest
from handmade import CHAIR, TABLE, plain_room
from placed_clips import clip, standing

from monster.placement import find_places, occupancy_of_scan
from worlds.align.rooms import KnownRoom, plan_of_scan
from worlds.align.words import NEAR, captions, relations
from worlds.checker.claims import is_true
from worlds.geometry.relations import FloorPlan
from worlds.rooms.occupancy import occupancy_of_room
from worlds.rooms.scan import scan

ROOM = plain_room()
KNOWN = KnownRoom(occupancy_of_room(ROOM), FloorPlan(ROOM), exact=True)


def random() -> np.random.Generator:
    return np.random.default_rng(3)


@pytest.mark.parametrize("name", ["walk", "sit"])
def test_deeds_are_those_that_the_checker_proves(name: str) -> None:
    for place in find_places(clip(name), KNOWN.grid, 4, random()):
        joints = place.put(clip(name).joints)
        for told in relations(joints, KNOWN, random()):
            assert told.claim is None or is_true(told.claim, KNOWN.plan, joints)
            assert set(told.objects) <= {thing.id for thing in ROOM.objects}


def test_sitting_comes_first() -> None:
    place = next(place for place in find_places(clip("sit"), KNOWN.grid, 3) if place.seat == CHAIR)
    told = relations(place.put(clip("sit").joints), KNOWN, random())
    assert (told[0].name, told[0].objects, told[0].tail) == ("sit on", (CHAIR,), "on the chair")


def test_who_stands_near_a_thing_is_said_to() -> None:
    for place in find_places(standing(), KNOWN.grid, 12, random()):
        joints = place.put(standing().joints)
        for told in relations(joints, KNOWN, random()):
            thing = ROOM.by_id(told.objects[0])
            if told.name == "stays near":
                assert thing.distance(joints[:, 0]).max() < NEAR
            if told.name == "faces":
                left, right = joints[0, 1, :2], joints[0, 2, :2]
                ahead = np.array([(left - right)[1], -(left - right)[0]])
                assert ahead @ (np.array(thing.position[:2]) - joints[0, 0, :2]) > 0


def test_words_are_joined() -> None:
    place = next(place for place in find_places(clip("sit"), KNOWN.grid, 3) if place.seat == CHAIR)
    told = relations(place.put(clip("sit").joints), KNOWN, random())[:1]
    assert captions(("a man takes a seat.",), told, random()) == (
        "a man takes a seat, on the chair",
        "a man takes a seat.",
    )
    assert captions(("waves",), [], random()) == ("waves",) and captions((), [], random()) == ()
    (alone,) = captions((), told, random())
    assert "chair" in alone and " " in alone


def test_a_plan_of_a_scan_has_its_named_things_and_no_fronts() -> None:
    scene = scan(ROOM, np.random.default_rng(0), points=20_000)
    grid = occupancy_of_scan(scene)
    plan = plan_of_scan(scene, grid)
    assert {thing.category for thing in plan.room.objects} == {"chair", "bed", "table", "bookshelf"}
    table, true = plan.room.by_id(TABLE), ROOM.by_id(TABLE)
    assert np.allclose(table.position[:2], true.position[:2], atol=0.1)
    assert np.allclose(table.size[:2], true.size[:2], atol=0.15) and plan.room.by_id(CHAIR).seats
    place = next(place for place in find_places(clip("sit"), grid, 3) if place.seat == CHAIR)
    told = relations(place.put(clip("sit").joints), KnownRoom(grid, plan, exact=False), random())
    assert told[0].name == "sit on" and not any(word in told[0].tail for word in ("facing", "in front", "wall"))
