"""Objects with a free surface on top."""

from __future__ import annotations

from collections.abc import Callable

from worlds.actions.performing.actor import Setting
from worlds.actions.performing.places import stands_at_top, top_edges
from worlds.types import PlacedObject


def has_top(target: PlacedObject) -> bool:
    """Whether the object has a free surface."""
    return target.top is not None


def has_top_at(target: PlacedObject, heights: tuple[float, float]) -> bool:
    """Whether the object has a free surface within that range of heights, in metres over the floor."""
    return target.top is not None and heights[0] <= target.top[4] + target.position[2] <= heights[1]


def find_tops(heights: tuple[float, float], least: float) -> Callable[[Setting], list[tuple[int, ...]]]:
    """Objects whose top has such a height, and an edge of at least so many metres with a stand before it."""

    def find(setting: Setting) -> list[tuple[int, ...]]:
        targets: list[tuple[int, ...]] = []
        for object_ in setting.room.objects:
            edges = top_edges(object_, least=least) if has_top_at(object_, heights) else []
            if any(len(stands_at_top(object_, edge, setting.floor)) for edge in edges):
                targets.append((object_.id,))
        return targets

    return find
