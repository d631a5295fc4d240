"""Train a model on your own motions and scenes, given as a folder with a table.

Writes a folder as you would lay it out (BVH files, scenes, items.csv), imports it as a corpus, takes 20 steps of
training and evaluates the weights. After so few steps the recall is near chance. You will see lines like:

    12 items imported
    step 20: loss 3.85
    mean recall of t2m: 41.7 % (chance 35.0 %)

On the command line: ``monster corpus import table mine --out corpus``, ``monster train --corpus corpus --out run``.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Mapping
from pathlib import Path

import monster
from monster.corpus.importers import open_data_set
from monster.corpus.importers.writer import import_corpus
from monster.io import write_bvh, write_ply
from monster.metrics import evaluate
from monster.training.loop import train
from monster.training.preparation import prepare
from monster.training.settings import TrainSettings
from worlds.generate import generate

# A real run leaves these out: the default is 3,000 steps of 64 rooms.
SETTINGS = TrainSettings(steps=20, warmup=4, rooms=2, items_per_room=2, object_steps=2)


def main() -> None:
    """Import, train and evaluate."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_my_data(folder / "mine")
        imported = import_corpus(open_data_set("table", folder / "mine"), folder / "corpus")
        print(f"{len(imported.corpus)} items imported")
        prepared = prepare(imported.corpus, folder / "prepared")
        weights = train(prepared, folder / "run", settings=SETTINGS, report=report)
        row = evaluate(monster.load(weights), imported.corpus, split="all").protocols["all"]["t2m"]
        print(f"mean recall of t2m: {row.recalls.mrecall:.1f} % (chance {row.chance:.1f} %)")


def write_my_data(folder: Path) -> None:
    """Write twelve motions, four scenes and the table that names them. Your own data take their place."""
    corpus = generate(folder / "generated", rooms=4, items=12, seed=2, workers=1)
    with (folder / "items.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, ["id", "motion", "scene", "caption", "placed"])
        table.writeheader()
        for item in corpus.items():
            motion, scene = f"{item.id}.bvh", f"{item.scene_id}.ply"
            write_bvh(folder / motion, item.motion)
            write_ply(folder / scene, item.scene)
            table.writerow(
                {"id": item.id, "motion": motion, "scene": scene, "caption": item.captions[0], "placed": "yes"}
            )


def report(stage: str, step: int, losses: Mapping[str, float]) -> None:
    """Print the loss of a step."""
    if stage == "network":
        print(f"step {step}: loss {losses['loss']:.2f}")


if __name__ == "__main__":
    main()
