import numpy as np
import pytest
from handmade import BED, CHAIR, plain_room

from monster.skeleton import INDEX
from worlds.actions.performing.postures import lie_back, rise, sit_down, start_seated
from worlds.actions.performing.spots import Seat, lying_seat, seats_of, sitting_seats
from worlds.actions.performing.timeline import Timeline
from worlds.people.body import ANKLES, HEAD, make_body
from worlds.rooms.floor import free_floor

BODY = make_body(1.72)
ROOM = plain_room()


def seat_on(target: int) -> Seat:
    thing = ROOM.by_id(target)
    local = lying_seat(thing) if target == BED else sitting_seats(thing)
    return seats_of(ROOM, thing, local, body=BODY, floor=free_floor(ROOM))[0]


def test_sitting_down_and_rising_leave_the_feet_where_they_are() -> None:
    seat = seat_on(CHAIR)
    line = Timeline(BODY, seat.stand)
    sit_down(line, seat, seconds=1.5)
    line.wait(1.0)
    middle = line.frames - 8
    rise(line, seconds=1.5)
    line.wait(0.5)
    joints = line.render(np.random.default_rng(0))
    pelvis = joints[middle, 0]
    assert pelvis[:2] == pytest.approx(seat.point[:2], abs=0.03)
    assert pelvis[2] == pytest.approx(seat.point[2] + 0.1, abs=0.02)
    assert np.ptp(joints[:, ANKLES], axis=0).max() < 0.002
    assert joints[-1, 0, 2] == pytest.approx(BODY.standing_height, abs=0.03)
    trunk = joints[:, INDEX["neck"]] - joints[:, 0]
    assert trunk[middle // 3 : middle, 2].min() < 0.9 * trunk[middle, 2]  # it bowed on the way


def test_a_performance_may_begin_on_a_seat() -> None:
    seat = seat_on(CHAIR)
    line = Timeline(BODY, seat.stand)
    start_seated(line, seat)
    line.wait(1.0)
    joints = line.render(np.random.default_rng(0))
    assert joints[0, 0] == pytest.approx([*seat.point[:2], seat.point[2] + 0.1], abs=0.02)


def test_lying_back_ends_level_with_the_head_at_its_place() -> None:
    seat, thing = seat_on(BED), ROOM.by_id(BED)
    line = Timeline(BODY, seat.stand)
    sit_down(line, seat, seconds=1.5)
    assert thing.lying is not None
    points = thing.to_room(np.array(thing.lying))
    lie_back(line, seat, points, seconds=2.0)
    line.wait(0.8)
    joints = line.render(np.random.default_rng(0)).astype(float)
    assert joints[-1, HEAD, :2] == pytest.approx(points[1, :2], abs=0.08)
    assert np.ptp(joints[-1, :, 2]) < 0.35
    assert (joints[-1, :, 2] > points[0, 2]).all()
    along = (points[0] - points[1])[:2] / np.linalg.norm((points[0] - points[1])[:2])
    assert ((joints[-1, list(ANKLES)] - joints[-1, 0])[:, :2] @ along > 0.7).all()
    jerks = np.linalg.norm(np.diff(joints, 2, axis=0), axis=2) * 400
    assert jerks.max() < 80
