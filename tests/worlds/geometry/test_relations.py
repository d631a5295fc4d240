"""Referring expressions resolved on small hand-made floor plans."""

from __future__ import annotations

import numpy as np
import pytest

from worlds.geometry.kinematics import Viewer
from worlds.geometry.relations import RELATIONS, VIEWER_RELATIONS, FloorPlan, ReferringExpression, gap
from worlds.rooms.rooms import ROOM_KINDS, make_room
from worlds.types import PlacedObject, Room, Solid


def placed(number: int, category: str, x: float, y: float, *, yaw: float = 0.0, size: float = 0.5) -> PlacedObject:
    return PlacedObject(number, category, (x, y, 0.0), yaw, (size, size, 0.8), ())


def plan(*objects: PlacedObject, doors: tuple[tuple[float, float], ...] = ((0.0, -2.4),)) -> FloorPlan:
    outline = np.array([[-3.0, -2.5], [3.0, -2.5], [3.0, 2.5], [-3.0, 2.5]])
    return FloorPlan(Room("office", outline, 2.6, doors, objects))


OFFICE = plan(
    placed(1, "chair", -2.0, 0.0),
    placed(2, "chair", 0.0, 0.0),
    placed(3, "chair", 2.0, 2.0),
    placed(4, "desk", -2.0, 1.0),
    placed(5, "lamp", 2.0, 0.0),
)


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        (ReferringExpression("chair"), [1, 2, 3]),
        (ReferringExpression("desk"), [4]),
        (ReferringExpression("sofa"), []),
        (ReferringExpression("chair", "next to", ("desk",)), [1]),
        (ReferringExpression("chair", "closest to", ("desk",)), [1]),
        (ReferringExpression("chair", "farthest from", ("desk",)), [3]),
        (ReferringExpression("chair", "between", ("desk", "lamp")), [2]),
        (ReferringExpression("chair", "closest to", ("door",)), [2]),
        (ReferringExpression("chair", "next to", ("sofa",)), []),  # no such anchor
        (ReferringExpression("desk", "closest to", ("lamp",)), []),  # a superlative needs rivals
        (ReferringExpression("lamp", "next to", ("chair",)), []),  # three chairs: the anchor is not unique
        (ReferringExpression("chair", "next to", ("chair",)), []),
    ],
)
def test_resolve_returns_all_matching_ids(phrase: ReferringExpression, expected: list[int]) -> None:
    assert OFFICE.resolve(phrase) == expected


def test_in_front_of_uses_the_orientation_of_the_anchor() -> None:
    room = plan(
        placed(1, "desk", 0.0, 0.0, yaw=np.pi / 2),
        placed(2, "chair", -1.0, 0.0),
        placed(3, "chair", 1.0, 0.0),
    )
    # The desk is turned by 90 degrees to the left, so its front (+y) points to -x.
    assert room.resolve(ReferringExpression("chair", "in front of", ("desk",))) == [2]


def test_closest_needs_the_lead_margin() -> None:
    room = plan(placed(1, "desk", 0.0, 0.0), placed(2, "chair", 1.0, 0.0), placed(3, "chair", -1.2, 0.0))
    assert room.resolve(ReferringExpression("chair", "closest to", ("desk",))) == []


def test_one_of_two_doors_is_not_a_landmark() -> None:
    room = plan(placed(1, "chair", 0.0, 0.0), placed(2, "chair", 2.0, 0.0), doors=((0.0, -2.4), (2.9, 0.0)))
    assert "door" not in room.landmarks


def test_every_phrase_is_unambiguous() -> None:
    for entry in OFFICE.room.objects:
        assert OFFICE.phrases(entry.id)
        assert all(OFFICE.resolve(phrase) == [entry.id] for phrase in OFFICE.phrases(entry.id))


def test_gap_is_the_distance_between_rectangles() -> None:
    assert gap(placed(1, "a", 0.0, 0.0), placed(2, "b", 1.5, 0.0)) == pytest.approx(1.0)
    assert gap(placed(1, "a", 0.0, 0.0), placed(2, "b", 0.3, 0.0)) == 0
    turned = gap(placed(1, "a", 0.0, 0.0), placed(2, "b", 1.5, 0.0, yaw=np.pi / 4))
    assert turned == pytest.approx(1.5 - 0.25 - 0.25 * np.sqrt(2), abs=0.01)


def desk_with(*objects: PlacedObject) -> FloorPlan:
    solid = Solid((0.0, 0.0, 0.7), (1.4, 0.8, 0.04), (0.5, 0.5, 0.5))
    desk = PlacedObject(1, "desk", (1.0, 0.5, 0.0), 0.3, (1.4, 0.8, 0.72), (solid,))
    return plan(desk, *objects)


def test_on_needs_contact_with_the_top() -> None:
    on_desk = PlacedObject(2, "laptop", (1.1, 0.6, 0.72), 0.0, (0.3, 0.2, 0.2), ())
    on_floor = PlacedObject(3, "laptop", (-1.0, 0.5, 0.0), 0.0, (0.3, 0.2, 0.2), ())
    above = PlacedObject(4, "laptop", (1.1, 0.6, 1.4), 0.0, (0.3, 0.2, 0.2), ())
    room = desk_with(on_desk, on_floor, above)
    assert room.resolve(ReferringExpression("laptop", "on", ("desk",))) == [2]
    assert ReferringExpression("laptop", "on", ("desk",)) in room.phrases(2)
    assert room.resolve(ReferringExpression("desk", "on", ("lamp",))) == []


@pytest.mark.parametrize(("gap_", "chairs"), [(3.9, [1]), (4.0, [1]), (4.1, [])])
def test_facing_has_a_range_of_four_metres(gap_: float, chairs: list[int]) -> None:
    lamp, chair = placed(9, "lamp", 0.0, gap_ + 0.5), placed(1, "chair", 0.0, 0.0)
    assert gap(lamp, chair) == pytest.approx(gap_)
    assert plan(lamp, chair).resolve(ReferringExpression("chair", "facing", ("lamp",))) == chairs


def test_facing_uses_the_front_and_only_of_categories_that_have_one() -> None:
    lamp = placed(9, "lamp", 0.0, 2.0)
    chairs = [
        placed(1, "chair", 0.0, 0.0),
        placed(2, "chair", 1.0, 0.0, yaw=np.pi),
        placed(3, "chair", -1.0, 0.0, yaw=0.9),
    ]
    assert plan(lamp, *chairs).resolve(ReferringExpression("chair", "facing", ("lamp",))) == [1]
    boxes = [
        placed(1, "box", 0.0, 0.0),
        placed(2, "box", 1.0, 0.0, yaw=np.pi),
    ]  # a category without a visible front
    assert plan(lamp, *boxes).resolve(ReferringExpression("box", "facing", ("lamp",))) == []


def test_against_the_wall_needs_both_ends_of_a_side() -> None:
    room = plan(
        placed(1, "chair", 0.0, 2.2),
        placed(2, "chair", 0.0, 0.0),
        placed(3, "chair", 1.5, 2.1, yaw=0.5),  # one corner only
        PlacedObject(4, "picture", (-2.0, 2.45, 1.4), np.pi, (0.6, 0.04, 0.5), ()),  # hangs
    )
    assert room.resolve(ReferringExpression("chair", "against the wall")) == [1]
    assert room.resolve(ReferringExpression("picture", "against the wall")) == []


def test_in_the_corner_needs_a_convex_corner() -> None:
    outline = np.array([[-3.0, -2.0], [3.0, -2.0], [3.0, 2.0], [0.0, 2.0], [0.0, 0.0], [-3.0, 0.0]])
    objects = (
        placed(1, "plant", -2.7, -1.7),
        placed(2, "plant", 0.35, 0.0),
        placed(3, "plant", 1.5, 1.7),
    )
    room = FloorPlan(Room("office", outline, 2.6, (), objects))
    assert room.resolve(ReferringExpression("plant", "in the corner")) == [1]  # 2 is at a concave corner


@pytest.mark.parametrize(("heading", "left", "right"), [((0.0, 1.0), 1, 2), ((0.0, -1.0), 2, 1)])
def test_left_and_right_depend_on_the_viewer(heading: tuple[float, float], left: int, right: int) -> None:
    room = plan(placed(1, "chair", -1.5, 0.0), placed(2, "chair", 1.5, 0.0))
    viewer = Viewer((0.0, 0.0), heading)
    assert room.resolve(ReferringExpression("chair", "on the left"), viewer) == [left]
    assert room.resolve(ReferringExpression("chair", "on the right"), viewer) == [right]
    assert ReferringExpression("chair", "on the left") in room.phrases(left, viewer)
    assert ReferringExpression("chair", "on the left") not in room.phrases(right, viewer)


def test_a_single_object_must_be_clearly_on_the_left() -> None:
    viewer, phrase = Viewer((0.0, 0.0), (0.0, 1.0)), ReferringExpression("chair", "on the left")
    assert plan(placed(1, "chair", -0.3, 2.0)).resolve(phrase, viewer) == []  # nearly ahead
    assert plan(placed(1, "chair", -0.3, -2.0)).resolve(phrase, viewer) == []  # behind
    both = plan(placed(1, "chair", -2.0, 0.0), placed(2, "chair", -0.3, 2.0))
    assert both.resolve(phrase, viewer) == [1, 2]
    assert both.resolve(phrase) == []  # no viewer


@pytest.mark.parametrize("number", range(4))
def test_phrases_and_resolve_agree_in_generated_rooms(number: int) -> None:
    room = FloorPlan(make_room(ROOM_KINDS[number * 3], np.random.default_rng(number)))
    relations = set()
    viewer = Viewer((0.0, 0.0), (1.0, 0.0))
    for entry in room.room.objects:
        offered = room.phrases(entry.id, viewer)
        assert all(room.resolve(phrase, viewer) == [entry.id] for phrase in offered)
        assert len(set(offered)) == len(offered)
        relations |= {phrase.relation for phrase in offered}
    assert relations <= set(RELATIONS) and len(relations) >= 7 and relations & set(VIEWER_RELATIONS)
