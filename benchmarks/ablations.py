"""Compares the recipes at a small equal budget: the table of ablations in the model card.

    python benchmarks/ablations.py --corpus DIR --out FOLDER [--samples 30000] [--only ours six-term] [--minutes 60]
        [--jobs 2] [--cells docs/ablations.jsonl]

Every recipe sees the same number of samples, and all share the object features. The learning rate is chosen on the
validation split with the first seed: the middle one of `RATES`, the higher one, and if that is worse the lower one. A
second seed runs with the best. Ours with one part changed ("ours, ...") uses the learning rate of ours. Both seeds are
printed, measured on the test split, or on the validation split of a corpus without one. Each cell is a line of the file
of cells (FOLDER/cells.jsonl); cells in the file are not run again. ``--jobs`` cells run in parallel, each on one core,
which is faster than one after the other on all cores.

The network is `small` with one layer in every stack, so that the table takes hours rather than days; ``--full`` uses
`small`, with another file of cells.
"""

from __future__ import annotations

import argparse
import json
import shutil
import time
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import torch

from monster.checkpoints import load_weights
from monster.corpus.storage import Corpus
from monster.networks.config import SMALL, NetworkConfig, StackConfig
from monster.training.loop import train
from monster.training.preparation import prepare
from monster.training.prepared import FILE, Prepared
from monster.training.recipes import RECIPES, Recipe
from monster.training.settings import TrainSettings
from monster.training.setup import FEATURES, OBJECTS, initial_state, pretrain_object_encoder
from monster.training.validation import validate

RATES = (1.5e-4, 5e-4, 1.5e-3)
SEEDS = (0, 1)
BATCH = 128
MEANS = "six-term on means"
LARGER = "ours, batches of twice the size"
FEWER_ROOMS = "ours, half the rooms of twice the items"
SECONDS = 2.0  # a step on one core, for the estimate; 2.7 with ``--full``
SHOWN = ("st2m", "m2st", "t2m", "m2t", "mrecall")


@dataclass(frozen=True)
class Cell:
    """One run of the table."""

    recipe: str
    learning_rate: float
    seed: int

    @property
    def key(self) -> str:
        """Its name in files."""
        return f"{self.recipe}-{self.learning_rate:g}-{self.seed}"


def variants() -> dict[str, Recipe]:
    """The recipes, the published one on means, and ours with one part switched off or on at a time."""
    ours = RECIPES["ours"]
    changes: dict[str, dict[str, Any]] = {
        "ours, no late fusion": {"fusion": "separate"},
        "ours, no negative captions": {"text_negatives": 0},
        "ours, no edited motions": {"motion_negatives": 0},
        "ours, no negative pairs": {"pair_negatives": 0.0},
        "ours, fixed temperature": {"learned_temperature": False},
        "ours, no shared rooms": {"same_room": False},
        "ours, no rotation": {"rotate": False, "shift": 0.0},
        "ours, no joint noise": {"joint_noise": 0.0},
        "ours, projection head": {"head": 512},
        LARGER: {},
        FEWER_ROOMS: {},
    }
    means = replace(RECIPES["six-term"], name=MEANS, sample=False)  # means learn earlier than draws in short runs
    return RECIPES | {MEANS: means} | {name: replace(ours, name=name, **change) for name, change in changes.items()}


def shallow(config: NetworkConfig) -> NetworkConfig:
    """The same configuration with one layer in every stack; object features stay what they are."""

    def cut(stack: StackConfig) -> StackConfig:
        return replace(stack, layers=1)

    scene = replace(config.scene, spatial=cut(config.scene.spatial), summary=cut(config.scene.summary))
    return replace(
        config,
        name=f"{config.name}, one layer a stack",
        motion=replace(config.motion, stack=cut(config.motion.stack)),
        text=replace(config.text, stack=cut(config.text.stack)),
        scene=scene,
        pair=replace(config.pair, stack=cut(config.pair.stack), decoder=cut(config.pair.decoder)),
    )


def main() -> None:
    """Run what is missing and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--samples", type=int, default=30_000)
    parser.add_argument("--batch", type=int, default=BATCH)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--object-steps", type=int, default=1200)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--cells", type=Path, help="file of cells; FOLDER/cells.jsonl by default")
    parser.add_argument("--minutes", type=float, default=1e9, help="start no further cell after so long")
    parser.add_argument("--only", nargs="*", choices=list(variants()), default=[*RECIPES, MEANS])
    given = parser.parse_args()
    folder = given.out / "prepared"
    prepared = Prepared.open(folder) if (folder / FILE).exists() else prepare(Corpus.open(given.corpus), folder)
    table = Table(given.cells or given.out / "cells.jsonl")
    steps = given.samples // given.batch
    print(f"{steps} steps a cell, about {steps * SECONDS / 60:.0f} min on one core", flush=True)
    shared = given.out / "shared"
    shared.mkdir(parents=True, exist_ok=True)
    settings = TrainSettings(object_steps=given.object_steps)
    pretrain_object_encoder(initial_state(prepared, "small", settings, None), prepared, shared, settings)
    fill(table, given, time.time() + given.minutes * 60)
    print(table.markdown(given.only))


def fill(table: Table, given: argparse.Namespace, deadline: float) -> None:
    """Run the missing cells, and those that follow from their results."""
    started: set[Cell] = set()
    running: set[Future[dict[str, Any] | None]] = set()
    with ProcessPoolExecutor(given.jobs, get_context("spawn"), torch.set_num_threads, (1,)) as pool:
        while True:
            cells = [cell for name in given.only if (cell := table.next(name)) and cell not in started]
            started.update(cells)
            running |= {pool.submit(run, cell, given, deadline) for cell in cells}
            if not running:
                return
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for values in (future.result() for future in done):
                if values is not None:
                    table.add(values)


def run(cell: Cell, given: argparse.Namespace, deadline: float) -> dict[str, Any] | None:
    """Train one cell and measure it on validation and test items; None after the deadline."""
    if time.time() > deadline:
        return None
    folder, recipe = given.out / "runs" / cell.key, variants()[cell.recipe]
    folder.mkdir(parents=True, exist_ok=True)
    for name in (FEATURES, OBJECTS):
        shutil.copy(given.out / "shared" / name, folder / name)
    batch = given.batch * (2 if cell.recipe == LARGER else 1)
    items = 4 if cell.recipe == FEWER_ROOMS else TrainSettings.items_per_room
    steps = max(1, given.samples // batch)
    settings = TrainSettings(
        recipe=recipe,
        steps=steps,
        learning_rate=cell.learning_rate,
        warmup=max(1, steps // 15),
        rooms=max(1, batch // items),
        items_per_room=items,
        seed=cell.seed,
        ema_decay=0.99,
        tensorboard="off",
    )
    start, prepared = time.monotonic(), Prepared.open(given.out / "prepared")
    weights = train(prepared, folder, config=SMALL if given.full else shallow(SMALL), settings=settings)
    network, features = load_weights(weights)[0], torch.load(folder / FEATURES, weights_only=True)
    found = {name: validate(network, prepared, features, recipe, split=row) for name, row in (("val", 1), ("test", 2))}
    shutil.rmtree(folder)
    return vars(cell) | found | {"seconds": round(time.monotonic() - start, 1), "samples": given.samples}


class Table:
    """The cells that have run, one JSON line each."""

    def __init__(self, path: Path) -> None:
        self.path = path
        lines = path.read_text().splitlines() if path.exists() else []
        self.found: dict[Cell, dict[str, Any]] = {}
        for line in lines:
            values = json.loads(line)
            self.found[Cell(values["recipe"], values["learning_rate"], values["seed"])] = values

    def add(self, values: dict[str, Any]) -> None:
        """Store the measures of a cell."""
        cell = Cell(values["recipe"], values["learning_rate"], values["seed"])
        self.found[cell] = values
        with self.path.open("a") as file:
            file.write(json.dumps(values) + "\n")
        print(cell.key, f"{self.score(cell):.2f} on validation, {values['seconds']:.0f} s", flush=True)

    def next(self, recipe: str) -> Cell | None:
        """The next cell of a recipe: another learning rate with the first seed, then the other seeds with the best."""
        rate = self.rate(recipe)
        wanted = self._next_rate(recipe) if rate is None else [Cell(recipe, rate, seed) for seed in SEEDS]
        return next((cell for cell in wanted if cell not in self.found), None)

    def rate(self, recipe: str) -> float | None:
        """The best learning rate of the first seed, None if it is not known yet."""
        if recipe not in RECIPES and recipe != MEANS:
            return self.rate("ours")
        return None if self._next_rate(recipe) else self._best(recipe)

    def _best(self, recipe: str) -> float | None:
        """The best rate so far."""
        tried = [cell for rate in RATES if (cell := Cell(recipe, rate, SEEDS[0])) in self.found]
        return max(tried, key=self.score).learning_rate if tried else None

    def _next_rate(self, recipe: str) -> list[Cell]:
        low, middle, high = (Cell(recipe, rate, SEEDS[0]) for rate in RATES)
        if middle not in self.found:
            return [middle]
        if high not in self.found:
            return [high]
        return [] if low in self.found or self.score(high) > self.score(middle) else [low]

    def score(self, cell: Cell) -> float:
        """The measure that learning rates are chosen by: mRecall on validation."""
        return float(self.found[cell]["val"].get("mrecall", 0.0))

    def markdown(self, recipes: list[str]) -> str:
        """The table, with the best learning rates so far; both seeds in every cell."""
        lines = ["| recipe | rate | " + " | ".join(SHOWN) + " |", "|---" * (2 + len(SHOWN)) + "|"]
        for name in recipes:
            rate = self._best(name)
            seeds = [self.found[cell] for seed in SEEDS if rate and (cell := Cell(name, rate, seed)) in self.found]
            if not seeds:
                continue
            parts = [seed["test"] or seed["val"] for seed in seeds]
            cells = [" / ".join(f"{part[task]:.2f}" if task in part else "-" for part in parts) for task in SHOWN]
            lines.append(f"| {name} | {rate:g} | " + " | ".join(cells) + " |")
        return "\n".join(lines)


if __name__ == "__main__":
    main()
