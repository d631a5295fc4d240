"""Scores of whole triples: an item as it is, and the same with its caption, motion or scene changed.

What is measured (each over items, none where the corpus does not say what is needed):

    hard negatives   by kind: how often the true triple scores above the one that the checker has proven false
    event order      the same for captions that differ only in the order of what is done ("other order")
    paraphrase       how far a caption that says the same moves the score, over the gap between true and mismatched
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from monster.corpus.checker import checker_of, flagged
from monster.corpus.storage import Corpus, ItemRecord
from monster.errors import CorpusError
from monster.metrics.evaluation.embedding import Encoder, bared
from monster.metrics.evaluation.positives import Embedded, positives
from monster.metrics.functional import first_relevant_ranks, mean_recall
from monster.results import ItemEmbeddings
from monster.tasks import KINDS, Task
from monster.types import CANONICAL_FPS, Item

SCORES: Final = ("tm2s", "st2m", "ms2t")
ORDER: Final = "other order"
CHUNK: Final = 64
Shares = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Changed:
    """An item, and the item that one of its hard negatives makes of it."""

    kind: str
    true: Item
    false: Item


def changed_items(corpus: Corpus, records: Sequence[ItemRecord], *, labels: bool = True) -> Iterator[Changed]:
    """Every hard negative of the records, carried out by the corpus's checker."""
    scene_of = lru_cache(maxsize=16)(corpus.scene)
    for record in records:
        if not record.hard_negatives:
            continue
        checker, whole = checker_of(corpus), corpus.item(record)
        true = bared(whole, labels, 1)
        for number, negative in enumerate(record.hard_negatives):
            false = _named(checker.apply(negative, whole, scene_of), whole, number)
            yield Changed(str(negative["kind"]), true, bared(false, labels, 1))


def _named(changed: Item, whole: Item, number: int) -> Item:
    """The changed item with ids: what stayed as it was keeps its id, so that it is encoded once."""
    if changed.motion is None or changed.scene is None or whole.motion is None or whole.scene is None:
        raise CorpusError(f"item {whole.id!r}: expected a motion and a scene to change, got an item without")
    name = f"{whole.id} changed {number}"
    same_motion = np.array_equal(changed.motion.joints, whole.motion.joints)
    same_scene = changed.scene is whole.scene or np.array_equal(changed.scene.points, whole.scene.points)
    return replace(
        changed,
        id=name,
        motion=whole.motion if same_motion else changed.motion,
        motion_id=whole.motion_id if same_motion else name,
        scene_id=whole.scene_id if same_scene else name,
        metadata={},
    )


def triple_scores(found: ItemEmbeddings) -> dict[str, float]:
    """Cosines of an item's first caption, motion and scene: tm2s, st2m, ms2t."""
    if len(found) < len(KINDS):
        raise CorpusError("an item lacks an embedding: it does not hold all three modalities")
    return {
        "tm2s": float(found["mt"][0] @ found["s"][0]),
        "st2m": float(found["st"][0] @ found["m"][0]),
        "ms2t": float(found["ms"][0] @ found["t"][0]),
    }


def hard_negative_shares(model: Encoder, changed: Iterator[Changed]) -> Shares:
    """By kind and score: the share in percent of true triples that score above the false one (a tie does not), and
    ``n``. Empty without hard negatives."""
    wins: dict[str, list[tuple[bool, ...]]] = {}
    for chunk in _chunks(changed):
        found = model.encode_items([item for pair in chunk for item in (pair.true, pair.false)])
        for pair, true, false in zip(chunk, found[::2], found[1::2], strict=True):
            one, other = triple_scores(true), triple_scores(false)
            wins.setdefault(pair.kind, []).append(tuple(one[name] > other[name] for name in SCORES))
    return {
        kind: dict(zip(SCORES, (100 * np.mean(won, axis=0)).tolist(), strict=True)) | {"n": len(won)}
        for kind, won in sorted(wins.items())
    }


def event_order(shares: Shares) -> dict[str, float] | None:
    """The shares for captions that differ in the order of events only; None when none was tried."""
    return shares.get(ORDER)


def _chunks(changed: Iterator[Changed]) -> Iterator[list[Changed]]:
    chunk: list[Changed] = []
    for pair in changed:
        chunk.append(pair)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def paraphrase_moves(data: Embedded, same: Sequence[tuple[int, int]]) -> dict[str, float]:
    """Median change of each score between two captions (rows of ``data``) that say the same, in percent of the gap
    between the mean true and the mean mismatched score; ``n`` pairs. ``data`` has a row a caption."""
    if not same:
        return {"n": 0}
    one, other = np.array(same).T
    first = data.take(data.first_rows())
    moves = {}
    for name in SCORES:
        task = Task.parse(name)
        scores, right = first.scores(task), positives(first, task)
        gap = float(scores.diagonal().mean() - scores[~right].mean())
        own = (data.rows[task.query] * data.rows[task.target]).sum(axis=1)
        moves[name] = float(100 * np.median(np.abs(own[one] - own[other])) / gap)
    return moves | {"n": len(same)}


def paraphrases(corpus: Corpus, records: Sequence[ItemRecord], data: Embedded) -> list[tuple[int, int]]:
    """Rows of ``data`` in pairs: an item's first caption and another that says the same, as the checker finds."""
    starts, counts = data.first_rows(), np.bincount(data.owner)
    pairs: list[tuple[int, int]] = []
    for index, record in enumerate(records):
        if not record.claims or record.motion is None:
            continue
        joints = corpus.motion(record.motion).resampled(CANONICAL_FPS).joints
        same = checker_of(corpus).paraphrases(record, joints)
        start = int(starts[index])
        pairs += [(start, start + number) for number in same if number < counts[index]]
    return pairs


def pattern_recalls(
    corpus: Corpus, records: Sequence[ItemRecord], data: Embedded, ranks: Mapping[str, DoubleArray]
) -> Shares:
    """Mean recall by task of the captions whose sentence pattern is held out, and of the others.

    ``ranks`` has, by task, the rank of every caption of ``data``. Empty where the records do not say what is held out.
    """
    marks = [
        mark for index, record in enumerate(flagged(corpus, records)) for mark in _marks(record, _count(data, index))
    ]
    flags = np.array(marks)
    groups = {"held-out patterns": flags == 1, "other patterns": flags == 0}
    return {
        name: {task: mean_recall(found[rows]) for task, found in ranks.items()} | {"n": int(rows.sum())}
        for name, rows in groups.items()
        if rows.any()
    }


def _count(data: Embedded, item: int) -> int:
    return int((data.owner == item).sum())


def _marks(record: ItemRecord, count: int) -> list[int]:
    """For each of its first captions 1 if it is held out, 0 if it is not, -1 if the record does not say."""
    if "held_out" not in record.metadata:
        return [-1] * count
    known = [int(flag) for flag in record.held_out[:count]]
    return known + [-1] * (count - len(known))


def caption_ranks(
    data: Embedded, names: Sequence[str] = ("t2m", "t2s", "st2m", "tm2s", "t2ms")
) -> dict[str, DoubleArray]:
    """By task, the rank (from 0) that every caption of ``data`` finds its item at, among all items."""
    first = data.first_rows()
    found: dict[str, DoubleArray] = {}
    for name in names:
        task = Task.parse(name)
        found[name] = first_relevant_ranks(data.scores(task)[:, first], positives(data, task)[:, first])
    return found
