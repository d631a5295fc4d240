"""Compares generated motions and rooms with captured motions and scanned rooms: the tables of the data card.

    python benchmarks/reality.py --corpus corpora/held-out --motions FOLDER [FOLDER ...] --scenes FOLDER

FOLDER of motions: anything that `monster index` reads (such as the CMU captures); each folder is a column, cut to what
is seen as walking where it says so. FOLDER of scenes: labelled scans. Prints Markdown.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from monster.corpus.folder import Folder
from monster.corpus.storage import Corpus
from monster.types import Motion, Scene
from worlds.actions.detecting.contact import seated_on
from worlds.audit.measures import (
    MotionStatistics,
    RoomStatistics,
    motion_statistics,
    room_statistics,
    shares_by_category,
    sizes_by_category,
    summary,
)
from worlds.checker.collisions import inside_furniture
from worlds.corpus_checker import floor_plans_of
from worlds.geometry.kinematics import MotionKinematics

WALKS = "walk"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--motions", type=Path, nargs="*", default=[])
    parser.add_argument("--scenes", type=Path)
    parser.add_argument("--limit", type=int, default=1000, help="items of the corpus that are looked at")
    given = parser.parse_args()
    corpus = Corpus.open(given.corpus)
    records = corpus.records[: given.limit]
    made = {str(r.id): (corpus.motion(str(r.motion)), " ".join(r.captions)) for r in records if r.motion}
    columns = {"generated": made} | {folder.name: dict(recorded(folder)) for folder in given.motions}
    print(motion_table("All motions", {name: [m for m, _ in of.values()] for name, of in columns.items()}))
    walks = {name: [m for m, words in of.values() if WALKS in words] for name, of in columns.items()}
    print(motion_table("Motions whose words say walk", walks))
    print(f"\nPelvis over the floor while seated, generated: {seated(corpus, given.limit)}")
    print(f"Frames with a joint more than 5 cm inside furniture, generated: {penetration(corpus, given.limit):.3%}\n")
    if given.scenes is not None:
        own = [room_statistics(corpus.scene(str(scene))) for scene in dict.fromkeys(r.scene for r in records) if scene]
        print(room_table(own, [room_statistics(scene) for scene in scanned(given.scenes)]))


def recorded(folder: Path) -> Iterator[tuple[str, tuple[Motion, str]]]:
    """Motions of a folder and their words."""
    for item in Folder(folder):
        if item.motion is not None and len(item.motion) > 20:
            yield item.id, (item.motion, " ".join(item.captions))


def scanned(folder: Path) -> Iterator[Scene]:
    """Scenes of a folder that have labelled instances."""
    for item in Folder(folder):
        if item.scene is not None and item.scene.labels:
            yield item.scene


def motion_table(title: str, columns: dict[str, Sequence[Motion]]) -> str:
    """A column for each set, a row for each number."""
    found: dict[str, list[MotionStatistics]] = {
        f"{name} ({len(motions)})": [motion_statistics(motion) for motion in motions]
        for name, motions in columns.items()
        if motions
    }
    tables = {name: summary(numbers) for name, numbers in found.items()}
    lines = [f"\n### {title}\n", "| | " + " | ".join(tables) + " |", "| --- |" + " ---: |" * len(tables)]
    rows = next(iter(tables.values()), {})
    lines += [f"| {row} | " + " | ".join(f"{table[row]:.3g}" for table in tables.values()) + " |" for row in rows]
    return "\n".join(lines)


def seated(corpus: Corpus, limit: int) -> str:
    """How high the pelvis is while the checker sees the body seated."""
    heights: list[float] = []
    plans = floor_plans_of(corpus)
    for record in corpus.records[:limit]:
        plan = plans.get(record.scene or "")
        if plan is None or record.motion is None or "sit on" not in record.metadata.get("action", ()):
            continue
        seen = MotionKinematics.of(corpus.motion(record.motion).joints)
        for thing in plan.room.objects:
            heights += seen.pelvis[seated_on(thing, seen), 2].tolist()
    if not heights:
        return "nobody sits"
    low, middle, high = np.percentile(heights, [5, 50, 95])
    return f"median {middle:.2f} m, 5 to 95 %: {low:.2f} to {high:.2f} m"


def penetration(corpus: Corpus, limit: int) -> float:
    """Share of all frames in which a joint is deep inside something that the body is not in contact with."""
    plans = floor_plans_of(corpus)
    found = [
        inside_furniture(plans[str(record.scene)], corpus.motion(str(record.motion)).joints)
        for record in corpus.records[:limit]
        if record.motion and record.scene in plans
    ]
    return float(np.concatenate(found).mean()) if found else float("nan")


def room_table(made: list[RoomStatistics], scans: list[RoomStatistics]) -> str:
    """Objects a room, then sizes and shares of points for categories that both have."""
    lines = ["### Rooms\n", "| | generated | scans |", "| --- | ---: | ---: |"]
    for name, of in (("rooms", len), ("objects a room, median", _objects), ("points a room, median", _points)):
        lines.append(f"| {name} | {of(made):.0f} | {of(scans):.0f} |")
    tables = [(sizes_by_category(part), shares_by_category(part)) for part in (made, scans)]
    head = "| category | generated: count, longer x shorter x high (m), share of points | scans |"
    lines += ["", head, "| --- | --- | --- |"]
    for label in sorted(set(tables[0][0]) & set(tables[1][0])):
        cells = []
        for by_size, by_share in tables:
            count, (wide, deep, high) = by_size[label]
            cells.append(f"{count}: {wide:.2f} x {deep:.2f} x {high:.2f}, {by_share[label]:.1%}")
        lines.append(f"| {label} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _objects(rooms: list[RoomStatistics]) -> float:
    return float(np.median([room.objects for room in rooms]))


def _points(rooms: list[RoomStatistics]) -> float:
    return float(np.median([room.points for room in rooms]))


if __name__ == "__main__":
    main()
