"""Rooms and claims round-trip through JSON."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from worlds.actions.registry import ACTIONS
from worlds.checker.claims import Claim, Step
from worlds.checker.records import claim_from_json, claim_to_json, room_from_json, room_to_json
from worlds.geometry.relations import RELATIONS, FloorPlan, ReferringExpression
from worlds.rooms.rooms import ROOM_KINDS, make_room

words = st.text(min_size=1, max_size=12)
phrases = st.builds(ReferringExpression, words, st.sampled_from(RELATIONS), st.lists(words, max_size=2).map(tuple))
steps = st.builds(Step, st.sampled_from(ACTIONS.names), st.lists(phrases, max_size=2).map(tuple))
claims = st.builds(
    Claim,
    st.lists(steps, max_size=3).map(tuple),
    st.sampled_from([None, "slowly", "quickly"]),
    st.sampled_from([None, "left", "right", "straight"]),
    st.none() | words,
)


@given(claims)
def test_claims_round_trip(claim: Claim) -> None:
    assert claim_from_json(json.loads(json.dumps(claim_to_json(claim)))) == claim


def test_none_is_not_written() -> None:
    claim = Claim(
        (Step("sit on", (ReferringExpression("chair", "between", ("desk", "bed")),)), Step("walk to")), turn="left"
    )
    assert claim_to_json(claim) == {
        "steps": [["sit on", ["chair", "between", "desk", "bed"]], ["walk to"]],
        "turn": "left",
    }


@pytest.mark.parametrize("number", range(6))
def test_rooms_round_trip_to_a_tenth_of_a_millimetre(number: int) -> None:
    room = make_room(ROOM_KINDS[number % len(ROOM_KINDS)], np.random.default_rng(number))
    written = room_to_json(room)
    back = room_from_json(json.loads(json.dumps(written)))
    assert room_to_json(back) == written
    assert (back.kind, len(back.doors), len(back.objects)) == (room.kind, len(room.doors), len(room.objects))
    np.testing.assert_allclose(back.outline, room.outline, atol=6e-5)
    for one, other in zip(room.objects, back.objects, strict=True):
        assert (one.id, one.category, one.lying is None) == (other.id, other.category, other.lying is None)
        np.testing.assert_allclose(other.footprint(), one.footprint(), atol=5e-4)
        assert len(one.seats) == len(other.seats) and len(one.handles) == len(other.handles)
        for a, b in zip(one.solids, other.solids, strict=True):
            np.testing.assert_allclose([*b.center, *b.size, *b.color], [*a.center, *a.size, *a.color], atol=6e-5)


def test_a_room_from_json_has_tuples_and_the_same_phrases() -> None:
    """Values are tuples, which the floor plan needs."""
    room = room_from_json(json.loads(json.dumps(room_to_json(make_room("office", np.random.default_rng(0))))))
    again = room_from_json(room_to_json(room))
    for one, other in zip(room.objects, again.objects, strict=True):
        assert vars(one) | {"solids": None} == vars(other) | {"solids": None}
        assert isinstance(one.seats, tuple) and isinstance(one.position, tuple)
        assert FloorPlan(room).phrases(one.id) == FloorPlan(again).phrases(one.id)
    assert any(FloorPlan(room).phrases(object_.id) for object_ in room.objects)
