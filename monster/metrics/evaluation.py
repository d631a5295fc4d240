"""How well a model retrieves on a corpus: twelve tasks, among all items and in small batches, beside random scores."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from monster.corpus.storage import Corpus, ItemRecord
from monster.errors import CorpusError
from monster.metrics.retrieval import Positives, Recalls, batch_recalls, random_groups, recalls
from monster.tasks import TASKS, Kind, Task
from monster.types import FloatArray, Item, ItemEmbeddings

BATCH: Final = 32
BATCH_SEEDS: Final = tuple(range(5))
ENCODE_CHUNK: Final = 128


class Encoder(Protocol):
    """What evaluation needs of a model."""

    @property
    def fingerprint(self) -> str:
        """What tells these weights from others."""

    def encode_items(self, items: Sequence[Item]) -> list[ItemEmbeddings]:
        """All embeddings of each item."""


@dataclass(frozen=True, eq=False)
class Embedded:
    """Embeddings (n, dim) of n items by kind, with what says which of them are equal as texts, scenes, motions."""

    rows: Mapping[Kind, FloatArray]
    captions: tuple[str, ...]
    scenes: tuple[str, ...]
    motions: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.captions)


@dataclass(frozen=True)
class Report:
    """Recalls by protocol and task, with a card that says what was measured."""

    card: Mapping[str, Any]
    protocols: Mapping[str, Mapping[str, Recalls]]
    random: Mapping[str, Mapping[str, Recalls]]

    def average(self, protocol: str) -> float:
        """Mean mRecall of the twelve tasks."""
        return float(np.mean([self.protocols[protocol][str(task)].mrecall for task in TASKS]))

    def to_json(self) -> dict[str, Any]:
        """Plain values: card, and each protocol's tasks with chance beside."""
        protocols = {
            name: {
                task: row.to_json() | {"chance": round(self.random[name][task].mrecall, 2)}
                for task, row in rows.items()
            }
            for name, rows in self.protocols.items()
        }
        return {"card": dict(self.card), "protocols": protocols}

    def markdown(self) -> str:
        """One table: mRecall of each task by protocol, random beside."""
        names = list(self.protocols)
        head = "| task | " + " | ".join(f"{name} | random" for name in names) + " |"
        lines = [head, "| --- |" + " ---: | ---: |" * len(names)]
        for task in map(str, TASKS):
            cells = [f"{self.protocols[n][task].mrecall:.1f} | {self.random[n][task].mrecall:.1f}" for n in names]
            lines.append(f"| {task} | " + " | ".join(cells) + " |")
        chance = {n: float(np.mean([self.random[n][str(task)].mrecall for task in TASKS])) for n in names}
        lines.append(
            "| **average** | " + " | ".join(f"**{self.average(n):.1f}** | {chance[n]:.1f}" for n in names) + " |"
        )
        return "\n".join(lines)


def evaluate(
    model: Encoder,
    corpus: Corpus,
    *,
    split: str = "test",
    limit: int | None = None,
    labels: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Encode a split's whole items (first caption) and measure. ``labels=False`` hides the object labels of the scenes.

    Protocols: ``all`` ranks among all items, ``small`` in random batches of 32, the mean over five shuffles.
    Positives are sets: equal captions, equal scenes, intersections for pairs. Raises CorpusError when too few items.
    """
    records = [record for record in corpus.select(split) if record.motion and record.scene and record.captions][:limit]
    if len(records) < 2:
        raise CorpusError(
            f"{corpus.folder}: expected at least 2 items with all three modalities in {split}, got {len(records)}"
        )
    embedded = embed(model, corpus, records, labels=labels, progress=progress)
    card = {
        "weights": model.fingerprint,
        "corpus": corpus.info.get("name"),
        "corpus_hash": _hash(records),
        "split": split,
        "items": len(records),
        "rooms": len(set(embedded.scenes)),
        "labels": labels,
        "positives": "identity, first caption",
        "small": f"batches of {BATCH}, {len(BATCH_SEEDS)} shuffles",
    }
    return measure(embedded, card)


def embed(
    model: Encoder,
    corpus: Corpus,
    records: Sequence[ItemRecord],
    *,
    labels: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> Embedded:
    """All six embeddings of items that hold all three modalities, by their first caption."""
    # Encoded room by room: a scene that items share is then encoded once.
    order = sorted(range(len(records)), key=lambda index: str(records[index].scene))
    rows: dict[int, ItemEmbeddings] = {}
    for start in range(0, len(order), ENCODE_CHUNK):
        chunk = order[start : start + ENCODE_CHUNK]
        items = [_bared(corpus.item(records[index]), labels) for index in chunk]
        rows |= dict(zip(chunk, model.encode_items(items), strict=True))
        if progress is not None:
            progress(min(start + ENCODE_CHUNK, len(order)), len(order))
    found = [rows[index] for index in range(len(records))]
    return Embedded(
        {kind: np.stack([_row(entry, kind) for entry in found]) for kind in ("t", "m", "s", "st", "mt", "ms")},
        captions=tuple(record.captions[0] for record in records),
        scenes=tuple(str(record.scene) for record in records),
        motions=tuple(str(record.motion) for record in records),
    )


def _bared(item: Item, labels: bool) -> Item:
    scene = item.scene if labels or item.scene is None else replace(item.scene, labels=None)
    return replace(item, captions=item.captions[:1], scene=scene)


def _row(entry: ItemEmbeddings, kind: Kind) -> FloatArray:
    found = {
        "t": entry.captions, "m": entry.motion, "s": entry.scene, "st": entry.st, "mt": entry.mt, "ms": entry.ms,
    }[kind]  # fmt: skip
    if found is None:
        raise CorpusError(f"an item lacks its {kind} embedding: it does not hold all three modalities")
    return found if found.ndim == 1 else found[0]


def measure(embedded: Embedded, card: Mapping[str, Any]) -> Report:
    """Recalls of all twelve tasks and protocols, and the same from random scores with the same positives."""
    protocols: dict[str, dict[str, Recalls]] = {"all": {}, "small": {}}
    random: dict[str, dict[str, Recalls]] = {"all": {}, "small": {}}
    noise = np.random.default_rng(0).random((len(embedded), len(embedded)))
    groups = [
        group for seed in BATCH_SEEDS for group in random_groups(len(embedded), BATCH, np.random.default_rng(seed))
    ]
    for task in TASKS:
        relevant = positives(embedded, task)
        scores = embedded.rows[task.query] @ embedded.rows[task.target].T
        for found, matrix in ((protocols, scores), (random, noise)):
            found["all"][str(task)] = recalls(matrix, relevant)
            found["small"][str(task)] = batch_recalls(matrix, relevant, groups)
    return Report(card, protocols, random)


def positives(embedded: Embedded, task: Task) -> Positives:
    """Which items (columns) answer which (rows): those whose target is the target of an item with an equal query."""
    query, target = _equal(embedded, task.query), _equal(embedded, task.target)
    reached = query.astype(np.float32) @ target.astype(np.float32)
    return np.asarray(reached > 0)


def _equal(embedded: Embedded, kind: Kind) -> NDArray[np.bool_]:
    values = {"t": embedded.captions, "s": embedded.scenes, "m": embedded.motions}
    same = np.ones((len(embedded), len(embedded)), dtype=bool)
    for letter in kind:
        codes = np.unique(np.array(values[letter]), return_inverse=True)[1]
        same &= codes[:, None] == codes[None, :]
    return same


def _hash(records: Sequence[ItemRecord]) -> str:
    digest = hashlib.sha256()
    for record in records:
        digest.update(repr((record.id, record.motion, record.scene, record.captions)).encode())
    return digest.hexdigest()[:16]
