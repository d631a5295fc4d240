"""Items with one, two or three modalities: read, collated, and trained on in the terms that they can take part in."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch
from fakes import motion_of, scene_of
from tiny_corpus import SETTINGS, TINY, own_corpus
from torch.utils.data import DataLoader

from monster.frames import own_frame
from monster.networks.network import Network
from monster.text import TextTower
from monster.training.augment import EDITS, Crop, mirrored_in_own_frame, quarter_rotation
from monster.training.contrastive import MaskedInfoNCE
from monster.training.dataset import CorpusDataset, NegativeCaption, SampleSpec
from monster.training.encoding import encode_batch
from monster.training.objective import contrastive_losses
from monster.training.preparation import prepare
from monster.training.prepared import Prepared
from monster.training.recipes import RECIPES, Recipe
from monster.training.sampler import BatchSettings, RoomBatchSampler
from monster.training.trainer import batch_settings
from monster.types import Motion, Scene


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


def network(prepared: Prepared, recipe: Recipe | None = None) -> Network:
    """Random weights."""
    torch.manual_seed(0)
    config = TINY.with_classes(len(prepared.categories))
    made = Network(config if recipe is None else recipe.configured(config)).eval()
    made.set_class_vectors(prepared["class_vectors"])
    return made


def test_a_data_loader_of_torch_reads_the_prepared_items(lacking: Prepared, features: torch.Tensor) -> None:
    items = CorpusDataset(lacking, features)
    loader: DataLoader[object] = DataLoader(items, batch_size=4, collate_fn=items.collate)  # type: ignore[arg-type]
    batches = list(loader)
    assert sum(len(batch.items) for batch in batches) == len(items)  # type: ignore[attr-defined]
    assert {len(batch.items) for batch in batches[:-1]} == {4}  # type: ignore[attr-defined]
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
        losses = contrastive_losses(
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
            assert float(losses[name]) == pytest.approx(float(alone[name]), abs=1e-4), name


def test_a_batch_of_captions_and_motions_alone_is_trained_on(lacking: Prepared, features: torch.Tensor) -> None:
    arrays = dict(lacking.arrays) | {"item_scene": torch.full_like(lacking["item_scene"], -1)}
    without_scenes = Prepared(arrays, lacking.meta)
    drawn = RoomBatchSampler(without_scenes, features, BatchSettings(rooms=3, items_per_room=2)).draw(
        np.random.default_rng(0)
    )
    assert drawn.scene is None and len(drawn.items) in (5, 6)  # the last group may have one item
    recipe = RECIPES["text-motion"]
    encoded = encode_batch(network(lacking), drawn, label_probability=1.0, recipe=recipe)
    assert set(contrastive_losses(encoded, drawn, recipe, loss=MaskedInfoNCE(0.1))) == {"m2t"} and set(
        encoded.kinds
    ) == {"t", "m"}


def test_a_hard_negative_is_a_negative_of_its_own_item(prepared: Prepared, features: torch.Tensor) -> None:
    """The loss of the terms that use the hard-negative caption grows; the others stay."""
    recipe = RECIPES["ours"]
    items, made = CorpusDataset(prepared, features, split=0), network(prepared, recipe)
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


def corpus_at(folder: Path, tower: TextTower, shift: tuple[float, float, float]) -> Prepared:
    """Two items of one motion in one room, all moved; coordinates are whole millimetres, so rounding is the same."""
    rng = np.random.default_rng(0)
    steps = np.cumsum(rng.integers(-20, 60, (40, 1, 3)), axis=0) * np.array([1, 1, 0])
    joints = np.round(1000 * motion_of(3).joints[:1]) + steps + rng.integers(-30, 30, (40, 22, 3))
    points = np.round(1000 * scene_of(2).points)
    moved = [(1000 * np.array(shift) + values) / 1000 for values in (joints, points)]
    scene = Scene(moved[1], instances=scene_of(2).instances, labels=scene_of(2).labels)
    line = {"id": "a", "motion": "m", "scene": "s", "captions": ["someone turns to the left"], "split": "train"}
    lines = [line, {**line, "id": "b", "captions": ["someone walks to the bed"]}]
    corpus = own_corpus(folder / "c", lines, Motion(moved[0], placed=True), scene)
    return prepare(corpus, folder / "p", tower=tower, points=8)


@pytest.mark.parametrize("shift", [(100.0, -60.0, 2.0), (-0.7, 0.4, -30.0)])
def test_a_corpus_that_is_moved_as_a_whole_gives_the_same_batch(
    tower: TextTower, tmp_path: Path, shift: tuple[float, float, float]
) -> None:
    recipe = RECIPES["ours"]
    settings = batch_settings(dataclasses.replace(SETTINGS, recipe=recipe, rooms=1))
    batches = []
    for name, by in (("here", (0.0, 0.0, 0.0)), ("there", shift)):
        corpus = corpus_at(tmp_path / name, tower, by)
        objects = torch.randn(4, len(corpus["boxes"]), TINY.hidden, generator=torch.Generator().manual_seed(0))
        batches.append(RoomBatchSampler(corpus, objects, settings).draw(np.random.default_rng(0)))
    here, there = batches
    for name in ("motion", "own_motion", "mirrored_motion", "negative_motion"):
        one, other = getattr(here, name), getattr(there, name)
        torch.testing.assert_close(other.joints, one.joints, atol=1e-3, rtol=0)
        assert torch.equal(other.mask, one.mask)
    assert here.scene is not None and there.scene is not None
    torch.testing.assert_close(there.scene.boxes, here.scene.boxes, atol=1e-3, rtol=0)
    assert float(here.scene.boxes.abs().max()) < 3


def test_a_motion_has_the_frame_of_its_scene_and_its_own(prepared: Prepared, features: torch.Tensor) -> None:
    items = CorpusDataset(prepared, features)
    spec = items.plain(int(items.rows[0]))
    sample, turned = items.read(spec), items.read(dataclasses.replace(spec, quarters=1, shift=(0.25, -0.5)))
    assert sample.joints is not None and sample.own_joints is not None
    assert turned.joints is not None and turned.own_joints is not None
    np.testing.assert_allclose(sample.own_joints[0, 0, :2], 0, atol=1e-6)
    np.testing.assert_allclose(own_frame(sample.joints), sample.own_joints, atol=1e-4)
    np.testing.assert_array_equal(turned.own_joints, sample.own_joints)
    expected = sample.joints[..., :2] @ quarter_rotation(1).T + np.array([0.25, -0.5], np.float32)
    np.testing.assert_allclose(turned.joints[..., :2], expected, atol=1e-5)


def test_a_crop_shortens_the_motion_in_every_frame_and_its_edits(prepared: Prepared, features: torch.Tensor) -> None:
    items, crop = CorpusDataset(prepared, features), Crop(0.2, 0.7, 1.2)
    edit = np.array([EDITS.index("shifted"), 0, 0, 0, 1, 2], np.float32)
    spec = dataclasses.replace(items.plain(int(items.rows[0])), edits=(edit,), mirror_negative=True)
    sample, cropped = items.read(spec), items.read(dataclasses.replace(spec, crop=crop))
    assert sample.joints is not None and cropped.joints is not None and cropped.own_joints is not None
    np.testing.assert_allclose(cropped.joints, crop.apply(sample.joints), atol=1e-5)
    np.testing.assert_allclose(cropped.edited_joints[0] - cropped.joints, [1, 2, 0] + 0 * cropped.joints, atol=1e-5)
    np.testing.assert_allclose(cropped.own_joints, own_frame(cropped.joints), atol=1e-4)
    assert cropped.mirrored_joints is not None
    np.testing.assert_array_equal(mirrored_in_own_frame(cropped.mirrored_joints), cropped.own_joints)
