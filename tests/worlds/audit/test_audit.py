"""Audit of a whole corpus, in one process and in several, and the command."""

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
def damaged(rooms: Corpus, tmp_path: Path) -> Corpus:
    shutil.copytree(rooms.folder, tmp_path / "mine")
    return Corpus.open(tmp_path / "mine")


def test_a_generated_corpus_has_no_faults(rooms: Corpus) -> None:
    calls: list[tuple[int, int]] = []
    result = audit(rooms, progress=lambda at, of: calls.append((at, of)))
    assert not result.faults and not result.broken
    assert (result.items, result.scenes) == (12, 4)
    assert result.claims == sum(len(record.captions) for record in rooms.records)
    assert calls[-1] == (12, 12)


def test_two_processes_find_the_same_faults(tmp_path: Path) -> None:
    corpus = generate(tmp_path / "many", rooms=33, items=33, seed=4, workers=1)
    for record in corpus.records[:3]:
        corpus.motion_path(str(record.motion)).unlink()
    one, two = audit(corpus), audit(corpus, workers=2)
    assert one.faults == two.faults and one.overlaps == two.overlaps
    assert one.counts["unreadable"] == 3


def test_the_command_lists_faults_with_exit_code_3(damaged: Corpus) -> None:
    record = damaged.records[0]
    damaged.motion_path(str(record.motion)).unlink()
    lines = (damaged.folder / "items.jsonl").read_text().splitlines()
    (damaged.folder / "items.jsonl").write_text("\n".join([*lines, lines[0]]) + "\n")
    run = CliRunner().invoke(app, ["corpus", "validate", str(damaged.folder), "--jobs", "1"])
    assert run.exit_code == 3
    assert "repeated-id" in run.stdout and "unreadable" in run.stdout and record.id in run.stdout
    report = json.loads(CliRunner().invoke(app, ["corpus", "validate", str(damaged.folder), "--json"]).stdout)
    assert report["faults"] == {"unreadable": 2, "repeated-id": 1}
    assert report["broken"] == 1


def test_the_command_without_faults_has_exit_code_0(rooms: Corpus) -> None:
    run = CliRunner().invoke(app, ["corpus", "validate", str(rooms.folder), "--jobs", "1"])
    assert run.exit_code == 0 and "0 with faults" in run.stdout


def test_a_folder_without_a_corpus_is_an_error(tmp_path: Path) -> None:
    run = CliRunner().invoke(app, ["corpus", "validate", str(tmp_path)])
    assert run.exit_code != 0
