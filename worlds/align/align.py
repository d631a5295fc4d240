"""Makes a corpus from a motion library and rooms: tries each clip in rooms until it has enough places."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np

from monster.arrays import Progress
from monster.corpus.folder import Folder
from monster.corpus.importers.data import Entry
from monster.corpus.importers.writer import file_name, import_corpus, split_rooms
from monster.corpus.storage import SPLITS, Corpus, Split, write_lines
from monster.errors import CorpusError, InputError
from monster.placement import AffordanceRequirements, FittedMotion, fit, requirements_of
from monster.placement.search import SEAT_TOLERANCE
from monster.types import CANONICAL_FPS, Item, Motion, Scene
from worlds import corpus_checker
from worlds.align.captions import captions, relations
from worlds.align.rooms import RoomGeometry, Rooms, open_rooms
from worlds.checker.records import claim_to_json, room_to_json

NO_FREE_SEAT: Final = "sits, and no free seat has its height"
PATH_TOO_LONG: Final = "its path is longer than any of the rooms"
NO_SPACE: Final = "collides wherever it was tried"
MAX_ROOMS_UNCHANGED: Final = 60  # in which a clip is tried as it is
MAX_ROOMS_CHANGED: Final = 20  # in which it is tried bent or cut


@dataclass(frozen=True)
class AlignSettings:
    """The largest number of places of a clip, and the seed of all random choices."""

    per_clip: int = 3
    seed: int = 0

    def __post_init__(self) -> None:
        if self.per_clip < 1:
            raise InputError(f"expected at least 1 place a clip, got {self.per_clip}")


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
    progress: Progress | None = None,
) -> AlignReport:
    """Place the clips of a folder into the rooms of a corpus or of a folder of scans, and write a corpus to ``out``.

    ``progress(done, total)`` counts clips. Raises CorpusError if no clip could be placed or ``out`` is not empty, and
    InputError if a path is not a folder. Nothing is written then.
    """
    settings = settings or AlignSettings()
    rooms = open_rooms(Path(scenes), seed=settings.seed)
    data = AlignedLibrary(Path(motions), rooms, settings, progress)
    info = {"checker": corpus_checker.NAME} if rooms.floor_plans else {}
    imported = import_corpus(data, out, seed=settings.seed, info=info)
    used = sorted({record.scene for record in imported.corpus.records if record.scene})
    floor_plans = {file_name(scene): floor_plan for scene, floor_plan in rooms.floor_plans.items()}
    lines = [{"scene": scene, **room_to_json(floor_plans[scene].room)} for scene in used if scene in floor_plans]
    if lines:
        write_lines(imported.corpus.folder / "rooms.jsonl", lines)
    return AlignReport(imported.corpus, data.clips, data.placed, data.reasons, imported.left_out)


@dataclass(eq=False)
class AlignedLibrary:
    """A motion library placed in rooms, as a data set for the corpus importer."""

    motions: Path
    rooms: Rooms
    settings: AlignSettings
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
        folder = Folder(self.motions)
        items = [item for item in folder if item.motion is not None]
        self.left_out[:] = folder.left_out
        if not items:
            raise CorpusError(f"{self.motions}: expected motions, got none{_first_line(self.left_out)}")
        splits = self._splits(items)
        entries: list[Entry] = []
        for done, item in enumerate(items, start=1):
            entries += self._entries_of(item, splits[item.id])
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

    def _splits(self, items: list[Item]) -> dict[str, Split]:
        """A split for each clip; the split with most rooms for clips whose own split has no room."""
        drawn = split_rooms({item.id: Counter() for item in items}, self.settings.seed)
        rooms = Counter(self.rooms.splits.values())
        largest = max(SPLITS, key=lambda split: rooms[split])
        return {clip: split if split in rooms else largest for clip, split in drawn.items()}

    def _entries_of(self, item: Item, split: Split) -> list[Entry]:
        """The entries of a clip, all in one split; empty, with the reason counted, if it fits nowhere."""
        if item.motion is None:
            return []
        motion = item.motion.resampled(CANONICAL_FPS)
        requirements = requirements_of(motion)
        for name in (split, *(other for other in SPLITS if other != split)):
            if requirements.reason:
                break
            places = self._find_places(item.id, motion, requirements, split=name)
            if places:
                self.placed += 1
                return [self._entry(item, scene, fitted, number) for number, (scene, fitted) in enumerate(places)]
        reason = requirements.reason or self._reason(motion, requirements)
        self.reasons[reason] += 1
        self.left_out.append(f"{item.id}: {reason}")
        return []

    def _find_places(
        self, clip: str, motion: Motion, requirements: AffordanceRequirements, *, split: Split
    ) -> list[tuple[str, FittedMotion]]:
        """Scenes of a split and places of the clip in them: unchanged if it fits anywhere, else bent or cut."""
        scenes = [scene for scene in self.rooms.splits if self.rooms.splits[scene] == split]
        order = [scenes[index] for index in self._rng(clip, "rooms").permutation(len(scenes))]
        each = -(-self.settings.per_clip // max(1, len(order)))
        for change, most in ((False, MAX_ROOMS_UNCHANGED), (True, MAX_ROOMS_CHANGED)):
            places: list[tuple[str, FittedMotion]] = []
            for scene, geometry in islice(self._usable_rooms(order), most):
                rng = self._rng(clip, scene)
                fits = fit(motion, geometry.grid, each, rng, requirements=requirements, change=change)
                places += [(scene, fitted) for fitted in fits]
                if len(places) >= self.settings.per_clip:
                    break
            if places:
                return places[: self.settings.per_clip]
        return []

    def _usable_rooms(self, scenes: list[str]) -> Iterator[tuple[str, RoomGeometry]]:
        for scene in scenes:
            geometry = self.rooms.geometry(scene)
            if geometry is not None:
                yield scene, geometry

    def _reason(self, motion: Motion, requirements: AffordanceRequirements) -> str:
        """The likely reason why a clip fits none of the rooms."""
        rooms = islice(self._usable_rooms(list(self.rooms.splits)), MAX_ROOMS_UNCHANGED)
        grids = [geometry.grid for _, geometry in rooms]
        if requirements.seat is not None:
            height = requirements.seat_height
            heights = [abs(float(seat.point[2]) - grid.floor - height) for grid in grids for seat in grid.seats]
            return NO_FREE_SEAT if min(heights, default=np.inf) > SEAT_TOLERANCE else NO_SPACE
        extent = float(np.linalg.norm(np.ptp(motion.joints[:, 0, :2], axis=0)))
        return PATH_TOO_LONG if extent > max((grid.span for grid in grids), default=0.0) else NO_SPACE

    def _entry(self, item: Item, scene: str, fitted: FittedMotion, number: int) -> Entry:
        geometry = self.rooms.geometry(scene)
        motion = fitted.put()
        rng = self._rng(item.id, f"{scene} {number} words")
        proven = [] if geometry is None else relations(motion.joints.astype(np.float64), geometry, rng)
        metadata: dict[str, Any] = {
            "clip": item.id,
            "place": _placement_json(fitted),
            "relations": [[relation.name, list(relation.objects)] for relation in proven],
        }
        if geometry is not None and geometry.exact:
            metadata["claims"] = [claim_to_json(relation.claim) for relation in proven if relation.claim is not None]
        return Entry(
            f"{item.id}@{scene}-{number}",
            captions(item.captions, proven, rng),
            self.rooms.rooms[scene],
            motion=lambda: motion,
            scene=scene,
            split=self.rooms.splits[scene],
            metadata=metadata,
        )

    def _rng(self, *names: str) -> np.random.Generator:
        digest = hashlib.sha256("\0".join((str(self.settings.seed), *names)).encode()).digest()
        return np.random.default_rng(int.from_bytes(digest[:8], "big"))


def _placement_json(fitted: FittedMotion) -> dict[str, Any]:
    """Where the clip was placed and how it was changed, as JSON values."""
    place = fitted.place
    return {
        "yaw": round(place.yaw, 4),
        "shift": [round(float(value), 3) for value in place.shift],
        "bent": round(fitted.bent, 4),
        "cut": None if fitted.cut is None else list(fitted.cut),
        "seat": place.seat,
        "penetration": round(place.penetration, 4),
        "depth": round(place.depth, 3),
    }


def _first_line(lines: Any) -> str:
    """The first line as the end of an error message; empty if there is none."""
    line = next(iter(lines), None)
    return "" if line is None else f"; {line}"
