"""Places small objects on furniture, at walls and on the floor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from worlds.objects import make_object
from worlds.rooms.furnish.groups import QUARTER_TURN, chance, choose, random_int, uniform
from worlds.rooms.layout import Layout, Rect, free_top, front_zone
from worlds.types import PlacedObject

LOW_KINDS: Final = ("step", "bag", "toy", "low box")
LANE_DEPTH: Final = 0.8  # metres of free floor on both sides of an object that is stepped over
ON_TOP_PROBABILITY: Final = 0.65  # of a small object


def place_small_objects(layout: Layout, kinds: Sequence[str], *, low: float = 0.55) -> None:
    """Place one to three objects of these kinds, and with probability ``low`` a low object on free floor."""
    if chance(layout, low):
        place_low_object(layout, choose(layout, LOW_KINDS))
    wanted, left = random_int(layout, 1, 3), 0
    for _ in range(8):
        object_ = make_object(choose(layout, kinds), layout.rng)
        placed = place_on_any_top(layout, object_) if chance(layout, ON_TOP_PROBABILITY) else None
        if placed is None:
            placed = layout.against_wall(object_, corner=chance(layout, 0.3), zone=0.5, tries=20)
        left += placed is not None
        if left == wanted:
            return


def place_on_any_top(layout: Layout, object_: PlacedObject) -> PlacedObject | None:
    """Place the object on furniture with enough free surface; None if there is none."""
    anchors = [anchor for anchor in layout.objects if anchor.top is not None and anchor.position[2] < 0.01]
    for index in layout.rng.permutation(len(anchors)).tolist():
        placed = place_on_top(layout, object_, anchors[index])
        if placed is not None:
            return placed
    return None


def place_on_top(layout: Layout, object_: PlacedObject, anchor: PlacedObject) -> PlacedObject | None:
    """Place the object on the free part of the anchor's top, near its front edge; None if it does not fit."""
    top = free_top(anchor, layout.objects)
    if top is None:
        return None
    left, right, back, front, _ = top
    width, depth = object_.size[0] + 0.05, object_.size[1] + 0.05
    if right - left < width or front - back < depth:
        return None
    x = uniform(layout, left + width / 2, right - width / 2)
    y = max(front - depth / 2 - uniform(layout, 0.0, 0.12), back + depth / 2)
    return layout.on_top(object_, anchor, (x, y), uniform(layout, -0.1, 0.1))


def place_low_object(layout: Layout, kind: str) -> PlacedObject | None:
    """Place a low object in the open, with free floor in front of it and behind it."""
    object_, box = make_object(kind, layout.rng), layout.bounds
    for _ in range(30):
        x = box.x + uniform(layout, -1, 1) * (box.half_width - 0.5)
        y = box.y + uniform(layout, -1, 1) * (box.half_depth - 0.5)
        yaw = QUARTER_TURN * random_int(layout, 0, 3) + uniform(layout, -0.2, 0.2)
        rect = Rect(x, y, object_.size[0] / 2, object_.size[1] / 2, yaw)
        lanes = (
            front_zone(rect, LANE_DEPTH),
            front_zone(Rect(x, y, rect.half_width, rect.half_depth, yaw + 2 * QUARTER_TURN), LANE_DEPTH),
        )
        if all(layout.fits(lane.grown(0.1)) for lane in lanes):
            placed = layout.put(object_, (x, y), yaw, clear=0.25)
            if placed is not None:
                return placed
    return None
