"""A batch is encoded as its items are, and hard negatives are paired with the other modalities of their item."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch
from tiny_corpus import TINY

from monster.networks.network import Network
from monster.networks.pairs import ROW_PARTS
from monster.tasks import ROW_KINDS
from monster.training.contrastive import MaskedInfoNCE
from monster.training.dataset import TrainingBatch
from monster.training.encoding import encode_batch, random_share
from monster.training.objective import contrastive_losses
from monster.training.prepared import Prepared
from monster.training.recipes import RECIPES, Recipe
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
        encodings = {kind: encoding for kind, (_, encoding) in encoded.kinds.items()}
        assert batch.scene is not None
        scenes = made.encode_scene(batch.scene)
        assert set(encodings) == set(ROW_KINDS)
        assert torch.equal(encodings["s"].mean, scenes.mean[batch.room])
        for kind, (a, b) in ROW_PARTS.items():
            torch.testing.assert_close(encodings[kind].mean, made.encode_pair(kind, encodings[a], encodings[b]).mean)
    assert {encoding.mean.shape for encoding in encodings.values()} == {(9, TINY.dim)}


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
        assert counts == {
            "t": texts, "m@s": motions, "st": texts, "mt@s": texts + motions, "ms": motions
        }  # fmt: skip
        assert set(plain.negatives) == {"t", "m@s"}
        items = batch.negative_text_item
        assert encoded.negatives["mt@s"].items[:texts].tolist() == items.tolist()
        wrong = made.encode_text(batch.negative_text.tokens, batch.negative_text.mask)  # type: ignore[union-attr]
        right = encoded.kinds["m"][1].take(items)
        expected = made.encode_pair("mt", wrong, right).mean
        torch.testing.assert_close(encoded.negatives["mt@s"].rows[:texts], expected)
        terms, fewer = (contrastive_losses(each, batch, recipe, loss=MaskedInfoNCE(0.2)) for each in (encoded, plain))
    for name in ("st2m", "mt2s", "ms2t"):  # they have more negatives
        assert float(terms[name]) > float(fewer[name])
    assert terms["t2s"] == fewer["t2s"]


@pytest.mark.parametrize(
    ("count", "share", "wanted"), [(128, 1.0, 128), (100, 1.0, 100), (128, 0.33, 48), (9, 0.33, 3)]
)
def test_a_random_share_is_rounded_up_above_a_few(count: int, share: float, wanted: int) -> None:
    assert int(random_share(count, share).sum()) == wanted


def test_a_network_with_two_frames_encodes_the_motion_in_each(prepared: Prepared, batch: TrainingBatch) -> None:
    torch.manual_seed(0)
    made = Network(RECIPES["ours"].configured(TINY.with_classes(len(prepared.categories)))).eval()
    made.set_class_vectors(prepared["class_vectors"])
    torch.nn.init.normal_(made.motion.frame)  # type: ignore[arg-type]
    without_scene = dataclasses.replace(batch, room=batch.room.clone())
    without_scene.room[2] = -1
    assert batch.motion is not None and batch.own_motion is not None
    mirrored = dataclasses.replace(
        without_scene, mirrored_motion=batch.own_motion, mirrored_motion_item=torch.arange(len(batch.items))
    )
    with torch.no_grad():
        encoded = encode_batch(made, mirrored, label_probability=1.0, recipe=RECIPES["ours"])
        own = made.encode_motion(batch.own_motion.joints, batch.own_motion.mask).mean
        placed = made.encode_motion(batch.motion.joints, batch.motion.mask, placed=True).mean
    items, encoding = encoded.kinds["m@s"]
    assert items.tolist() == [0, 1, 3, 4, 5, 6, 7, 8]
    torch.testing.assert_close(encoding.mean, placed[items])
    torch.testing.assert_close(encoded.kinds["m"][1].mean, own)
    torch.testing.assert_close(encoded.negatives["m"].rows, own)
    assert "mt" not in encoded.kinds and encoded.kinds["mt@s"][0].tolist() == items.tolist()
    assert not torch.allclose(own, placed, atol=1e-3)
