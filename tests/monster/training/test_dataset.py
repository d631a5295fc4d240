"""Items with one, two or three modalities: read, collated, and trained on in the terms that they can take part in."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from tiny_corpus import TINY
from torch.utils.data import DataLoader

from monster.networks.network import Network
from monster.training.contrastive import MaskedInfoNCE
from monster.training.dataset import CorpusDataset, NegativeCaption, SampleSpec
from monster.training.encoding import encode_batch
from monster.training.objective import contrastive_losses
from monster.training.prepared import Prepared
from monster.training.recipes import RECIPES, Recipe
from monster.training.sampler import BatchSettings, RoomBatchSampler


@pytest.fixture(scope="module")
def features(prepared: Prepared) -> torch.Tensor:
    """Random features of all objects."""
    return torch.randn(4, len(prepared["boxes"]), TINY.hidden, generator=torch.Generator().manual_seed(0))


@pytest.fixture(scope="module")
def lacking(prepared: Prepared) -> Prepared:
    """The first item without a scene, the second without a motion, the third without captions; all train."""
    arrays = {name: array.clone() for name, array in prepared.arrays.items()}
    arrays["item_scene"][0], arrays["item_motion"][1] = -1, -1
    starts = arrays["item_starts"].tolist()
    gone = starts[3] - starts[2]
    arrays["item_captions"] = torch.cat([arrays["item_captions"][: starts[2]], arrays["item_captions"][starts[3] :]])
    arrays["item_starts"][3:] -= gone
    arrays["split"][:] = 0
    return Prepared(arrays, prepared.meta)


def network(prepared: Prepared) -> Network:
    """Random weights."""
    torch.manual_seed(0)
    made = Network(TINY.with_classes(len(prepared.categories))).eval()
    made.set_class_vectors(prepared["class_vectors"])
    return made


def test_a_data_loader_of_torch_reads_the_prepared_items(lacking: Prepared, features: torch.Tensor) -> None:
    items = CorpusDataset(lacking, features)
    loader: DataLoader[object] = DataLoader(items, batch_size=4, collate_fn=items.collate)  # type: ignore[arg-type]
    batches = list(loader)
    assert [len(batch.items) for batch in batches] == [4, 4, 4]  # type: ignore[attr-defined]
    first = items.collate([items[row] for row in range(4)])
    assert first.text_row.tolist() == [0, 1, -1, 2] and first.motion_row.tolist() == [0, -1, 1, 2]
    assert first.room[0] == -1 and (first.room[1:] >= 0).all()
    assert first.relations.has("st").tolist() == [False, True, False, True]
    assert first.relations.has("ms").tolist() == [False, False, True, True]
    assert not first.relations.same_room[0].any()


def test_items_take_part_in_the_terms_that_they_can(lacking: Prepared, features: torch.Tensor) -> None:
    """The loss of a term is that of the items that have its sides, as if the others were not there."""
    items, made, plain = CorpusDataset(lacking, features), network(lacking), Recipe("plain")
    batch = items.collate([items[row] for row in range(len(items))])
    with torch.no_grad():
        found = contrastive_losses(
            encode_batch(made, batch, label_probability=1.0), batch, plain, loss=MaskedInfoNCE(0.1)
        )
        for query, target in plain.terms:
            rows = torch.nonzero(batch.relations.has(query) & batch.relations.has(target)).flatten().tolist()
            assert 3 <= len(rows) < len(items)
            part = items.collate([items[row] for row in rows])
            alone = contrastive_losses(
                encode_batch(made, part, label_probability=1.0), part, plain, loss=MaskedInfoNCE(0.1)
            )
            name = f"{query}2{target}"
            assert float(found[name]) == pytest.approx(float(alone[name]), abs=1e-4), name


def test_a_batch_of_captions_and_motions_alone_is_trained_on(lacking: Prepared, features: torch.Tensor) -> None:
    arrays = dict(lacking.arrays) | {"item_scene": torch.full_like(lacking["item_scene"], -1)}
    without_scenes = Prepared(arrays, lacking.meta)
    drawn = RoomBatchSampler(without_scenes, features, BatchSettings(rooms=3, items_per_room=2)).draw(
        np.random.default_rng(0)
    )
    assert drawn.scene is None and len(drawn.items) == 6
    recipe = RECIPES["text-motion"]
    encoded = encode_batch(network(lacking), drawn, label_probability=1.0, recipe=recipe)
    assert set(contrastive_losses(encoded, drawn, recipe, loss=MaskedInfoNCE(0.1))) == {"m2t"} and set(
        encoded.kinds
    ) == {"t", "m"}


def test_a_hard_negative_is_a_negative_of_its_own_item(prepared: Prepared, features: torch.Tensor) -> None:
    """The loss of the terms that use the hard-negative caption grows; the others stay."""
    items, made, recipe = CorpusDataset(prepared, features, split=0), network(prepared), RECIPES["ours"]
    specs = [items.plain(int(row)) for row in items.rows[:4]]
    wrong = int(prepared.part("item_captions", int(items.rows[5]))[0])
    hard = [SampleSpec(specs[0].item, specs[0].caption, negative_captions=(NegativeCaption(wrong, False),)), *specs[1:]]
    losses = []
    for chosen in (specs, hard):
        batch = items.collate([items.read(spec) for spec in chosen])
        encoded = encode_batch(made, batch, label_probability=1.0, recipe=recipe)
        losses.append(contrastive_losses(encoded, batch, recipe, loss=MaskedInfoNCE(0.1)))
    assert losses[1]["ms2t"] > losses[0]["ms2t"] and losses[1]["m2t"] == losses[0]["m2t"]
    assert losses[1]["m2s"] == losses[0]["m2s"]
