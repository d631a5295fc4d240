"""Truth by task against the checker asked one by one, on a generated corpus."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from monster.corpus.storage import Corpus, ItemRecord
from monster.metrics.evaluation.positives import Embedded, positives
from monster.metrics.evaluation.truth import truth_of
from monster.tasks import TASKS, Task
from worlds.checker.claims import is_true
from worlds.corpus_checker import WorldsChecker


def names_of(records: list[ItemRecord]) -> Embedded:
    return Embedded(
        {}, tuple(r.captions[0] for r in records), tuple(str(r.scene) for r in records),
        tuple(str(r.motion) for r in records),
    )  # fmt: skip


def slow_truth(corpus: Corpus, task: str, query: ItemRecord, target: ItemRecord) -> bool:
    """The rule of one task, in words of the checker alone."""

    def said(words: ItemRecord, motion: ItemRecord, scene: str) -> bool:
        return is_true(checker.claims(words)[0], checker.floor_plans[scene], corpus.motion(str(motion.motion)).joints)

    checker = WorldsChecker.of(corpus)
    home, there = str(query.scene), str(target.scene)
    made_there = [record for record in corpus.records if record.scene == target.scene]
    made_here = [record for record in corpus.records if record.scene == query.scene]
    if task in ("t2m", "t2ms"):
        return said(query, target, there)
    if task in ("m2t", "ms2t"):
        return said(target, query, home)
    if task == "t2s":
        return any(said(query, motion, there) for motion in made_there)
    if task == "s2t":
        return any(said(target, motion, home) for motion in made_here)
    if task in ("st2m", "m2st"):
        return home == there and (said(query, target, there) if task == "st2m" else said(target, query, home))
    if task in ("tm2s", "s2tm"):
        return said(query, query, there) if task == "tm2s" else said(target, target, home)
    return home == there if task == "m2s" else query is target or (task == "s2m" and home == there)


@pytest.mark.parametrize("task", [task for task in map(str, TASKS) if task != "s2m"])
def test_each_task_uses_the_checker(rooms: Corpus, task: str) -> None:
    records = list(rooms.records)
    truth = truth_of(rooms, records)
    assert truth is not None
    found = truth.answers(names_of(records), Task.parse(task))
    expected = [[slow_truth(rooms, task, query, target) for target in records] for query in records]
    np.testing.assert_array_equal(found, expected)


def test_claims_of_a_corpus_are_true_of_its_items(rooms: Corpus) -> None:
    truth = truth_of(rooms, rooms.records)
    assert truth is not None and truth.own.diagonal().all() and truth.elsewhere.diagonal().all()
    for task in TASKS:
        if str(task) != "s2m":
            same = positives(names_of(list(rooms.records)), task)
            assert not (same.diagonal() & ~truth.answers(names_of(list(rooms.records)), task).diagonal()).any()


def test_truth_of_a_subset(rooms: Corpus) -> None:
    records, rows = list(rooms.records), np.array([1, 4, 7])
    whole, part = truth_of(rooms, records), truth_of(rooms, [records[row] for row in rows])
    assert whole is not None and part is not None
    np.testing.assert_array_equal(whole.take(rows).own, part.own)
    np.testing.assert_array_equal(whole.take(rows).elsewhere, part.elsewhere)


def test_without_claims_there_is_no_truth(rooms: Corpus) -> None:
    bare = [replace(record, metadata={}) for record in rooms.records]
    assert truth_of(rooms, bare) is None
    assert truth_of(rooms, [replace(rooms.records[0], scene="another"), *rooms.records[1:]]) is None
