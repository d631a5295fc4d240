"""Groups of furniture: chairs at tables, rows, rugs."""

from __future__ import annotations

import numpy as np
import pytest

from worlds.objects import make_object
from worlds.rooms.furnish.groups import CHAIRS_PULLED_OUT, chairs_round, row, rug, table_group
from worlds.rooms.layout import Layout, Rect, Zone, rect_of
from worlds.types import PlacedObject

OUTLINE = [(-3.5, -3.0), (3.5, -3.0), (3.5, 3.0), (-3.5, 3.0)]


def layout(seed: int = 0) -> Layout:
    return Layout(np.random.default_rng(seed), Rect(0, 0, 3.5, 3), [], OUTLINE)


def of(plan: Layout, category: str) -> list[PlacedObject]:
    return [object_ for object_ in plan.objects if object_.category == category]


@pytest.mark.parametrize("seed", range(6))
def test_equal_chairs_around_a_table_face_it(seed: int) -> None:
    plan = layout(seed)
    table = plan.put(make_object("meeting table", plan.rng), (0.0, 0.0), 0.0)
    assert table is not None
    chairs_round(plan, table, 8, chair_shares=CHAIRS_PULLED_OUT)
    chairs = of(plan, "chair")
    assert len(chairs) >= 5
    assert len({chair.size for chair in chairs}) == 1
    for chair in chairs:
        nearest = np.clip(chair.position[:2], -np.array(table.size[:2]) / 2, np.array(table.size[:2]) / 2)
        way = nearest - np.array(chair.position[:2])
        assert np.linalg.norm(way) < 1e-6 or chair.front @ way / np.linalg.norm(way) > -0.3


@pytest.mark.parametrize("seed", range(6))
def test_a_row_is_along_one_wall_with_gaps(seed: int) -> None:
    plan = layout(seed)
    bike = make_object("exercise bike", plan.rng)
    placed = row(plan, [bike] * 3, space=0.5)
    assert len(placed) == 3
    along = np.array([np.cos(placed[0].yaw), np.sin(placed[0].yaw)])
    steps = np.diff([np.array(object_.position[:2]) @ along for object_ in placed])
    assert steps == pytest.approx([bike.size[0] + 0.5] * 2, abs=1e-3)
    assert np.ptp([np.array(object_.position[:2]) @ placed[0].front for object_ in placed]) < 1e-3


def test_a_rug_is_under_its_table_and_takes_no_floor() -> None:
    plan = layout(2)
    table = table_group(plan, 0)
    assert table is not None
    rug(plan, 1.0, under=("table",))
    laid = of(plan, "rug")
    assert len(laid) == 1
    assert rect_of(laid[0]).overlaps(rect_of(table))
    x, y = laid[0].position[:2]
    spot = Rect(x, y + 0.1, 0.05, 0.05)
    assert plan.fits(spot, (table,))


def test_no_rug_is_placed_at_a_door() -> None:
    plan = layout(3)
    plan.zones.append(Zone(Rect(0.0, 0.0, 3.5, 3.0), -1))
    rug(plan, 1.0)
    assert not plan.objects


def test_a_row_without_a_wall_places_nothing() -> None:
    plan = layout(1)
    wide = make_object("meeting table", plan.rng)
    for x in (-2.0, 2.0):
        plan.put(make_object("bed", plan.rng), (x, 0.0), 0.0)
    before = list(plan.objects), list(plan.zones)
    assert row(plan, [wide] * 2, zone=3.0) == []
    assert (plan.objects, plan.zones) == before
