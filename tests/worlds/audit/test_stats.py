"""Counts of generated and of other corpora."""

from __future__ import annotations

from pathlib import Path

import pytest

from monster.corpus.storage import Corpus, ItemRecord
from worlds.audit.stats import corpus_statistics, durations


def test_counts_of_a_generated_corpus(rooms: Corpus) -> None:
    statistics = corpus_statistics(rooms)
    assert statistics.numbers["items"] == 12 and statistics.numbers["scenes"] == 4
    assert statistics.numbers["captions"] == sum(len(record.captions) for record in rooms.records)
    assert sum(statistics.tables["splits"].values()) == 12
    assert statistics.tables["modalities"] == {"motion + scene + text": 12}
    assert sum(statistics.tables["actions"].values()) == sum(len(r.metadata["action"]) for r in rooms.records)
    assert statistics.tables["objects"]["floor"] == 4
    assert set(statistics.tables["relations"]) <= {p[1] for r in rooms.records for c in r.metadata["claims"]
                                              for s in c["steps"] for p in s[1:]}  # fmt: skip
    counts = list(statistics.tables["actions"].values())
    assert counts == sorted(counts, reverse=True)
    assert {"items", "splits"} <= set(statistics.to_json())


def test_durations_of_motions(rooms: Corpus) -> None:
    seconds = durations(rooms)
    assert len(seconds) == 12
    assert seconds.max() <= 10.0 and seconds.min() >= 2.0
    assert seconds[0] == pytest.approx(len(rooms.motion(str(rooms.records[0].motion))) / 20)


def test_counts_of_a_corpus_with_text_alone() -> None:
    corpus = Corpus(Path("nowhere"), {"name": "words"}, (ItemRecord("a", None, None, ("someone waves",), "train"),))
    statistics = corpus_statistics(corpus)
    assert statistics.tables["modalities"] == {"text": 1}
    assert "objects" not in statistics.tables and "actions" not in statistics.tables
    assert len(durations(corpus)) == 0
