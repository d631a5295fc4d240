"""Evaluates a model on a corpus: twelve tasks under six protocols, with intervals, chance and oracle.

Protocols, all with the items' first captions except the last:

    all              every item among all items
    threshold        the same; captions count as equal if the cosine of their sentence vectors exceeds 0.95
    dissimilar       among the 100 items with the least similar captions (`least_similar`)
    small            random batches of 32, five shuffles; the remainder of each is left out
    small_published  consecutive batches of 32 in the order of the corpus; the short last one has the same weight
    all_captions     every item among all items; a text, as query or target, is any caption of an item

Sentence vectors come from the frozen text tower. Relevant targets are sets, of two kinds: by identity (same caption,
same scene, the intersection for pairs, as published; `positives`) and by truth (what the corpus's checker calls true,
for first captions; `truth`). Each row also has the values of chance and of the oracle (`expected_hits`).

In a task with motion and scene, a motion is in the frame of its scene. That tells where in its room it is, so m2s and
s2m have a second row, `ALONE`, with every motion in its own frame; it is not in the averages.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from monster import __version__
from monster.arrays import FloatArray, IntArray, Progress
from monster.corpus.storage import Corpus, ItemRecord
from monster.metrics.evaluation.embedding import Encoder, complete_records, embed
from monster.metrics.evaluation.positives import Embedded, similar_texts
from monster.metrics.evaluation.report import Report, Row
from monster.metrics.evaluation.task_scores import SEED, EvaluationProtocol, Pool, TaskScores
from monster.metrics.evaluation.truth import Truth, truth_of
from monster.metrics.functional import consecutive_pools, least_similar, random_pools
from monster.metrics.functional.bootstrap import RESAMPLES
from monster.tasks import TASKS, Task

BATCH: Final = 32
BATCH_SEEDS: Final = tuple(range(5))
THRESHOLD: Final = 0.95
SUBSET: Final = 100
ALONE: Final = {Task.parse(name): f"{name}, motion alone" for name in ("m2s", "s2m")}
SentenceEncoder = Callable[[Sequence[str]], FloatArray]


@dataclass(frozen=True, eq=False)
class EvaluationInputs:
    """The inputs of a report: records, their embeddings (one row per caption), and their truth if known."""

    records: Sequence[ItemRecord]
    embedded: Embedded
    sentences: FloatArray  # unit vectors (items, width) of the items' first captions
    truth: Truth | None


def evaluate(
    model: Encoder,
    corpus: Corpus,
    *,
    split: str = "test",
    limit: int | None = None,
    labels: bool = True,
    sentences: SentenceEncoder | None = None,
    progress: Progress | None = None,
) -> Report:
    """Encode the items of a split that hold all three modalities, and measure all protocols and tasks.

    ``labels=False`` hides the object labels of the scenes. ``sentences`` computes unit sentence vectors; None uses the
    frozen text tower. Raises CorpusError if fewer than two items hold all three modalities.
    """
    inputs = gather(model, corpus, split=split, limit=limit, labels=labels, sentences=sentences, progress=progress)
    return measure(inputs, evaluation_card(model, corpus, inputs, split=split, labels=labels))


def gather(
    model: Encoder,
    corpus: Corpus,
    *,
    split: str = "test",
    limit: int | None = None,
    labels: bool = True,
    sentences: SentenceEncoder | None = None,
    progress: Progress | None = None,
) -> EvaluationInputs:
    """Encode the items and check their captions; arguments and errors as in `evaluate`."""
    records = complete_records(corpus, split, limit)
    embedded = embed(model, corpus, records, labels=labels, progress=progress)
    if sentences is None:
        from monster.text import TextTower

        sentences = TextTower().sentences
    vectors = sentences([record.captions[0] for record in records])
    return EvaluationInputs(records, embedded, vectors, truth_of(corpus, records))


def evaluation_card(
    model: Encoder, corpus: Corpus, inputs: EvaluationInputs, *, split: str, labels: bool
) -> dict[str, Any]:
    """The data, settings and versions of the evaluation as plain values."""
    missing = "left out: the corpus has no claims and floor plans to check"
    return {
        "version": __version__,
        "weights": model.fingerprint,
        "corpus": corpus.info.get("name"),
        "corpus_hash": _hash(inputs.records),
        "split": split,
        "items": len(inputs.records),
        "rooms": len({record.scene for record in inputs.records}),
        "labels": labels,
        "positives": "identity: equal captions, equal scenes, intersections for pairs, motions themselves",
        "truth": missing if inputs.truth is None else "what the corpus's checker says of first captions",
        "oracle": missing if inputs.truth is None else "true answers first, in random order; expected mRecall",
        "small": f"batches of {BATCH}, {len(BATCH_SEEDS)} shuffles",
        "threshold": THRESHOLD,
        "dissimilar": min(SUBSET, len(inputs.records)),
        "interval": f"95 %, {RESAMPLES} draws of rooms",
        "seed": SEED,
    }


def _hash(records: Sequence[ItemRecord]) -> str:
    digest = hashlib.sha256()
    for record in records:
        digest.update(repr((record.id, record.motion, record.scene, record.captions)).encode())
    return digest.hexdigest()[:16]


def measure(inputs: EvaluationInputs, card: Mapping[str, Any]) -> Report:
    """The report of every protocol and task, for both kinds of relevant targets."""
    identity: dict[str, dict[str, Row]] = {}
    true: dict[str, dict[str, Row]] = {}
    for protocol in _protocols(inputs):
        identity[protocol.name] = {}
        for name, scores in _task_scores(protocol):
            identity[protocol.name][name] = scores.row(scores.identity)
            if scores.true is not None:
                true.setdefault(protocol.name, {})[name] = scores.row(scores.true)
    return Report(card, identity, true)


def _task_scores(protocol: EvaluationProtocol) -> Iterator[tuple[str, TaskScores]]:
    """The rows of a protocol: all tasks, then those of motions alone if the model has embeddings of them."""
    for task in TASKS:
        yield str(task), TaskScores(protocol, task)
    if protocol.data.has_frames:
        for task, name in ALONE.items():
            yield name, TaskScores(protocol, task, alone=True)


def _protocols(inputs: EvaluationInputs) -> Iterator[EvaluationProtocol]:
    captions, truth = inputs.embedded, inputs.truth
    data = captions.take(captions.first_rows())
    count = len(data)
    one_pool = _square_pools([np.arange(count)])
    yield EvaluationProtocol("all", data, one_pool, truth)
    same_text = similar_texts(inputs.sentences, THRESHOLD)
    yield EvaluationProtocol("threshold", data, one_pool, truth, same_text)
    rows = least_similar(inputs.sentences, SUBSET)
    subset_truth = None if truth is None else truth.take(rows)
    yield EvaluationProtocol("dissimilar", data.take(rows), _square_pools([np.arange(len(rows))]), subset_truth)
    shuffled: list[IntArray] = []
    for seed in BATCH_SEEDS:
        shuffled += random_pools(count, BATCH, np.random.default_rng(seed))
    yield EvaluationProtocol("small", data, _square_pools(shuffled), truth)
    yield EvaluationProtocol("small_published", data, _square_pools(consecutive_pools(count, BATCH)), truth)
    yield EvaluationProtocol("all_captions", captions, _caption_pools(captions))


def _square_pools(groups: list[IntArray]) -> Callable[[Task], list[Pool]]:
    return lambda task: [(group, group) for group in groups]


def _caption_pools(captions: Embedded) -> Callable[[Task], list[Pool]]:
    every, first = np.arange(len(captions)), captions.first_rows()
    return lambda task: [(every if "t" in task.query else first, every if "t" in task.target else first)]
