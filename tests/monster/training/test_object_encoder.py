"""The object encoder learns categories from training rooms alone, and its features are kept for every quarter turn."""

from __future__ import annotations

import pytest
import torch
from tiny_corpus import TINY

from monster.errors import CorpusError
from monster.networks.network import Network
from monster.training.augment import rotated_points
from monster.training.object_encoder import ObjectSettings, _augmented, object_features, object_rows, train_objects
from monster.training.prepared import Prepared


def network(prepared: Prepared, seed: int = 0) -> Network:
    """Random weights for the corpus's categories."""
    torch.manual_seed(seed)
    return Network(TINY.with_classes(len(prepared.categories)))


def run(prepared: Prepared, settings: ObjectSettings) -> tuple[Network, list[dict[str, float]]]:
    """A trained network and what was reported."""
    made, reports = network(prepared), []  # type: ignore[var-annotated]
    train_objects(made, prepared, settings, report=lambda stage, step, losses: reports.append(dict(losses)))
    return made, reports


def test_only_objects_of_the_split_are_drawn(prepared: Prepared) -> None:
    wanted = {
        row
        for scene in set(prepared["item_scene"][prepared["split"] == 0].tolist())
        for row in range(*prepared.span("boxes", scene))
    }
    assert set(object_rows(prepared, split=0).tolist()) == wanted
    assert 0 < len(object_rows(prepared, split=2)) == len(prepared["boxes"]) - len(wanted)
    with pytest.raises(CorpusError, match="rooms of the split"):
        object_rows(prepared, split=1)


def test_what_a_test_room_holds_changes_nothing(prepared: Prepared) -> None:
    points = prepared["points"].clone()
    points[object_rows(prepared, split=2)] = 0.5
    changed = Prepared(dict(prepared.arrays) | {"points": points}, prepared.meta)
    settings = ObjectSettings(steps=2, batch=8)
    one, other = (run(source, settings)[0].state_dict() for source in (prepared, changed))
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_categories_are_learned_and_the_rest_is_left_alone(prepared: Prepared) -> None:
    before = network(prepared).state_dict()
    made, reports = run(prepared, ObjectSettings(steps=60, batch=48, learning_rate=5e-3, gray_share=0.0))
    assert reports[-1]["loss"] < 0.8 * reports[0]["loss"]
    assert reports[-1]["accuracy"] > 2.5 / len(prepared.categories)
    after = made.state_dict()
    touched = {name for name in before if not torch.equal(before[name], after[name])}
    assert touched and all(name.startswith(("scene.points.", "scene.class_head.")) for name in touched)
    assert not made.scene.points.training


def test_the_same_seed_gives_the_same_encoder(prepared: Prepared) -> None:
    one, again, other = (run(prepared, ObjectSettings(steps=2, batch=8, seed=seed))[0] for seed in (0, 0, 1))
    key = "scene.class_head.0.weight"
    assert torch.equal(one.state_dict()[key], again.state_dict()[key])
    assert not torch.equal(one.state_dict()[key], other.state_dict()[key])


def test_augmentation_keeps_heights_radii_and_most_colours(prepared: Prepared) -> None:
    points = prepared["points"].float()
    settings = ObjectSettings(gray_share=0.5)
    moved = _augmented(points, settings, torch.Generator().manual_seed(0))
    radius = [cloud[..., :2].norm(dim=-1) for cloud in (points, moved)]
    assert (radius[0] - radius[1]).abs().max() < 0.06 and (points[..., 2] - moved[..., 2]).abs().max() < 0.06
    gray = (moved[..., 3:] == 0).all(dim=-1).all(dim=-1)
    assert 0.25 < gray.float().mean() < 0.75
    assert torch.equal(moved[~gray][..., 3:], points[~gray][..., 3:])
    assert not torch.allclose(moved[..., :2], points[..., :2], atol=0.2)


def test_features_are_those_of_the_turned_objects(prepared: Prepared) -> None:
    made = network(prepared).eval()
    kept = object_features(made, prepared, chunk=7)
    assert kept.shape == (4, len(prepared["boxes"]), TINY.hidden) and kept.dtype == torch.float16
    with torch.inference_mode():
        wanted = made.scene.points(rotated_points(prepared["points"].float(), 3))
    torch.testing.assert_close(kept[3].float(), wanted, atol=2e-3, rtol=2e-3)
    assert not torch.allclose(kept[0], kept[1], atol=1e-3)
