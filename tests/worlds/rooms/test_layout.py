"""The layout: overlaps, walls, zones, tops."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from worlds.objects import make_object
from worlds.rooms.layout import Layout, Opening, Rect, Zone, front_zone, rect_of, to_room_point, walls_of
from worlds.types import PlacedObject, Solid

OUTLINE = [(-3.0, -2.0), (3.0, -2.0), (3.0, 2.0), (-3.0, 2.0)]
rects = st.builds(
    Rect, st.floats(-2, 2), st.floats(-2, 2), st.floats(0.1, 1.5), st.floats(0.1, 1.5), st.floats(-pi, pi)
)


def layout(seed: int = 0, notches: tuple[Rect, ...] = ()) -> Layout:
    return Layout(np.random.default_rng(seed), Rect(0, 0, 3, 2), notches, OUTLINE)


def block(width: float = 0.6, depth: float = 0.4, height: float = 0.8) -> PlacedObject:
    size = (width, depth, height)
    return PlacedObject(
        0, "cabinet", (0.0, 0.0, 0.0), 0.0, size, (Solid((0.0, 0.0, height / 2), size, (0.5, 0.5, 0.5)),)
    )


def holds(rect: Rect, points: np.ndarray, margin: float) -> np.ndarray:
    c, s = cos(rect.yaw), sin(rect.yaw)
    x, y = points[:, 0] - rect.x, points[:, 1] - rect.y
    return (np.abs(c * x + s * y) < rect.half_width + margin) & (np.abs(c * y - s * x) < rect.half_depth + margin)


@given(rects, rects)
def test_overlap_agrees_with_shared_points(one: Rect, other: Rect) -> None:
    grid = np.stack(np.meshgrid(np.linspace(-4.2, 4.2, 120), np.linspace(-4.2, 4.2, 120)), axis=-1).reshape(-1, 2)
    both = (holds(one, grid, 0.0) & holds(other, grid, 0.0)).any()
    almost = (holds(one, grid, 0.08) & holds(other, grid, 0.08)).any()
    assert one.overlaps(other) == other.overlaps(one)
    if both:
        assert one.overlaps(other)
    if not almost:
        assert not one.overlaps(other)


@given(rects, st.floats(0.01, 0.5))
def test_a_rectangle_overlaps_itself_and_an_enlarged_neighbour(rect: Rect, gap: float) -> None:
    assert rect.overlaps(rect)
    ahead = front_zone(rect, 0.5)
    assert not rect.overlaps(ahead)
    assert rect.grown(gap).overlaps(ahead)


@given(rects)
def test_corners_are_counter_clockwise(rect: Rect) -> None:
    points = np.array(rect.corners())
    x, y = points.T
    area = 0.5 * float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))
    assert area == pytest.approx(4 * rect.half_width * rect.half_depth)


def test_the_inward_direction_of_walls() -> None:
    for wall in walls_of(OUTLINE):
        x, y = wall.at(wall.length / 2, 0.5)
        assert abs(x) < 3
        assert abs(y) < 2
        front = (-sin(wall.yaw), cos(wall.yaw))
        assert front == pytest.approx(wall.inward)


def test_put_refuses_occupied_places() -> None:
    plan = layout()
    assert plan.put(block(), (2.8, 0.0), 0.0) is None  # through the wall
    assert plan.put(block(), (0.0, 0.0), 0.3) is not None
    assert plan.put(block(), (0.3, 0.0), 0.0) is None  # through the first one
    assert plan.put(block(), (0.9, 0.0), 0.0) is not None
    assert len(plan.objects) == 2
    notched = layout(notches=(Rect(2, 1, 1, 1),))
    assert notched.put(block(), (2.0, 1.0), 0.0) is None


def test_the_front_zone_stays_free_except_for_related_objects() -> None:
    plan = layout()
    desk = plan.put(block(1.2, 0.6), (0.0, 1.6), pi, zone=0.8)
    assert desk is not None
    assert plan.put(block(), (0.0, 0.8), 0.0) is None
    assert plan.put(block(), (0.0, 0.8), 0.0, with_=(desk,)) is not None
    assert plan.put(block(), (0.0, 1.1), 0.0, under=(desk,)) is None  # the friend stands there now
    busy = layout()
    busy.put(block(), (0.0, 0.5), 0.0)
    assert busy.put(block(1.2, 0.6), (0.0, 1.2), pi, zone=0.8) is None  # no room for its zone


def test_doors_stay_free() -> None:
    plan = layout()
    plan.zones.append(Zone(Rect(0.0, -1.5, 0.5, 0.5), -1))
    assert plan.put(block(), (0.2, -1.3), 0.0) is None


@pytest.mark.parametrize("side", [0.0, pi / 2, -pi / 2])
@pytest.mark.parametrize("seed", range(5))
def test_against_wall_places_the_given_side_at_a_wall(side: float, seed: int) -> None:
    plan = layout(seed)
    placed = plan.against_wall(block(1.0, 0.5), side=side)
    assert placed is not None
    corners = np.array(rect_of(placed).corners())
    gap = np.minimum(3 - np.abs(corners[:, 0]), 2 - np.abs(corners[:, 1])).min()
    assert gap == pytest.approx(0.03, abs=1e-3)
    front = np.array([-sin(placed.yaw), cos(placed.yaw)])
    turned = {0.0: front, pi / 2: np.array([front[1], -front[0]]), -pi / 2: np.array([-front[1], front[0]])}[side]
    nearest = min(plan.walls, key=lambda wall: abs(np.dot(np.array(placed.position[:2]) - wall.start, wall.inward)))
    away = abs(np.dot(np.array(placed.position[:2]) - nearest.start, nearest.inward))
    if away < 0.6:
        assert turned @ np.array(nearest.inward) == pytest.approx(1.0, abs=1e-4)


def test_tall_furniture_does_not_hide_windows() -> None:
    plan = layout()
    plan.openings += [Opening(index, 0.0, wall.length, 1.0) for index, wall in enumerate(plan.walls)]
    assert plan.against_wall(block(height=2.0)) is None
    assert plan.against_wall(block(height=0.8)) is not None


def test_objects_hang_on_free_wall_above_low_furniture() -> None:
    plan = layout(3)
    picture = make_object("picture", np.random.default_rng(0))
    for _ in range(4):
        plan.against_wall(block(1.5, 0.4, 2.0), zone=0.0)
    hung = [found for _ in range(6) if (found := plan.hang(picture, 1.3)) is not None]
    assert hung
    for object_ in hung:
        assert not any(rect_of(object_).overlaps(rect_of(other)) for other in plan.objects if other.position[2] == 0.0)
    assert not any(rect_of(a).overlaps(rect_of(b)) for a in hung for b in hung if a is not b)


@given(st.floats(-pi, pi), st.floats(-1, 1), st.floats(-1, 1))
def test_local_points_in_room_coordinates(yaw: float, x: float, y: float) -> None:
    assume(abs(yaw) < 3.14)
    object_ = layout().put(block(), (0.4, -0.2), yaw)
    assert object_ is not None
    assert to_room_point(object_, (x, y)) == pytest.approx(
        tuple(object_.to_room(np.array([[x, y, 0.0]]))[0, :2]), abs=1e-6
    )


def test_on_top_uses_the_surface_and_no_floor() -> None:
    plan = layout()
    desk = plan.put(block(1.2, 0.6, 0.7), (0.0, 0.0), pi / 2)
    assert desk is not None
    lamp = plan.on_top(block(0.2, 0.2, 0.4), desk, (0.3, 0.0))
    assert lamp.position == pytest.approx((0.0, 0.3, 0.7))
    assert plan.fits(Rect(1.0, 0.3, 0.4, 0.3))


def test_hang_at_needs_a_free_span_of_the_wall() -> None:
    plan = layout()
    board = make_object("blackboard", plan.rng)
    assert plan.hang_at(board, (0, 0.3), 0.9) is None  # beyond the corner
    hung = plan.hang_at(board, (0, 3.0), 0.9)
    assert hung is not None
    assert hung.position[2] == 0.9
    assert plan.hang_at(board, (0, 3.2), 0.9) is None  # the first one hangs there


def test_on_top_uses_the_surface_height_not_the_object_height() -> None:
    plan = layout()
    lectern = plan.put(make_object("lectern", plan.rng), (0.0, 0.0), 0.0)
    assert lectern is not None
    assert lectern.top is not None
    assert plan.on_top(block(0.1, 0.1, 0.1), lectern).position[2] == pytest.approx(lectern.top[4])
