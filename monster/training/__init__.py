"""Training: losses, data, the loop. Imports only torch, numpy, safetensors and pytorch-metric-learning.

Importing this package itself loads nothing heavy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monster.lazy import lazy_names

if TYPE_CHECKING:
    from monster.training.contrastive import LOSSES, LossSettings, MaskedInfoNCE
    from monster.training.dataset import CorpusDataset, TrainingBatch
    from monster.training.loop import train
    from monster.training.preparation import prepare
    from monster.training.prepared import Prepared
    from monster.training.recipes import RECIPES, Recipe
    from monster.training.sampler import BatchSettings, RoomBatchSampler
    from monster.training.settings import TrainSettings
    from monster.training.trainer import Trainer
    from monster.training.validation import validate

_HOME = {
    "LOSSES": "monster.training.contrastive",
    "RECIPES": "monster.training.recipes",
    "BatchSettings": "monster.training.sampler",
    "CorpusDataset": "monster.training.dataset",
    "LossSettings": "monster.training.contrastive",
    "MaskedInfoNCE": "monster.training.contrastive",
    "Prepared": "monster.training.prepared",
    "Recipe": "monster.training.recipes",
    "RoomBatchSampler": "monster.training.sampler",
    "TrainSettings": "monster.training.settings",
    "Trainer": "monster.training.trainer",
    "TrainingBatch": "monster.training.dataset",
    "prepare": "monster.training.preparation",
    "train": "monster.training.loop",
    "validate": "monster.training.validation",
}

__all__ = [
    "LOSSES",
    "RECIPES",
    "BatchSettings",
    "CorpusDataset",
    "LossSettings",
    "MaskedInfoNCE",
    "Prepared",
    "Recipe",
    "RoomBatchSampler",
    "TrainSettings",
    "Trainer",
    "TrainingBatch",
    "prepare",
    "train",
    "validate",
]

__getattr__, __dir__ = lazy_names(__name__, _HOME)
