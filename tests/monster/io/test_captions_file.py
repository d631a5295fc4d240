"""Captions and rates beside motions."""

import json
from pathlib import Path

import pytest
from reader_files import DATA, needs_data

from monster.errors import FileFormatError
from monster.io import Caption, read_captions
from monster.io.captions_file import NAME, captions_beside, fps_beside
from monster.io.sources import Source


def test_lines_become_captions(tmp_path: Path) -> None:
    lines = [{"id": "a", "captions": ["one", "two"], "fps": 30, "action": "walk"}, {"id": "b", "captions": "three"}]
    (tmp_path / NAME).write_text("\n".join(map(json.dumps, lines)) + "\n\n", encoding="utf-8")
    found = read_captions(tmp_path)
    assert found == {"a": Caption(("one", "two"), 30.0, {"action": "walk"}), "b": Caption(("three",))}
    source = Source(tmp_path / "joints.npz")
    assert captions_beside(source) == found
    assert (fps_beside(source, "a", 60), fps_beside(source, "b", 60), fps_beside(source, "c", 60)) == (30, None, None)


def test_a_line_about_another_version_of_the_clip_says_nothing_of_its_rate(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(json.dumps({"id": "x", "fps": 120, "frames": 600}))
    source = Source(tmp_path / "x.npy")
    assert fps_beside(source, "x", 600) == 120 and fps_beside(source, "x", 100) is None


def test_sources_of_one_folder_may_share_the_file(tmp_path: Path) -> None:
    assert captions_beside(Source(tmp_path / "x.npy")) == {}
    beside: dict[Path, object] = {}
    for fps in (25, 120):
        (tmp_path / NAME).write_text(json.dumps({"id": "x", "fps": fps}))
        assert fps_beside(Source(tmp_path / "x.npy", beside=beside), "x", 60) == 25
        assert fps_beside(Source(tmp_path / "x.npy"), "x", 60) == fps


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "JSON object with an id in line 2"),
        ("[1]", "JSON object with an id in line 2"),
        ('{"id": 3}', "JSON object with an id"),
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


def test_captions_may_be_objects_and_broken_ones_stop_no_motion(tmp_path: Path) -> None:
    captions = [
        {"caption": "a person walks", "tokens": []},
        {"text": "strolls"},
        {"x": 1},
        None,
        7,
        " ",
        "\ud83d",
        "runs",
    ]
    (tmp_path / NAME).write_text(json.dumps({"id": "a", "captions": captions}) + "\n" + json.dumps({"id": "b"}))
    assert read_captions(tmp_path)["a"].captions == ("a person walks", "strolls", "runs")
