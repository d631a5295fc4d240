"""Object phrases ("the chair next to the desk") and which objects of a room they fit, decided from the floor plan.

The exact rule of every relation is in `relation_rules`; "closest to" and "farthest from" are here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Final, Literal, get_args

import numpy as np

from worlds.geometry import relation_rules as rules
from worlds.geometry.kinematics import Viewer
from worlds.geometry.relation_rules import NEXT_TO_GAP, SIDE_ANGLES, Mask
from worlds.types import Array, PlacedObject, Room

Relation = Literal[
    "only", "next to", "closest to", "farthest from", "in front of", "facing", "on",
    "between", "against the wall", "in the corner", "on the left", "on the right",
]  # fmt: skip
RELATIONS: Final[tuple[Relation, ...]] = get_args(Relation)
TO_ONE: Final[tuple[Relation, ...]] = ("next to", "closest to", "farthest from", "in front of", "facing", "on")
OF_ROOM: Final[tuple[Relation, ...]] = ("against the wall", "in the corner")
OF_VIEWER: Final[tuple[Relation, ...]] = ("on the left", "on the right")

CLEAR_MARGIN: Final = 0.3  # metres by which the closest or farthest one must beat the others
CLEARLY: Final = 0.15  # metres by which rivals have to miss what a phrase says
DOOR: Final = "door"


@dataclass(frozen=True)
class ReferringExpression:
    """A way to name an object: its category and how it stands to no, one or two anchors, named by category."""

    category: str
    relation: Relation = "only"
    anchors: tuple[str, ...] = ()


def anchor_count(relation: Relation) -> int:
    """How many anchors a phrase of that relation names: 0, 1 or 2."""
    return 1 if relation in TO_ONE else 2 if relation == "between" else 0


def gap(one: PlacedObject, other: PlacedObject) -> float:
    """Metres of floor between two objects' rectangles; 0 when they touch or overlap."""
    return float(rules.gaps([one, other])[0, 1])


class FloorPlan:
    """A room's floor plan, prepared for questions about relations."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.by_category: dict[str, list[PlacedObject]] = {}
        for thing in room.objects:
            self.by_category.setdefault(thing.category, []).append(thing)

    @cached_property
    def _things(self) -> list[PlacedObject]:
        """The room's objects, and its only door when that is no object: a point on the floor."""
        things = list(self.room.objects)
        if len(self.room.doors) == 1 and DOOR not in self.by_category:
            things.append(PlacedObject(-1, DOOR, (*self.room.doors[0], 0.0), 0.0, (0.0, 0.0, 0.0), ()))
        return things

    @cached_property
    def landmarks(self) -> dict[str, PlacedObject]:
        """What a phrase can be anchored to: every object that is the only one of its category, and the only door."""
        return {name: self._things[index] for name, index in self._anchors.items()}

    @cached_property
    def _anchors(self) -> dict[str, int]:
        rows: dict[str, list[int]] = {}
        for index, thing in enumerate(self._things):
            rows.setdefault(thing.category, []).append(index)
        return {name: found[0] for name, found in rows.items() if len(found) == 1}

    @cached_property
    def _rows(self) -> dict[str, list[int]]:
        rows: dict[str, list[int]] = {}
        for index, thing in enumerate(self.room.objects):
            rows.setdefault(thing.category, []).append(index)
        return rows

    @cached_property
    def _gaps(self) -> Array:
        return rules.gaps(self._things)

    @cached_property
    def _between(self) -> Mask:
        return rules.between(self._things)

    @cached_property
    def _nearly_of_room(self) -> dict[Relation, Mask]:
        return {
            "against the wall": rules.against_wall(self._things, self.room, CLEARLY),
            "in the corner": rules.in_corner(self._things, self.room, CLEARLY),
        }

    @cached_property
    def _nearly_between(self) -> Mask:
        return rules.between(self._things, CLEARLY)

    @cached_property
    def _nearly_to_one(self) -> dict[Relation, Mask]:
        """Wider tables of relations for which a rival that fits nearly would make a phrase unclear."""
        return {"next to": self._gaps <= NEXT_TO_GAP + CLEARLY}

    @cached_property
    def _to_one(self) -> dict[Relation, Mask]:
        tables: dict[Relation, Mask] = {
            "next to": self._gaps <= NEXT_TO_GAP,
            "in front of": rules.in_front_of(self._things),
            "facing": rules.facing(self._things, self._gaps),
            "on": rules.standing_on(self._things),
            "closest to": np.zeros_like(self._gaps, dtype=bool),
            "farthest from": np.zeros_like(self._gaps, dtype=bool),
        }
        for rows in self._rows.values():
            if len(rows) > 1:  # "the closest chair" says that there are more
                tables["closest to"][rows] = _leading(self._gaps[rows])
                tables["farthest from"][rows] = _leading(-self._gaps[rows])
        return tables

    @cached_property
    def _of_room(self) -> dict[Relation, Mask]:
        return {
            "against the wall": rules.against_wall(self._things, self.room),
            "in the corner": rules.in_corner(self._things, self.room),
        }

    def resolve(self, phrase: ReferringExpression, viewer: Viewer | None = None) -> list[int]:
        """Ids of the objects that the phrase fits; empty when an anchor is missing or not unique.

        Left and right are those of the viewer; without one such a phrase fits nothing.
        """
        rows = self._rows.get(phrase.category, [])
        if phrase.category in phrase.anchors or len(phrase.anchors) != anchor_count(phrase.relation):
            return []
        if phrase.relation in OF_VIEWER:
            return [] if viewer is None else self._on_side(rows, viewer, left=phrase.relation == "on the left")
        anchors = [self._anchors.get(name) for name in phrase.anchors]
        return [] if None in anchors else [self._things[row].id for row in rows if self._fits(phrase, row, anchors)]

    def _fits(self, phrase: ReferringExpression, row: int, anchors: list[int | None]) -> bool:
        if phrase.relation == "only":
            return True
        if phrase.relation in OF_ROOM:
            return bool(self._of_room[phrase.relation][row])
        if phrase.relation == "between":
            return bool(self._between[row, anchors[0], anchors[1]])
        return bool(self._to_one[phrase.relation][row, anchors[0]])

    def _on_side(self, rows: list[int], viewer: Viewer, *, left: bool) -> list[int]:
        """All of them on that side, when there are several; one alone has to be clearly there."""
        angles = rules.bearings([self._things[row] for row in rows], viewer) * (1 if left else -1)
        there = [(self._things[row].id, angle) for row, angle in zip(rows, angles, strict=True) if angle > 0]
        if len(there) == 1 and not SIDE_ANGLES[0] <= there[0][1] <= SIDE_ANGLES[1]:
            return []
        return [instance for instance, _ in there]

    def is_unambiguous(self, phrase: ReferringExpression, instance: int, viewer: Viewer | None = None) -> bool:
        """Whether the phrase fits that object and no other."""
        return self.resolve(phrase, viewer) == [instance]

    @cached_property
    def _phrases(self) -> dict[int, list[ReferringExpression]]:
        found: dict[int, list[ReferringExpression]] = {thing.id: [] for thing in self.room.objects}
        for category, rows in self._rows.items():
            for row, phrase in self._of_category(category, rows):
                found[self._things[row].id].append(phrase)
        return found

    def _of_category(self, category: str, rows: list[int]) -> Iterator[tuple[int, ReferringExpression]]:
        """Every phrase of the category that clearly fits one of its rows alone, with that row."""
        if len(rows) == 1:
            yield rows[0], ReferringExpression(category)
        anchors = [(name, index) for name, index in self._anchors.items() if name != category]
        columns = [index for _, index in anchors]
        for relation in TO_ONE:
            fits, nearly = self._to_one[relation], self._nearly_to_one.get(relation, self._to_one[relation])
            for row, place in _single(fits[np.ix_(rows, columns)], nearly[np.ix_(rows, columns)]):
                yield rows[row], ReferringExpression(category, relation, (anchors[place][0],))
        for relation in OF_ROOM:
            fits, nearly = (table[relation][rows][:, None] for table in (self._of_room, self._nearly_of_room))
            for row, _ in _single(fits, nearly):
                yield rows[row], ReferringExpression(category, relation)
        pairs = list(combinations(range(len(columns)), 2))
        if pairs:
            first, second = (np.array(columns)[list(side)] for side in zip(*pairs, strict=True))
            triples = np.array(rows)[:, None], first, second
            for row, place in _single(self._between[triples], self._nearly_between[triples]):
                names = tuple(anchors[index][0] for index in pairs[place])
                yield rows[row], ReferringExpression(category, "between", names)

    def phrases(self, instance: int, viewer: Viewer | None = None) -> list[ReferringExpression]:
        """Every phrase that singles the object out, those of left and right for a viewer only."""
        fixed = self._phrases[instance]
        if viewer is None:
            return fixed
        sides = [ReferringExpression(self.room.by_id(instance).category, relation) for relation in OF_VIEWER]
        return fixed + [phrase for phrase in sides if self.is_unambiguous(phrase, instance, viewer)]


def _leading(values: Array) -> Mask:
    """Of the rows (n > 1, m), the least of each column when it leads by the margin: (n, m)."""
    ordered = np.sort(values, axis=0)
    clear = ordered[1] - ordered[0] >= CLEAR_MARGIN
    return np.asarray((values == ordered[0]) & clear)


def _single(fits: Mask, nearly: Mask) -> list[tuple[int, int]]:
    """Row and column of every column (of n, m) in which one row fits, and no other fits even nearly."""
    alone = (fits.sum(axis=0) == 1) & (nearly.sum(axis=0) == 1)
    return [(int(fits[:, column].argmax()), int(column)) for column in np.flatnonzero(alone)]
