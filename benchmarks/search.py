"""How long the first search on an existing gallery takes from a cold process, and how long searches take then.

    python benchmarks/search.py GALLERY [--weights FILE] [--runs 5] [--searches 50]

The cold time is that of a new process from its start to its first text-to-motion hits: importing, loading the model,
opening the gallery, encoding, searching. Medians are printed, with the slowest in brackets.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

from monster.gallery import Gallery
from monster.model import load
from monster.tasks import MODALITY_OF, SINGLE_KINDS
from monster.types import Query

_COLD = """
import sys
import monster
from monster import Gallery, Query
model = monster.load(sys.argv[2]) if sys.argv[2:] else None
with Gallery.open(sys.argv[1], model) as gallery:
    gallery.search(Query(text="a person walks to the table"), "motion", 5)
"""


def cold_seconds(folder: Path, weights: Path | None) -> float:
    """Seconds of a new process that searches once."""
    arguments = [str(path) for path in (folder, weights) if path is not None]
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", _COLD, *arguments], check=True)
    return time.perf_counter() - start


def warm_seconds(gallery: Gallery, target: str, searches: int) -> list[float]:
    """Seconds of searches by new texts, whose embeddings are not cached."""
    taken = []
    for number in range(searches):
        start = time.perf_counter()
        gallery.search(Query(text=f"a person walks to table {number}"), target, 10)
        taken.append(time.perf_counter() - start)
    return taken


def index_seconds(gallery: Gallery, kind: str, searches: int) -> list[float]:
    """Seconds of searches with a ready embedding: what is left without the model."""
    row = gallery.embedding(kind, gallery.ids(MODALITY_OF[kind])[0])
    taken = []
    for _ in range(searches):
        start = time.perf_counter()
        gallery.search_embedding(row, kind, 10)
        taken.append(time.perf_counter() - start)
    return taken


def line(what: str, seconds: list[float]) -> str:
    """One line of the table, in milliseconds."""
    return f"{what:34s} {statistics.median(seconds) * 1000:9.1f} ms  (slowest {max(seconds) * 1000:.1f})"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Time cold and warm searches on an existing gallery.")
    parser.add_argument("gallery", type=Path)
    parser.add_argument("--weights", type=Path, help="the weights that the gallery was made with")
    parser.add_argument("--runs", type=int, default=5, help="cold processes")
    parser.add_argument("--searches", type=int, default=50, help="warm searches of each kind")
    options = parser.parse_args()
    model = None if options.weights is None else load(options.weights)
    with Gallery.open(options.gallery, model) as gallery:
        print(", ".join(f"{count} {what}" for what, count in gallery.counts().items()))
        cold = [cold_seconds(options.gallery, options.weights) for _ in range(options.runs)]
        print(line("cold process, first text search", cold))
        for target in ("motion", "scene", "motion+scene"):
            warm_seconds(gallery, target, 2)
            print(line(f"warm, text to {target}", warm_seconds(gallery, target, options.searches)))
        for kind in SINGLE_KINDS:
            if gallery.ids(MODALITY_OF[kind]):
                print(line(f"warm, index {kind} alone", index_seconds(gallery, kind, options.searches)))


if __name__ == "__main__":
    main()
