"""Crops of training items keep the captions that the checker proves, and the wrong captions that are still false."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from fakes import motion_of, scene_of
from tiny_corpus import no_progress, own_corpus, training_items

from monster.corpus.checker import Checker
from monster.corpus.storage import Corpus, ItemRecord
from monster.training.augment import SHORTEST_CROP
from monster.training.crops import Motions, cropped_items

Pairs = list[tuple[ItemRecord, ItemRecord]]


@pytest.fixture(scope="module")
def motions(rooms: Corpus) -> Motions:
    """The motions of the generated rooms."""
    return Motions(rooms)


@pytest.fixture(scope="module")
def records(rooms: Corpus) -> list[ItemRecord]:
    """The items that may be cropped."""
    return training_items(rooms, crops=0)[0]


@pytest.fixture(scope="module")
def pairs(motions: Motions, records: list[ItemRecord]) -> Pairs:
    """Every item that has a crop, and the crop."""
    crops = cropped_items(motions, records, share=1.0, progress=no_progress)
    by_id = {record.id: record for record in records}
    return [(by_id[crop.id.removesuffix(" crop")], crop) for crop in crops]


@pytest.fixture(scope="module")
def checker(rooms: Corpus) -> Checker:
    """The checker of the rooms."""
    assert rooms.checker is not None
    return rooms.checker


def test_only_items_of_the_training_split_are_cropped(records: list[ItemRecord], pairs: Pairs) -> None:
    assert {record.split for record in records} > {"train"}
    assert len(pairs) > 2
    assert {record.split for pair in pairs for record in pair} == {"train"}
    assert all(crop.scene == record.scene and crop.motion != record.motion for record, crop in pairs)


def test_a_crop_keeps_exactly_the_captions_that_are_proven_of_it(
    motions: Motions, pairs: Pairs, checker: Checker
) -> None:
    kept = 0
    for record, crop in pairs:
        proven = checker.reprove(record, [motions.joints(str(crop.motion))])[:, 0]
        expected = [row for row, is_true in enumerate(proven) if is_true]
        assert crop.captions == tuple(record.captions[row] for row in expected)
        for name in ("claims", "patterns", "held_out"):
            assert crop.metadata[name] == [record.metadata[name][row] for row in expected]
        kept += len(expected)
    assert 0 < kept < sum(len(record.captions) for record, _ in pairs)


def test_wrong_captions_that_became_true_are_dropped(motions: Motions, pairs: Pairs, checker: Checker) -> None:
    """A claim that the crop fulfils, and one that it does not, as wrong captions of the item."""
    record, crop = next(pair for pair in pairs if len(pair[1].captions) < len(pair[0].captions))
    fulfilled = crop.claims[0]
    proven = checker.reprove(record, [motions.joints(str(crop.motion))])[:, 0]
    unfulfilled = record.claims[int(np.flatnonzero(~proven)[0])]
    negatives = [
        {"kind": "order", "caption": "a", "claim": fulfilled},
        {"kind": "order", "caption": "b", "claim": unfulfilled},
        {"kind": "shifted", "by": [1.0, 2.0]},  # an edit of the whole motion
    ]
    changed = dataclasses.replace(record, metadata={**record.metadata, "counterfactuals": negatives})
    (again,) = cropped_items(motions, [changed], share=1.0, progress=no_progress)
    assert again.motion == crop.motion
    assert [negative["caption"] for negative in again.hard_negatives] == ["b"]


def test_stored_wrong_captions_stay_false_of_the_crop(motions: Motions, pairs: Pairs, checker: Checker) -> None:
    count = 0
    for _, crop in pairs:
        claims = [negative["claim"] for negative in crop.hard_negatives]
        count += len(claims)
        assert not checker.prove(claims, [(motions.joints(str(crop.motion)), str(crop.scene))]).any()
    assert count


def test_the_same_items_have_the_same_crops(motions: Motions, records: list[ItemRecord], pairs: Pairs) -> None:
    again = cropped_items(motions, records[::-1], share=1.0, progress=no_progress)
    assert sorted(map(str, again)) == sorted(str(crop) for _, crop in pairs)


def test_a_crop_is_shorter_or_of_another_tempo(motions: Motions, pairs: Pairs) -> None:
    for record, crop in pairs:
        joints, cropped = motions.joints(str(record.motion)), motions.joints(str(crop.motion))
        start, stop, tempo = (float(number) for number in str(crop.motion).split(" ")[-3:])
        assert 0.399 < stop - start <= 1 and 0.599 < tempo < 1.601
        count = max(SHORTEST_CROP, (stop - start) * (len(joints) - 1) / tempo + 1)
        assert len(cropped) == pytest.approx(count, abs=1)
        np.testing.assert_allclose(cropped[0], joints[round(start * (len(joints) - 1))], atol=0.3)


def test_the_share_chooses_among_the_items(motions: Motions, records: list[ItemRecord], pairs: Pairs) -> None:
    some = cropped_items(motions, records, share=0.5, progress=no_progress)
    assert {crop.id for crop in some} <= {crop.id for _, crop in pairs}
    assert len(some) < len(pairs)
    assert cropped_items(motions, records, share=0.0, progress=no_progress) == []


def test_items_without_a_checker_or_without_claims_are_not_cropped(
    rooms: Corpus, records: list[ItemRecord], tmp_path: Path
) -> None:
    line = {"id": "a", "motion": "m", "scene": "s", "captions": ["someone walks"], "split": "train"}
    corpus = own_corpus(tmp_path / "c", [line], motion_of(1), scene_of(1))
    assert cropped_items(Motions(corpus), corpus.records, share=1.0, progress=no_progress) == []
    bare = [dataclasses.replace(record, metadata={}) for record in records]
    assert cropped_items(Motions(rooms), bare, share=1.0, progress=no_progress) == []
