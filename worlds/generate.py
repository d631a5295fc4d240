"""Make a corpus from a seed: rooms, what bodies do in them, and captions that the checker has proven.

A room and everything in it depends on (seed, room number) alone, so rooms are made in parallel and a run that was
killed goes on where it stopped. The corpus counts as one once ``corpus.json`` is written, which comes last.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import numpy as np

from monster.arrays import Progress
from monster.corpus.storage import FORMAT, Corpus, ItemRecord, Split, write_lines
from monster.errors import CorpusError
from monster.io.npz import load_motion, save_motion, save_scene
from monster.types import Finding, Motion, Provenance
from worlds import corpus_checker
from worlds.action_sequences import draw_sequence
from worlds.actions.perform import find_candidates, perform
from worlds.captions import describe
from worlds.checker.records import claim_from_json, claim_to_json, room_from_json, room_to_json
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.hard_negatives import Original, flagged, hard_negatives_of, other_room
from worlds.rooms.floor import WalkableMap, free_floor
from worlds.rooms.rooms import KINDS, make_room
from worlds.rooms.scan import scan, without_labels
from worlds.types import ActionInstance, Performance, Room

GENERATOR: Final = "6"  # raised when the same settings give other bytes
MAX_TRIES: Final = 12  # plans drawn for one item before the room is given up
MAX_ROOMS: Final = 20  # rooms drawn for one number before the settings are called impossible
PROVENANCE: Final = Provenance("generated", (Finding("axes", "z up", "given"), Finding("unit", "m", "given")))


@dataclass(frozen=True)
class Settings:
    """All that a generated corpus depends on, besides the version of the code."""

    rooms: int
    items: int
    seed: int
    points: int = 20_000
    captions: int = 6
    generator: str = GENERATOR
    unlabelled: bool = False  # scenes as they come from a scanner: points and colours alone

    def __post_init__(self) -> None:
        if self.rooms < 1 or self.items < self.rooms:
            raise CorpusError(
                f"expected at least 1 room and an item for each, got {self.rooms} rooms, {self.items} items"
            )
        if self.items > 60 * self.rooms:
            raise CorpusError(f"expected at most 60 items a room, got {self.items} items in {self.rooms} rooms")


def generate(
    out: str | Path,
    *,
    rooms: int,
    items: int,
    seed: int = 0,
    unlabelled: bool = False,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Corpus:
    """Write a corpus to ``out`` and open it; ``progress(done, all)`` is called after each room.

    ``unlabelled`` scenes have no instances and no labels, as a scanner leaves them; all else is the same.

    The same settings give the same bytes, whatever the number of workers. A folder that holds an unfinished run of
    the same settings is continued. Raises CorpusError when the folder holds anything else or cannot be written to.
    """
    settings, out = Settings(rooms, items, seed, unlabelled=unlabelled), Path(out)
    try:
        _write(out, settings, workers or min(os.cpu_count() or 1, 8), progress)
    except OSError as error:
        reason = f"{error.strerror or error}"
        raise CorpusError(
            f"{out}: {reason}; what is finished stays there: make room, then run the same command again"
        ) from error
    return Corpus.open(out)


def _write(out: Path, settings: Settings, workers: int, progress: Progress | None) -> None:
    parts, rooms = _prepared(out, settings), settings.rooms
    tasks = [(settings, number, out) for number in range(rooms) if not (parts / f"{number}.json").exists()]
    done = rooms - len(tasks)
    for _ in _mapped(_make_part, tasks, workers):
        done += 1
        if progress is not None:
            progress(done, rooms)
    _assemble(out, parts, settings)


def _mapped(function: Callable[[Any], Any], tasks: list[Any], workers: int) -> Iterator[Any]:
    if workers < 2 or len(tasks) < 4:
        yield from map(function, tasks)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(function, tasks, chunksize=4)


def _prepared(out: Path, settings: Settings) -> Path:
    parts = out / ".parts"
    told = out / ".parts" / "settings.json"
    if (out / "corpus.json").exists():
        raise CorpusError(f"{out}: expected a new folder, got one that already holds a corpus")
    if told.exists() and json.loads(told.read_text()) != asdict(settings):
        raise CorpusError(f"{out}: holds an unfinished corpus of other settings: {told.read_text()}")
    if out.exists() and not told.exists() and any(out.iterdir()):
        raise CorpusError(f"{out}: expected a new or empty folder, got one with other files")
    for folder in (parts, out / "motions", out / "scenes"):
        folder.mkdir(parents=True, exist_ok=True)
    told.write_text(json.dumps(asdict(settings)))
    return parts


def split_of(number: int) -> Split:
    """The split of a room: one in twenty tests, one in twenty validates."""
    return {3: "test", 11: "val"}.get(number % 20, "train")  # type: ignore[return-value]


def _make_part(task: tuple[Settings, int, Path]) -> None:
    settings, number, out = task
    quota = settings.items // settings.rooms + (number < settings.items % settings.rooms)
    room, rng, acts = _room_with_acts(settings, number, quota)
    scene_id = f"room-{number:05d}"
    scene = scan(room, rng, points=settings.points)
    save_scene(out / "scenes" / f"{scene_id}.npz", without_labels(scene) if settings.unlabelled else scene)
    records = []
    for index, (joints, record) in enumerate(acts):
        motion_id = f"{scene_id}-{index:02d}"
        save_motion(out / "motions" / f"{motion_id}.npz", Motion(joints, placed=True, provenance=PROVENANCE))
        own = {"id": motion_id, "motion": motion_id, "scene": scene_id, "split": split_of(number), "room": room.kind}
        records.append(own | record)
    part = {"room": {"scene": scene_id} | room_to_json(room), "items": records}
    temporary = out / ".parts" / f".{number}.tmp"
    temporary.write_text(json.dumps(part))
    temporary.replace(out / ".parts" / f"{number}.json")


def _room_with_acts(
    settings: Settings, number: int, quota: int
) -> tuple[Room, np.random.Generator, list[tuple[Any, dict[str, Any]]]]:
    kind = KINDS[int(np.random.default_rng([settings.seed, number]).integers(len(KINDS)))]
    for attempt in range(MAX_ROOMS):
        rng = np.random.default_rng([settings.seed, number, attempt])
        room = room_from_json(room_to_json(make_room(kind, rng)))  # as stored, so that what is proven here stays true
        acts = _acts(room, rng, quota, captions=settings.captions)
        if len(acts) == quota:
            return room, rng, acts
    raise CorpusError(
        f"room {number}: none of {MAX_ROOMS} drawn rooms had place for {quota} items; ask for fewer items a room"
    )


def _acts(room: Room, rng: np.random.Generator, quota: int, *, captions: int) -> list[tuple[Any, dict[str, Any]]]:
    floor, plan = free_floor(room), FloorPlan(room)
    feasible = [one for one in find_candidates(room, floor) if all(plan.phrases(target) for target in one.targets)]
    if not feasible:
        return []
    acts: list[tuple[Any, dict[str, Any]]] = []
    for _ in range(quota * MAX_TRIES):
        performance = _performed(room, draw_sequence(feasible, rng), rng, floor)
        if performance is None:
            continue
        joints = np.round(performance.joints, 3).astype(np.float32)
        record = _record(replace(performance, joints=joints), plan, rng, captions=captions)
        if record is None:
            continue
        acts.append((joints, record))
        if len(acts) == quota:
            break
    return acts


def _performed(
    room: Room, sequence: Sequence[ActionInstance], rng: np.random.Generator, floor: WalkableMap
) -> Performance | None:
    """The sequence, or as much of its beginning as the body can perform in ten seconds."""
    for count in range(len(sequence), 0, -1):
        performance = perform(room, sequence[:count], rng, floor=floor)
        if performance is not None:
            return performance
    return None


def _record(
    performance: Performance, plan: FloorPlan, rng: np.random.Generator, *, captions: int
) -> dict[str, Any] | None:
    """What an item's line tells besides ids: captions with their claims, and near misses; None when nothing is true."""
    told = describe(performance, plan, rng, count=captions)
    if not told:
        return None
    seen = MotionKinematics.of(performance.joints)
    original = Original(told[0], performance.actions, seen, plan, rng, tuple(told[1:]))
    record = {
        "captions": [caption.text for caption in told],
        "action": [event.action for event in performance.actions],
        "targets": [list(event.targets) for event in performance.actions],
        "pace": seen.pace,
        "turn": seen.turn,
        "claims": [claim_to_json(caption.claim) for caption in told],
        "patterns": [caption.pattern for caption in told],
        "counterfactuals": hard_negatives_of(original),
    }
    return record | flagged(record, len(told))


def _with_other_rooms(out: Path, made: list[Any], seed: int) -> list[dict[str, Any]]:
    """All items, each with a room of its own split in which its first caption is false."""
    plans = {part["room"]["scene"]: FloorPlan(room_from_json(part["room"])) for part in made}
    splits: dict[Split, list[str]] = {}
    for number, scene in enumerate(plans):
        splits.setdefault(split_of(number), []).append(scene)
    lines: list[dict[str, Any]] = []
    for number, part in enumerate(made):
        own, rng = part["room"]["scene"], np.random.default_rng([seed, number, 0xC1])
        others = {scene: plans[scene] for scene in splits[split_of(number)] if scene != own}
        for item in part["items"]:
            joints = load_motion(out / "motions" / f"{item['motion']}.npz").joints
            elsewhere = other_room(claim_from_json(item["claims"][0]), joints, others, kind=item["room"], rng=rng)
            negatives = item["counterfactuals"] + ([] if elsewhere is None else [elsewhere])
            lines.append(item | {"counterfactuals": negatives})
    return lines


def _assemble(out: Path, parts: Path, settings: Settings) -> None:
    made = [json.loads((parts / f"{number}.json").read_text()) for number in range(settings.rooms)]
    lines = _with_other_rooms(out, made, settings.seed)
    # Stored in a random order, so that consecutive items, the published small batches, do not share a room.
    order = np.random.default_rng([settings.seed, 0xC0]).permutation(len(lines))
    records = [ItemRecord.from_json(lines[index]) for index in order]
    write_lines(out / "rooms.jsonl", (part["room"] for part in made))
    write_lines(out / "items.jsonl", (record.to_json() for record in records))
    info = {
        "format": FORMAT,
        "name": f"generated rooms, seed {settings.seed}",
        "licence": "CC0-1.0",
        "axes": "metres, right-handed, z up, floor at z = 0",
        "fps": 20,
        "checker": corpus_checker.NAME,
        "counts": {"items": len(records), "scenes": settings.rooms, "captions": sum(len(r.captions) for r in records)},
        "generator": asdict(settings),
    }
    temporary = out / ".corpus.json.tmp"
    temporary.write_text(json.dumps(info, indent=1) + "\n")
    temporary.replace(out / "corpus.json")
    shutil.rmtree(parts)
