"""Scores of changed triples: hard negatives by hand, paraphrases and patterns against loops."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from fakes import FakeModel, item_of, text_of

from monster.corpus.storage import Corpus
from monster.errors import CorpusError
from monster.metrics.evaluation.embedding import embed
from monster.metrics.evaluation.triples import (
    Changed,
    caption_ranks,
    changed_items,
    event_order,
    hard_negative_shares,
    paraphrase_moves,
    paraphrases,
    pattern_recalls,
    triple_scores,
)


def test_shares_count_true_triples_that_score_higher() -> None:
    whole = item_of(1)
    other = replace(whole, id="x", captions=(text_of(8),))
    changed = [
        Changed("other order", whole, other),
        Changed("other order", other, whole),
        Changed("same", whole, whole),
    ]
    shares = hard_negative_shares(FakeModel(), iter(changed))
    assert shares["other order"] == {"tm2s": 50, "st2m": 50, "ms2t": 50, "n": 2}
    assert shares["same"]["ms2t"] == 0  # a tie is no win
    assert event_order(shares) == shares["other order"] and event_order({}) is None


def test_triples_are_scored_with_the_motion_in_the_frame_of_its_scene() -> None:
    found = FakeModel(apart=0.5).encode_items([item_of(1)])[0]
    scores = triple_scores(found)
    assert scores["tm2s"] == pytest.approx(float(found["mt@s"][0] @ found["s"][0]))
    assert scores["st2m"] == pytest.approx(float(found["st"][0] @ found["m@s"][0]))
    assert scores["ms2t"] == pytest.approx(float(found["ms"][0] @ found["t"][0]))
    del found["m@s"]
    with pytest.raises(CorpusError, match="does not hold all three modalities"):
        triple_scores(found)


def test_hard_negatives_are_applied_and_unchanged_parts_keep_their_ids(rooms: Corpus) -> None:
    elsewhere = next(str(record.scene) for record in rooms.records if record.scene != rooms.records[0].scene)
    negatives = [
        {"kind": "other object", "caption": "another"},
        {"kind": "shifted", "by": [1.0, 0.0]},
        {"kind": "other room", "scene": elsewhere},
    ]
    plain = replace(rooms.records[1], metadata={})
    records = [replace(rooms.records[0], metadata={"counterfactuals": negatives}), plain]
    text, moved, placed = changed_items(rooms, records, labels=False)
    record = records[0]
    assert (text.kind, text.false.captions) == ("other object", ("another",))
    assert (text.false.motion_id, text.false.scene_id) == (record.motion, record.scene)
    assert moved.false.motion_id != record.motion and moved.false.scene_id == record.scene
    assert placed.false.scene_id != record.scene and placed.false.captions == (record.captions[0],)
    assert all(pair.false.scene is not None and pair.false.scene.labels is None for pair in (text, moved, placed))


def test_a_paraphrase_is_measured_against_the_gap(rooms: Corpus) -> None:
    data = embed(FakeModel(), rooms, rooms.records)
    same = paraphrases(rooms, rooms.records, data)
    moves = paraphrase_moves(data, same)
    assert moves["n"] == len(same) > 0
    first = data.take(data.first_rows())
    true, mismatched, changes = [], [], []
    for i in range(len(first)):
        for j in range(len(first)):
            score = float(first.rows["ms"][i] @ first.rows["t"][j])
            if i == j:
                true.append(score)
            elif first.captions[i] != first.captions[j]:
                mismatched.append(score)
    for one, other in same:
        assert data.owner[one] == data.owner[other]
        changes.append(abs(float(data.rows["ms"][one] @ (data.rows["t"][one] - data.rows["t"][other]))))
    expected = 100 * np.median(changes) / (np.mean(true) - np.mean(mismatched))
    assert moves["ms2t"] == pytest.approx(expected, rel=1e-3)
    assert paraphrase_moves(data, []) == {"n": 0}


def test_captions_of_held_out_patterns_are_counted_apart(rooms: Corpus) -> None:
    flags = [{"held_out": [True, *[False] * (len(record.captions) - 1)]} for record in rooms.records]
    records = [replace(record, metadata=flag) for record, flag in zip(rooms.records, flags, strict=True)]
    data = embed(FakeModel(), rooms, rooms.records)
    first = set(data.first_rows().tolist())
    ranks = {"t2m": np.array([0.0 if row in first else 3.0 for row in range(len(data))])}
    found = pattern_recalls(rooms, records, data, ranks)
    assert found["held-out patterns"] == {"t2m": 100, "n": 12} and found["other patterns"]["t2m"] == 40
    without = [replace(record, metadata={}) for record in rooms.records]
    assert pattern_recalls(rooms, without, data, ranks) == {}
    assert {name: len(values) for name, values in caption_ranks(data).items()}["t2m"] == len(data)
