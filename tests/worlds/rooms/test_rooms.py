"""Generated rooms: no overlaps, typical furniture, reachable objects."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from monster.errors import InputError
from worlds.geometry.relations import gap
from worlds.rooms.floor import WalkableMap, free_floor, inside, reachable_objects
from worlds.rooms.layout import free_top, rect_of
from worlds.rooms.rooms import MAX_FURNITURE, MAX_INSTANCES, ROOM_KINDS, furniture, grounded, make_room
from worlds.types import PlacedObject, Room

SEEDS = range(6)
LOW = ("step", "bag", "toy", "box")
CHAIRS = ("chair", "office chair")


@cache
def made(kind: str, seed: int) -> Room:
    return make_room(kind, np.random.default_rng([ROOM_KINDS.index(kind), seed]))


def standing(room: Room) -> list[PlacedObject]:
    return grounded(room)


def of(room: Room, *categories: str) -> list[PlacedObject]:
    return [object_ for object_ in room.objects if object_.category in categories]


every_room = pytest.mark.parametrize(("kind", "seed"), [(kind, seed) for kind in ROOM_KINDS for seed in SEEDS])


@every_room
def test_furniture_is_inside_the_outline(kind: str, seed: int) -> None:
    room = made(kind, seed)
    low, high = room.outline.min(axis=0), room.outline.max(axis=0)
    assert ((high - low) >= (1.5 if kind == "hallway" else 2.8)).all()
    assert ((high - low) <= 8.5).all()
    assert np.abs(low + high).max() / 2 <= 0.51
    for object_ in furniture(room):
        assert inside(room.outline, object_.footprint()).all(), object_.category


@every_room
def test_furniture_does_not_overlap_except_chairs_under_tables(kind: str, seed: int) -> None:
    objects = standing(made(kind, seed))
    for index, one in enumerate(objects):
        for other in objects[index + 1 :]:
            if rect_of(one).overlaps(rect_of(other)):
                assert {one.category, other.category} in ({"chair", "table"}, {"chair", "desk"})
                assert one.distance(np.array([other.position]))[0] > 0 or other.category in ("table", "desk")


@every_room
def test_ids_start_at_1_with_doors_and_windows_last(kind: str, seed: int) -> None:
    room = made(kind, seed)
    assert [object_.id for object_ in room.objects] == list(range(1, len(room.objects) + 1))
    fixed = [object_.category in ("door", "window") for object_ in room.objects]
    assert fixed == sorted(fixed)
    assert 1 <= len(room.doors) == len(of(room, "door")) <= 2


@every_room
def test_most_furniture_can_be_reached_from_a_door(kind: str, seed: int) -> None:
    room = made(kind, seed)
    reached = reachable_objects(room, free_floor(room))
    objects = standing(room)
    firm = [object_ for object_ in objects if not object_.portable]
    assert len(firm) <= MAX_FURNITURE.get(kind, 18)
    assert len(reached & {object_.id for object_ in objects}) >= (0.5 if kind == "classroom" else 0.7) * len(objects)
    assert len(reached & {object_.id for object_ in objects}) >= {"hallway": 3, "bathroom": 5, "laundry room": 5}.get(
        kind, 6
    )
    assert kind in ("hallway", "laundry room") or any(object_.seats for object_ in objects if object_.id in reached)
    assert len(room.objects) + 1 + len(room.outline) <= MAX_INSTANCES


@every_room
def test_door_points_are_on_free_floor(kind: str, seed: int) -> None:
    room = made(kind, seed)
    assert free_floor(room).is_walkable(np.array(room.doors)).all()
    for door, spot in zip(of(room, "door"), room.doors, strict=True):
        assert door.distance(np.array([spot]))[0] < 0.5
        assert door.to_local(np.array([[*spot, 0.0]]))[0, 1] > 0  # before its front
        middle = door.to_room(np.array([[0.0, 0.3, 0.0]]))[0]
        assert inside(room.outline, middle[None, :2])[0]


@every_room
def test_windows_are_in_walls_and_not_hidden_by_tall_furniture(kind: str, seed: int) -> None:
    room = made(kind, seed)
    for window in of(room, "window"):
        assert window.position[2] >= 0.9
        assert window.position[2] + window.size[2] < room.height + 0.1
        for object_ in standing(room):
            if object_.size[2] > 1.2 and object_.category not in ("lamp", "plant", "coat rack"):
                width = np.abs(window.to_local(object_.to_room(np.zeros((1, 3))))[0])
                hidden = width[1] < 0.5 and width[0] < window.size[0] / 2 - 0.3
                assert not hidden, object_.category


@pytest.mark.parametrize("kind", ROOM_KINDS)
def test_the_same_seed_makes_the_same_room(kind: str) -> None:
    assert repr(make_room(kind, np.random.default_rng(5))) == repr(make_room(kind, np.random.default_rng(5)))
    assert repr(made(kind, 1)) != repr(made(kind, 2))


def test_ids_are_in_random_order() -> None:
    first = {made("bedroom", seed).objects[0].category for seed in range(8)}
    assert len(first) >= 3


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("bedroom", ("bed",)),
        ("living room", ("sofa", "tv stand")),
        ("kitchen", ("counter", "sink", "stove", "refrigerator")),
        ("office", ("desk", "office chair")),
        ("dining room", ("table", "chair")),
        ("bathroom", ("toilet", "sink")),
        ("meeting room", ("table",)),
        ("hallway", ("picture",)),
        ("classroom", ("desk", "chair")),
        ("gym", ("treadmill", "exercise bike", "weight bench")),
        ("laundry room", ("washing machine", "clothes dryer")),
        ("waiting room", ("chair", "coffee table")),
        ("hotel room", ("bed",)),
        ("library", ("bookshelf",)),
        ("children's room", ("bookshelf",)),
    ],
)
def test_each_kind_has_its_typical_furniture(kind: str, expected: tuple[str, ...]) -> None:
    rooms = [made(kind, seed) for seed in SEEDS]
    for category in expected:
        assert np.mean([bool(of(room, category)) for room in rooms]) >= 0.7, category


def test_beds_stand_at_a_wall_with_nightstands_at_their_head() -> None:
    beside = 0
    for seed in SEEDS:
        room = made("bedroom", seed)
        beds = of(room, "bed")
        for bed in beds:
            corners = bed.footprint()
            assert min(_to_wall(room, corner) for corner in corners) < 0.06
        for stand in of(room, "nightstand"):
            bed = min(beds, key=lambda bed: gap(bed, stand))
            assert gap(bed, stand) < 0.2
            head = bed.to_room(np.array([bed.lying[1]]))[0] if bed.lying else np.zeros(3)
            beside += bool(np.linalg.norm(head[:2] - np.array(stand.position[:2])) < 1.3)
            assert np.linalg.norm(head[:2] - np.array(stand.position[:2])) < 1.95
    assert beside >= 5


def _to_wall(room: Room, point: np.ndarray) -> float:
    start = room.outline
    edge = np.roll(start, -1, axis=0) - start
    along = np.clip(((point - start) * edge).sum(axis=1) / (edge**2).sum(axis=1), 0, 1)
    return float(np.linalg.norm(start + along[:, None] * edge - point, axis=1).min())


def test_a_sofa_faces_the_television_over_a_coffee_table() -> None:
    facing = 0
    for seed in range(12):
        room = made("living room", seed)
        for table in of(room, "coffee table"):
            sofa = min(of(room, "sofa"), key=lambda sofa: gap(sofa, table))
            assert gap(sofa, table) >= 0.4
            assert sofa.to_local(np.array([table.position]))[0, 1] > 0
        for stand in of(room, "tv stand"):
            for sofa in of(room, "sofa"):
                way = np.array(stand.position[:2]) - np.array(sofa.position[:2])
                facing += bool(sofa.front @ stand.front < -0.9 and way @ sofa.front > 1.5)
    assert facing >= 8


def test_chairs_stand_at_desks_and_some_can_be_sat_on() -> None:
    near, seated, chairs = 0, 0, 0
    for seed in SEEDS:
        room = made("office", seed)
        reached = reachable_objects(room, free_floor(room))
        for desk in of(room, "desk"):
            near += any(gap(desk, chair) < 0.8 for chair in of(room, *CHAIRS))
        chairs += len(of(room, "office chair"))
        seated += sum(chair.id in reached for chair in of(room, "office chair"))
        assert of(room, "desk")
    assert near >= 12
    assert seated >= 0.7 * chairs


def test_kitchen_units_stand_side_by_side() -> None:
    for seed in SEEDS:
        units = of(made("kitchen", seed), "counter", "sink", "stove", "refrigerator")
        together = [min(gap(unit, other) for other in units if other is not unit) < 0.05 for unit in units]
        assert sum(together) >= 2


def test_small_objects_are_on_furniture() -> None:
    for kind in ROOM_KINDS:
        for seed in SEEDS:
            room = made(kind, seed)
            for object_ in of(room, "table lamp", "monitor", "television", "microwave"):
                below = [o for o in standing(room) if o.distance(np.array([object_.position]))[0] == 0.0]
                assert any(abs(o.size[2] - object_.position[2]) < 1e-3 for o in below), object_.category


def test_some_rooms_are_not_rectangles_and_hold_several_of_one_category() -> None:
    rooms = [made(kind, seed) for kind in ROOM_KINDS for seed in SEEDS]
    forms = {len(room.outline) for room in rooms}  # a rectangle, a cut corner, an L, a T or a U
    assert {4, 5, 6, 8} <= forms
    assert 0.1 < np.mean([len(room.outline) > 4 for room in rooms]) < 0.5
    several = [len(of(room, *CHAIRS)) >= 2 for room in rooms if room.kind in ("office", "meeting room", "dining room")]
    assert np.mean(several) > 0.8
    for room in rooms:
        edges = np.roll(room.outline, -1, axis=0) - room.outline
        following = np.roll(edges, -1, axis=0)
        turns = edges[:, 0] * following[:, 1] - edges[:, 1] * following[:, 0]
        angles = np.arctan2(turns, (edges * following).sum(axis=1))
        assert angles.sum() == pytest.approx(2 * np.pi)  # counter-clockwise, once round
        assert np.allclose(np.abs(angles) % (np.pi / 4), 0, atol=1e-3) | (len(room.outline) == 5)


def test_there_are_enough_kinds() -> None:
    assert len(ROOM_KINDS) >= 11
    assert {"meeting room", "hallway", "classroom", "gym"} <= set(ROOM_KINDS)


@every_room
def test_portable_objects_are_on_the_floor_or_on_a_top(kind: str, seed: int) -> None:
    room = made(kind, seed)
    portable = [object_ for object_ in room.objects if object_.portable]
    assert portable
    for object_ in portable:
        if object_.position[2] == 0.0:
            continue
        bearers = [o for o in standing(room) if o.distance(np.array([object_.position]))[0] == 0.0]
        heights = [solid.center[2] + solid.size[2] / 2 for bearer in bearers for solid in bearer.solids]
        assert min(abs(height - object_.position[2]) for height in heights) < 2e-3
    for bearer in room.objects:
        assert free_top(bearer, room.objects) == bearer.top  # nothing stands on what is said to be free


@every_room
def test_objects_on_tops_do_not_overlap(kind: str, seed: int) -> None:
    raised = [object_ for object_ in furniture(made(kind, seed)) if object_.position[2] > 0.2]
    for index, one in enumerate(raised):
        for other in raised[index + 1 :]:
            if one.category == other.category == "curtain":
                continue
            low = max(one.position[2], other.position[2])
            high = min(one.position[2] + one.size[2], other.position[2] + other.size[2])
            assert low >= high - 1e-6 or not rect_of(one).overlaps(rect_of(other)), (one.category, other.category)


def test_low_objects_are_on_free_floor_in_a_third_of_the_rooms() -> None:
    open_rooms = 0
    for kind in ROOM_KINDS:
        for seed in SEEDS:
            room = made(kind, seed)
            grid = free_floor(room)
            for object_ in of(room, *LOW):
                if object_.position[2] == 0.0 and 0.1 < object_.size[2] <= 0.35 and _has_lanes(object_, grid):
                    open_rooms += 1
                    break
    assert open_rooms >= len(ROOM_KINDS) * len(SEEDS) * 0.28


def _has_lanes(object_: PlacedObject, grid: WalkableMap) -> bool:
    out = object_.size[1] / 2 + 0.5
    return bool(grid.is_walkable(object_.to_room(np.array([[0.0, -out, 0.0], [0.0, out, 0.0]]))).all())


@pytest.mark.parametrize("seed", SEEDS)
def test_a_hallway_is_long_and_its_doors_are_connected(seed: int) -> None:
    room = made("hallway", seed)
    assert len(room.doors) == 2
    alone = free_floor(replace(room, doors=room.doors[:1]))
    assert alone.can_reach(np.array(room.doors)).all()
    extent = room.outline.max(axis=0) - room.outline.min(axis=0)
    assert extent.max() > 1.9 * extent.min() or len(room.outline) == 6


def test_classroom_desks_are_in_rows_and_chairs_face_the_board() -> None:
    for seed in SEEDS:
        room = made("classroom", seed)
        boards = of(room, "blackboard", "whiteboard")
        board = max(boards, key=lambda board: board.size[0])
        desks = [desk for desk in of(room, "desk") if desk.front @ board.front > 0.99]
        assert len(desks) >= 4
        chairs = of(room, "chair")
        ahead = sum(bool(chair.front @ board.front < 0.5) for chair in chairs)  # none turns its back to the board
        assert ahead >= 0.7 * len(chairs)
        assert all(board.to_local(np.array([desk.position]))[0, 1] > 2.0 for desk in desks)


def test_meeting_chairs_face_the_table() -> None:
    facing, chairs = 0, 0
    for seed in SEEDS:
        room = made("meeting room", seed)
        table = max(of(room, "table"), key=lambda table: table.size[0])
        for chair in of(room, *CHAIRS):
            if gap(chair, table) < 0.9:
                way = table.to_local(np.array([chair.position]))[0, :2]
                nearest = np.clip(way, -np.array(table.size[:2]) / 2, np.array(table.size[:2]) / 2)
                goal = table.to_room(np.array([[*nearest, 0.0]]))[0, :2] - np.array(chair.position[:2])
                chairs += 1
                facing += bool(np.linalg.norm(goal) < 1e-6 or chair.front @ goal / np.linalg.norm(goal) > 0.2)
    assert chairs >= 4 * len(SEEDS)
    assert facing >= 0.7 * chairs


def test_an_unknown_kind_raises() -> None:
    with pytest.raises(InputError, match=r"unknown kind of room 'attic'.*bedroom"):
        make_room("attic", np.random.default_rng(0))
