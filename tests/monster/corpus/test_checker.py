"""Corpora find their checker by name; a missing checker is an error."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fake_checker import FakeChecker, install
from fakes import motion_of, scene_of
from tiny_corpus import own_corpus
from typer.testing import CliRunner

from monster.cli.app import app
from monster.corpus.checker import Checker, checker_name, checker_of, flagged
from monster.corpus.storage import Corpus
from monster.errors import CorpusError
from worlds.corpus_checker import WorldsChecker

RECORD = {
    "id": "a",
    "motion": "m",
    "scene": "s",
    "captions": ["someone walks"],
    "split": "test",
    "claims": [{"says": ""}],
}


def corpus_of(folder: Path, **info: Any) -> Corpus:
    """Two items with claims; ``info`` is added to corpus.json."""
    result = own_corpus(folder, [RECORD, {**RECORD, "id": "b"}], motion_of(1), scene_of(1))
    (folder / "corpus.json").write_text(json.dumps({**result.info, **info}))
    return Corpus.open(folder)


@pytest.mark.parametrize("verb", [name for name in vars(Checker) if not name.startswith("_")])
@pytest.mark.parametrize("implementation", [WorldsChecker, FakeChecker])
def test_checkers_implement_the_protocol(verb: str, implementation: type) -> None:
    expected, found = getattr(Checker, verb), getattr(implementation, verb)
    if inspect.isfunction(expected):
        assert list(inspect.signature(found).parameters) == list(inspect.signature(expected).parameters)


def test_the_named_checker_is_opened_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, "fake")
    corpus = corpus_of(tmp_path / "c", checker="fake")
    checker = checker_of(corpus)
    assert isinstance(checker, FakeChecker) and corpus.checker is checker and corpus.checker_name == "fake"
    assert checker.folder == corpus.folder and checker.info["checker"] == "fake"


@pytest.mark.parametrize(
    ("info", "expected"),
    [
        ({}, None),
        ({"checker": None, "generator": {}}, None),
        ({"checker": "mine"}, "mine"),
        ({"generator": {"generator": "2"}}, "worlds"),  # generated before corpus.json named a checker
    ],
)
def test_which_checker_a_corpus_names(tmp_path: Path, info: dict[str, Any], expected: str | None) -> None:
    assert checker_name(tmp_path, info) == expected


def test_an_old_generated_corpus_has_the_default_checker(tmp_path: Path) -> None:
    (tmp_path / "rooms.jsonl").touch()
    assert checker_name(tmp_path, {}) == "worlds"


def test_a_missing_checker_is_an_error_if_it_is_needed(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path / "c")
    assert corpus.checker is None and flagged(corpus, corpus.records) == list(corpus.records)
    with pytest.raises(
        CorpusError, match=r"expected a corpus with a checker, got one .* names none; .*corpus generate"
    ):
        checker_of(corpus)


@pytest.mark.parametrize("command", ["evaluate", "train"])
def test_a_command_without_the_named_checker_exits_with_one_line(
    tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus_of(tmp_path / "c", checker="elsewhere")
    monkeypatch.setattr("monster.metrics.evaluation.protocols.embed", lambda *_, **__: None)
    monkeypatch.setattr("monster.text.TextTower.sentences", lambda *_: None)
    more = ["--out", str(tmp_path / "run")] if command == "train" else []
    done = CliRunner().invoke(app, [command, "--corpus", str(tmp_path / "c"), *more])
    last = done.stderr.splitlines()[-1]
    assert done.exit_code == 2
    assert "expected the checker 'elsewhere' that corpus.json names" in last and "install the package" in last


def test_records_without_flags_get_them_from_the_checker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, "fake")
    corpus = corpus_of(tmp_path / "c", checker="fake")
    assert [record.held_out for record in corpus.records] == [(False,), (False,)]
    assert [record.held_out for record in flagged(corpus, corpus.records)] == [(True,), (True,)]


def test_the_corpus_class_loads_neither_the_generator_nor_a_reader() -> None:
    code = "import sys, monster; monster.Corpus; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    loaded = set(done.stdout.split())
    assert not [name for name in loaded if name.partition(".")[0] == "worlds"]
    assert not [name for name in loaded if name.startswith(("monster.io.motion", "monster.io.scene"))]
    assert not loaded & {"torch", "trimesh", "open3d", "importlib.metadata"}
