"""How well a model retrieves on a corpus: twelve tasks under six protocols, with intervals, chance and oracle.

Protocols, all by the items' first captions but the last:

    all              every item among all items
    threshold        the same, where captions count as equal when their sentence vectors' cosine is above 0.95
    dissimilar       among the 100 items whose captions are least alike (`least_similar`)
    small            random batches of 32, five shuffles, what is left over is left out
    small_published  consecutive batches of 32 in the order of the corpus, the short last one with the same weight
    all_captions     every item among all items; a text, as query or target, is any caption of an item

Sentence vectors come from the frozen text tower. Positives are sets, of two kinds: by identity (same caption, same
scene, the intersection for pairs, as published; `positives`) and by truth (what the corpus's checker calls true, for
first captions; `truth`). Beside each row stand chance and the oracle (`expected`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from monster import __version__
from monster.corpus.storage import Corpus, ItemRecord
from monster.metrics.evaluation.embedding import Encoder, Progress, embed, whole_records
from monster.metrics.evaluation.positives import Embedded, codes, positives, similar_texts
from monster.metrics.evaluation.report import Report, Row
from monster.metrics.evaluation.truth import Truth, truth_of
from monster.metrics.functional.bootstrap import RESAMPLES, bootstrap
from monster.metrics.functional.oracle import Tally, expected_hits
from monster.metrics.functional.recall import (
    Numbers,
    Pool,
    Positives,
    Recalls,
    consecutive_groups,
    first_relevant_ranks,
    hits,
    least_similar,
    random_groups,
)
from monster.tasks import TASKS, Task
from monster.types import FloatArray

BATCH: Final = 32
BATCH_SEEDS: Final = tuple(range(5))
THRESHOLD: Final = 0.95
SUBSET: Final = 100
SEED: Final = 0
Sentences = Callable[[Sequence[str]], FloatArray]


@dataclass(frozen=True, eq=False)
class Evidence:
    """What a report is made of: the records, their embeddings (a row a caption), and what is true, where known."""

    records: Sequence[ItemRecord]
    embedded: Embedded
    sentences: FloatArray  # unit vectors (n, width) of the items' first captions
    truth: Truth | None


def evaluate(
    model: Encoder,
    corpus: Corpus,
    *,
    split: str = "test",
    limit: int | None = None,
    labels: bool = True,
    sentences: Sentences | None = None,
    progress: Progress | None = None,
) -> Report:
    """Encode a split's whole items and measure. ``labels=False`` hides the object labels of the scenes.

    ``sentences`` makes unit sentence vectors, the frozen text tower's by default. Raises CorpusError when fewer than
    two items hold all three modalities.
    """
    found = gather(model, corpus, split=split, limit=limit, labels=labels, sentences=sentences, progress=progress)
    return measure(found, card_of(model, corpus, found, split=split, labels=labels))


def gather(
    model: Encoder,
    corpus: Corpus,
    *,
    split: str = "test",
    limit: int | None = None,
    labels: bool = True,
    sentences: Sentences | None = None,
    progress: Progress | None = None,
) -> Evidence:
    """Encode a split's whole items and check what is true of them; arguments and errors as `evaluate`'s."""
    records = whole_records(corpus, split, limit)
    embedded = embed(model, corpus, records, labels=labels, progress=progress)
    vectors = (sentences or _tower())([record.captions[0] for record in records])
    return Evidence(records, embedded, vectors, truth_of(corpus, records))


def _tower() -> Sentences:
    from monster.text import TextTower

    return TextTower().sentences


def card_of(model: Encoder, corpus: Corpus, found: Evidence, *, split: str, labels: bool) -> dict[str, Any]:
    """What was measured, and how."""
    missing = "left out: the corpus has no claims and floor plans to check"
    return {
        "version": __version__,
        "weights": model.fingerprint,
        "corpus": corpus.info.get("name"),
        "corpus_hash": _hash(found.records),
        "split": split,
        "items": len(found.records),
        "rooms": len({record.scene for record in found.records}),
        "labels": labels,
        "positives": "identity: equal captions, equal scenes, intersections for pairs, motions themselves",
        "truth": missing if found.truth is None else "what the corpus's checker says of first captions",
        "oracle": missing if found.truth is None else "true answers first, in random order; expected mRecall",
        "small": f"batches of {BATCH}, {len(BATCH_SEEDS)} shuffles",
        "threshold": THRESHOLD,
        "dissimilar": min(SUBSET, len(found.records)),
        "interval": f"95 %, {RESAMPLES} draws of rooms",
        "seed": SEED,
    }


def _hash(records: Sequence[ItemRecord]) -> str:
    digest = hashlib.sha256()
    for record in records:
        digest.update(repr((record.id, record.motion, record.scene, record.captions)).encode())
    return digest.hexdigest()[:16]


@dataclass(frozen=True, eq=False)
class _Trial:
    """One protocol: the rows, the pools of one task, and what counts as equal or true among them."""

    data: Embedded
    pools: Callable[[Task], list[Pool]]
    truth: Truth | None = None
    same_text: Positives | None = None


def measure(found: Evidence, card: Mapping[str, Any]) -> Report:
    """Every protocol and task, for both kinds of positives."""
    identity: dict[str, dict[str, Row]] = {}
    true: dict[str, dict[str, Row]] = {}
    for name, trial in _trials(found):
        identity[name] = {}
        for task in TASKS:
            judged = _Judged(trial, task)
            identity[name][str(task)] = judged.row(judged.same, judged.true)
            if judged.true is not None:
                true.setdefault(name, {})[str(task)] = judged.row(judged.true, judged.true)
    return Report(card, identity, true)


def _trials(found: Evidence) -> Iterator[tuple[str, _Trial]]:
    flat = found.embedded
    data, truth = flat.take(flat.first_rows()), found.truth
    count = len(data)
    shuffled = [g for seed in BATCH_SEEDS for g in random_groups(count, BATCH, np.random.default_rng(seed))]
    rows = least_similar(found.sentences, SUBSET)
    yield "all", _Trial(data, _squares([np.arange(count)]), truth)
    same = similar_texts(found.sentences, THRESHOLD)
    yield "threshold", _Trial(data, _squares([np.arange(count)]), truth, same)
    yield (
        "dissimilar",
        _Trial(data.take(rows), _squares([np.arange(len(rows))]), None if truth is None else truth.take(rows)),
    )
    yield "small", _Trial(data, _squares(shuffled), truth)
    yield "small_published", _Trial(data, _squares(consecutive_groups(count, BATCH)), truth)
    yield "all_captions", _Trial(flat, _captions(flat))


def _squares(groups: list[Numbers]) -> Callable[[Task], list[Pool]]:
    return lambda task: [(group, group) for group in groups]


def _captions(flat: Embedded) -> Callable[[Task], list[Pool]]:
    every, first = np.arange(len(flat)), flat.first_rows()
    return lambda task: [(every if "t" in task.query else first, every if "t" in task.target else first)]


class _Judged:
    """The scores of a task with what counts as found, by identity and, where known, by truth."""

    def __init__(self, trial: _Trial, task: Task) -> None:
        self.data, self.pools = trial.data, trial.pools(task)
        self.scores = trial.data.scores(task)
        self.targets = codes(trial.data, task.target)
        self.rooms = codes(trial.data, "s")
        self.same = positives(trial.data, task, trial.same_text)
        self.true = None if trial.truth is None else trial.truth.answers(trial.data, task) | self.same

    def row(self, relevant: Positives, true: Positives | None) -> Row:
        """The row of these positives; ``true`` is what a perfect scorer would put first."""
        at = [np.ix_(*pool) for pool in self.pools]
        ranks = [first_relevant_ranks(self.scores[where], relevant[where]) for where in at]
        weights = np.concatenate([np.full(len(part), 1 / len(part)) for part in ranks])
        rooms = np.concatenate([self.rooms[rows] for rows, _ in self.pools])
        values = hits(np.concatenate(ranks)).mean(axis=1) * 100
        return Row(
            Recalls.mean([Recalls.of(part) for part in ranks]),
            self._expected(relevant, None, weights),
            None if true is None else self._expected(relevant, true, weights),
            bootstrap(values, rooms, weights, seed=SEED),
        )

    def _expected(self, relevant: Positives, among: Positives | None, weights: Any) -> float:
        parts = [
            Tally.of(relevant[where], None if among is None else among[where], self.targets[pool[1]])
            for pool, where in ((pool, np.ix_(*pool)) for pool in self.pools)
        ]
        return float(np.average(expected_hits(Tally.joined(parts)).mean(axis=1), weights=weights) * 100)
