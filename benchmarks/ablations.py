"""The recipes side by side at a small equal budget: the model card's table of ablations.

    python benchmarks/ablations.py --corpus DIR --out FOLDER [--samples 30000] [--only ours six-term] [--minutes 60]

Every recipe sees as many samples, with object features that all share. Its learning rate is the best of a few on the
validation split with the first seed; then a second seed. Both seeds are printed, on the test split where the corpus has
one, else on the validation split. Each cell is a line of FOLDER/cells.jsonl; what is there is not run again.
"""

from __future__ import annotations

import argparse
import json
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from monster.checkpoints import load_weights
from monster.corpus.storage import Corpus
from monster.training.begin import FEATURES, OBJECTS
from monster.training.prepare import prepare
from monster.training.prepared import FILE, Prepared
from monster.training.recipes import RECIPES, Recipe
from monster.training.settings import TrainSettings
from monster.training.train import train
from monster.training.validation import validate

RATES = (3e-4, 6e-4, 1.2e-3)
BATCH = 128
SECONDS = 1.5  # a step on two cores, for the estimate
SHOWN = ("st2m", "m2st", "t2m", "m2t", "mrecall")


@dataclass(frozen=True)
class Cell:
    """One run of the table."""

    recipe: str
    rate: float
    seed: int

    @property
    def key(self) -> str:
        """Its name in files."""
        return f"{self.recipe}-{self.rate:g}-{self.seed}"


def variants() -> dict[str, Recipe]:
    """The recipes, and ours with one part switched off or on at a time."""
    ours = RECIPES["ours"]
    changes: dict[str, dict[str, Any]] = {
        "ours, no late fusion": {"fusion": "separate"},
        "ours, no wrong captions": {"text_negatives": 0},
        "ours, no wrong motions": {"motion_negatives": 0},
        "ours, no wrong pairs": {"pair_negatives": 0.0},
        "ours, fixed temperature": {"learned": False},
        "ours, rooms apart": {"same_room": False},
        "ours, no turns": {"turn": False, "shift": 0.0},
        "ours, one body": {"body": 0.0},
        "ours, projection head": {"head": 512},
    }
    return RECIPES | {name: replace(ours, name=name, **change) for name, change in changes.items()}


def main() -> None:
    """Run what is missing and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--samples", type=int, default=30_000)
    parser.add_argument("--batch", type=int, default=BATCH)
    parser.add_argument("--object-steps", type=int, default=1500)
    parser.add_argument("--minutes", type=float, default=1e9, help="begin no further cell after so long")
    parser.add_argument("--only", nargs="*", choices=list(variants()), default=list(RECIPES))
    given = parser.parse_args()
    folder = given.out / "prepared"
    prepared = Prepared.open(folder) if (folder / FILE).exists() else prepare(Corpus.open(given.corpus), folder)
    table, began = Table(given.out / "cells.jsonl"), time.monotonic()
    steps = max(1, given.samples // given.batch)
    left = len(given.only) * (len(RATES) + 1) - len(table.found)
    print(f"{steps} steps a cell, at most {left} cells: about {left * steps * SECONDS / 3600:.1f} h", flush=True)
    for name in given.only:
        for cell in table.missing(name):
            if time.monotonic() - began < given.minutes * 60:
                table.add(cell, run(prepared, cell, given, steps))
    print(table.markdown(given.only))


def run(prepared: Prepared, cell: Cell, given: argparse.Namespace, steps: int) -> dict[str, Any]:
    """Train one cell and measure it on validation and test items."""
    folder, shared = given.out / "runs" / cell.key, given.out / "shared"
    folder.mkdir(parents=True, exist_ok=True)
    for name in (FEATURES, OBJECTS):
        if (shared / name).exists() and not (folder / name).exists():
            shutil.copy(shared / name, folder / name)
    recipe = variants()[cell.recipe]
    settings = TrainSettings(
        recipe=recipe,
        steps=steps,
        rate=cell.rate,
        warmup=max(1, steps // 15),
        rooms=max(1, given.batch // 4),
        object_steps=given.object_steps,
        seed=cell.seed,
        average=0.99,
        tensorboard="off",
    )
    start = time.monotonic()
    weights = train(prepared, folder, settings=settings)
    shared.mkdir(exist_ok=True)
    for name in (OBJECTS, FEATURES):
        if not (shared / name).exists():
            shutil.copy(folder / name, shared / name)
    network, features = load_weights(weights)[0], torch.load(folder / FEATURES, weights_only=True)
    found = {name: validate(network, prepared, features, recipe, split=row) for name, row in (("val", 1), ("test", 2))}
    shutil.rmtree(folder)
    return found | {"seconds": round(time.monotonic() - start, 1)}


class Table:
    """The cells that were run, one JSON line each."""

    def __init__(self, path: Path) -> None:
        self.path = path
        lines = path.read_text().splitlines() if path.exists() else []
        self.found: dict[Cell, dict[str, Any]] = {}
        for line in lines:
            values = json.loads(line)
            self.found[Cell(values["recipe"], values["rate"], values["seed"])] = values

    def add(self, cell: Cell, values: dict[str, Any]) -> None:
        """Keep a cell."""
        self.found[cell] = vars(cell) | values
        with self.path.open("a") as file:
            file.write(json.dumps(self.found[cell]) + "\n")
        print(cell.key, f"{self.score(cell):.2f} on validation, {values['seconds']:.0f} s", flush=True)

    def missing(self, recipe: str) -> Iterator[Cell]:
        """The cells of a recipe that are left: its rates with the first seed, the best of them with the second."""
        for cell in (Cell(recipe, rate, 0) for rate in RATES):
            if cell not in self.found:
                yield cell
        best = self.best(recipe)
        if best is not None and (second := replace(best, seed=1)) not in self.found:
            yield second

    def score(self, cell: Cell) -> float:
        """What rates are chosen by."""
        return float(self.found[cell]["val"].get("mrecall", 0.0))

    def best(self, recipe: str) -> Cell | None:
        """The first seed's best rate, None while rates are missing."""
        cells = [Cell(recipe, rate, 0) for rate in RATES]
        return max(cells, key=self.score) if all(cell in self.found for cell in cells) else None

    def markdown(self, recipes: list[str]) -> str:
        """The table; both seeds in every cell."""
        lines = ["| recipe | rate | " + " | ".join(SHOWN) + " |", "|---" * (2 + len(SHOWN)) + "|"]
        for name in recipes:
            best = self.best(name)
            if best is None:
                continue
            seeds = [self.found[cell] for cell in (best, replace(best, seed=1)) if cell in self.found]
            parts = [seed["test"] or seed["val"] for seed in seeds]
            cells = [" / ".join(f"{part[task]:.2f}" if task in part else "-" for part in parts) for task in SHOWN]
            lines.append(f"| {name} | {best.rate:g} | " + " | ".join(cells) + " |")
        return "\n".join(lines)


if __name__ == "__main__":
    main()
