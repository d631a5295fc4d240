import numpy as np
import pytest
from handmade import BED, CHAIR, SHELF, TABLE, plain_room, table

from monster.skeleton import INDEX
from worlds.actions.performing.actor import Actor, go
from worlds.actions.performing.timeline import Timeline
from worlds.actions.seats.lie_on import lie_on
from worlds.actions.seats.sit_on import sit_on, stand_up_from
from worlds.actions.walking.walk_to import walk_to
from worlds.people.body import ANKLES, make_body
from worlds.people.gait import Stand
from worlds.rooms.floor import free_floor
from worlds.types import PlacedObject, Room

ROOM = plain_room()
TIGHT = plain_room(PlacedObject(8, "table", (0.1, 1.55, 0.0), 0.0, (1.2, 0.7, 0.74), table((0, 0, 0), 0).solids))


def actor_in(room: Room = ROOM, *, seed: int = 0, speed: float = 1.2, longest: float = 4.0) -> Actor:
    rng = np.random.default_rng(seed)
    return Actor(room, free_floor(room), make_body(1.7), rng, speed=speed, tempo=1.0, longest=longest)


def standing_at(actor: Actor, x: float, y: float, yaw: float = 0.0) -> Timeline:
    actor.timeline = Timeline(actor.body, Stand(x, y, yaw))
    return actor.timeline


def joints_of(actor: Actor) -> np.ndarray:
    assert actor.timeline is not None
    return actor.timeline.render(np.random.default_rng(0)).astype(float)


def test_going_starts_as_far_off_as_it_may() -> None:
    for seed in range(12):
        actor = actor_in(seed=seed, longest=2.0)
        assert go(actor, Stand(1.0, -0.5, 0.0), Stand(1.0, -0.5, 0.0))
        joints = joints_of(actor)
        walked = np.linalg.norm(np.diff(joints[:, 0, :2], axis=0), axis=1).sum()
        assert 0.9 < walked < 2.6
        assert joints[-1, 0, :2] == pytest.approx([1.0, -0.5], abs=0.05)


def test_going_on_starts_where_the_body_stands() -> None:
    actor = actor_in()
    line = standing_at(actor, -1.5, -2.0)
    assert go(actor, Stand(1.0, -0.5, 0.0), Stand(1.0, -0.5, 2.0))
    joints = joints_of(actor)
    assert joints[0, 0, :2] == pytest.approx([-1.5, -2.0], abs=0.03)
    assert joints[-1, 0, :2] == pytest.approx([1.0, -0.5], abs=0.05)
    assert line.stand.yaw % (2 * np.pi) == pytest.approx(2.0)


def test_one_heads_where_one_goes() -> None:
    actor = actor_in()
    standing_at(actor, -1.5, -2.0, yaw=0.4)
    assert go(actor, Stand(1.2, -0.4, 0.0), None)
    joints = joints_of(actor)
    step = (joints[6:, 0] - joints[:-6, 0])[:, :2]
    across = (joints[:, INDEX["right_hip"]] - joints[:, INDEX["left_hip"]])[3:-3, :2]
    ahead = np.stack([-across[:, 1], across[:, 0]], axis=1) / np.linalg.norm(across, axis=1, keepdims=True)
    speed = np.linalg.norm(step, axis=1)
    moving = speed > 0.2
    assert moving.sum() > 20
    assert ((step * ahead).sum(axis=1)[moving] / speed[moving]).min() > np.cos(np.radians(50))
    assert np.median((step * ahead).sum(axis=1)[moving] / speed[moving]) > 0.97


def test_a_body_with_its_back_to_the_way_turns_before_it_walks() -> None:
    actor = actor_in()
    line = standing_at(actor, 0.0, -2.0, yaw=np.pi)
    assert go(actor, Stand(0.0, -0.4, 0.0), None)
    assert line.now > 2.2
    joints = joints_of(actor)
    turned = np.unwrap(np.arctan2(*(joints[:, INDEX["right_hip"]] - joints[:, INDEX["left_hip"]])[:, 1::-1].T))
    halfway = int(np.abs(turned - (turned[0] + turned[-1]) / 2).argmin())
    assert np.linalg.norm(joints[halfway, 0, :2] - [0.0, -2.0]) < 0.3


def test_a_short_way_is_shuffled() -> None:
    actor = actor_in()
    line = standing_at(actor, 0.0, -2.0)
    assert go(actor, Stand(0.3, -1.8, 0.0), Stand(0.3, -1.8, 0.0))
    assert line.now < 1.6
    ankles = joints_of(actor)[:, list(ANKLES), 2]
    assert ankles.max() < 0.2


def test_lying_bodies_do_not_walk_off() -> None:
    actor = actor_in()
    assert lie_on(actor, (ROOM.by_id(BED),), True)
    assert actor.timeline is not None
    assert actor.timeline.lying
    assert not go(actor, Stand(1.0, -0.5, 0.0), None)
    assert not stand_up_from(actor, (ROOM.by_id(BED),), True)


def test_who_sits_rises_by_itself_to_go_on() -> None:
    actor = actor_in()
    assert sit_on(actor, (ROOM.by_id(CHAIR),), True)
    assert not sit_on(actor, (ROOM.by_id(CHAIR),), True)  # it sits there already
    assert walk_to(actor, (ROOM.by_id(TABLE),), True)
    assert actor.timeline is not None
    assert actor.timeline.seat is None
    heights = joints_of(actor)[:, 0, 2]
    assert heights.min() < 0.6 < 0.8 < heights[-1]


def test_nobody_stands_up_from_what_nobody_sits_on() -> None:
    actor = actor_in()
    assert walk_to(actor, (ROOM.by_id(TABLE),), True)
    assert not stand_up_from(actor, (ROOM.by_id(CHAIR),), True)
    assert not stand_up_from(actor_in(), (ROOM.by_id(SHELF),), True)


def test_a_chair_at_a_table_is_squeezed_into_without_touching_the_table() -> None:
    blocker = TIGHT.by_id(8)
    for seed in range(6):
        actor = actor_in(TIGHT, seed=seed)
        if not sit_on(actor, (TIGHT.by_id(CHAIR),), True):
            continue
        joints = joints_of(actor)
        low = joints[..., 2] < 0.7
        assert (blocker.distance(joints[low].reshape(-1, 3)) == 0).mean() < 0.01
        return
    pytest.fail("nobody got to the chair")


def test_a_walk_that_is_no_walk_does_not_count() -> None:
    actor = actor_in()
    assert walk_to(actor, (ROOM.by_id(CHAIR),), True)
    assert not walk_to(actor, (ROOM.by_id(CHAIR),), True)
