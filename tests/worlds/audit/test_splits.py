"""What splits share: found when it is there, and not when it is not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from handmade import CHAIR, SHELF, act, plain_room

from monster.corpus.storage import Corpus, ItemRecord, Split
from worlds.actions.perform import perform
from worlds.audit.splits import form, leaks, room_of, shared_with_training


def record(
    name: str, split: Split, *, scene: str | None = None, room: str | None = None, text: str = "x"
) -> ItemRecord:
    return ItemRecord(name, name, scene, (text,), split, {} if room is None else {"room": room})


def corpus(*records: ItemRecord, generated: bool = False) -> Corpus:
    return Corpus(Path("nowhere"), {"generator": {}} if generated else {}, records)


def test_a_room_in_two_splits_is_a_leak() -> None:
    found = list(leaks(corpus(record("a", "train", scene="r1"), record("b", "test", scene="r1"))))
    assert [(fault.code, fault.owner) for fault in found] == [("split-leak", "r1")]
    assert "test and train" in found[0].text
    assert not list(leaks(corpus(record("a", "train", scene="r1"), record("b", "test", scene="r2"))))


def test_re_scans_are_one_room() -> None:
    found = leaks(corpus(record("a", "train", scene="scene0000_00"), record("b", "val", scene="scene0000_01")))
    assert [fault.owner for fault in found] == ["scene0000"]


def test_what_a_data_set_calls_a_room_counts_and_the_kind_of_a_generated_one_does_not() -> None:
    items = record("a", "train", scene="s1", room="office"), record("b", "test", scene="s2", room="office")
    assert room_of(items[0], corpus(*items)) == "office"
    assert [fault.owner for fault in leaks(corpus(*items))] == ["office"]
    assert not list(leaks(corpus(*items, generated=True)))


def test_an_id_that_occurs_twice() -> None:
    found = list(leaks(corpus(record("a", "train"), record("a", "train"))))
    assert [fault.code for fault in found] == ["repeated-id"]


def moving(target: int, seed: int) -> np.ndarray:
    action = "sit on" if target == CHAIR else "walk to"
    performance = perform(plain_room(), [act(action, target)], np.random.default_rng(seed))  # type: ignore[list-item]
    assert performance is not None
    return performance.joints


def test_the_form_of_a_motion_does_not_depend_on_its_place() -> None:
    joints = moving(SHELF, 0).astype(np.float64)
    cos, sin = np.cos(1.1), np.sin(1.1)
    turned = joints @ np.array([[cos, sin, 0], [-sin, cos, 0], [0, 0, 1]]) + [3.0, -2.0, 0.0]
    np.testing.assert_allclose(form(turned), form(joints), atol=1e-5)
    assert np.abs(form(moving(CHAIR, 0)) - form(joints)).max() > 0.3


def test_near_duplicates_are_counted() -> None:
    walk, sit = moving(SHELF, 0), moving(CHAIR, 1)
    items = (
        record("walk", "train", text="A person walks, then sits."),
        record("walk again", "test", text="a person walks then sits"),
        record("sit", "test", text="someone sits down"),
    )
    forms = {"walk": form(walk), "walk again": form(walk + np.float32(0.002)), "sit": form(sit)}
    shared = {found.split: found for found in shared_with_training(corpus(*items), forms)}
    assert (shared["test"].items, shared["test"].captions, shared["test"].motions) == (2, 1, 1)
    assert shared["val"].items == 0


@pytest.mark.parametrize("split", ["train", "test"])
def test_nothing_to_compare_with_is_nothing_shared(split: Split) -> None:
    shared = shared_with_training(corpus(record("a", split)), {"a": form(moving(SHELF, 0))})
    assert all(found.motions == 0 for found in shared)
