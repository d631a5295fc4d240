"""A small network for the text tower that is installed, and settings that train it in seconds."""

from __future__ import annotations

import dataclasses

from tiny_networks import TINY_SMALL

from monster.corpus.storage import Corpus, ItemRecord
from monster.networks.config import NetworkConfig
from monster.training.misses import without_held_out
from monster.training.settings import TrainSettings


def told(corpus: Corpus) -> list[ItemRecord]:
    """The records as training sees them: captions of held-out patterns left out."""
    return [without_held_out(record) for record in corpus.records]


POINTS = 40
TINY: NetworkConfig = dataclasses.replace(
    TINY_SMALL,
    name="tiny",
    dropout=0.1,
    text=dataclasses.replace(TINY_SMALL.text, width=384),
    scene=dataclasses.replace(TINY_SMALL.scene, class_width=384, points=POINTS, max_objects=50),
)
SETTINGS = TrainSettings(steps=6, warmup=2, rooms=3, items_per_room=2, object_steps=3, save_every=2)
