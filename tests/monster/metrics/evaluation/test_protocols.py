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
from monster.metrics.evaluation.embedding import embed
from monster.metrics.evaluation.positives import Embedded, positives
from monster.metrics.evaluation.protocols import Evidence, evaluate, measure
from monster.metrics.evaluation.report import Report
from monster.metrics.evaluation.truth import Truth
from monster.metrics.functional.recall import CUTOFFS
from monster.tasks import KINDS, TASKS
from monster.types import FloatArray, Item, ItemEmbeddings


def embedded(captions: Sequence[object], scenes: Sequence[object], motions: Sequence[object], dim: int = 8) -> Embedded:
    """Random unit rows over these names."""
    rows = np.random.default_rng(0).standard_normal((6, len(captions), dim)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=-1, keepdims=True)
    names = [tuple(map(str, values)) for values in (captions, scenes, motions)]
    return Embedded(dict(zip(KINDS, rows, strict=True)), names[0], names[1], names[2])


def measured(data: Embedded, card: dict[str, Any] | None = None, truth: Truth | None = None) -> Report:
    """The report of these rows; captions as unlike as their text embeddings."""
    return measure(Evidence([], data, data.rows["t"][data.first_rows()], truth), card or {})


def words(texts: Sequence[str]) -> FloatArray:
    """Sentence vectors of the fake model."""
    return FakeModel().encode_text(list(texts))


PROTOCOLS = ["all", "threshold", "dissimilar", "small", "small_published", "all_captions"]


def distinct(count: int) -> Embedded:
    """Items that share nothing."""
    return embedded(range(count), range(count), range(count), dim=64)


def test_perfect_embeddings_are_found_at_once() -> None:
    data = distinct(70)
    report = measured(Embedded(dict.fromkeys(KINDS, data.rows["t"]), data.captions, data.scenes, data.motions))
    for protocol, count in (("all", 70), ("small", 5 * 64)):
        assert report.average(protocol) == 100
        for task in TASKS:
            row = report.protocols[protocol][str(task)].recalls
            assert (row.r1, row.medr, row.n) == (100, 1, count)


def test_shared_rooms_are_found_at_once_whichever_of_their_items_is_asked() -> None:
    """A scene's row is the same for all items of a room: ties among positives cost nothing."""
    rooms = np.arange(60) // 5
    data = embedded(range(60), rooms, range(60), dim=64)
    of_room = data.rows["s"][rooms]
    report = measured(Embedded(dict.fromkeys(KINDS, of_room), data.captions, data.scenes, data.motions))
    assert report.protocols["all"]["t2s"].recalls.r1 == report.protocols["all"]["tm2s"].recalls.r1 == 100
    assert report.protocols["all"]["t2m"].recalls.r1 == 0  # five motions tie: the middle of them is not the first


def test_a_collapsed_model_is_at_chance() -> None:
    data = distinct(64)
    same = np.ones((64, 8), dtype=np.float32) / np.sqrt(8, dtype=np.float32)
    report = measured(Embedded(dict.fromkeys(KINDS, same), data.captions, data.scenes, data.motions))
    assert report.average("all") == 0 and report.protocols["small"]["t2m"].recalls.medr == pytest.approx(16.5)


def test_chance_is_the_published_number_and_what_random_embeddings_reach() -> None:
    """Expected recall at k of one positive among n is k / n."""
    report = measured(distinct(320))
    for protocol, pool in (("all", 320), ("small", 32), ("small_published", 32), ("dissimilar", 100)):
        row = report.protocols[protocol]["t2m"]
        assert row.chance == pytest.approx(100 * np.mean([k / pool for k in CUTOFFS]))
        spread = 100 * math.sqrt(row.chance / 100 / row.recalls.n)
        assert report.average(protocol) == pytest.approx(row.chance, abs=4 * spread)


@settings(deadline=None, max_examples=15)
@given(st.lists(st.tuples(*[st.integers(0, 4)] * 3), min_size=2, max_size=40), st.integers(0, 99))
def test_every_protocol_is_what_the_slow_way_finds(rows: list[tuple[int, int, int]], seed: int) -> None:
    """Sort, look for the first positive, and count a tie with a negative as half: loops and nothing else."""
    data = embedded(*zip(*rows, strict=True))
    coarse = np.random.default_rng(seed).integers(-1, 2, (6, len(rows), 2)).astype(np.float32)  # many ties
    data = Embedded(dict(zip(KINDS, coarse, strict=True)), data.captions, data.scenes, data.motions)
    report = measure(Evidence([], data, np.eye(len(rows), dtype=np.float32), None), {})
    count = len(rows)
    batches = [list(range(start, min(start + 32, count))) for start in range(0, count, 32)]
    for task in TASKS:
        right = positives(data, task)
        query, target = (coarse[KINDS.index(kind)] for kind in (task.query, task.target))
        scores = [[float(query[i] @ target[j]) for j in range(count)] for i in range(count)]
        for name, pools in (("all", [list(range(count))]), ("small_published", batches)):
            expected = {k: [] for k in CUTOFFS}  # type: ignore[var-annotated]
            for pool in pools:
                ranks = [slow_rank([scores[i][j] for j in pool], [bool(right[i, j]) for j in pool]) for i in pool]
                for k in CUTOFFS:
                    expected[k].append(100 * sum(rank < k for rank in ranks) / len(ranks))
            row = report.protocols[name][str(task)].recalls
            for k in CUTOFFS:
                assert getattr(row, f"r{k}") == pytest.approx(sum(expected[k]) / len(pools))


def slow_rank(scores: list[float], right: list[bool]) -> float:
    """How many wrong ones sort above the best right one; those that tie count half."""
    order = sorted(zip(scores, right, strict=True), reverse=True)
    best = next(score for score, good in order if good)
    return sum(1.0 if score > best else 0.5 if score == best else 0.0 for score, good in order if not good)


def test_the_oracle_cannot_tell_true_answers_apart() -> None:
    """Every caption is true of two motions, one of them the item's own: half of the first places are right."""
    data, pairs = distinct(40), np.arange(40) // 2
    true = pairs[:, None] == pairs[None, :]
    report = measured(data, truth=Truth(true, np.eye(40, dtype=bool)))
    row = report.protocols["all"]["t2m"]
    assert row.oracle == pytest.approx((50 + 4 * 100) / 5) and row.chance == pytest.approx(4.2 / 40 * 100)
    assert report.protocols["all"]["tm2s"].oracle == 100
    assert all(row.oracle == 100 for row in report.truth["all"].values())
    assert report.truth["all"]["t2m"].recalls.mrecall >= row.recalls.mrecall
    assert "all_captions" not in report.truth and report.protocols["all_captions"]["t2m"].oracle is None


def test_all_captions_ask_with_each_and_find_any() -> None:
    """Items of two captions: texts ask twice, and either of an item's texts is a right answer."""
    data, owner = distinct(20), np.arange(20) // 2
    shared = data.rows["t"][owner]
    flat = Embedded(
        dict.fromkeys(KINDS, shared), data.captions, tuple(map(str, owner)), tuple(map(str, owner)), owner=owner
    )
    report = measured(flat)
    rows = report.protocols["all_captions"]
    assert (rows["t2m"].recalls.n, rows["m2t"].recalls.n, rows["m2s"].recalls.n) == (20, 10, 10)
    assert rows["t2m"].recalls.r1 == rows["m2t"].recalls.r1 == 100 and report.protocols["all"]["t2m"].recalls.n == 10
    among = [0.1, 37 / 190, 27 / 95, 17 / 38, 29 / 38]  # that one of two texts is among the first k of twenty
    assert rows["m2t"].chance == pytest.approx(100 * np.mean(among)) and rows["t2m"].chance == pytest.approx(42)


def test_similar_captions_count_under_the_threshold_only() -> None:
    data = distinct(6)
    alike = np.eye(6, dtype=np.float32)
    alike[1] = alike[0]
    report = measure(Evidence([], data, alike, None), {})
    assert report.protocols["threshold"]["t2m"].chance > report.protocols["all"]["t2m"].chance
    assert report.protocols["threshold"]["m2s"].chance == report.protocols["all"]["m2s"].chance


def test_a_report_prints_every_task_with_chance_and_interval() -> None:
    report = measured(distinct(40), {"split": "test", "items": 40})
    told = json.loads(json.dumps(report.to_json()))
    assert told["card"] == {"split": "test", "items": 40} and list(told["protocols"]) == PROTOCOLS
    for task in map(str, TASKS):
        row = told["protocols"]["all"][task]
        assert set(row) == {"mrecall", "r1", "r2", "r3", "r5", "r10", "medr", "chance", "oracle", "n", "low", "high"}
        assert row["low"] <= row["mrecall"] <= row["high"] and 0 <= row["r1"] <= row["r10"] <= 100
    average = told["averages"]["protocols"]["all"]
    assert average["mrecall"] == round(report.average("all"), 2) and average["low"] <= average["mrecall"]
    text = report.markdown()
    assert text.count("| st2m |") == 2 and f"| {report.average('all'):.1f} |" in text
    assert len({line.count("|") for line in text.splitlines() if line.startswith("|")}) == 1


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
    data = embed(model, rooms, rooms.records, captions=1, progress=lambda done, count: told.append((done, count)))
    assert data.captions == tuple(record.captions[0] for record in rooms.records)
    assert data.scenes == tuple(record.scene for record in rooms.records) and told == [(12, 12)]
    for row, record in enumerate(rooms.records):
        np.testing.assert_allclose(data.rows["t"][row], model.encode_text(record.captions[0])[0])
        np.testing.assert_allclose(data.rows["m"][row], model.encode_motion(rooms.motion(str(record.motion)))[0])
        np.testing.assert_allclose(data.rows["s"][row], model.encode_scene(rooms.scene(str(record.scene)))[0])
    assert all(item.scene is not None and item.scene.labels for item in model.items)


def test_labels_can_be_hidden(rooms: Corpus) -> None:
    model = Watching()
    card = evaluate(model, rooms, split="all", labels=False, sentences=words).card
    assert card["labels"] is False
    assert all(item.scene is not None and item.scene.labels is None for item in model.items)
    assert all(item.scene is not None and item.scene.instances is not None for item in model.items)


def test_a_card_says_what_was_measured(rooms: Corpus) -> None:
    def card(**options: Any) -> dict[str, Any]:
        return dict(evaluate(FakeModel(), rooms, sentences=words, **options).card)

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
        evaluate(Blind(), rooms, sentences=words)
