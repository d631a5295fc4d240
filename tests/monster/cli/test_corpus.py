"""corpus import: what it makes and lists, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reader_files import walking, z_up


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "mine"
    made.mkdir()
    for name in ("a", "b"):
        np.save(made / f"{name}.npy", z_up(walking(40)))
    (made / "items.csv").write_text("id,motion,caption\na,a.npy,someone walks\nb,b.npy,someone strolls\n")
    return made


def test_a_table_becomes_a_corpus(run: Any, folder: Path, tmp_path: Path) -> None:
    told = run("corpus", "import", "table", folder, "--out", tmp_path / "corpus")
    assert told.stdout.strip() == f"{tmp_path / 'corpus'}: 2 items, 2 motions, 0 scenes, 2 captions, 2 rooms"
    counted = json.loads(run("corpus", "stats", tmp_path / "corpus", "--json").stdout)
    assert (counted["name"], counted["items"], counted["distinct captions"]) == ("items", 2, 2)
    told = run("corpus", "import", "table", folder, "--out", tmp_path / "corpus", code=2)
    assert "expected a new or empty folder" in told.stderr


def test_what_was_left_out_is_listed_with_another_code(run: Any, folder: Path, tmp_path: Path) -> None:
    (folder / "b.npy").unlink()
    told = run("corpus", "import", "table", folder, "--out", tmp_path / "corpus", "--json", code=3)
    line = "b: b.npy: expected a file in mine, got nothing"
    assert json.loads(told.stdout)["left_out"] == [line] and line in told.stderr
    assert json.loads(told.stdout)["items"] == 1


def test_when_nothing_can_be_done(run: Any, folder: Path, tmp_path: Path) -> None:
    for kind, place, words in (
        ("poem", folder, "expected a kind of data set"),
        ("humanml3d", folder, "without new_joint_vecs, texts"),
        ("humanise", tmp_path / "nowhere", "got nothing"),
        ("trumans", folder, "without human_orient.npy, human_pose.npy, human_transl.npy"),
    ):
        told = run("corpus", "import", kind, place, "--out", tmp_path / "corpus", code=2)
        assert words in told.stderr and told.stdout == ""
    assert not (tmp_path / "corpus").exists()
