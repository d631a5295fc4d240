"""Captions of a corpus held to its arrays: what was done, to which thing, in which order. Independent of the generator.

    python benchmarks/prove_captions.py CORPUS [--items 500] [--show 20]

Reads items.jsonl (ids and captions), motions and scenes (joints, points, instance numbers, labels), nothing else: no
plan, no claim, no geometry of the generator's. Words are read by `proof_words`, bodies and points by `proof_geometry`.
Prints how many captions were understood, how many of the things they say are proven, and what is not. Exit code 1
when less than 99 % is.
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
from proof_geometry import Body, Thing, first_times, fitting
from proof_words import Reader
from proof_words import Thing as Named

from monster.io.npz import load_motion, load_scene

SYNONYMS = {
    "couch": "sofa", "bedside table": "nightstand", "night stand": "nightstand", "fridge": "refrigerator",
    "bookcase": "bookshelf", "closet": "wardrobe", "television stand": "tv stand", "chest of drawers": "dresser",
    "kitchen counter": "counter", "cooker": "stove", "tv": "television", "bin": "trash can",
}  # fmt: skip
LEAST = 0.99
SLACK = 6  # frames by which two moments may be told apart wrongly


@dataclass
class Tally:
    """What was proven, by the kind of claim, and lines on what was not."""

    proven: Counter[str] = field(default_factory=Counter)
    claimed: Counter[str] = field(default_factory=Counter)
    against: list[str] = field(default_factory=list)

    def add(self, kind: str, holds: bool, line: str) -> None:
        """Count a claim."""
        self.claimed[kind] += 1
        self.proven[kind] += holds
        if not holds:
            self.against.append(f"{kind}: {line}")


def main() -> int:
    """Print the table; the exit code says whether enough was proven."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--items", type=int, default=500)
    parser.add_argument("--show", type=int, default=20, help="how many of the claims against are printed")
    given = parser.parse_args()
    lines = (given.corpus / "items.jsonl").read_text(encoding="utf-8").splitlines()[: given.items]
    tally, read, captions = Tally(), 0, 0
    for line in map(json.loads, lines):
        things, body = scene_of(given.corpus, line["scene"]), body_of(given.corpus, line["motion"])
        for caption in line["captions"]:
            captions += 1
            read += prove(caption, things, body, tally=tally, item=line["id"])
    print(f"{len(lines)} items, {captions} captions, {read} of them understood\n")
    print(f"{'claim':<24}{'made':>8}{'proven':>8}{'share':>9}")
    for kind, made in sorted(tally.claimed.items()):
        print(f"{kind:<24}{made:>8}{tally.proven[kind]:>8}{tally.proven[kind] / made:>9.1%}")
    share = sum(tally.proven.values()) / max(sum(tally.claimed.values()), 1)
    print(f"{'all':<24}{sum(tally.claimed.values()):>8}{sum(tally.proven.values()):>8}{share:>9.1%}\n")
    print("\n".join(tally.against[: given.show]))
    return int(share < LEAST)


@lru_cache(maxsize=64)
def scene_of(corpus: Path, scene: str) -> tuple[Thing, ...]:
    """The things of a scene."""
    found = load_scene(corpus / "scenes" / f"{scene}.npz")
    points, instances = found.points.astype(np.float64), found.instances
    things = (Thing(number, label, points[instances == number]) for number, label in (found.labels or {}).items())
    return tuple(thing for thing in things if len(thing.points))


def body_of(corpus: Path, motion: str) -> Body:
    """The body of a motion."""
    return Body(load_motion(corpus / "motions" / f"{motion}.npz").joints.astype(np.float64))


def prove(caption: str, things: tuple[Thing, ...], body: Body, *, tally: Tally, item: str) -> bool:
    """Count what the caption claims; returns whether it claims anything that was understood."""
    labels = {thing.label for thing in things}
    reader = Reader([*labels, *(word for word, label in SYNONYMS.items() if label in labels)])
    named = [thing for thing in reader.things(caption) if thing.relation is not None]
    for thing in named:
        fits = len(_targets(thing, things, body))
        tally.add(f"which object ({thing.relation})", fits == 1, f"{item}: {caption!r}: {thing} fits {fits}")
    deeds, after = reader.read(caption), -1
    for number, deed in enumerate(deeds):
        wanted = _targets(deed.thing, things, body)
        if deed.thing is not None and not wanted:
            continue
        times = sorted(time for thing in wanted or [None] for time in first_times(deed.state, body, thing))
        tally.add(deed.state, bool(times), f"{item}: {caption!r}")
        later = [time for time in times if time > after - SLACK]
        if number and times:
            tally.add("order", bool(later), f"{item}: {caption!r}: {deed.state} at {times}, after {after}")
        after = min(later, default=after)
    return bool(deeds or named)


def _targets(named: Named | None, things: tuple[Thing, ...], body: Body) -> list[Thing]:
    """The things that a phrase fits, or all of its kind where arrays cannot tell."""
    if named is None:
        return []
    noun, *anchors = (SYNONYMS.get(word, word) for word in (named.noun, *named.anchors))
    return fitting(things, noun, named.relation or "only", anchors if named.relation else (), body=body)


if __name__ == "__main__":
    sys.exit(main())
