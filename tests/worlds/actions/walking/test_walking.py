"""Ways to and from objects, turning and looking: where the body ends, which way it faces."""

from __future__ import annotations

import numpy as np
import pytest
from handmade import BED, CHAIR, SHELF, TABLE, plain_room

from worlds.actions.facing.from_afar import facing_from
from worlds.actions.facing.look_at import look_at
from worlds.actions.facing.turn_to import turn_to
from worlds.actions.performing.actor import Actor
from worlds.actions.walking.back_away_from import back_away_from
from worlds.actions.walking.beside import is_beside
from worlds.actions.walking.walk_away_from import walk_away_from
from worlds.actions.walking.walk_to import walk_to
from worlds.geometry.kinematics import MotionKinematics
from worlds.people.body import make_body
from worlds.rooms.floor import free_floor
from worlds.types import PlacedObject

ROOM = plain_room()
FLOOR = free_floor(ROOM)


def actor_in(seed: int = 0) -> Actor:
    rng = np.random.default_rng(seed)
    return Actor(ROOM, FLOOR, make_body(1.7), rng, speed=1.2, tempo=1.0, longest=4.0)


def seen(actor: Actor) -> MotionKinematics:
    assert actor.timeline is not None
    return MotionKinematics.of(actor.timeline.render(np.random.default_rng(0)))


@pytest.mark.parametrize("seed", range(4))
def test_who_walks_away_ends_far_off_with_the_back_to_it(seed: int) -> None:
    thing, actor = ROOM.by_id(SHELF), actor_in(seed)
    assert walk_away_from(actor, (thing,), True)
    body = seen(actor)
    away = thing.distance(body.pelvis)
    assert away[0] < 0.7 and away[-1] > away[0] + 1.4
    toward = np.array(thing.position[:2]) - body.pelvis[-1, :2]
    assert body.heading[-1] @ toward < 0


@pytest.mark.parametrize("seed", range(4))
def test_who_backs_away_faces_it_all_the_time(seed: int) -> None:
    thing, actor = ROOM.by_id(SHELF), actor_in(seed)
    if not back_away_from(actor, (thing,), True):
        pytest.skip("no room behind the spot that was drawn")
    body = seen(actor)
    toward = np.array(thing.position[:2]) - body.pelvis[:, :2]
    assert ((toward * body.heading).sum(axis=1) > 0).all()
    assert thing.distance(body.pelvis)[-1] > thing.distance(body.pelvis)[0] + 0.5
    assert np.linalg.norm(np.diff(body.pelvis[:, :2], axis=0), axis=1).max() * 20 < 1.0


def test_nobody_backs_away_from_what_is_elsewhere() -> None:
    actor = actor_in()
    assert walk_to(actor, (ROOM.by_id(TABLE),), False)
    assert not back_away_from(actor, (ROOM.by_id(BED),), True)
    assert not walk_away_from(actor, (ROOM.by_id(BED),), True)
    assert walk_away_from(actor, (ROOM.by_id(TABLE),), True)


@pytest.mark.parametrize("seed", range(4))
def test_who_turns_stays_on_the_spot(seed: int) -> None:
    thing, actor = ROOM.by_id(CHAIR), actor_in(seed)
    assert turn_to(actor, (thing,), True)
    body = seen(actor)
    assert np.linalg.norm(body.pelvis[:, :2] - body.pelvis[0, :2], axis=1).max() < 0.3
    toward = np.array(thing.position[:2]) - body.pelvis[:, :2]
    angle = np.arccos((toward * body.heading).sum(axis=1) / np.linalg.norm(toward, axis=1))
    assert angle[0] > np.radians(60) and angle[-1] < np.radians(12)
    assert not turn_to(actor, (thing,), True)  # it faces it already


def test_who_looks_stands_some_way_off_and_faces_it() -> None:
    thing, actor = ROOM.by_id(BED), actor_in(3)
    assert look_at(actor, (thing,), True)
    body = seen(actor)
    assert 0.9 < thing.distance(body.pelvis)[-1] < 3.0
    toward = np.array(thing.position[:2]) - body.pelvis[-1, :2]
    assert body.heading[-1] @ toward / np.linalg.norm(toward) > np.cos(np.radians(10))
    assert body.speed[-25:].max() < 0.15


def test_places_to_look_from_face_the_middle() -> None:
    spots = facing_from(FLOOR, ROOM.by_id(SHELF))
    assert len(spots) > 20
    ahead = np.stack([-np.sin(spots.yaws), np.cos(spots.yaws)], axis=1)
    toward = np.array(ROOM.by_id(SHELF).position[:2]) - spots.points
    assert ((ahead * toward).sum(axis=1) / np.linalg.norm(toward, axis=1)).min() > 0.999
    assert spots.costs[np.argmin(spots.points[:, 0])] < spots.costs.mean()  # the shelf's front looks to -x


@pytest.mark.parametrize(("x", "beside"), [(1.1, True), (1.2, True), (1.3, False)])
def test_a_body_is_beside_an_object_up_to_its_limit(monkeypatch: pytest.MonkeyPatch, x: float, beside: bool) -> None:
    monkeypatch.setattr("worlds.actions.walking.beside.free_place", lambda actor: np.array([x, 0.0]))
    box = PlacedObject(1, "box", (0.0, 0.0, 0.0), 0.0, (1.0, 1.0, 1.0), ())
    assert is_beside(actor_in(), box) == beside
