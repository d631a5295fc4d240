"""Hands on the top of an object."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from worlds.actions.performing.actor import Setting
from worlds.actions.performing.places import from_side, top_edges
from worlds.actions.performing.reaching import HANDS
from worlds.actions.performing.timeline import Timeline
from worlds.types import Array, PlacedObject

WRIST: Final = 0.05  # metres from a surface to the wrist of the hand on it
KEYS: Final = 12.0  # a second, of a path that a hand follows
RIM: Final = 0.1


def follow(line: Timeline, places: dict[int, Array], *, seconds: float) -> None:
    """Let the wrists that are at the first of their places (n, 3) go through all of them, evenly in time."""
    for side, path in places.items():
        for time, place in zip(line.now + np.linspace(0, seconds, len(path)), path, strict=True):
            line.set(HANDS[side], float(time), *place)
    line.wait(seconds)


def is_high(thing: PlacedObject, span: tuple[float, float]) -> bool:
    return thing.top is not None and span[0] <= thing.top[4] + thing.position[2] <= span[1]


def with_a_top(span: tuple[float, float], least: float) -> Callable[[Setting], list[tuple[int, ...]]]:
    """What has a top of such a height that one gets to."""

    def possible(setting: Setting) -> list[tuple[int, ...]]:
        return [
            (thing.id,)
            for thing in setting.room.objects
            if is_high(thing, span)
            and any(len(from_side(thing, edge, setting.floor)) for edge in top_edges(thing, least=least))
        ]

    return possible
