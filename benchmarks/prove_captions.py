"""Proves captions of a corpus from its arrays: actions, objects and order. Independent of the generator.

    python benchmarks/prove_captions.py CORPUS [--items 500] [--show 20]

Reads only items.jsonl (ids and captions), motions and scenes (joints, points, instance numbers, labels): no plans,
claims or geometry of the generator. `proof_words` parses captions, `proof_geometry` measures bodies and points. Prints
how many captions were understood, how many of their claims are proven, and the others. Exit code 1 if less than 99 %
are proven.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
from proof_geometry import Body, PointObject, first_times, fitting
from proof_words import Reader, ReferringExpression

from monster.io.npz import load_motion, load_scene

SYNONYMS = {
    "couch": "sofa", "bedside table": "nightstand", "night stand": "nightstand", "fridge": "refrigerator",
    "bookcase": "bookshelf", "closet": "wardrobe", "television stand": "tv stand", "chest of drawers": "dresser",
    "kitchen counter": "counter", "cooker": "stove", "tv": "television", "bin": "trash can",
}  # fmt: skip
LEAST = 0.99
SLACK = 6  # frames of tolerance in the order of two times


@dataclass
class Counts:
    """Counts of proven claims by kind, and a line for each unproven claim."""

    proven: Counter[str] = field(default_factory=Counter)
    claimed: Counter[str] = field(default_factory=Counter)
    unproven: list[str] = field(default_factory=list)

    def add(self, kind: str, holds: bool, line: str) -> None:
        """Count a claim."""
        self.claimed[kind] += 1
        self.proven[kind] += holds
        if not holds:
            self.unproven.append(f"{kind}: {line}")


def main() -> int:
    """Print the table; exit code 1 if too few claims are proven."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--items", type=int, default=500)
    parser.add_argument("--show", type=int, default=20, help="how many unproven claims are printed")
    arguments = parser.parse_args()
    lines = (arguments.corpus / "items.jsonl").read_text(encoding="utf-8").splitlines()[: arguments.items]
    counts, read, captions = Counts(), 0, 0
    for line in map(json.loads, lines):
        objects, body = scene_of(arguments.corpus, line["scene"]), body_of(arguments.corpus, line["motion"])
        for caption in line["captions"]:
            captions += 1
            read += prove(caption, objects, body, counts=counts, item=line["id"])
    print(f"{len(lines)} items, {captions} captions, {read} of them understood\n")
    print(f"{'claim':<24}{'made':>8}{'proven':>8}{'share':>9}")
    for kind, made in sorted(counts.claimed.items()):
        print(f"{kind:<24}{made:>8}{counts.proven[kind]:>8}{counts.proven[kind] / made:>9.1%}")
    share = sum(counts.proven.values()) / max(sum(counts.claimed.values()), 1)
    print(f"{'all':<24}{sum(counts.claimed.values()):>8}{sum(counts.proven.values()):>8}{share:>9.1%}\n")
    print("\n".join(counts.unproven[: arguments.show]))
    return int(share < LEAST)


@lru_cache(maxsize=64)
def scene_of(corpus: Path, scene: str) -> tuple[PointObject, ...]:
    """The objects of a scene."""
    content = load_scene(corpus / "scenes" / f"{scene}.npz")
    points, instances = content.points.astype(np.float64), content.instances
    objects = (
        PointObject(number, label, points[instances == number]) for number, label in (content.labels or {}).items()
    )
    return tuple(object_ for object_ in objects if len(object_.points))


def body_of(corpus: Path, motion: str) -> Body:
    """The body of a motion."""
    return Body(load_motion(corpus / "motions" / f"{motion}.npz").joints.astype(np.float64))


def prove(caption: str, objects: tuple[PointObject, ...], body: Body, *, counts: Counts, item: str) -> bool:
    """Count the claims of a caption; returns whether any of them was understood."""
    labels = {object_.label for object_ in objects}
    reader = Reader([*labels, *(word for word, label in SYNONYMS.items() if label in labels)])
    named = [object_ for object_ in reader.objects(caption) if object_.relation is not None]
    for object_ in named:
        fits = len(_targets(object_, objects, body))
        counts.add(f"which object ({object_.relation})", fits == 1, f"{item}: {caption!r}: {object_} fits {fits}")
    actions, after = reader.read(caption), -1
    for number, action in enumerate(actions):
        wanted = _targets(action.target, objects, body)
        if action.target is not None and not wanted:
            continue
        times = sorted(time for object_ in wanted or [None] for time in first_times(action.state, body, object_))
        counts.add(action.state, bool(times), f"{item}: {caption!r}")
        later = [time for time in times if time > after - SLACK]
        if number and times:
            counts.add("order", bool(later), f"{item}: {caption!r}: {action.state} at {times}, after {after}")
        after = min(later, default=after)
    return bool(actions or named)


def _targets(named: ReferringExpression | None, objects: tuple[PointObject, ...], body: Body) -> list[PointObject]:
    """The objects that fit a phrase, or all of its category if arrays cannot decide."""
    if named is None:
        return []
    noun, *anchors = (SYNONYMS.get(word, word) for word in (named.noun, *named.anchors))
    return fitting(objects, noun, named.relation or "only", anchors if named.relation else (), body=body)


if __name__ == "__main__":
    sys.exit(main())
