"""Referring expressions ("the chair next to the desk") and the objects of a room that they match.

The rules of most relations are in `relation_rules`; "closest to" and "farthest from" are here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Final, Literal, get_args

import numpy as np

from monster.arrays import BoolArray, DoubleArray
from worlds.geometry import relation_rules as rules
from worlds.geometry.kinematics import Viewer
from worlds.geometry.relation_rules import NEXT_TO_GAP, SIDE_ANGLES
from worlds.types import PlacedObject, Room

Relation = Literal[
    "only", "next to", "closest to", "farthest from", "in front of", "facing", "on",
    "between", "against the wall", "in the corner", "on the left", "on the right",
]  # fmt: skip
RELATIONS: Final[tuple[Relation, ...]] = get_args(Relation)
ONE_ANCHOR_RELATIONS: Final[tuple[Relation, ...]] = (
    "next to",
    "closest to",
    "farthest from",
    "in front of",
    "facing",
    "on",
)
ROOM_RELATIONS: Final[tuple[Relation, ...]] = ("against the wall", "in the corner")
VIEWER_RELATIONS: Final[tuple[Relation, ...]] = ("on the left", "on the right")

LEAD_MARGIN: Final = 0.3  # metres by which the closest or farthest object must beat the others
RIVAL_MARGIN: Final = 0.15  # metres by which every other object of the category must miss the relation
DOOR: Final = "door"


@dataclass(frozen=True)
class ReferringExpression:
    """A way to name an object: its category, and its relation to 0, 1 or 2 anchors given by category."""

    category: str
    relation: Relation = "only"
    anchors: tuple[str, ...] = ()


def anchor_count(relation: Relation) -> int:
    """Number of anchors that the relation takes: 0, 1 or 2."""
    if relation in ONE_ANCHOR_RELATIONS:
        return 1
    return 2 if relation == "between" else 0


def gap(one: PlacedObject, other: PlacedObject) -> float:
    """Distance in metres between the floor rectangles of two objects; 0 if they touch or overlap."""
    return float(rules.gaps([one, other])[0, 1])


class FloorPlan:
    """A room with the tables of its spatial relations, computed on first use."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.by_category: dict[str, list[PlacedObject]] = {}
        for object_ in room.objects:
            self.by_category.setdefault(object_.category, []).append(object_)

    @cached_property
    def _objects(self) -> list[PlacedObject]:
        """The room's objects, plus a point for its only door if the door is not an object."""
        objects = list(self.room.objects)
        if len(self.room.doors) == 1 and DOOR not in self.by_category:
            objects.append(PlacedObject(-1, DOOR, (*self.room.doors[0], 0.0), 0.0, (0.0, 0.0, 0.0), ()))
        return objects

    @cached_property
    def landmarks(self) -> dict[str, PlacedObject]:
        """Objects that can be anchors, by category: each the only one of its category, or the only door."""
        return {name: self._objects[index] for name, index in self._anchors.items()}

    @cached_property
    def _anchors(self) -> dict[str, int]:
        rows: dict[str, list[int]] = {}
        for index, object_ in enumerate(self._objects):
            rows.setdefault(object_.category, []).append(index)
        return {name: matches[0] for name, matches in rows.items() if len(matches) == 1}

    @cached_property
    def _rows(self) -> dict[str, list[int]]:
        rows: dict[str, list[int]] = {}
        for index, object_ in enumerate(self.room.objects):
            rows.setdefault(object_.category, []).append(index)
        return rows

    @cached_property
    def _gaps(self) -> DoubleArray:
        return rules.gaps(self._objects)

    @cached_property
    def _between(self) -> BoolArray:
        return rules.between(self._objects)

    @cached_property
    def _wide_room_tables(self) -> dict[Relation, BoolArray]:
        return {
            "against the wall": rules.against_wall(self._objects, self.room, RIVAL_MARGIN),
            "in the corner": rules.in_corner(self._objects, self.room, RIVAL_MARGIN),
        }

    @cached_property
    def _wide_between(self) -> BoolArray:
        return rules.between(self._objects, RIVAL_MARGIN)

    @cached_property
    def _wide_one_anchor_tables(self) -> dict[Relation, BoolArray]:
        """Tables with a wider limit, for relations where another object that nearly fits makes a phrase unclear."""
        return {"next to": self._gaps <= NEXT_TO_GAP + RIVAL_MARGIN}

    @cached_property
    def _one_anchor_tables(self) -> dict[Relation, BoolArray]:
        tables: dict[Relation, BoolArray] = {
            "next to": self._gaps <= NEXT_TO_GAP,
            "in front of": rules.in_front_of(self._objects),
            "facing": rules.facing(self._objects, self._gaps),
            "on": rules.standing_on(self._objects),
            "closest to": np.zeros_like(self._gaps, dtype=bool),
            "farthest from": np.zeros_like(self._gaps, dtype=bool),
        }
        for rows in self._rows.values():
            if len(rows) > 1:  # "the closest chair" says that there are more
                tables["closest to"][rows] = _clear_minimum(self._gaps[rows])
                tables["farthest from"][rows] = _clear_minimum(-self._gaps[rows])
        return tables

    @cached_property
    def _room_tables(self) -> dict[Relation, BoolArray]:
        return {
            "against the wall": rules.against_wall(self._objects, self.room),
            "in the corner": rules.in_corner(self._objects, self.room),
        }

    def resolve(self, phrase: ReferringExpression, viewer: Viewer | None = None) -> list[int]:
        """Ids of the objects that the phrase matches; empty if an anchor is missing or not unique.

        Phrases with left or right need the viewer; without one they match nothing.
        """
        rows = self._rows.get(phrase.category, [])
        if phrase.category in phrase.anchors or len(phrase.anchors) != anchor_count(phrase.relation):
            return []
        if phrase.relation in VIEWER_RELATIONS:
            if viewer is None:
                return []
            return self._on_side(rows, viewer, left=phrase.relation == "on the left")
        anchors = [self._anchors.get(name) for name in phrase.anchors]
        if None in anchors:
            return []
        return [self._objects[row].id for row in rows if self._fits(phrase, row, anchors)]

    def _fits(self, phrase: ReferringExpression, row: int, anchors: list[int | None]) -> bool:
        if phrase.relation == "only":
            return True
        if phrase.relation in ROOM_RELATIONS:
            return bool(self._room_tables[phrase.relation][row])
        if phrase.relation == "between":
            return bool(self._between[row, anchors[0], anchors[1]])
        return bool(self._one_anchor_tables[phrase.relation][row, anchors[0]])

    def _on_side(self, rows: list[int], viewer: Viewer, *, left: bool) -> list[int]:
        """Ids of the rows on that side of the viewer; a single one must be within SIDE_ANGLES."""
        angles = rules.bearings([self._objects[row] for row in rows], viewer) * (1 if left else -1)
        on_side = [(self._objects[row].id, angle) for row, angle in zip(rows, angles, strict=True) if angle > 0]
        if len(on_side) == 1 and not SIDE_ANGLES[0] <= on_side[0][1] <= SIDE_ANGLES[1]:
            return []
        return [instance for instance, _ in on_side]

    def is_unambiguous(self, phrase: ReferringExpression, instance: int, viewer: Viewer | None = None) -> bool:
        """Whether the phrase matches that object and no other."""
        return self.resolve(phrase, viewer) == [instance]

    @cached_property
    def _phrases(self) -> dict[int, list[ReferringExpression]]:
        phrases: dict[int, list[ReferringExpression]] = {object_.id: [] for object_ in self.room.objects}
        for category, rows in self._rows.items():
            for row, phrase in self._category_phrases(category, rows):
                phrases[self._objects[row].id].append(phrase)
        return phrases

    def _category_phrases(self, category: str, rows: list[int]) -> Iterator[tuple[int, ReferringExpression]]:
        """Every unambiguous phrase of the category, with the row of the object that it names."""
        if len(rows) == 1:
            yield rows[0], ReferringExpression(category)
        anchors = [(name, index) for name, index in self._anchors.items() if name != category]
        columns = [index for _, index in anchors]
        for relation in ONE_ANCHOR_RELATIONS:
            fits = self._one_anchor_tables[relation]
            wide = self._wide_one_anchor_tables.get(relation, fits)
            for row, place in _unique_fits(fits[np.ix_(rows, columns)], wide[np.ix_(rows, columns)]):
                yield rows[row], ReferringExpression(category, relation, (anchors[place][0],))
        for relation in ROOM_RELATIONS:
            fits = self._room_tables[relation][rows][:, None]
            wide = self._wide_room_tables[relation][rows][:, None]
            for row, _ in _unique_fits(fits, wide):
                yield rows[row], ReferringExpression(category, relation)
        pairs = list(combinations(range(len(columns)), 2))
        if pairs:
            first, second = (np.array(columns)[list(side)] for side in zip(*pairs, strict=True))
            triples = np.array(rows)[:, None], first, second
            for row, place in _unique_fits(self._between[triples], self._wide_between[triples]):
                names = tuple(anchors[index][0] for index in pairs[place])
                yield rows[row], ReferringExpression(category, "between", names)

    def phrases(self, instance: int, viewer: Viewer | None = None) -> list[ReferringExpression]:
        """Every phrase that names the object unambiguously; left and right only for a viewer."""
        fixed = self._phrases[instance]
        if viewer is None:
            return fixed
        sides = [ReferringExpression(self.room.by_id(instance).category, relation) for relation in VIEWER_RELATIONS]
        return fixed + [phrase for phrase in sides if self.is_unambiguous(phrase, instance, viewer)]


def _clear_minimum(values: DoubleArray) -> BoolArray:
    """(n, m) mask of the minimum of each column, where it is smaller than the second by LEAD_MARGIN; n > 1."""
    ordered = np.sort(values, axis=0)
    clear = ordered[1] - ordered[0] >= LEAD_MARGIN
    return np.asarray((values == ordered[0]) & clear)


def _unique_fits(fits: BoolArray, wide: BoolArray) -> list[tuple[int, int]]:
    """(row, column) for every column of (n, m) in which exactly one row fits, also within the wider limit."""
    alone = (fits.sum(axis=0) == 1) & (wide.sum(axis=0) == 1)
    return [(int(fits[:, column].argmax()), int(column)) for column in np.flatnonzero(alone)]
