"""What training takes of a record: captions and hard negatives that are not held out, motion edits as numbers."""

from __future__ import annotations

import numpy as np
import pytest
from fakes import motion_of
from hypothesis import given
from hypothesis import strategies as st

from monster.corpus.storage import ItemRecord
from monster.training.augment import apply_edit
from monster.training.hard_negatives import WrongCaption, hard_negatives, without_held_out
from worlds.hard_negatives import moved


def record_of(captions: tuple[str, ...] = ("a", "b", "c"), **metadata: object) -> ItemRecord:
    return ItemRecord("x", "m", "s", captions, "train", metadata)


@given(st.lists(st.booleans(), min_size=1, max_size=6))
def test_captions_that_are_held_out_go_with_what_belongs_to_them(held_out: list[bool]) -> None:
    names = tuple(f"caption {number}" for number in range(len(held_out)))
    record = record_of(names, held_out=held_out, claims=list(names), patterns=list(names), action=["walk"], by="me")
    kept = without_held_out(record)
    assert kept.captions == tuple(name for name, held in zip(names, held_out, strict=True) if not held)
    assert kept.claims == kept.captions and tuple(kept.metadata["patterns"]) == kept.captions
    assert (kept.metadata["action"], kept.metadata["by"]) == (["walk"], "me")
    assert not any(kept.held_out) and len(kept.held_out) == len(kept.captions)


def test_a_record_without_flags_stays_as_it_is() -> None:
    plain, short = record_of(), record_of(held_out=[True])  # one flag for three captions says nothing
    assert without_held_out(plain) is plain and without_held_out(short) is short
    assert hard_negatives(plain, ()).captions == () and hard_negatives(plain, ()).edits == ()


def test_wrong_captions_have_the_row_of_their_kind() -> None:
    stored = [
        {"kind": "order", "caption": "b then a", "of_motion": True},
        {"kind": "word", "caption": "c"},
        {"kind": "word", "caption": "secret", "held_out": True},
        {"kind": "unknown change"},
    ]
    found = hard_negatives(record_of(counterfactuals=stored), ["word", "order"])
    assert found.captions == (WrongCaption("b then a", 1, True), WrongCaption("c", 0, False)) and found.edits == ()


@pytest.mark.parametrize(
    "negative",
    [
        {"kind": "turned", "about": [0.4, -0.3], "angle": 1.1},
        {"kind": "shifted", "by": [1.0, -2.0]},
        {"kind": "reversed"},
        {"kind": "through", "about": [0.1, 0.2], "angle": -0.4, "by": [0.3, 0.9]},
    ],
    ids=lambda negative: str(negative["kind"]),
)
def test_an_edit_in_training_is_the_change_that_was_proven_false(negative: dict[str, object]) -> None:
    joints = motion_of(3).joints
    (edit,) = hard_negatives(record_of(counterfactuals=[negative]), ()).edits
    np.testing.assert_allclose(apply_edit(joints, np.float32(edit)), moved(negative, joints), atol=2e-3)
