"""Recall of the shipped weights on rooms that no training saw: the README's table.

    python benchmarks/quality.py --corpus corpora/held-out [--weights FILE] [--json FILE]

Generates the held-out corpus (100 rooms, 1,000 items, a seed of its own) where it does not exist yet, encodes every
item and prints mRecall of the twelve tasks among all items and in small random batches, random scores beside, first
with the objects' labels hidden, as in a raw scan that was only cut into objects, then with them.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

from monster.corpus.generate import generate
from monster.corpus.storage import Corpus
from monster.metrics.evaluation import evaluate
from monster.model import load

ROOMS, ITEMS, SEED = 100, 1000, 1_000_003


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=Path("corpora/held-out"))
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--json", type=Path, help="also write the reports there")
    given = parser.parse_args()
    exists = (given.corpus / "corpus.json").exists()
    corpus = Corpus.open(given.corpus) if exists else generate(given.corpus, rooms=ROOMS, items=ITEMS, seed=SEED)
    model = load(given.weights)
    reports = {}
    for name, labels in (("labels hidden", False), ("labels given", True)):
        start = time.monotonic()
        reports[name] = report = evaluate(model, corpus, split="all", labels=labels)
        card = report.card
        print(f"\n{name}: {card['items']} items, {card['rooms']} rooms")
        print(f"weights {card['weights']}, corpus {card['corpus_hash']}")
        print(report.markdown())
        print(f"encoded and measured in {time.monotonic() - start:.0f} s", flush=True)
    if given.json:
        given.json.write_text(json.dumps({name: report.to_json() for name, report in reports.items()}, indent=1) + "\n")


if __name__ == "__main__":
    main()
