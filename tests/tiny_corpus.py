"""A corpus of a user's own; a small network for the installed text tower, and settings that train it in seconds."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from tiny_networks import TINY_SMALL

from monster.corpus.checker import flagged
from monster.corpus.storage import Corpus, ItemRecord
from monster.io.npz import save_motion, save_scene
from monster.networks.config import NetworkConfig
from monster.training.crops import Motions, cropped_items
from monster.training.hard_negatives import without_held_out
from monster.training.prepared import Prepared
from monster.training.settings import TrainSettings
from monster.types import Motion, Scene


def training_items(corpus: Corpus, *, crops: float = 0.6) -> tuple[list[ItemRecord], Motions]:
    """The records of the prepared corpus, without held-out captions and with crops, and their motions."""
    records = [without_held_out(record) for record in flagged(corpus, corpus.records)]
    motions = Motions(corpus)
    return records + cropped_items(motions, records, share=crops, progress=no_progress), motions


def with_sentences(prepared: Prepared, items: Sequence[int]) -> Prepared:
    """The corpus with these items as free sentences: groups of captions without motion and scene."""
    arrays = {name: prepared[name].clone() for name in ("item_motion", "item_scene")}
    for rows in arrays.values():
        rows[list(items)] = -1
    return Prepared({**prepared.arrays, **arrays}, prepared.meta)


def no_progress(done: int, total: int | None = None, stage: str = "") -> None:
    """Progress that is not shown."""


def own_corpus(folder: Path, records: Sequence[Mapping[str, object]], motion: Motion, scene: Scene) -> Corpus:
    """A corpus as a user has it: the motion "m", the scene "s", and no claims."""
    (folder / "motions").mkdir(parents=True)
    (folder / "scenes").mkdir()
    save_motion(folder / "motions" / "m.npz", motion)
    save_scene(folder / "scenes" / "s.npz", scene)
    (folder / "corpus.json").write_text(json.dumps({"format": 1, "name": "mine"}))
    (folder / "items.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    return Corpus.open(folder)


POINTS = 40
TINY: NetworkConfig = dataclasses.replace(
    TINY_SMALL,
    name="tiny",
    dropout=0.1,
    text=dataclasses.replace(TINY_SMALL.text, width=384),
    scene=dataclasses.replace(TINY_SMALL.scene, class_width=384, points=POINTS, max_objects=50),
)
SETTINGS = TrainSettings(steps=6, warmup=2, rooms=3, items_per_room=2, object_steps=3, save_every=2)
