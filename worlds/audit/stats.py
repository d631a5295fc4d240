"""Counts of a corpus: the numbers and tables of `monster corpus stats` and of its HTML page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from monster.arrays import DoubleArray
from monster.corpus.storage import Corpus, ItemRecord
from monster.errors import MonsterError
from monster.types import CANONICAL_FPS

Counts = Mapping[str, int]


@dataclass(frozen=True)
class CorpusStatistics:
    """Single numbers by name, and tables of counts by name, the most frequent first."""

    numbers: Mapping[str, Any]
    tables: Mapping[str, Counts]

    def to_json(self) -> dict[str, Any]:
        """Plain values, the numbers first."""
        return {**self.numbers, **{name: dict(counts) for name, counts in self.tables.items()}}


def corpus_statistics(corpus: Corpus, *, scenes: int = 200) -> CorpusStatistics:
    """Counts of a corpus; objects are counted in its first ``scenes`` scenes."""
    records = corpus.records
    captions = Counter(caption for record in records for caption in record.captions)
    words = [len(caption.split()) for caption in captions]
    numbers = {
        "name": corpus.info.get("name"),
        "licence": corpus.info.get("licence"),
        "items": len(records),
        "motions": len({record.motion for record in records if record.motion}),
        "scenes": len({record.scene for record in records if record.scene}),
        "captions": sum(captions.values()),
        "distinct captions": len(captions),
        "distinct words": len({word for caption in captions for word in caption.lower().split()}),
        "words a caption": round(sum(words) / max(len(words), 1), 1),
    }
    tables: dict[str, Counter[str]] = {
        "splits": Counter(record.split for record in records),
        "modalities": Counter(_modalities(record) for record in records),
        **_metadata(records),
        "relations": Counter(_relations(records)),
        "caption styles": Counter(style for record in records for style in _styles(record)),
        "hard negatives": Counter(str(negative["kind"]) for record in records for negative in record.hard_negatives),
        **_objects(corpus, scenes),
    }
    return CorpusStatistics(numbers, {name: dict(counts.most_common()) for name, counts in tables.items() if counts})


def _modalities(record: ItemRecord) -> str:
    present = (("motion", record.motion), ("scene", record.scene), ("text", record.captions))
    return " + ".join(name for name, value in present if value)


def _metadata(records: Iterable[ItemRecord]) -> dict[str, Counter[str]]:
    tables: dict[str, Counter[str]] = {name: Counter() for name in ("rooms", "actions", "actions per item", "pace")}
    for record in records:
        actions = record.metadata.get("action", ())
        if isinstance(actions, str):
            actions = [actions]
        tables["actions"].update(map(str, actions))
        if actions:
            tables["actions per item"][str(len(actions))] += 1
        for name, key in (("rooms", "room"), ("pace", "pace")):
            if record.metadata.get(key) is not None:
                tables[name][str(record.metadata[key])] += 1
    return tables


def _relations(records: Iterable[ItemRecord]) -> Iterable[str]:
    for record in records:
        for claim in record.claims:
            yield from (phrase[1] for step in claim["steps"] for phrase in step[1:])


def _styles(record: ItemRecord) -> Iterable[str]:
    return (str(pattern).partition("/")[0] for pattern in record.metadata.get("patterns", ()))


def _objects(corpus: Corpus, limit: int) -> dict[str, Counter[str]]:
    labels: Counter[str] = Counter()
    for scene in list(dict.fromkeys(record.scene for record in corpus.records if record.scene))[:limit]:
        try:
            labels.update((corpus.scene(scene).labels or {}).values())
        except (MonsterError, OSError):
            continue  # `monster corpus validate` reports it
    return {"objects": labels}


def durations(corpus: Corpus, limit: int = 2000) -> DoubleArray:
    """Durations (n,) in seconds of the first ``limit`` motions, without unreadable ones."""
    seconds = []
    for motion in list(dict.fromkeys(record.motion for record in corpus.records if record.motion))[:limit]:
        try:
            seconds.append(len(corpus.motion(motion)) / CANONICAL_FPS)
        except (MonsterError, OSError):
            continue
    return np.array(seconds)
