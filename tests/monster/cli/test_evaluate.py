"""The command evaluate: tables, JSON, the page, and errors for input that it cannot use."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeModel

from monster.arrays import FloatArray
from monster.tasks import TASKS


@pytest.fixture(autouse=True)
def sentence_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sentence vectors without the language model."""

    def sentences(self: object, texts: Sequence[str]) -> FloatArray:
        return FakeModel().encode_text(list(texts))

    monkeypatch.setattr("monster.text.TextTower.sentences", sentences)


@pytest.fixture
def corpus(run: Any, tmp_path: Path) -> Path:
    """A corpus of two rooms."""
    made = tmp_path / "corpus"
    run("corpus", "generate", "--rooms", 2, "--items", 6, "--seed", 3, "--workers", 1, "--out", made)
    return made


def test_evaluate_prints_a_table_and_json(run: Any, corpus: Path) -> None:
    table = run("evaluate", "--corpus", corpus, "--split", "all").stdout
    assert "| st2m |" in table and "random" in table and "by truth" in table
    output = json.loads(run("evaluate", "--corpus", corpus, "--split", "all", "--limit", 4, "--json").stdout)
    assert output["card"]["weights"] == "fa4e" and output["card"]["items"] == 4 and output["card"]["labels"] is True
    assert set(output["protocols"]) >= {"all", "small"} and output["truth"]["all"]["t2m"]["oracle"] == 100
    hidden = run("evaluate", "--corpus", corpus, "--split", "all", "--no-labels", "--json").stdout
    assert json.loads(hidden)["card"]["labels"] is False


def test_a_corpus_that_cannot_be_measured_gives_one_line(run: Any, corpus: Path, tmp_path: Path) -> None:
    assert "unknown split" in run("evaluate", "--corpus", corpus, "--split", "best", code=2).stderr
    output = run("evaluate", "--corpus", corpus, "--split", "test", code=2).stderr
    assert "no item in that split (6 in train)" in output
    assert "expected a corpus folder" in run("evaluate", "--corpus", tmp_path, code=2).stderr
    lines = [json.loads(line) | {"motion": None} for line in (corpus / "items.jsonl").read_text().splitlines()]
    (corpus / "items.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert "6 items 6 lack a motion" in run("evaluate", "--corpus", corpus, "--split", "all", code=2).stderr


def test_a_page_that_cannot_be_written_is_an_error_before_anything_is_encoded(
    run: Any, corpus: Path, tmp_path: Path, model: FakeModel
) -> None:
    (tmp_path / "file").write_text("")
    for path, reason in ((tmp_path / "file" / "page.html", "cannot be written"), (tmp_path, "got a folder")):
        output = run("evaluate", "--corpus", corpus, "--split", "all", "--html", path, code=2).stderr
        assert reason in output and "encoding" not in output
    assert not model.encoded


def test_a_page_holds_the_queries_of_every_task_in_one_file(run: Any, corpus: Path, tmp_path: Path) -> None:
    path = tmp_path / "new" / "page.html"
    run("evaluate", "--corpus", corpus, "--split", "all", "--html", path)
    text = path.read_text()
    data = json.loads(re.search(r'id="data">(.*)</script>', text).group(1))  # type: ignore[union-attr]
    assert {query["task"] for query in data["queries"]} == set(map(str, TASKS))
    for query in data["queries"]:
        assert query["expected"]["verdict"] == "expected"
        assert 1 <= len(query["hits"]) <= 3
        assert (query["hits"][0]["verdict"] == "expected") or query["rank"] > 1
        for answer in (query["expected"], *query["hits"]):
            view = data["views"][answer["view"]]
            assert view["scene"] in data["scenes"] and (not view["motion"] or view["motion"] in data["motions"])
    ranks = [query["rank"] for query in data["queries"] if query["task"] == "t2m"]
    assert ranks == sorted(ranks, reverse=True)
    assert not re.search(r"(src|href)=.?https?:", text) and [path] == list(path.parent.iterdir())
