"""Small objects on tops and low objects on the floor."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from worlds.objects import make_object
from worlds.rooms.furnish.small import LANE_DEPTH, LOW_KINDS, place_low_object, place_on_any_top, place_on_top
from worlds.rooms.layout import Layout, Rect, free_top, front_zone, rect_of

OUTLINE = [(-3.0, -2.0), (3.0, -2.0), (3.0, 2.0), (-3.0, 2.0)]


def layout(seed: int = 0) -> Layout:
    return Layout(np.random.default_rng(seed), Rect(0, 0, 3, 2), [], OUTLINE)


@pytest.mark.parametrize("seed", range(10))
def test_objects_on_one_table_do_not_overlap(seed: int) -> None:
    plan = layout(seed)
    table = plan.put(make_object("meeting table", plan.rng), (0.0, 0.0), 0.4)
    assert table is not None
    assert table.top is not None
    placed = [place_on_top(plan, make_object(kind, plan.rng), table) for kind in ("vase", "books", "laptop", "pot")]
    standing = [object_ for object_ in placed if object_ is not None]
    assert len(standing) >= 2
    for index, object_ in enumerate(standing):
        assert object_.position[2] == pytest.approx(table.top[4])
        local = table.to_local(np.column_stack([object_.footprint(), np.zeros(4)]))[:, :2]
        assert (np.abs(local) <= np.array(table.size[:2]) / 2 + 1e-3).all()
        assert not any(rect_of(object_).overlaps(rect_of(other)) for other in standing[:index])


def test_the_free_top_excludes_occupied_places() -> None:
    plan = layout(1)
    desk = plan.put(make_object("desk", plan.rng), (0.0, 0.0), 1.1)
    assert desk is not None
    assert free_top(desk, plan.objects) == desk.top
    object_ = place_on_top(plan, make_object("books", plan.rng), desk)
    left = free_top(desk, plan.objects)
    assert object_ is not None
    assert left is not None
    assert desk.top is not None
    assert left[0] >= desk.top[0] and left[1] <= desk.top[1] and left[2] >= desk.top[2] and left[3] <= desk.top[3]
    local = desk.to_local(np.column_stack([object_.footprint(), np.zeros(4)]))[:, :2]
    beside = [local[:, 0].max() <= left[0], local[:, 0].min() >= left[1], local[:, 1].max() <= left[2]]
    assert any([*beside, local[:, 1].min() >= left[3]])


def test_large_objects_are_not_placed_on_tops() -> None:
    plan = layout(2)
    stand = plan.put(make_object("nightstand", plan.rng), (0.0, 0.0), 0.0)
    assert stand is not None
    wide = replace(make_object("toolbox", plan.rng), size=(2.0, 0.3, 0.2))
    assert place_on_top(plan, wide, stand) is None
    assert place_on_any_top(plan, wide) is None
    assert len(plan.objects) == 1


@pytest.mark.parametrize("kind", LOW_KINDS)
def test_a_low_object_has_free_floor_in_front_and_behind(kind: str) -> None:
    plan = layout(3)
    plan.against_wall(make_object("sofa", plan.rng))
    plan.against_wall(make_object("desk", plan.rng))
    object_ = place_low_object(plan, kind)
    assert object_ is not None
    rect = rect_of(object_)
    for yaw in (rect.yaw, rect.yaw + np.pi):
        lane = front_zone(Rect(rect.x, rect.y, rect.half_width, rect.half_depth, yaw), LANE_DEPTH)
        assert plan.fits(lane, (object_,))


def test_a_full_room_has_no_place_for_a_low_object() -> None:
    plan = layout(4)
    for x in np.arange(-2.5, 3.0, 1.0):
        for y in (-1.3, 0.0, 1.3):
            plan.put(make_object("ottoman", plan.rng), (float(x), y), 0.0)
    assert place_low_object(plan, "step") is None
