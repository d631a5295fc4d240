"""Selects the items of a corpus that are measured, and embeds them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Protocol

import numpy as np

from monster.arrays import FloatArray, Progress
from monster.corpus.storage import Corpus, ItemRecord
from monster.errors import CorpusError
from monster.metrics.evaluation.positives import Embedded
from monster.results import ItemEmbeddings
from monster.tasks import ROW_KINDS, Kind
from monster.types import Item

ENCODE_CHUNK: Final = 128
MAX_CAPTIONS: Final = 8  # of an item


class Encoder(Protocol):
    """The part of a model that evaluation needs."""

    @property
    def fingerprint(self) -> str:
        """Identifies the weights."""

    def encode_items(self, items: Sequence[Item]) -> list[ItemEmbeddings]:
        """All embeddings of each item."""


def complete_records(corpus: Corpus, split: str, limit: int | None = None) -> list[ItemRecord]:
    """The first items of a split that hold all three modalities. Raises CorpusError if there are fewer than two."""
    records = corpus.select(split)
    complete = [record for record in records if record.motion and record.scene and record.captions][:limit]
    if len(complete) >= 2:
        return complete
    where = f"{corpus.folder}: expected at least 2 items with all three modalities in {split}, got {len(complete)}"
    if not records:
        counts = Counter(record.split for record in corpus.records)
        splits = ", ".join(f"{count} in {name}" for name, count in sorted(counts.items())) or "none"
        raise CorpusError(f"{where}; the corpus has no item in that split ({splits})")
    missing = Counter(
        name
        for record in records
        for name, value in (("motion", record.motion), ("scene", record.scene), ("caption", record.captions))
        if not value
    )
    reason = ", ".join(f"{count} lack a {name}" for name, count in missing.items())
    raise CorpusError(f"{where}; of its {len(records)} items {reason}" if reason else where)


def embed(
    model: Encoder,
    corpus: Corpus,
    records: Sequence[ItemRecord],
    *,
    labels: bool = True,
    captions: int = MAX_CAPTIONS,
    progress: Progress | None = None,
) -> Embedded:
    """The embeddings of items that hold all three modalities, with a row for each of their first ``captions``.

    Raises CorpusError if the model gives no embedding of some kind.
    """
    # Sorted by room, so that a scene that items share is encoded once.
    order = sorted(range(len(records)), key=lambda index: str(records[index].scene))
    encoded: dict[int, ItemEmbeddings] = {}
    for start in range(0, len(order), ENCODE_CHUNK):
        chunk = order[start : start + ENCODE_CHUNK]
        items = [reduced_item(corpus.item(records[index]), labels, captions) for index in chunk]
        encoded |= dict(zip(chunk, model.encode_items(items), strict=True))
        if progress is not None:
            progress(min(start + ENCODE_CHUNK, len(order)), len(order))
    counts = [len(record.captions[:captions]) for record in records]
    owner = np.repeat(np.arange(len(records)), counts)
    return Embedded(
        {kind: np.concatenate([_rows(encoded[i], kind, n) for i, n in enumerate(counts)]) for kind in ROW_KINDS},
        captions=tuple(caption for record in records for caption in record.captions[:captions]),
        scenes=tuple(str(records[item].scene) for item in owner.tolist()),
        motions=tuple(str(records[item].motion) for item in owner.tolist()),
        owner=owner,
    )


def reduced_item(item: Item, labels: bool, captions: int | None = None) -> Item:
    """The item with its first ``captions`` only; ``labels=False`` removes the object labels of its scene."""
    scene = item.scene if labels or item.scene is None else replace(item.scene, labels=None)
    return replace(item, captions=item.captions[:captions], scene=scene)


def _rows(entry: ItemEmbeddings, kind: Kind, count: int) -> FloatArray:
    rows = entry.get(kind)
    if rows is None:
        raise CorpusError(f"an item lacks its {kind} embedding: it does not hold all three modalities")
    return rows if "t" in kind else np.repeat(rows, count, axis=0)
