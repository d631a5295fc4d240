"""A batch is encoded as its items are, and hard negatives are paired with the other modalities of their item."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch
from tiny_corpus import TINY

from monster.networks.network import Network
from monster.networks.pairs import PAIR_PARTS
from monster.tasks import KINDS
from monster.training.contrastive import MaskedInfoNCE
from monster.training.dataset import TrainingBatch
from monster.training.encoding import encode_batch, random_share
from monster.training.objective import contrastive_losses
from monster.training.prepared import Prepared
from monster.training.recipes import Recipe
from monster.training.sampler import BatchSettings, RoomBatchSampler

SIX = Recipe("six terms")


@pytest.fixture(scope="module")
def batch(prepared: Prepared) -> TrainingBatch:
    """Nine items in three rooms, about half of them with a scene-free caption."""
    features = torch.randn(4, len(prepared["boxes"]), TINY.hidden, generator=torch.Generator().manual_seed(0))
    settings = BatchSettings(rooms=3, items_per_room=3, scene_free_share=0.6)
    drawn = RoomBatchSampler(prepared, features, settings).draw(np.random.default_rng(3))
    assert 0 < int(drawn.relations.scene_free.sum()) < 9
    return drawn


def network(prepared: Prepared) -> Network:
    """Random weights in evaluation mode."""
    torch.manual_seed(0)
    made = Network(TINY.with_classes(len(prepared.categories))).eval()
    made.set_class_vectors(prepared["class_vectors"])
    return made


def test_a_batch_is_encoded_as_its_items_are(prepared: Prepared, batch: TrainingBatch) -> None:
    made = network(prepared)
    with torch.no_grad():
        encoded = encode_batch(made, batch, label_probability=1.0)
        found = {kind: encoding for kind, (_, encoding) in encoded.kinds.items()}
        assert batch.scene is not None
        scenes = made.encode_scene(batch.scene)
        assert set(found) == set(KINDS)
        assert torch.equal(found["s"].mean, scenes.mean[batch.room])
        for kind, (a, b) in PAIR_PARTS.items():
            torch.testing.assert_close(found[kind].mean, made.encode_pair(kind, found[a], found[b]).mean)
    assert {encoding.mean.shape for encoding in found.values()} == {(9, TINY.dim)}


def test_hard_negatives_are_paired_with_the_other_modalities_of_their_item(prepared: Prepared) -> None:
    features = torch.randn(4, len(prepared["boxes"]), TINY.hidden, generator=torch.Generator().manual_seed(0))
    settings = BatchSettings(rooms=3, items_per_room=3, text_negatives=2, motion_negatives=1)
    batch = RoomBatchSampler(prepared, features, settings).draw(np.random.default_rng(4))
    recipe = dataclasses.replace(SIX, text_negatives=2, motion_negatives=1, pair_negatives=1.0)
    made = network(prepared)
    with torch.no_grad():
        encoded = encode_batch(made, batch, label_probability=1.0, recipe=recipe)
        plain = encode_batch(made, batch, label_probability=1.0, recipe=dataclasses.replace(recipe, pair_negatives=0))
        texts, motions = len(batch.negative_text_item), len(batch.negative_motion_item)
        counts = {kind: len(negatives.items) for kind, negatives in encoded.negatives.items()}
        assert counts == {"t": texts, "m": motions, "st": texts, "mt": texts + motions, "ms": motions}
        assert set(plain.negatives) == {"t", "m"}
        items = batch.negative_text_item
        assert encoded.negatives["mt"].items[:texts].tolist() == items.tolist()
        wrong = made.encode_text(batch.negative_text.tokens, batch.negative_text.mask)  # type: ignore[union-attr]
        right = encoded.kinds["m"][1].take(items)
        wanted = made.encode_pair("mt", wrong, right).mean
        torch.testing.assert_close(encoded.negatives["mt"].rows[:texts], wanted)
        terms, fewer = (contrastive_losses(each, batch, recipe, loss=MaskedInfoNCE(0.2)) for each in (encoded, plain))
    for name in ("st2m", "mt2s", "ms2t"):  # they have more negatives
        assert float(terms[name]) > float(fewer[name])
    assert terms["t2s"] == fewer["t2s"]


@pytest.mark.parametrize(
    ("count", "share", "wanted"), [(128, 1.0, 128), (100, 1.0, 100), (128, 0.33, 48), (9, 0.33, 3)]
)
def test_a_random_share_is_rounded_up_above_a_few(count: int, share: float, wanted: int) -> None:
    assert int(random_share(count, share).sum()) == wanted
