"""Overlap between splits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from handmade import CHAIR, SHELF, act, plain_room

from monster.corpus.storage import Corpus, ItemRecord, Split
from worlds.actions.perform import perform
from worlds.audit.splits import motion_signature, room_of, shared_with_training, split_leaks


def record(
    name: str, split: Split, *, scene: str | None = None, room: str | None = None, text: str = "x"
) -> ItemRecord:
    return ItemRecord(name, name, scene, (text,), split, {} if room is None else {"room": room})


def corpus(*records: ItemRecord, generated: bool = False) -> Corpus:
    return Corpus(Path("nowhere"), {"generator": {}} if generated else {}, records)


def test_a_room_in_two_splits_is_a_leak() -> None:
    faults = list(split_leaks(corpus(record("a", "train", scene="r1"), record("b", "test", scene="r1"))))
    assert [(fault.code, fault.owner) for fault in faults] == [("split-leak", "r1")]
    assert "test and train" in faults[0].text
    assert not list(split_leaks(corpus(record("a", "train", scene="r1"), record("b", "test", scene="r2"))))


def test_re_scans_count_as_one_room() -> None:
    faults = split_leaks(corpus(record("a", "train", scene="scene0000_00"), record("b", "val", scene="scene0000_01")))
    assert [fault.owner for fault in faults] == ["scene0000"]


def test_room_metadata_counts_except_in_generated_corpora() -> None:
    items = record("a", "train", scene="s1", room="office"), record("b", "test", scene="s2", room="office")
    assert room_of(items[0], corpus(*items)) == "office"
    assert [fault.owner for fault in split_leaks(corpus(*items))] == ["office"]
    assert not list(split_leaks(corpus(*items, generated=True)))


def test_a_repeated_id_is_a_fault() -> None:
    faults = list(split_leaks(corpus(record("a", "train"), record("a", "train"))))
    assert [fault.code for fault in faults] == ["repeated-id"]


def performed_joints(target: int, seed: int) -> np.ndarray:
    action = "sit on" if target == CHAIR else "walk to"
    performance = perform(plain_room(), [act(action, target)], np.random.default_rng(seed))  # type: ignore[list-item]
    assert performance is not None
    return performance.joints


def test_the_signature_does_not_depend_on_position_and_heading() -> None:
    joints = performed_joints(SHELF, 0).astype(np.float64)
    cos, sin = np.cos(1.1), np.sin(1.1)
    turned = joints @ np.array([[cos, sin, 0], [-sin, cos, 0], [0, 0, 1]]) + [3.0, -2.0, 0.0]
    np.testing.assert_allclose(motion_signature(turned), motion_signature(joints), atol=1e-5)
    assert np.abs(motion_signature(performed_joints(CHAIR, 0)) - motion_signature(joints)).max() > 0.3


def test_near_duplicates_are_counted() -> None:
    walk, sit = performed_joints(SHELF, 0), performed_joints(CHAIR, 1)
    items = (
        record("walk", "train", text="A person walks, then sits."),
        record("walk again", "test", text="a person walks then sits"),
        record("sit", "test", text="someone sits down"),
    )
    signatures = {
        "walk": motion_signature(walk),
        "walk again": motion_signature(walk + np.float32(0.002)),
        "sit": motion_signature(sit),
    }
    overlaps = {overlap.split: overlap for overlap in shared_with_training(corpus(*items), signatures)}
    assert (overlaps["test"].items, overlaps["test"].captions, overlaps["test"].motions) == (2, 1, 1)
    assert overlaps["val"].items == 0


@pytest.mark.parametrize("split", ["train", "test"])
def test_an_empty_split_has_no_overlap(split: Split) -> None:
    overlaps = shared_with_training(corpus(record("a", split)), {"a": motion_signature(performed_joints(SHELF, 0))})
    assert all(overlap.motions == 0 for overlap in overlaps)
