"""Evaluation: positives against a slow loop, perfect and random embeddings, labels hidden, the report."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from fakes import FakeModel
from hypothesis import given, settings
from hypothesis import strategies as st

from monster.corpus.storage import Corpus
from monster.errors import CorpusError
from monster.metrics.evaluation import Embedded, embed, evaluate, measure, positives
from monster.metrics.retrieval import CUTOFFS
from monster.tasks import KINDS, TASKS, Task
from monster.types import Item, ItemEmbeddings


def embedded(captions: Sequence[object], scenes: Sequence[object], motions: Sequence[object], dim: int = 8) -> Embedded:
    """Random unit rows over these names."""
    rows = np.random.default_rng(0).standard_normal((6, len(captions), dim)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=-1, keepdims=True)
    names = [tuple(map(str, values)) for values in (captions, scenes, motions)]
    return Embedded(dict(zip(KINDS, rows, strict=True)), names[0], names[1], names[2])


def slow_positives(data: Embedded, task: Task) -> np.ndarray:
    """For every query, item and target: is the item's query this query, and its target this target?"""
    values = {"t": data.captions, "s": data.scenes, "m": data.motions}

    def same(kind: str, i: int, j: int) -> bool:
        return all(values[letter][i] == values[letter][j] for letter in kind)

    found = np.zeros((len(data), len(data)), dtype=bool)
    for query in range(len(data)):
        for target in range(len(data)):
            found[query, target] = any(
                same(task.query, query, item) and same(task.target, item, target) for item in range(len(data))
            )
    return found


names = st.lists(st.tuples(*[st.integers(0, 3)] * 3), min_size=1, max_size=9)


@settings(deadline=None)
@given(names, st.sampled_from(TASKS))
def test_positives_are_those_of_a_slow_loop(rows: list[tuple[int, int, int]], task: Task) -> None:
    data = embedded(*zip(*rows, strict=True))
    found = positives(data, task)
    np.testing.assert_array_equal(found, slow_positives(data, task))
    assert found.diagonal().all()


def distinct(count: int) -> Embedded:
    """Items that share nothing."""
    return embedded(range(count), range(count), range(count), dim=64)


def test_perfect_embeddings_are_found_at_once() -> None:
    data = distinct(70)
    report = measure(Embedded(dict.fromkeys(KINDS, data.rows["t"]), data.captions, data.scenes, data.motions), {})
    for protocol, count in (("all", 70), ("small", 5 * 64)):
        assert report.average(protocol) == 100
        for task in TASKS:
            row = report.protocols[protocol][str(task)]
            assert (row.r1, row.medr, row.n) == (100, 1, count)


def test_shared_rooms_are_found_at_once_whichever_of_their_items_is_asked() -> None:
    """A scene's row is the same for all items of a room: ties among positives cost nothing."""
    rooms = np.arange(60) // 5
    data = embedded(range(60), rooms, range(60), dim=64)
    of_room = data.rows["s"][rooms]
    report = measure(Embedded(dict.fromkeys(KINDS, of_room), data.captions, data.scenes, data.motions), {})
    assert report.protocols["all"]["t2s"].r1 == report.protocols["all"]["tm2s"].r1 == 100
    assert report.protocols["all"]["t2m"].r1 == 0  # five motions tie: the middle of them is not the first


def test_a_collapsed_model_is_at_chance() -> None:
    data = distinct(64)
    same = np.ones((64, 8), dtype=np.float32) / np.sqrt(8, dtype=np.float32)
    report = measure(Embedded(dict.fromkeys(KINDS, same), data.captions, data.scenes, data.motions), {})
    assert report.average("all") == 0 and report.protocols["small"]["t2m"].medr == pytest.approx(16.5)


def test_the_random_row_is_chance() -> None:
    """Expected recall at k of one positive among n is k / n; random embeddings are no better than the random row."""
    report = measure(distinct(320), {})
    for protocol, pool in (("all", 320), ("small", 32)):
        expected = 100 * np.mean([k / pool for k in CUTOFFS])
        queries = report.random[protocol]["t2m"].n
        spread = 100 * math.sqrt(expected / 100 / queries)
        assert report.random[protocol]["t2m"].mrecall == pytest.approx(expected, abs=4 * spread)
        assert report.average(protocol) == pytest.approx(expected, abs=4 * spread)


def test_a_report_prints_every_task_with_chance_beside() -> None:
    report = measure(distinct(40), {"split": "test", "items": 40})
    told = json.loads(json.dumps(report.to_json()))
    assert told["card"] == {"split": "test", "items": 40} and list(told["protocols"]) == ["all", "small"]
    for task in map(str, TASKS):
        row = told["protocols"]["all"][task]
        assert row["chance"] == round(report.random["all"][task].mrecall, 2) and 0 <= row["r1"] <= row["r10"] <= 100
    lines = report.markdown().splitlines()
    assert lines[0] == "| task | all | random | small | random |" and len(lines) == 2 + 12 + 1
    assert lines[2].startswith(f"| t2m | {report.protocols['all']['t2m'].mrecall:.1f} | ")
    assert lines[-1].startswith(f"| **average** | **{report.average('all'):.1f}** | ")
    assert len({line.count("|") for line in lines}) == 1


class Watching(FakeModel):
    """Keeps what it was asked to encode."""

    def __init__(self) -> None:
        super().__init__()
        self.items: list[Item] = []

    def encode_items(self, items: Sequence[Item], **options: Any) -> list[ItemEmbeddings]:
        """As the fake does."""
        self.items += items
        return super().encode_items(items, **options)


def test_a_corpus_is_encoded_with_first_captions_in_the_order_of_its_records(rooms: Corpus) -> None:
    model, told = Watching(), []  # type: ignore[var-annotated]
    data = embed(model, rooms, rooms.records, progress=lambda done, count: told.append((done, count)))
    assert data.captions == tuple(record.captions[0] for record in rooms.records)
    assert data.scenes == tuple(record.scene for record in rooms.records) and told == [(12, 12)]
    for row, record in enumerate(rooms.records):
        np.testing.assert_allclose(data.rows["t"][row], model.encode_text(record.captions[0])[0])
        np.testing.assert_allclose(data.rows["m"][row], model.encode_motion(rooms.motion(str(record.motion)))[0])
        np.testing.assert_allclose(data.rows["s"][row], model.encode_scene(rooms.scene(str(record.scene)))[0])
    assert all(item.scene is not None and item.scene.labels for item in model.items)


def test_labels_can_be_hidden(rooms: Corpus) -> None:
    model = Watching()
    card = evaluate(model, rooms, split="all", labels=False).card
    assert card["labels"] is False
    assert all(item.scene is not None and item.scene.labels is None for item in model.items)
    assert all(item.scene is not None and item.scene.instances is not None for item in model.items)


def test_a_card_says_what_was_measured(rooms: Corpus) -> None:
    def card(**options: Any) -> dict[str, Any]:
        return dict(evaluate(FakeModel(), rooms, **options).card)

    whole, tests, few = card(split="all"), card(), card(split="all", limit=5)
    assert (whole["items"], whole["rooms"], tests["items"], tests["rooms"], few["items"]) == (12, 4, 3, 1, 5)
    assert whole["weights"] == "fa4e" and whole["corpus"] == "generated rooms, seed 2" and tests["split"] == "test"
    assert whole["corpus_hash"] == card(split="all")["corpus_hash"] != few["corpus_hash"]


def test_too_few_items_are_an_error(rooms: Corpus) -> None:
    with pytest.raises(CorpusError, match="at least 2 items with all three modalities in val, got 0"):
        evaluate(FakeModel(), rooms, split="val")
    with pytest.raises(CorpusError, match="got 1"):
        evaluate(FakeModel(), rooms, limit=1)


def test_an_item_that_lacks_a_modality_is_an_error(rooms: Corpus) -> None:
    class Blind(FakeModel):
        def encode_items(self, items: Sequence[Item], **options: Any) -> list[ItemEmbeddings]:
            return [ItemEmbeddings(found.captions) for found in super().encode_items(items, **options)]

    with pytest.raises(CorpusError, match="lacks its m embedding"):
        evaluate(Blind(), rooms)
