"""A corpus folder: records, items read from it, and errors that name the file and the line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import motion_of, scene_of
from hypothesis import given
from hypothesis import strategies as st
from tiny_corpus import own_corpus

from monster.corpus.storage import SPLITS, Corpus, ItemRecord, read_lines, write_lines
from monster.errors import CorpusError, FileFormatError

RECORDS: list[dict[str, Any]] = [
    {"id": "a", "motion": "m", "scene": "s", "captions": ["walk", "go"], "split": "train", "subject": 3},
    {"id": "b", "motion": None, "scene": "s", "captions": [], "split": "val"},
    {"id": "c", "motion": "m", "scene": None, "captions": ["sit"], "split": "test", "claims": [{"says": ""}]},
]
ids = st.text(min_size=1, max_size=8)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
records = st.builds(
    ItemRecord,
    id=ids,
    motion=st.none() | ids,
    scene=st.none() | ids,
    captions=st.lists(st.text(max_size=10), max_size=3).map(tuple),
    split=st.sampled_from(SPLITS),
    metadata=st.dictionaries(st.sampled_from(["subject", "action", "room"]), json_values),
)


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    return own_corpus(tmp_path / "c", RECORDS, motion_of(1), scene_of(1))


@given(records)
def test_a_record_survives_a_round_trip(record: ItemRecord) -> None:
    assert ItemRecord.from_json(json.loads(json.dumps(record.to_json()))) == record


def test_items_hold_the_arrays_of_their_record(corpus: Corpus) -> None:
    items = {item.id: item for item in corpus.items()}
    assert list(items) == ["a", "b", "c"]
    assert items["a"].captions == ("walk", "go") and items["a"].metadata == {"subject": 3}
    assert items["a"].motion is not None and items["b"].motion is None and items["c"].scene is None
    assert np.array_equal(items["a"].motion.joints, motion_of(1).joints)
    assert items["a"].scene is items["b"].scene  # read once
    assert items["a"].scene_id == items["b"].scene_id == "s"
    assert "claims" not in items["c"].metadata
    assert corpus.item("b").id == "b" and corpus.item(corpus.records[2]).captions == ("sit",)


def test_splits_are_selected(corpus: Corpus) -> None:
    assert [[record.id for record in corpus.select(split)] for split in (*SPLITS, "all")] == [
        ["a"], ["b"], ["c"], ["a", "b", "c"],
    ]  # fmt: skip
    with pytest.raises(CorpusError, match="unknown split 'dev': expected one of train, val, test, all"):
        corpus.select("dev")
    with pytest.raises(CorpusError, match="no item 'z'"):
        corpus.item("z")


def test_held_out_is_a_flag_per_caption() -> None:
    record = ItemRecord.from_json(RECORDS[0])
    assert record.held_out == (False, False) and record.is_flagged
    claimed = ItemRecord.from_json(RECORDS[2])
    assert not claimed.is_flagged and claimed.claims == ({"says": ""},)
    flagged = ItemRecord.from_json({**RECORDS[2], "held_out": [True]})
    assert flagged.held_out == (True,) and flagged.is_flagged


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("corpus.json", "{", r"corpus\.json: expected JSON"),
        ("corpus.json", "[]", r"expected a JSON object, got list"),
        ("corpus.json", '{"format": 99}', "expected corpus format 1, got 99"),
        ("items.jsonl", '{"id": "a"}\n', r"items\.jsonl: line 1 is not an item: 'split'"),
        ("items.jsonl", json.dumps(RECORDS[0]) + "\n" + json.dumps({**RECORDS[1], "split": "dev"}), "line 2 .*'dev'"),
        ("items.jsonl", "7\n", "line 1 is not an item"),
    ],
)
def test_a_corrupt_file_is_named(corpus: Corpus, name: str, text: str, words: str) -> None:
    (corpus.folder / name).write_text(text)
    with pytest.raises(CorpusError, match=words):
        Corpus.open(corpus.folder)


def test_a_folder_that_is_not_a_corpus(tmp_path: Path, corpus: Corpus) -> None:
    with pytest.raises(CorpusError, match=r"expected a corpus folder with corpus\.json, got no corpus"):
        Corpus.open(tmp_path)
    (tmp_path / ".parts").mkdir()
    with pytest.raises(CorpusError, match="an unfinished corpus: run the same generate command again"):
        Corpus.open(tmp_path)
    (corpus.folder / "items.jsonl").unlink()
    with pytest.raises(CorpusError, match=r"expected items\.jsonl"):
        Corpus.open(corpus.folder)


def test_lines_are_written_atomically(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    write_lines(path, [{"a": "ü"}, {"b": 1}])
    assert list(read_lines(path)) == [{"a": "ü"}, {"b": 1}]
    with pytest.raises(TypeError):
        write_lines(path, [{"a": 1}, {"a": object()}])
    assert list(read_lines(path)) == [{"a": "ü"}, {"b": 1}]
    path.write_text('{"a": 1}\n{"a"\n')
    with pytest.raises(FileFormatError, match="line 2 is not JSON"):
        list(read_lines(path))
