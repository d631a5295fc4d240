"""Steps lower the loss, also that of a named loss; the learning rate rises and falls; devices are checked."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tiny_corpus import SETTINGS, TINY

from monster.errors import InputError, MissingExtra
from monster.networks.network import Network
from monster.training.contrastive import LossSettings
from monster.training.loop import train
from monster.training.object_encoder import object_features
from monster.training.prepared import Prepared
from monster.training.recipes import RECIPES, Recipe
from monster.training.settings import TrainSettings
from monster.training.trainer import Trainer, build_loss, device_of


def some(**changes: Any) -> TrainSettings:
    """The small settings, changed."""
    return dataclasses.replace(SETTINGS, **changes)


def made_trainer(prepared: Prepared, settings: TrainSettings) -> Trainer:
    """A trainer of random weights."""
    torch.manual_seed(0)
    network = Network(settings.recipe.configured(TINY.with_classes(len(prepared.categories))))
    network.set_class_vectors(prepared["class_vectors"])
    return Trainer(network, prepared, object_features(network, prepared), settings)


@pytest.mark.parametrize("loss", ["MaskedInfoNCE", "MultiSimilarityLoss", "SupConLoss"])
def test_steps_on_one_batch_lower_every_term(prepared: Prepared, loss: str) -> None:
    recipe = Recipe("plain", temperature=0.2, scene_free_share=0.0)  # so that the term of text and scene has items
    settings = some(steps=1000, warmup=1, learning_rate=3e-3, recipe=recipe, loss=LossSettings(loss))
    trainer = made_trainer(prepared, settings)
    batch = trainer.sampler.draw(np.random.default_rng(0))
    losses = [trainer.step(batch) for _ in range(25)]
    assert losses[0]["loss"] == pytest.approx(sum(v for k, v in losses[0].items() if k != "loss"), rel=1e-4)
    assert losses[-1]["loss"] < 0.75 * losses[0]["loss"]
    assert all(losses[-1][name] < losses[0][name] for name in losses[0])


def test_random_weights_have_about_the_loss_of_chance(prepared: Prepared) -> None:
    trainer = made_trainer(prepared, some(recipe=Recipe("plain", temperature=0.2)))
    losses = trainer.step(trainer.sampler.draw(np.random.default_rng(0)))
    assert 0.6 * 6 * np.log(6) < losses["loss"] < 1.5 * 6 * np.log(6)


def test_the_temperature_comes_from_the_recipe_and_only_ours_learns_one() -> None:
    ours: Any = build_loss(TrainSettings(recipe=Recipe("plain", temperature=0.3)))
    fixed: Any = build_loss(TrainSettings(recipe=RECIPES["six-term"]))
    assert float(ours.temperature.detach()) == pytest.approx(0.3)
    assert fixed.temperature == 0.1 and not list(fixed.parameters())
    other: Any = build_loss(TrainSettings(loss=LossSettings("NTXentLoss")))
    assert other.temperature == 0.07


def test_the_learning_rate_rises_then_falls(prepared: Prepared) -> None:
    trainer = made_trainer(prepared, some(steps=100, warmup=10, learning_rate=1.0))
    rates = []
    for trainer.steps_done in range(120):
        rates.append(trainer.learning_rate())
    assert rates[0] == pytest.approx(0.1) and rates[9] == rates[10] == pytest.approx(1.0)
    assert rates[:10] == sorted(rates[:10]) and rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[-1] == pytest.approx(0.02)


def test_devices_and_tensorboard_that_are_not_there(
    prepared: Prepared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InputError, match="float16 needs a GPU"):
        device_of(TrainSettings(device="cpu", precision="float16"))
    with pytest.raises(InputError, match="expected auto, cpu or cuda, got 'abacus'"):
        device_of(TrainSettings(device="abacus"))
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(MissingExtra, match=r"monster-retrieval\[train\]"):
        train(prepared, tmp_path, config=TINY, settings=dataclasses.replace(SETTINGS, steps=0, tensorboard="on"))
