"""The settings of a run are read from text; nested ones reach the recipe and the loss."""

from __future__ import annotations

import dataclasses
import json

import pytest

from monster.errors import InputError
from monster.training.contrastive import LossSettings
from monster.training.settings import TrainSettings


def test_settings_reach_into_the_recipe() -> None:
    made = TrainSettings.of(
        {"recipe": "six-term", "terms": "m2t,st2m", "recipe.kl_weight": "0", "precision": "float32"}
    )
    assert made.recipe.terms == (("m", "t"), ("st", "m")) and made.recipe.kl_weight == 0 and made.recipe.sample
    assert TrainSettings.of({"recipe.scene_free_share": "none"}).recipe.scene_free_share is None
    assert not TrainSettings.of({"recipe.rotate": "false"}).recipe.rotate
    assert json.dumps(dataclasses.asdict(made))


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"recipe": "best"}, "unknown recipe 'best': expected one of text-motion"),
        ({"recipe.kl": "1"}, "unknown setting 'recipe.kl'.*did you mean recipe.kl_weight"),
        ({"terms": "t2x"}, "unknown task 't2x'"),
        ({"recipe.rotate": "perhaps"}, "expected true or false, got 'perhaps'"),
        ({"precision": "int8"}, "expected one of auto, float32"),
        ({"recipe.temperature": "0"}, "expected a temperature above 0"),
    ],
)
def test_settings_that_are_refused(given: dict[str, str], word: str) -> None:
    with pytest.raises(InputError, match=word):
        TrainSettings.of(given)


@pytest.mark.parametrize(
    ("given", "word"),
    [
        (
            {"stepz": "3"},
            "unknown setting 'stepz': expected one of recipe, loss, steps, learning_rate.*did you mean steps",
        ),
        ({"steps": "many"}, "setting steps: expected int, got 'many'"),
        ({"steps": "2.5"}, "setting steps: expected int"),
        ({"rate": "1e-3"}, "unknown setting 'rate'.*did you mean learning_rate"),
        ({"learning_rate": "nan"}, "setting learning_rate: expected a finite number"),
        ({"learning_rate": "-1"}, "setting learning_rate: expected a number from 0 on, got -1"),
    ],
)
def test_numbers_that_are_refused(given: dict[str, str], word: str) -> None:
    with pytest.raises(InputError, match=word):
        TrainSettings.of(given)


def test_settings_from_texts() -> None:
    assert TrainSettings.of({"steps": "7", "learning_rate": "1e-3"}) == TrainSettings(steps=7, learning_rate=0.001)


def test_settings_name_a_loss_and_its_arguments() -> None:
    made = TrainSettings.of({"loss": "MultiSimilarityLoss", "loss.alpha": "2.5"})
    assert made.loss == LossSettings("MultiSimilarityLoss", {"alpha": 2.5})
    assert dict(TrainSettings.of({"loss.temperature": "0.2"}).loss.arguments) == {"temperature": 0.2}
    with pytest.raises(InputError, match="unknown argument of loss SupConLoss 'alpha'"):
        TrainSettings.of({"loss": "SupConLoss", "loss.alpha": "2"})
    assert json.dumps(dataclasses.asdict(made))
