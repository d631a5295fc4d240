"""The page of the worst queries: what it holds and in which order."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from embedded_rows import sentences
from fakes import FakeModel

from monster.corpus.storage import Corpus
from monster.errors import InputError
from monster.metrics.evaluation.page import HITS_PER_QUERY, QUERIES_PER_TASK, write_page
from monster.metrics.evaluation.protocols import EvaluationInputs, evaluation_card, gather, measure
from monster.metrics.evaluation.report import Report
from monster.tasks import TASKS


@pytest.fixture(scope="module")
def measured(rooms: Corpus) -> tuple[EvaluationInputs, Report]:
    inputs = gather(FakeModel(), rooms, split="all", sentences=sentences)
    return inputs, measure(inputs, evaluation_card(FakeModel(), rooms, inputs, split="all", labels=True))


def written(path: Path) -> tuple[str, dict[str, Any]]:
    text = path.read_text(encoding="utf-8")
    found = re.search(r'id="data">(.*)</script>', text)
    assert found is not None
    return text, json.loads(found.group(1))


def test_the_page_shows_the_worst_queries_of_every_task(
    measured: tuple[EvaluationInputs, Report], rooms: Corpus, tmp_path: Path
) -> None:
    text, data = written(write_page(tmp_path / "new" / "page.html", rooms, *measured))
    assert "12 items in 4 rooms" in text
    for task in TASKS:
        queries = [query for query in data["queries"] if query["task"] == str(task)]
        ranks = [query["rank"] for query in queries]
        assert len(ranks) == QUERIES_PER_TASK
        assert ranks == sorted(ranks, reverse=True)
        assert all(1 <= len(query["hits"]) <= HITS_PER_QUERY for query in queries)
        assert all(bool(query["text"]) == ("t" in task.query) for query in queries)


def test_hits_are_ordered_and_labelled(
    measured: tuple[EvaluationInputs, Report], rooms: Corpus, tmp_path: Path
) -> None:
    _, data = written(write_page(tmp_path / "page.html", rooms, *measured))
    for query in data["queries"]:
        scores = [hit["score"] for hit in query["hits"]]
        assert scores == sorted(scores, reverse=True)
        assert query["expected"]["verdict"] == "expected"
        assert {hit["verdict"] for hit in query["hits"]} <= {"expected", "also true", "wrong"}
        if query["rank"] > 1.5:
            assert query["hits"][0]["verdict"] != "expected"
        for target in (query["expected"], *query["hits"]):
            assert data["views"][target["view"]]["scene"] in data["scenes"]


def test_a_path_that_cannot_be_written_is_an_error(
    measured: tuple[EvaluationInputs, Report], rooms: Corpus, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        write_page(tmp_path / "file" / "page.html", rooms, *measured)
