"""Captions and rates beside motions."""

import json
from pathlib import Path

import pytest
from reader_files import DATA, needs_data

from monster.errors import FileFormatError
from monster.io import Caption, read_captions
from monster.io.captions_file import NAME, rate_of


def test_lines_become_captions(tmp_path: Path) -> None:
    lines = [{"id": "a", "captions": ["one", "two"], "fps": 30, "action": "walk"}, {"id": "b", "captions": "three"}]
    (tmp_path / NAME).write_text("\n".join(map(json.dumps, lines)) + "\n\n", encoding="utf-8")
    found = read_captions(tmp_path)
    assert found == {"a": Caption(("one", "two"), 30.0, {"action": "walk"}), "b": Caption(("three",))}
    assert rate_of(tmp_path / "joints.npz", "a") == 30
    assert rate_of(tmp_path / "joints.npz", "b") is None


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    assert read_captions(tmp_path) == {} and rate_of(tmp_path / "x.npy", "x") is None
    for fps in (25, 120):
        (tmp_path / NAME).write_text(json.dumps({"id": "x", "fps": fps}))
        assert rate_of(tmp_path / "x.npy", "x") == fps


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "JSON object with an id in line 2"),
        ("[1]", "JSON object with an id in line 2"),
        ('{"id": 3}', "JSON object with an id"),
        ('{"id": "a", "captions": 4}', "list of texts in line 2"),
        ('{"id": "a", "captions": [4]}', "list of texts in line 2"),
        ('{"id": "a", "fps": 0}', "fps of 1 to 1000 in line 2, got '0'"),
        ("[" * 100_000, "JSON object"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, words: str) -> None:
    (tmp_path / NAME).write_text('{"id": "z"}\n' + line)
    with pytest.raises(FileFormatError, match=words) as caught:
        read_captions(tmp_path)
    assert str(caught.value).startswith(NAME)


@needs_data
def test_real_captions() -> None:
    assert len(read_captions(DATA / "motion" / "bandai")) == 492
