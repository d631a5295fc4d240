"""What is counted of a corpus, generated or not."""

from __future__ import annotations

from pathlib import Path

import pytest

from monster.corpus.storage import Corpus, ItemRecord
from worlds.audit.stats import durations, stats


def test_a_generated_corpus_is_counted(rooms: Corpus) -> None:
    found = stats(rooms)
    assert found.numbers["items"] == 12 and found.numbers["scenes"] == 4
    assert found.numbers["captions"] == sum(len(record.captions) for record in rooms.records)
    assert sum(found.tables["splits"].values()) == 12
    assert found.tables["modalities"] == {"motion + scene + text": 12}
    assert sum(found.tables["actions"].values()) == sum(len(r.metadata["action"]) for r in rooms.records)
    assert found.tables["objects"]["floor"] == 4
    assert set(found.tables["relations"]) <= {p[1] for r in rooms.records for c in r.metadata["claims"]
                                              for s in c["steps"] for p in s[1:]}  # fmt: skip
    counts = list(found.tables["actions"].values())
    assert counts == sorted(counts, reverse=True)
    assert {"items", "splits"} <= set(found.to_json())


def test_seconds_of_motions(rooms: Corpus) -> None:
    seconds = durations(rooms)
    assert len(seconds) == 12
    assert seconds.max() <= 10.0 and seconds.min() >= 2.0
    assert seconds[0] == pytest.approx(len(rooms.motion(str(rooms.records[0].motion))) / 20)


def test_a_corpus_of_words_alone_is_counted_too() -> None:
    corpus = Corpus(Path("nowhere"), {"name": "words"}, (ItemRecord("a", None, None, ("someone waves",), "train"),))
    found = stats(corpus)
    assert found.tables["modalities"] == {"text": 1}
    assert "objects" not in found.tables and "actions" not in found.tables
    assert len(durations(corpus)) == 0
