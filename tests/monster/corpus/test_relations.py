"""Phrases resolved on small floor plans drawn by hand."""

from __future__ import annotations

import numpy as np
import pytest

from monster.corpus.relations import ObjectPhrase, Plan, gap
from monster.corpus.world import PlacedObject, Room


def thing(number: int, category: str, x: float, y: float, *, yaw: float = 0.0, size: float = 0.5) -> PlacedObject:
    return PlacedObject(number, category, (x, y, 0.0), yaw, (size, size, 0.8), ())


def plan(*things: PlacedObject, doors: tuple[tuple[float, float], ...] = ((0.0, -2.4),)) -> Plan:
    outline = np.array([[-3.0, -2.5], [3.0, -2.5], [3.0, 2.5], [-3.0, 2.5]])
    return Plan(Room("office", outline, 2.6, doors, things))


OFFICE = plan(
    thing(1, "chair", -2.0, 0.0),
    thing(2, "chair", 0.0, 0.0),
    thing(3, "chair", 2.0, 2.0),
    thing(4, "desk", -2.0, 1.0),
    thing(5, "lamp", 2.0, 0.0),
)


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        (ObjectPhrase("chair"), [1, 2, 3]),
        (ObjectPhrase("desk"), [4]),
        (ObjectPhrase("sofa"), []),
        (ObjectPhrase("chair", "next to", ("desk",)), [1]),
        (ObjectPhrase("chair", "closest to", ("desk",)), [1]),
        (ObjectPhrase("chair", "farthest from", ("desk",)), [3]),
        (ObjectPhrase("chair", "between", ("desk", "lamp")), [2]),
        (ObjectPhrase("chair", "closest to", ("door",)), [2]),
        (ObjectPhrase("chair", "next to", ("sofa",)), []),  # no such anchor
        (ObjectPhrase("desk", "closest to", ("lamp",)), []),  # a superlative needs rivals
        (ObjectPhrase("lamp", "next to", ("chair",)), []),  # three chairs: the anchor is not unique
        (ObjectPhrase("chair", "next to", ("chair",)), []),
    ],
)
def test_what_a_phrase_fits(phrase: ObjectPhrase, expected: list[int]) -> None:
    assert OFFICE.resolve(phrase) == expected


def test_in_front_of_follows_the_facing_of_the_anchor() -> None:
    room = plan(thing(1, "desk", 0.0, 0.0, yaw=np.pi / 2), thing(2, "chair", -1.0, 0.0), thing(3, "chair", 1.0, 0.0))
    # A quarter turn to the left: what was ahead (+y) lies at -x.
    assert room.resolve(ObjectPhrase("chair", "in front of", ("desk",))) == [2]


def test_a_lead_of_less_than_the_margin_singles_out_nothing() -> None:
    room = plan(thing(1, "desk", 0.0, 0.0), thing(2, "chair", 1.0, 0.0), thing(3, "chair", -1.2, 0.0))
    assert room.resolve(ObjectPhrase("chair", "closest to", ("desk",))) == []


def test_two_doors_are_no_landmark() -> None:
    room = plan(thing(1, "chair", 0.0, 0.0), thing(2, "chair", 2.0, 0.0), doors=((0.0, -2.4), (2.9, 0.0)))
    assert "door" not in room.landmarks


def test_every_offered_phrase_singles_its_object_out() -> None:
    for entry in OFFICE.room.objects:
        assert OFFICE.phrases(entry.id)
        assert all(OFFICE.resolve(phrase) == [entry.id] for phrase in OFFICE.phrases(entry.id))


def test_gap_is_the_free_floor_between_rectangles() -> None:
    assert gap(thing(1, "a", 0.0, 0.0), thing(2, "b", 1.5, 0.0)) == pytest.approx(1.0)
    assert gap(thing(1, "a", 0.0, 0.0), thing(2, "b", 0.3, 0.0)) == 0
    turned = gap(thing(1, "a", 0.0, 0.0), thing(2, "b", 1.5, 0.0, yaw=np.pi / 4))
    assert turned == pytest.approx(1.5 - 0.25 - 0.25 * np.sqrt(2), abs=0.01)
