"""The share of the training time that is spent waiting for batches.

    python benchmarks/train_waiting.py --corpus DIR [--steps 30] [--recipe ours]

Prepares the corpus and takes steps of config small as `monster train` does, with one thread that reads ahead. Goal:
under 10 % of the time on two cores.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from contextlib import closing
from pathlib import Path

import torch

from monster.corpus.storage import Corpus
from monster.networks.config import SMALL
from monster.networks.network import Network
from monster.training.loop import read_ahead
from monster.training.preparation import prepare
from monster.training.settings import TrainSettings
from monster.training.trainer import Trainer

WARM = 3


def main() -> None:
    """Print the share."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--recipe", default="ours")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        prepared = prepare(Corpus.open(given.corpus), folder)
        settings = TrainSettings.of({"recipe": given.recipe})
        network = Network(settings.recipe.configured(SMALL.with_classes(len(prepared.categories))))
        features = torch.randn(4, len(prepared["boxes"]), SMALL.hidden).half()
        trainer = Trainer(network, prepared, features, settings)
        waited, took = measure(trainer, given.steps)
    print(f"{given.recipe}: {took / given.steps:.2f} s a step, of which {1000 * waited / given.steps:.1f} ms waited")
    print(f"waiting for data: {100 * waited / took:.2f} % of the time (goal: under 10 %)")


def measure(trainer: Trainer, steps: int) -> tuple[float, float]:
    """Seconds waited for batches and seconds in all, over the steps after the first few."""
    trainer.network.train()
    waited, start = 0.0, time.perf_counter()
    with closing(read_ahead(trainer.sampler.batches(0))) as batches:
        for step in range(WARM + steps):
            if step == WARM:
                waited, start = 0.0, time.perf_counter()
            asked = time.perf_counter()
            batch = next(batches)
            waited += time.perf_counter() - asked
            trainer.step(batch)
    return waited, time.perf_counter() - start


if __name__ == "__main__":
    main()
