"""Recall of the shipped weights on held-out rooms: the table of the README.

    python benchmarks/quality.py --corpus corpora/held-out [--weights FILE] [--json FILE]

Generates the held-out corpus (100 rooms, 1,000 items, its own seed) unless it exists, encodes every item and prints
mRecall of the twelve tasks among all items and in small random batches, with the values of random scores; m2s and s2m
also with the motion alone, not in the frame of its scene. The first
report hides the objects' labels, as in a raw scan that was only segmented; the second gives them. For the second it
also prints late fusion (a pair is the sum of its parts), hard negatives by kind, event order, paraphrases and held-out
sentence patterns, if the corpus has them.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from monster.arrays import FloatArray
from monster.corpus.storage import Corpus
from monster.metrics.evaluation.positives import Embedded, positives
from monster.metrics.evaluation.protocols import EvaluationInputs, evaluation_card, gather, measure
from monster.metrics.evaluation.triples import (
    caption_ranks,
    changed_items,
    event_order,
    hard_negative_shares,
    paraphrase_moves,
    paraphrases,
    pattern_recalls,
)
from monster.metrics.functional import recalls
from monster.model import MonSTeR, load
from monster.networks.pairs import ROW_PARTS
from monster.tasks import TASKS
from worlds.generate import generate
from worlds.hard_negatives import HELD_OUT_KINDS

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
    reports: dict[str, Any] = {}
    for name, labels in (("labels hidden", False), ("labels given", True)):
        start = time.monotonic()
        inputs = gather(model, corpus, split="all", labels=labels)
        card = evaluation_card(model, corpus, inputs, split="all", labels=labels)
        report = measure(inputs, card)
        reports[name] = report.to_json()
        print(f"\n{name}: {card['items']} items, {card['rooms']} rooms")
        print(f"weights {card['weights']}, corpus {card['corpus_hash']}")
        print(report.markdown())
        print(f"encoded and measured in {time.monotonic() - start:.0f} s", flush=True)
        if labels:
            reports["more"] = more = beyond_recall(model, corpus, inputs)
            print("\n" + "\n\n".join(table(name, rows) for name, rows in more.items() if rows))
    if given.json:
        given.json.write_text(json.dumps(reports, indent=1) + "\n")


def beyond_recall(model: MonSTeR, corpus: Corpus, inputs: EvaluationInputs) -> dict[str, dict[str, dict[str, float]]]:
    """Further measurements of the same items: rows of numbers each, empty if the corpus lacks what it needs."""
    shares = hard_negative_shares(model, changed_items(corpus, inputs.records))
    order = event_order(shares)
    return {
        "mRecall, All": late_fusion(inputs.embedded),
        "true above false, %": {
            f"{kind} (held out)" if kind in HELD_OUT_KINDS else kind: row for kind, row in shares.items()
        },
        "event order, %": {} if order is None else {"right order above wrong": order},
        "paraphrase, % of the gap": {
            "median": paraphrase_moves(inputs.embedded, paraphrases(corpus, inputs.records, inputs.embedded))
        },
        "mRecall by sentence pattern": pattern_recalls(
            corpus, inputs.records, inputs.embedded, caption_ranks(inputs.embedded)
        ),
    }


def late_fusion(embedded: Embedded) -> dict[str, dict[str, float]]:
    """mRecall among all items of the tasks with pairs: of the pairs as encoded, and of the sums of their parts."""
    data = embedded.take(embedded.first_rows())
    sums = {kind: data.rows[a] + data.rows[b] for kind, (a, b) in ROW_PARTS.items()}
    summed = replace(data, rows={**data.rows, **{kind: unit_rows(rows) for kind, rows in sums.items()}})
    tasks = [task for task in TASKS if len(str(task)) > 3]
    return {
        name: {str(task): recalls(each.scores(task), positives(each, task)).mrecall for task in tasks}
        for name, each in (("pairs", data), ("late fusion of their parts", summed))
    }


def unit_rows(rows: FloatArray) -> FloatArray:
    """Rows (n, dim) of length 1."""
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def table(name: str, rows: dict[str, dict[str, Any]]) -> str:
    """Rows of numbers as Markdown."""
    heads = list(dict.fromkeys(head for row in rows.values() for head in row))
    lines = [f"| {name} | {' | '.join(heads)} |", "| --- |" + " ---: |" * len(heads)]
    lines += [f"| {label} | {' | '.join(f'{row.get(head, 0):.1f}' for head in heads)} |" for label, row in rows.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
