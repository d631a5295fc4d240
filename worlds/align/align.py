"""Makes a corpus from a motion library and rooms: tries each clip in rooms until it has enough places."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from monster.arrays import Progress
from monster.corpus.folder import Folder
from monster.corpus.importers.data import Entry
from monster.corpus.importers.writer import file_name, import_corpus
from monster.corpus.storage import Corpus, write_lines
from monster.errors import CorpusError, MonsterError
from monster.parallel import ProcessCrash, map_ordered
from monster.types import Item, Motion, Scene
from worlds import corpus_checker
from worlds.align.placing import AlignSettings, PlacedClip
from worlds.align.results import AlignJob, place_clip
from worlds.align.rooms import Rooms
from worlds.checker.records import room_to_json

FEW: Final = 8  # clips that are placed sooner than processes start
MOST_WORKERS: Final = 8
CRASHED: Final = "the process that placed it ended"


@dataclass(frozen=True)
class AlignReport:
    """The corpus, counts of clips and placed clips, reasons of the others with counts, one line per file left out."""

    corpus: Corpus
    clips: int
    placed: int
    reasons: Counter[str]
    left_out: tuple[str, ...]


def align(
    motions: str | Path,
    scenes: str | Path,
    out: str | Path,
    settings: AlignSettings | None = None,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
) -> AlignReport:
    """Place the clips of a folder into the rooms of a corpus or of a folder of scans, and write a corpus to ``out``.

    ``workers`` processes place clips, 0: this one; None: one for each processor. They change nothing but the time. Each
    clip is stored as soon as it is placed, in a hidden folder beside ``out``: after a kill the same call continues.
    ``progress(done, total)`` counts clips. Raises CorpusError if no clip could be placed or ``out`` is not empty, and
    InputError if a path is not a folder. Nothing is written then.
    """
    out = Path(out)
    job = AlignJob.of(Path(scenes), settings or AlignSettings(), out.absolute().with_name(f".{out.name}.align"))
    rooms = job.open_rooms()
    data = AlignedLibrary(Path(motions), rooms, job, workers, progress)
    info = {"checker": corpus_checker.NAME} if rooms.floor_plans else {}
    try:
        imported = import_corpus(data, out, seed=job.settings.seed, info=info)
    except MonsterError:
        shutil.rmtree(job.store, ignore_errors=True)
        raise
    used = sorted({record.scene for record in imported.corpus.records if record.scene})
    floor_plans = {file_name(scene): floor_plan for scene, floor_plan in rooms.floor_plans.items()}
    lines = [{"scene": scene, **room_to_json(floor_plans[scene].room)} for scene in used if scene in floor_plans]
    if lines:
        write_lines(imported.corpus.folder / "rooms.jsonl", lines)
    shutil.rmtree(job.store, ignore_errors=True)
    return AlignReport(imported.corpus, data.clips, data.placed, data.reasons, imported.left_out)


@dataclass(eq=False)
class AlignedLibrary:
    """A motion library placed in rooms, as a data set for the corpus importer."""

    motions: Path
    rooms: Rooms
    job: AlignJob
    workers: int | None = None
    progress: Progress | None = None
    name: str = "aligned"
    licence: str = "those of the motions and of the scenes"
    source: str = "clips placed into rooms"
    left_out: list[str] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    clips: int = 0
    placed: int = 0

    def entries(self) -> list[Entry]:
        """One entry for each place of each clip. Raises CorpusError if no clip fits anywhere."""
        folder = Folder(self.motions, workers=self.workers)
        items = [item for item in folder if item.motion is not None]
        self.left_out[:] = folder.left_out
        if not items:
            raise CorpusError(f"{self.motions}: expected motions, got none{_first_line(self.left_out)}")
        workers = self.workers
        if workers is None:
            workers = 0 if len(items) < FEW else min(os.cpu_count() or 1, MOST_WORKERS)
        entries: list[Entry] = []
        results = map_ordered(partial(place_clip, self.job), items, workers=workers)
        for done, (item, result) in enumerate(zip(items, results, strict=True), start=1):
            placed = PlacedClip(item.id, reason=CRASHED) if isinstance(result, ProcessCrash) else result
            entries += self._entries_of(item, placed)
            if self.progress is not None:
                self.progress(done, len(items))
        self.clips = len(items)
        self.left_out += [f"scene {scene}: {reason}" for scene, reason in self.rooms.broken.items()]
        if not entries:
            reasons = "; ".join(f"{count} {reason}" for reason, count in self.reasons.most_common())
            raise CorpusError(f"placed none of {len(items)} clips: {reasons}{_first_line(self.rooms.broken.values())}")
        return entries

    def scene(self, scene: str) -> Scene:
        """The scene with that id."""
        return self.rooms.scene(scene)

    def _entries_of(self, item: Item, placed: PlacedClip) -> list[Entry]:
        self.rooms.broken.update(placed.broken)
        if placed.reason:
            self.reasons[placed.reason] += 1
            self.left_out.append(f"{item.id}: {placed.reason}")
            return []
        self.placed += 1
        rooms, splits = self.rooms.rooms, self.rooms.splits
        return [
            Entry(
                place.id,
                place.captions,
                rooms[place.scene],
                motion=partial(_given, place.motion),
                scene=place.scene,
                split=splits[place.scene],
                metadata=place.metadata,
            )
            for place in placed.places
        ]


def _given(motion: Motion) -> Motion:
    return motion


def _first_line(lines: Any) -> str:
    """The first line as the end of an error message; empty if there is none."""
    line = next(iter(lines), None)
    return "" if line is None else f"; {line}"
