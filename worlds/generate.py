"""Generates a corpus from a seed: rooms, motions in them, and captions that the checker has proven.

A room and its items depend on (seed, room number) alone, so rooms are made in parallel and an interrupted run can
continue. ``corpus.json`` is written last; a folder without it is not a corpus.
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

from monster.arrays import FloatArray, Progress
from monster.corpus.storage import FORMAT, Corpus, ItemRecord, Split, write_lines
from monster.errors import CorpusError
from monster.files import atomic_file
from monster.io.npz import load_motion, save_motion, save_scene
from monster.types import Finding, Motion, Provenance
from worlds import corpus_checker
from worlds.action_sequences import draw_sequence
from worlds.actions.perform import find_candidates, perform
from worlds.captions import describe
from worlds.checker.collisions import collides
from worlds.checker.records import claim_from_json, claim_to_json, room_from_json, room_to_json
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.hard_negatives import Original, flagged, hard_negatives_of, other_room
from worlds.rooms.floor import WalkableMap, free_floor
from worlds.rooms.rooms import ROOM_KINDS, make_room
from worlds.rooms.scan import scan, without_labels
from worlds.types import ActionInstance, Performance, Room

GENERATOR_VERSION: Final = "9"  # raised when the same settings give other bytes
MAX_SEQUENCES: Final = 12  # drawn per item before the room is discarded
MAX_ROOMS: Final = 20  # drawn per room number before generation fails
PerformedItem = tuple[FloatArray, dict[str, Any]]  # joints (frames, 22, 3), and the item's line without ids
PROVENANCE: Final = Provenance("generated", (Finding("axes", "z up", "given"), Finding("unit", "m", "given")))


@dataclass(frozen=True)
class GeneratorSettings:
    """Everything that determines a generated corpus, besides the version of the code."""

    rooms: int
    items: int
    seed: int
    points: int = 20_000
    captions: int = 6
    generator: str = GENERATOR_VERSION
    unlabelled: bool = False  # scenes without instances and labels

    def __post_init__(self) -> None:
        if self.rooms < 1 or self.items < self.rooms:
            raise CorpusError(f"expected at least 1 room and 1 item a room, got {self.rooms} rooms, {self.items} items")
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
    """Write a corpus to ``out`` and open it; ``progress(done, total)`` is called after each room.

    ``unlabelled`` scenes have no instances and no labels, like raw scans; everything else is equal.

    The same settings give the same bytes for any number of workers. An unfinished run of the same settings in ``out``
    is continued. Raises CorpusError if ``out`` holds other files or cannot be written to.
    """
    settings = GeneratorSettings(rooms, items, seed, unlabelled=unlabelled)
    out = Path(out)
    try:
        _write(out, settings, workers or min(os.cpu_count() or 1, 8), progress)
    except OSError as error:
        reason = error.strerror or error
        raise CorpusError(f"{out}: {reason}; finished rooms are kept: free space and run the command again") from error
    return Corpus.open(out)


def _write(out: Path, settings: GeneratorSettings, workers: int, progress: Progress | None) -> None:
    parts = _prepare_folder(out, settings)
    tasks = [(settings, number, out) for number in range(settings.rooms) if not (parts / f"{number}.json").exists()]
    done = settings.rooms - len(tasks)
    for _ in _map(_make_part, tasks, workers):
        done += 1
        if progress is not None:
            progress(done, settings.rooms)
    _assemble(out, parts, settings)


def _map(function: Callable[[Any], Any], tasks: list[Any], workers: int) -> Iterator[Any]:
    if workers < 2 or len(tasks) < 4:
        yield from map(function, tasks)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(function, tasks, chunksize=4)


def _prepare_folder(out: Path, settings: GeneratorSettings) -> Path:
    """Create the folder of finished rooms, and return it. Raises CorpusError if ``out`` holds anything else."""
    parts = out / ".parts"
    settings_file = parts / "settings.json"
    if (out / "corpus.json").exists():
        raise CorpusError(f"{out}: expected a new folder, got one that already holds a corpus")
    if settings_file.exists() and json.loads(settings_file.read_text()) != asdict(settings):
        found = settings_file.read_text()
        raise CorpusError(f"{out}: expected a new folder, got an unfinished corpus of other settings: {found}")
    if out.exists() and not settings_file.exists() and any(out.iterdir()):
        raise CorpusError(f"{out}: expected a new or empty folder, got one with other files")
    for folder in (parts, out / "motions", out / "scenes"):
        folder.mkdir(parents=True, exist_ok=True)
    settings_file.write_text(json.dumps(asdict(settings)))
    return parts


def split_of(number: int) -> Split:
    """The split of a room: of 20 rooms one is for test, one for validation, the others for training."""
    return {3: "test", 11: "val"}.get(number % 20, "train")  # type: ignore[return-value]


def _make_part(task: tuple[GeneratorSettings, int, Path]) -> None:
    settings, number, out = task
    quota = settings.items // settings.rooms + (number < settings.items % settings.rooms)
    room, rng, performances = _room_with_performances(settings, number, quota)
    scene_id = f"room-{number:05d}"
    scene = scan(room, rng, points=settings.points)
    save_scene(out / "scenes" / f"{scene_id}.npz", without_labels(scene) if settings.unlabelled else scene)
    records = []
    for index, (joints, record) in enumerate(performances):
        motion_id = f"{scene_id}-{index:02d}"
        save_motion(out / "motions" / f"{motion_id}.npz", Motion(joints, placed=True, provenance=PROVENANCE))
        ids = {"id": motion_id, "motion": motion_id, "scene": scene_id, "split": split_of(number), "room": room.kind}
        records.append(ids | record)
    part = {"room": {"scene": scene_id} | room_to_json(room), "items": records}
    with atomic_file(out / ".parts" / f"{number}.json") as temporary:
        temporary.write_text(json.dumps(part))


def _room_with_performances(
    settings: GeneratorSettings, number: int, quota: int
) -> tuple[Room, np.random.Generator, list[PerformedItem]]:
    """A room with ``quota`` items, drawn again until it has them."""
    kind = ROOM_KINDS[int(np.random.default_rng([settings.seed, number]).integers(len(ROOM_KINDS)))]
    for attempt in range(MAX_ROOMS):
        rng = np.random.default_rng([settings.seed, number, attempt])
        room = room_from_json(
            room_to_json(make_room(kind, rng))
        )  # rounded as in storage, so that proofs hold for the stored room
        performances = _draw_performances(room, rng, quota, captions=settings.captions)
        if len(performances) == quota:
            return room, rng, performances
    raise CorpusError(
        f"room {number}: expected {quota} items, none of {MAX_ROOMS} drawn rooms had space for them; "
        "ask for fewer items a room"
    )


def _draw_performances(room: Room, rng: np.random.Generator, quota: int, *, captions: int) -> list[PerformedItem]:
    """Up to ``quota`` items in the room."""
    floor = free_floor(room)
    floor_plan = FloorPlan(room)

    def is_nameable(candidate: ActionInstance) -> bool:
        return all(floor_plan.phrases(target) for target in candidate.targets)

    feasible = [candidate for candidate in find_candidates(room, floor) if is_nameable(candidate)]
    if not feasible:
        return []
    performances: list[PerformedItem] = []
    for _ in range(quota * MAX_SEQUENCES):
        performance = _perform_prefix(room, draw_sequence(feasible, rng), rng, floor)
        if performance is None:
            continue
        joints = np.round(performance.joints, 3).astype(np.float32)
        record = _item_record(replace(performance, joints=joints), floor_plan, rng, captions=captions)
        if record is None:
            continue
        performances.append((joints, record))
        if len(performances) == quota:
            break
    return performances


def _perform_prefix(
    room: Room, sequence: Sequence[ActionInstance], rng: np.random.Generator, floor: WalkableMap
) -> Performance | None:
    """The longest prefix of the sequence that a body can perform within ten seconds."""
    for count in range(len(sequence), 0, -1):
        performance = perform(room, sequence[:count], rng, floor=floor)
        if performance is not None:
            return performance
    return None


def _item_record(
    performance: Performance, floor_plan: FloorPlan, rng: np.random.Generator, *, captions: int
) -> dict[str, Any] | None:
    """The entries of an item's line besides ids; None if no caption is true or the body goes through furniture."""
    motion = MotionKinematics.of(performance.joints)
    true_captions = [] if collides(floor_plan, motion) else describe(performance, floor_plan, rng, count=captions)
    if not true_captions:
        return None
    original = Original(true_captions[0], performance.actions, motion, floor_plan, rng, tuple(true_captions[1:]))
    record = {
        "captions": [caption.text for caption in true_captions],
        "action": [instance.action for instance in performance.actions],
        "targets": [list(instance.targets) for instance in performance.actions],
        "pace": motion.pace,
        "turn": motion.turn,
        "claims": [claim_to_json(caption.claim) for caption in true_captions],
        "patterns": [caption.pattern for caption in true_captions],
        "counterfactuals": hard_negatives_of(original),
    }
    return record | flagged(record, len(true_captions))


def _with_other_rooms(out: Path, parts: list[Any], seed: int) -> list[dict[str, Any]]:
    """All items, each with a hard negative of another room of its split, if there is one."""
    floor_plans = {part["room"]["scene"]: FloorPlan(room_from_json(part["room"])) for part in parts}
    splits: dict[Split, list[str]] = {}
    for number, scene in enumerate(floor_plans):
        splits.setdefault(split_of(number), []).append(scene)
    lines: list[dict[str, Any]] = []
    for number, part in enumerate(parts):
        rng = np.random.default_rng([seed, number, 0xC1])
        other_plans = {scene: floor_plans[scene] for scene in splits[split_of(number)]}
        del other_plans[part["room"]["scene"]]
        for item in part["items"]:
            joints = load_motion(out / "motions" / f"{item['motion']}.npz").joints
            claim = claim_from_json(item["claims"][0])
            negative = other_room(claim, joints, other_plans, kind=item["room"], rng=rng)
            negatives = item["counterfactuals"]
            if negative is not None:
                negatives = [*negatives, negative]
            lines.append(item | {"counterfactuals": negatives})
    return lines


def _assemble(out: Path, parts: Path, settings: GeneratorSettings) -> None:
    """Write the corpus files from the finished rooms, and remove ``parts``."""
    finished = [json.loads((parts / f"{number}.json").read_text()) for number in range(settings.rooms)]
    lines = _with_other_rooms(out, finished, settings.seed)
    # Items are stored in random order, so that consecutive items, and so small batches, do not share a room.
    order = np.random.default_rng([settings.seed, 0xC0]).permutation(len(lines))
    records = [ItemRecord.from_json(lines[index]) for index in order]
    write_lines(out / "rooms.jsonl", (part["room"] for part in finished))
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
    with atomic_file(out / "corpus.json") as temporary:
        temporary.write_text(json.dumps(info, indent=1) + "\n")
    shutil.rmtree(parts)
