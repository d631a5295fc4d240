"""A whole corpus checked: the same in one process as in several, and what the command prints."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monster.cli.app import app
from monster.corpus.storage import Corpus
from worlds.audit.audit import audit
from worlds.generate import generate


@pytest.fixture
def mine(rooms: Corpus, tmp_path: Path) -> Corpus:
    shutil.copytree(rooms.folder, tmp_path / "mine")
    return Corpus.open(tmp_path / "mine")


def test_a_sound_corpus(rooms: Corpus) -> None:
    done: list[tuple[int, int]] = []
    found = audit(rooms, progress=lambda at, of: done.append((at, of)))
    assert not found.faults and not found.broken
    assert (found.items, found.scenes) == (12, 4)
    assert found.claims == sum(len(record.captions) for record in rooms.records)
    assert done[-1] == (12, 12)


def test_several_processes_find_the_same(tmp_path: Path) -> None:
    corpus = generate(tmp_path / "many", rooms=33, items=33, seed=4, workers=1)
    for record in corpus.records[:3]:
        corpus.motion_path(str(record.motion)).unlink()
    one, two = audit(corpus), audit(corpus, workers=2)
    assert one.faults == two.faults and one.shared == two.shared
    assert one.counts["unreadable"] == 3


def test_the_command_lists_faults_and_ends_with_three(mine: Corpus) -> None:
    record = mine.records[0]
    mine.motion_path(str(record.motion)).unlink()
    lines = (mine.folder / "items.jsonl").read_text().splitlines()
    (mine.folder / "items.jsonl").write_text("\n".join([*lines, lines[0]]) + "\n")
    run = CliRunner().invoke(app, ["corpus", "validate", str(mine.folder), "--jobs", "1"])
    assert run.exit_code == 3
    assert "repeated-id" in run.stdout and "unreadable" in run.stdout and record.id in run.stdout
    told = json.loads(CliRunner().invoke(app, ["corpus", "validate", str(mine.folder), "--json"]).stdout)
    assert told["faults"] == {"unreadable": 2, "repeated-id": 1}
    assert told["broken"] == 1


def test_the_command_ends_with_nought_when_all_is_well(rooms: Corpus) -> None:
    run = CliRunner().invoke(app, ["corpus", "validate", str(rooms.folder), "--jobs", "1"])
    assert run.exit_code == 0 and "0 with something wrong" in run.stdout


def test_what_is_no_corpus_is_told(tmp_path: Path) -> None:
    run = CliRunner().invoke(app, ["corpus", "validate", str(tmp_path)])
    assert run.exit_code != 0
