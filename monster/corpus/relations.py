"""Object phrases ("the chair next to the desk") and which objects of a room they fit, decided from the floor plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Final, Literal

import numpy as np

from monster.corpus.world import Array, PlacedObject, Room

Relation = Literal["only", "next to", "closest to", "farthest from", "in front of", "between"]
RELATIONS: Final[tuple[Relation, ...]] = ("only", "next to", "closest to", "farthest from", "in front of", "between")

NEXT_TO_GAP: Final = 0.6  # metres between the floor rectangles
CLEAR_MARGIN: Final = 0.3  # metres by which the closest or farthest one must beat the others
FRONT_REACH: Final = 1.3  # metres before the front side
BETWEEN_WIDTH: Final = 0.6  # metres to either side of the line
DOOR: Final = "door"


@dataclass(frozen=True)
class ObjectPhrase:
    """A way to name an object: its category and how it stands to one or two anchors, named by category."""

    category: str
    relation: Relation = "only"
    anchors: tuple[str, ...] = ()


def gap(one: PlacedObject, other: PlacedObject) -> float:
    """Metres of floor between two objects' rectangles; 0 when they touch or overlap."""
    return float(min(other.distance(_outline(one)).min(), one.distance(_outline(other)).min()))


def _outline(thing: PlacedObject, steps: int = 6) -> Array:
    corners = thing.footprint()
    along = np.linspace(0.0, 1.0, steps, endpoint=False)[:, None]
    return np.concatenate([a + (b - a) * along for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True)])


class Plan:
    """A room's floor plan, prepared for questions about relations."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.by_category: dict[str, list[PlacedObject]] = {}
        for thing in room.objects:
            self.by_category.setdefault(thing.category, []).append(thing)

    @cached_property
    def landmarks(self) -> dict[str, PlacedObject | tuple[float, float]]:
        """What a phrase can be anchored to: every object that is the only one of its category, and the only door."""
        single: dict[str, PlacedObject | tuple[float, float]] = {
            name: things[0] for name, things in self.by_category.items() if len(things) == 1
        }
        if len(self.room.doors) == 1 and DOOR not in self.by_category:
            single[DOOR] = self.room.doors[0]
        return single

    def resolve(self, phrase: ObjectPhrase) -> list[int]:
        """Ids of the objects that the phrase fits; empty when an anchor is missing or not unique."""
        things = self.by_category.get(phrase.category, [])
        if phrase.relation == "only":
            return [thing.id for thing in things]
        anchors = [self.landmarks.get(name) for name in phrase.anchors]
        found = [anchor for anchor in anchors if anchor is not None]
        if len(found) != len(anchors) or phrase.category in phrase.anchors:
            return []
        return [thing.id for thing in _RULES[phrase.relation](things, found)]

    def singles_out(self, phrase: ObjectPhrase, instance: int) -> bool:
        """Whether the phrase fits that object and no other."""
        return self.resolve(phrase) == [instance]

    @cached_property
    def _phrases(self) -> dict[int, list[ObjectPhrase]]:
        names = list(self.landmarks)
        found: dict[int, list[ObjectPhrase]] = {thing.id: [] for thing in self.room.objects}
        for category in self.by_category:
            for phrase in _candidates(category, [name for name in names if name != category]):
                fitting = self.resolve(phrase)
                if len(fitting) == 1:
                    found[fitting[0]].append(phrase)
        return found

    def phrases(self, instance: int) -> list[ObjectPhrase]:
        """Every phrase that singles the object out."""
        return self._phrases[instance]


def _candidates(category: str, anchors: list[str]) -> list[ObjectPhrase]:
    single: tuple[Relation, ...] = ("next to", "closest to", "farthest from", "in front of")
    return [
        ObjectPhrase(category),
        *(ObjectPhrase(category, relation, (name,)) for name in anchors for relation in single),
        *(ObjectPhrase(category, "between", pair) for pair in combinations(anchors, 2)),
    ]


Landmark = PlacedObject | tuple[float, float]


def _distance(thing: PlacedObject, anchor: Landmark) -> float:
    return gap(thing, anchor) if isinstance(anchor, PlacedObject) else float(thing.distance(np.array([anchor]))[0])


def _center(anchor: Landmark) -> Array:
    return np.array(anchor.position[:2] if isinstance(anchor, PlacedObject) else anchor, dtype=np.float64)


def _next_to(things: list[PlacedObject], anchors: list[Landmark]) -> list[PlacedObject]:
    return [thing for thing in things if _distance(thing, anchors[0]) <= NEXT_TO_GAP]


def _extreme(things: list[PlacedObject], anchors: list[Landmark], sign: float) -> list[PlacedObject]:
    if len(things) < 2:  # "the closest chair" says that there are more
        return []
    ranked = sorted(things, key=lambda thing: sign * _distance(thing, anchors[0]))
    lead = abs(_distance(ranked[1], anchors[0]) - _distance(ranked[0], anchors[0]))
    return ranked[:1] if lead >= CLEAR_MARGIN else []


def _closest(things: list[PlacedObject], anchors: list[Landmark]) -> list[PlacedObject]:
    return _extreme(things, anchors, 1.0)


def _farthest(things: list[PlacedObject], anchors: list[Landmark]) -> list[PlacedObject]:
    return _extreme(things, anchors, -1.0)


def _in_front_of(things: list[PlacedObject], anchors: list[Landmark]) -> list[PlacedObject]:
    anchor = anchors[0]
    if not isinstance(anchor, PlacedObject):
        return []
    width, depth, _ = anchor.size
    found = []
    for thing in things:
        x, y = anchor.to_own(np.array([thing.position]))[0, :2]
        if abs(x) <= width / 2 + 0.1 and depth / 2 < y <= depth / 2 + FRONT_REACH:
            found.append(thing)
    return found


def _between(things: list[PlacedObject], anchors: list[Landmark]) -> list[PlacedObject]:
    start, end = _center(anchors[0]), _center(anchors[1])
    line = end - start
    length = float(np.linalg.norm(line))
    if length < 0.8:
        return []
    found = []
    for thing in things:
        offset = _center(thing) - start
        along = float(offset @ line) / length**2
        aside = abs(float(offset[0] * line[1] - offset[1] * line[0])) / length
        if 0.25 <= along <= 0.75 and aside <= BETWEEN_WIDTH:
            found.append(thing)
    return found


_RULES: Final[dict[Relation, Callable[[list[PlacedObject], list[Landmark]], list[PlacedObject]]]] = {
    "next to": _next_to,
    "closest to": _closest,
    "farthest from": _farthest,
    "in front of": _in_front_of,
    "between": _between,
}
