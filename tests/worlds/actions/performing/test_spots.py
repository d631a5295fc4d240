import numpy as np
import pytest
from handmade import BED, CHAIR, SHELF, TABLE, chair, cupboard_all_round, plain_room

from worlds.actions.performing.spots import (
    beside,
    clearance,
    heading,
    lying_seat,
    seats_of,
    sitting_seats,
    within_reach,
)
from worlds.people.body import make_body
from worlds.rooms.floor import free_floor

BODY = make_body()
ROOM = plain_room()
FLOOR = free_floor(ROOM)


@pytest.mark.parametrize("target", [CHAIR, BED, TABLE, SHELF])
def test_one_stands_near_an_object_on_free_floor_facing_it(target: int) -> None:
    thing = ROOM.by_id(target)
    spots = beside(ROOM, thing, FLOOR)
    assert len(spots) > 5
    assert FLOOR.is_walkable(spots.points).all()
    gaps = thing.distance(spots.points)
    assert (gaps > 0.33).all()
    assert (gaps < 0.65).all()
    ahead = spots.points + 0.5 * np.stack([-np.sin(spots.yaws), np.cos(spots.yaws)], axis=1)
    assert (thing.distance(ahead) < gaps).all()


def test_of_two_chairs_one_stands_nearer_to_the_one_that_is_meant() -> None:
    room = plain_room(chair((0.9, 0.3, 0.0), 0.5, number=7))
    spots = beside(room, room.by_id(7), free_floor(room))
    assert len(spots)
    assert (room.by_id(7).distance(spots.points) < room.by_id(CHAIR).distance(spots.points)).all()


def test_a_seat_leaves_room_for_the_legs_and_is_come_to_from_free_floor() -> None:
    thing = ROOM.by_id(CHAIR)
    (seat,) = seats_of(ROOM, thing, sitting_seats(thing), body=BODY, floor=FLOOR)
    assert FLOOR.is_walkable(np.array([[seat.spot.x, seat.spot.y]]))[0]
    own = thing.to_local(np.array([[seat.stand.x, seat.stand.y, 0.0]]))[0]
    assert own[0] == pytest.approx(0.0, abs=1e-6)
    assert 0.25 < own[1] < 0.7
    assert seat.stand.yaw == thing.yaw


def test_what_is_shut_in_has_no_seat_and_no_spot() -> None:
    room = plain_room(*cupboard_all_round())
    floor, thing = free_floor(room), room.by_id(CHAIR)
    assert seats_of(room, thing, sitting_seats(thing), body=BODY, floor=floor) == []
    assert len(beside(room, thing, floor)) == 0


def test_only_beds_are_lain_on_from_their_open_side() -> None:
    assert len(lying_seat(ROOM.by_id(CHAIR))) == 0
    point = lying_seat(ROOM.by_id(BED))[0]
    assert point == pytest.approx([0.1, 0.46, 0.5])


def test_handles_are_reached_from_before_them() -> None:
    thing = ROOM.by_id(SHELF)
    handle = thing.to_room(np.array(thing.handles))[0]
    spots = within_reach(thing, handle, FLOOR)
    best = spots.points[spots.costs.argmin()]
    assert np.linalg.norm(best - handle[:2]) < 0.7
    assert (best - handle[:2]) @ thing.front > 0.3


def test_clearance_is_the_gap_to_other_furniture() -> None:
    points = np.array([[0.2, 0.6], [1.8, -1.5]])
    gaps = clearance(ROOM, points, ignore=CHAIR)
    assert gaps[0] > 0.5
    assert gaps[1] == pytest.approx(0.25, abs=1e-6)


def test_headings_are_zero_along_y_and_grow_to_the_left() -> None:
    assert heading(np.array([[0.0, 1.0], [-1.0, 0.0]])) == pytest.approx([0.0, np.pi / 2])
