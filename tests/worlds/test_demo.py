"""The demo: right answers, outputs, and folders that it must not touch."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from fakes import FakeModel
from typer.testing import CliRunner

from monster.cli.app import app
from monster.corpus.storage import Corpus
from monster.errors import InputError
from monster.results import Hit
from worlds import demo
from worlds.checker.claims import is_true
from worlds.corpus_checker import WorldsChecker
from worlds.generate import generate


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return generate(tmp_path_factory.mktemp("demo") / "corpus", rooms=2, items=16, seed=3, workers=1)


def hit(kind: str, id: str, text: str | None = None) -> Hit:
    return Hit(1, id, 0.5, kind, text=text)  # type: ignore[arg-type]


@pytest.mark.parametrize("task", demo.TASKS)
def test_the_item_itself_is_a_right_answer(corpus: Corpus, task: str) -> None:
    answer_key = demo.AnswerKey(corpus)
    for record in corpus.records:
        hits = {
            "m": hit("m", str(record.motion)),
            "s": hit("s", str(record.scene)),
            "t": hit("t", "x", record.captions[0]),
        }
        assert answer_key.is_right(task, record, hits[task[-1]])


def test_other_answers_are_right_only_if_proven(corpus: Corpus) -> None:
    answer_key = demo.AnswerKey(corpus)
    record = corpus.records[0]
    checker = WorldsChecker.of(corpus)
    claim = checker.claims(record)[0]
    for other in corpus.records:
        proven = is_true(claim, checker.floor_plans[str(other.scene)], corpus.motion(str(other.motion)).joints)
        assert answer_key.is_right("t2m", record, hit("m", str(other.motion))) == proven
        in_room = proven and other.scene == record.scene
        assert answer_key.is_right("st2m", record, hit("m", str(other.motion))) == in_room
        assert answer_key.is_right("m2s", record, hit("s", str(other.scene))) == (other.scene == record.scene)


def test_captions_of_other_actions_are_mostly_wrong(corpus: Corpus) -> None:
    answer_key = demo.AnswerKey(corpus)
    record = corpus.records[0]
    done, wrong = set(record.metadata["action"]), 0
    for other in corpus.records:
        if not done & set(other.metadata["action"]):
            wrong += not answer_key.is_right("ms2t", record, hit("t", "x", other.captions[0]))
    assert wrong >= 3


def test_prepare_removes_only_outputs_of_a_demo(tmp_path: Path) -> None:
    out = tmp_path / "demo"
    demo.prepare(out)
    (out / "corpus").mkdir()
    (out / "best.png").write_text("x")
    (out / "mine.txt").write_text("x")
    demo.prepare(out)
    assert sorted(path.name for path in out.iterdir()) == [demo.MARKER_FILE, "mine.txt"]
    with pytest.raises(InputError, match="other files"):
        demo.prepare(tmp_path)
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError):
        demo.prepare(tmp_path / "file")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run ``monster demo`` with a model without weights."""
    module = ModuleType("monster.model")
    module.load = lambda *_, **__: FakeModel()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "monster.model", module)
    monkeypatch.setattr(demo, "QUERIES_PER_TASK", 4)
    return lambda *args: CliRunner().invoke(
        app, ["demo", "--rooms", "3", "--items", "20", *map(str, args)], catch_exceptions=False
    )


def test_demo_end_to_end(run: Any, tmp_path: Path) -> None:
    result = run("--out", tmp_path / "demo")
    assert result.exit_code == 0
    for task in demo.TASKS:
        shown = result.stdout.split(f"\n{task}  ")[1].splitlines()
        assert [line.lstrip(" ✓")[0] for line in shown[1:4]] == ["1", "2", "3"]
    share = next(line for line in result.stdout.splitlines() if line.startswith("Expected answer"))
    assert "of 20 queries" in share
    assert "which does it there" in result.stdout and "another action in another room" in result.stdout
    assert (tmp_path / "demo" / "best.html").read_text().startswith("<!doctype html>")
    assert (tmp_path / "demo" / "best.png").read_bytes().startswith(b"\x89PNG")


def test_demo_twice_with_json(run: Any, tmp_path: Path) -> None:
    assert run("--out", tmp_path / "demo", "--json").exit_code == 0
    report = json.loads(run("--out", tmp_path / "demo", "--json").stdout)
    assert report["queries"] == sum(task["queries"] for task in report["tasks"].values())
    assert report["found"] == sum(task["found"] for task in report["tasks"].values())
    assert report["share"] == pytest.approx(report["found"] / report["queries"], abs=1e-4)
    assert 0 <= report["tm2s"]["unfitting"] <= 1
    # There are three rooms, so the top three always has the right one.
    assert report["tasks"]["m2s"]["found"] == report["tasks"]["m2s"]["queries"]
