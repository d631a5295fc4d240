"""Items of a corpus that are measured, and their embeddings: order, captions, hidden labels, errors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from embedded_rows import sentences
from fakes import FakeModel

from monster.corpus.storage import Corpus
from monster.errors import CorpusError
from monster.metrics.evaluation.embedding import complete_records, embed, reduced_item
from monster.metrics.evaluation.protocols import evaluate
from monster.results import ItemEmbeddings
from monster.types import Item


class RecordingModel(FakeModel):
    """Keeps the items that it encodes."""

    def __init__(self) -> None:
        super().__init__()
        self.items: list[Item] = []

    def encode_items(self, items: Sequence[Item], **options: Any) -> list[ItemEmbeddings]:
        """As the fake model does."""
        self.items += items
        return super().encode_items(items, **options)


def test_first_captions_are_encoded_in_the_order_of_the_records(rooms: Corpus) -> None:
    model = RecordingModel()
    calls: list[tuple[int, int | None]] = []

    def progress(done: int, total: int | None = None, stage: str = "") -> None:
        calls.append((done, total))

    data = embed(model, rooms, rooms.records, captions=1, progress=progress)
    assert data.captions == tuple(record.captions[0] for record in rooms.records)
    assert data.scenes == tuple(record.scene for record in rooms.records)
    assert calls == [(12, 12)]
    for row, record in enumerate(rooms.records):
        np.testing.assert_allclose(data.rows["t"][row], model.encode_text(record.captions[0])[0])
        np.testing.assert_allclose(data.rows["m"][row], model.encode_motion(rooms.motion(str(record.motion)))[0])
        np.testing.assert_allclose(data.rows["s"][row], model.encode_scene(rooms.scene(str(record.scene)))[0])
    assert all(item.scene is not None and item.scene.labels for item in model.items)


def test_labels_can_be_hidden(rooms: Corpus) -> None:
    model = RecordingModel()
    card = evaluate(model, rooms, split="all", labels=False, sentences=sentences).card
    assert card["labels"] is False
    assert all(item.scene is not None and item.scene.labels is None for item in model.items)
    assert all(item.scene is not None and item.scene.instances is not None for item in model.items)


def test_too_few_items_are_an_error(rooms: Corpus) -> None:
    with pytest.raises(CorpusError, match="at least 2 items with all three modalities in val, got 0"):
        evaluate(FakeModel(), rooms, split="val")
    with pytest.raises(CorpusError, match="got 1"):
        evaluate(FakeModel(), rooms, limit=1)


def test_an_item_that_lacks_a_modality_is_an_error(rooms: Corpus) -> None:
    class TextOnlyModel(FakeModel):
        def encode_items(self, items: Sequence[Item], **options: Any) -> list[ItemEmbeddings]:
            return [{"t": whole["t"]} for whole in super().encode_items(items, **options)]

    with pytest.raises(CorpusError, match="lacks its m embedding"):
        evaluate(TextOnlyModel(), rooms, sentences=sentences)


def test_captions_beyond_the_limit_are_left_out(rooms: Corpus) -> None:
    data = embed(FakeModel(), rooms, rooms.records, captions=2)
    expected = [caption for record in rooms.records for caption in record.captions[:2]]
    assert list(data.captions) == expected
    assert np.bincount(data.owner).tolist() == [len(record.captions[:2]) for record in rooms.records]
    item = reduced_item(rooms.item(rooms.records[0]), labels=True, captions=2)
    assert item.captions == rooms.records[0].captions[:2]


def test_the_limit_keeps_the_first_items(rooms: Corpus) -> None:
    assert complete_records(rooms, "all", 3) == list(rooms.records[:3])
