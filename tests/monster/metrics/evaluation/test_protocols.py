"""Evaluation under every protocol: perfect, collapsed and random embeddings, chance, oracle, the card."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from embedded_rows import distinct, embedded, measured, sentences
from fakes import FakeModel
from hypothesis import given, settings
from hypothesis import strategies as st

from monster.corpus.storage import Corpus
from monster.metrics.evaluation.positives import Embedded, codes, positives
from monster.metrics.evaluation.protocols import EvaluationInputs, evaluate, measure
from monster.metrics.evaluation.truth import Truth
from monster.metrics.functional import CUTOFFS
from monster.tasks import KINDS, ROW_KINDS, TASKS


def test_perfect_embeddings_have_rank_one() -> None:
    data = distinct(70)
    report = measured(Embedded(dict.fromkeys(KINDS, data.rows["t"]), data.captions, data.scenes, data.motions))
    for protocol, count in (("all", 70), ("small", 5 * 64)):
        assert report.average(protocol) == 100
        for task in TASKS:
            row = report.protocols[protocol][str(task)].recalls
            assert (row.r1, row.medr, row.n) == (100, 1, count)


def test_items_of_one_room_rank_it_first() -> None:
    """A scene has one row for all items of a room: ties among relevant targets cost nothing."""
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
def test_protocols_equal_a_slow_loop(rows: list[tuple[int, int, int]], seed: int) -> None:
    """Sorts, looks for the first relevant target, and counts a tie with an irrelevant one as half."""
    data = embedded(*zip(*rows, strict=True))
    coarse = np.random.default_rng(seed).integers(-1, 2, (6, len(rows), 2)).astype(np.float32)  # many ties
    data = Embedded(dict(zip(KINDS, coarse, strict=True)), data.captions, data.scenes, data.motions)
    sentences = np.eye(len(rows), dtype=np.float32)[codes(data, "t")]
    report = measure(EvaluationInputs([], data, sentences, None), {})
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
    """How many irrelevant targets sort above the best relevant one; ties count half."""
    order = sorted(zip(scores, right, strict=True), reverse=True)
    best = next(score for score, good in order if good)
    return sum(1.0 if score > best else 0.5 if score == best else 0.0 for score, good in order if not good)


def test_the_oracle_orders_true_answers_at_random() -> None:
    """Every caption is true of two motions, one of them the item's own: half of the first ranks are right."""
    data, pairs = distinct(40), np.arange(40) // 2
    true = pairs[:, None] == pairs[None, :]
    report = measured(data, truth=Truth(true, np.eye(40, dtype=bool)))
    row = report.protocols["all"]["t2m"]
    assert row.oracle == pytest.approx((50 + 4 * 100) / 5) and row.chance == pytest.approx(4.2 / 40 * 100)
    assert report.protocols["all"]["tm2s"].oracle == 100
    assert all(row.oracle == 100 for row in report.truth["all"].values())
    assert report.truth["all"]["t2m"].recalls.mrecall >= row.recalls.mrecall
    assert "all_captions" not in report.truth and report.protocols["all_captions"]["t2m"].oracle is None


def test_tasks_compare_motions_in_the_frame_of_their_scene_and_m2s_and_s2m_also_alone() -> None:
    """Rows m@s are those of the scenes, rows m are others: known frames rank first, motions alone do not."""
    data = distinct(40)
    same, other = data.rows["s"], data.rows["t"]
    kinds = {kind: other if kind in ("m", "mt") else same for kind in ROW_KINDS}
    report = measured(Embedded(kinds, data.captions, data.scenes, data.motions))
    rows = report.protocols["all"]
    assert list(rows)[12:] == ["m2s, motion alone", "s2m, motion alone"]
    for name in ("m2s", "s2m", "st2m", "m2st", "tm2s", "s2tm", "ms2t"):
        assert rows[name].recalls.r1 == 100, name
    for name in ("t2m", "m2t", "m2s, motion alone", "s2m, motion alone"):
        assert rows[name].recalls.r1 < 20, name
    mean = np.mean([rows[str(task)].recalls.mrecall for task in TASKS])
    assert report.average("all") == pytest.approx(mean) and "m2s, motion alone" in report.markdown()
    assert len(measured(data).protocols["all"]) == 12  # a model with one row a motion


def test_all_captions_query_with_each_caption_and_accept_any() -> None:
    """Items of two captions: texts are two queries, and either of an item's texts is a relevant target."""
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


def test_similar_captions_are_equal_under_the_threshold_protocol_only() -> None:
    data = distinct(6)
    alike = np.eye(6, dtype=np.float32)
    alike[1] = alike[0]
    report = measure(EvaluationInputs([], data, alike, None), {})
    assert report.protocols["threshold"]["t2m"].chance > report.protocols["all"]["t2m"].chance
    assert report.protocols["threshold"]["m2s"].chance == report.protocols["all"]["m2s"].chance


def test_the_card_describes_what_was_measured(rooms: Corpus) -> None:
    def card(**options: Any) -> dict[str, Any]:
        return dict(evaluate(FakeModel(), rooms, sentences=sentences, **options).card)

    whole, tests, few = card(split="all"), card(), card(split="all", limit=5)
    assert (whole["items"], whole["rooms"], tests["items"], tests["rooms"], few["items"]) == (12, 4, 3, 1, 5)
    assert whole["weights"] == "fa4e" and whole["corpus"] == "generated rooms, seed 2" and tests["split"] == "test"
    assert whole["corpus_hash"] == card(split="all")["corpus_hash"] != few["corpus_hash"]
