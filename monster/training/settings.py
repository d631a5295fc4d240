"""The settings of a training run, from ``key=value`` texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from monster.settings_text import refuse_negative_numbers, settings_from_text
from monster.training.contrastive import LossSettings
from monster.training.recipes import RECIPES, Recipe, parse_recipe

Precision = Literal["auto", "float32", "bfloat16", "float16"]
Switch = Literal["auto", "on", "off"]


@dataclass(frozen=True)
class TrainSettings:
    """Settings of a run. Raises InputError for a negative number.

    A batch holds ``rooms`` x ``items_per_room`` items for each process; ``accumulate`` batches, each with its own
    negatives, make one step. ``ema_decay`` is that of the exponential moving average of the weights, which is what is
    saved. Every ``validate_every`` steps the average is measured on the validation split; after ``patience`` measures
    without a better one the run ends and the best weights are saved. ``minutes`` ends a run early; it can be resumed.
    """

    recipe: Recipe = field(default=RECIPES["ours"], metadata={"parse_group": parse_recipe})
    loss: LossSettings = field(default=LossSettings(), metadata={"parse_group": LossSettings.parse})
    steps: int = 3000
    learning_rate: float = 6e-4
    warmup: int = 200
    weight_decay: float = 0.05
    ema_decay: float = 0.998
    label_probability: float = 0.5
    rooms: int = 64
    items_per_room: int = 2
    accumulate: int = 1
    object_steps: int = 1500
    seed: int = 0
    minutes: float = 100.0
    save_every: int = 100
    validate_every: int = 0
    patience: int = 0
    precision: Precision = "auto"
    device: str = "auto"
    tensorboard: Switch = "auto"

    def __post_init__(self) -> None:
        refuse_negative_numbers(self)

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> TrainSettings:
        """Settings from texts: ``recipe=NAME``, ``recipe.FIELD=VALUE``, ``loss=NAME``, ``loss.ARGUMENT=VALUE``.

        ``terms=st2m,m2t`` is short for ``recipe.terms``; the other keys are the fields above. Raises InputError for an
        unknown key or a value of another type.
        """
        renamed = {"recipe.terms" if key == "terms" else key: text for key, text in texts.items()}
        return settings_from_text(cls, renamed)
