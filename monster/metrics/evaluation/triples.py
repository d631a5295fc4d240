"""Scores of complete triples: an item, and the same item with its caption, motion or scene changed.

Measures (each over items; omitted if the corpus lacks the needed data):

    hard negatives   by kind: how often the true triple scores above the one that the checker has proven false
    event order      the same for captions that differ only in the order of actions ("other order")
    paraphrase       score change of a caption of the same meaning, over the gap between true and mismatched
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from monster.corpus.checker import checker_of, flagged
from monster.corpus.storage import Corpus, ItemRecord
from monster.errors import CorpusError
from monster.metrics.evaluation.embedding import Encoder, reduced_item
from monster.metrics.evaluation.positives import Embedded, positives
from monster.metrics.functional import first_relevant_ranks, mean_recall
from monster.results import ItemEmbeddings
from monster.tasks import Task
from monster.types import CANONICAL_FPS, Item

SCORES: Final = ("tm2s", "st2m", "ms2t")
ORDER: Final = "other order"
CHUNK: Final = 64
Shares = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Changed:
    """An item, and the item after one of its hard negatives is applied."""

    kind: str
    true: Item
    false: Item


def changed_items(corpus: Corpus, records: Sequence[ItemRecord], *, labels: bool = True) -> Iterator[Changed]:
    """Every hard negative of the records, applied by the checker of the corpus."""
    scene_of = lru_cache(maxsize=16)(corpus.scene)
    for record in records:
        if not record.hard_negatives:
            continue
        checker, item = checker_of(corpus), corpus.item(record)
        true = reduced_item(item, labels, 1)
        for number, negative in enumerate(record.hard_negatives):
            false = _named(checker.apply(negative, item, scene_of), item, number)
            yield Changed(str(negative["kind"]), true, reduced_item(false, labels, 1))


def _named(changed: Item, item: Item, number: int) -> Item:
    """The changed item with ids: an unchanged motion or scene keeps its id, so that it is encoded once."""
    if changed.motion is None or changed.scene is None or item.motion is None or item.scene is None:
        raise CorpusError(f"item {item.id!r}: expected a motion and a scene to change, got an item without")
    name = f"{item.id} changed {number}"
    same_motion = np.array_equal(changed.motion.joints, item.motion.joints)
    same_scene = changed.scene is item.scene or np.array_equal(changed.scene.points, item.scene.points)
    return replace(
        changed,
        id=name,
        motion=item.motion if same_motion else changed.motion,
        motion_id=item.motion_id if same_motion else name,
        scene_id=item.scene_id if same_scene else name,
        metadata={},
    )


def triple_scores(embeddings: ItemEmbeddings) -> dict[str, float]:
    """Cosines of an item's first caption, motion and scene: tm2s, st2m, ms2t."""
    scores = {}
    for name in SCORES:
        query, target = (embeddings.get(kind) for kind in Task.parse(name).rows)
        if query is None or target is None:
            raise CorpusError("an item lacks an embedding: it does not hold all three modalities")
        scores[name] = float(query[0] @ target[0])
    return scores


def hard_negative_shares(model: Encoder, changed: Iterator[Changed]) -> Shares:
    """By kind and score: the share in percent of true triples that score above the false one (a tie does not), and
    ``n``. Empty without hard negatives."""
    wins: dict[str, list[tuple[bool, ...]]] = {}
    while chunk := list(islice(changed, CHUNK)):
        embeddings = model.encode_items([item for pair in chunk for item in (pair.true, pair.false)])
        for pair, true, false in zip(chunk, embeddings[::2], embeddings[1::2], strict=True):
            one, other = triple_scores(true), triple_scores(false)
            wins.setdefault(pair.kind, []).append(tuple(one[name] > other[name] for name in SCORES))
    return {
        kind: dict(zip(SCORES, (100 * np.mean(results, axis=0)).tolist(), strict=True)) | {"n": len(results)}
        for kind, results in sorted(wins.items())
    }


def event_order(shares: Shares) -> dict[str, float] | None:
    """The shares for captions that differ in the order of events only; None if there are none."""
    return shares.get(ORDER)


def paraphrase_moves(data: Embedded, same: Sequence[tuple[int, int]]) -> dict[str, float]:
    """Median change of each score between two captions (rows of ``data``) of the same meaning, in percent of the gap
    between the mean true and the mean mismatched score; ``n`` pairs. ``data`` has one row per caption."""
    if not same:
        return {"n": 0}
    one, other = np.array(same).T
    first = data.take(data.first_rows())
    moves = {}
    for name in SCORES:
        task = Task.parse(name)
        scores, right = first.scores(task), positives(first, task)
        gap = float(scores.diagonal().mean() - scores[~right].mean())
        query, target = (data.rows[kind] for kind in task.rows)
        pair_scores = (query * target).sum(axis=1)
        moves[name] = float(100 * np.median(np.abs(pair_scores[one] - pair_scores[other])) / gap)
    return moves | {"n": len(same)}


def paraphrases(corpus: Corpus, records: Sequence[ItemRecord], data: Embedded) -> list[tuple[int, int]]:
    """Rows of ``data`` in pairs: an item's first caption and another one with the same meaning by the checker."""
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

    ``ranks`` has, by task, the rank of every caption of ``data``. Empty if the records have no held-out flags.
    """
    counts = np.bincount(data.owner).tolist()
    flags_by_item = map(_held_out_flags, flagged(corpus, records), counts)
    flags = np.concatenate(list(flags_by_item))
    groups = {"held-out patterns": flags == 1, "other patterns": flags == 0}
    return {
        name: {task: mean_recall(values[rows]) for task, values in ranks.items()} | {"n": int(rows.sum())}
        for name, rows in groups.items()
        if rows.any()
    }


def _held_out_flags(record: ItemRecord, count: int) -> list[int]:
    """For each of the first captions 1 if it is held out, 0 if not, -1 if the record has no flags."""
    if "held_out" not in record.metadata:
        return [-1] * count
    known = [int(flag) for flag in record.held_out[:count]]
    return known + [-1] * (count - len(known))


def caption_ranks(
    data: Embedded, names: Sequence[str] = ("t2m", "t2s", "st2m", "tm2s", "t2ms")
) -> dict[str, DoubleArray]:
    """By task, the rank (from 0) of the item of every caption of ``data``, among all items."""
    first = data.first_rows()
    ranks: dict[str, DoubleArray] = {}
    for name in names:
        task = Task.parse(name)
        ranks[name] = first_relevant_ranks(data.scores(task)[:, first], positives(data, task)[:, first])
    return ranks
