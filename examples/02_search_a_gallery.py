"""Make a gallery on disk and search it by a text, by a scene, and by both.

Generates three rooms with 24 motions and adds them to a gallery. You will see the best hits of three searches, the
second without any text. The queries are parts of item room-00000-03:

    24 items added
    text -> motion
      1. 0.73  room-00000-03
    scene -> motion
      1. 0.64  room-00000-01
    text and motion -> scene
      1. 0.71  room-00000
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import monster
from monster import Gallery, Query
from worlds.generate import generate


def main() -> None:
    """Print the hits of three searches."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = generate(Path(folder, "corpus"), rooms=3, items=24, seed=3, workers=1)
        with Gallery.create(Path(folder, "gallery"), monster.load()) as gallery:
            report = gallery.add(corpus.items())
            print(f"{report.items} items added")
            item = corpus.item(corpus.records[0])
            text = item.captions[0]
            show(gallery, "text -> motion", Query(text=text), "motion")
            show(gallery, "scene -> motion", Query(scene=item.scene), "motion")
            show(gallery, "text and motion -> scene", Query(text=text, motion=item.motion), "scene")


def show(gallery: Gallery, title: str, query: Query, target: str) -> None:
    """Print the three best hits of a query."""
    print(title)
    for hit in gallery.search(query, target, k=3):
        print(f"  {hit.rank}. {hit.score:.2f}  {hit.id}")


if __name__ == "__main__":
    main()
