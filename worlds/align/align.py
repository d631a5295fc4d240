"""Make a corpus of a motion library and rooms: every clip is tried in rooms until it has found its places."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
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
from worlds.align.rooms import KnownRoom, Rooms, open_rooms
from worlds.align.words import captions, relations
from worlds.checker.records import claim_to_json, room_to_json

NO_SEAT: Final = "sits, and no seat of its height is free"
TOO_LONG: Final = "its path is longer than any of the rooms"
NO_SPACE: Final = "goes through something wherever it was tried"
MOST_TRIED: Final = 60  # rooms that a clip is tried in as it is
MOST_CHANGED: Final = 20  # rooms that it is bent or cut for


@dataclass(frozen=True)
class Settings:
    """How clips are placed: at most so many places each, drawn with a seed."""

    per_clip: int = 3
    seed: int = 0

    def __post_init__(self) -> None:
        if self.per_clip < 1:
            raise InputError(f"expected at least 1 place a clip, got {self.per_clip}")


@dataclass(frozen=True)
class Report:
    """The corpus, how many of the clips were placed, why the others were not, and one line for each thing left out."""

    corpus: Corpus
    clips: int
    placed: int
    reasons: Counter[str]
    left_out: tuple[str, ...]


def align(
    motions: str | Path,
    scenes: str | Path,
    out: str | Path,
    settings: Settings | None = None,
    *,
    progress: Progress | None = None,
) -> Report:
    """Place the clips of a folder into the rooms of a corpus or of a folder of scans, and write a corpus to ``out``.

    ``progress(done, all)`` counts clips. Raises CorpusError when nothing could be placed, with the reasons, or when
    ``out`` holds anything; InputError for folders that are none. Then nothing is left behind.
    """
    settings = Settings() if settings is None else settings
    rooms = open_rooms(Path(scenes), seed=settings.seed)
    data = Aligned(Path(motions), rooms, settings, progress)
    info = {"checker": corpus_checker.NAME} if rooms.floor_plans else {}
    made = import_corpus(data, out, seed=settings.seed, info=info)
    used = sorted({record.scene for record in made.corpus.records if record.scene})
    known = {file_name(scene): plan for scene, plan in rooms.floor_plans.items()}
    lines = [{"scene": scene, **room_to_json(known[scene].room)} for scene in used if scene in known]
    if lines:
        write_lines(made.corpus.folder / "rooms.jsonl", lines)
    return Report(made.corpus, data.clips, data.placed, data.reasons, made.left_out)


@dataclass(eq=False)
class Aligned:
    """A motion library in rooms, as a data set that a corpus is made of."""

    motions: Path
    rooms: Rooms
    settings: Settings
    progress: Progress | None = None
    name: str = "aligned"
    licence: str = "those of the motions and of the scenes"
    source: str = "clips placed into rooms"
    left_out: list[str] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    clips: int = 0
    placed: int = 0

    def entries(self) -> list[Entry]:
        """One entry for each place of each clip. Raises CorpusError when no clip fits anywhere."""
        folder = Folder(self.motions)
        items = [item for item in folder if item.motion is not None]
        self.left_out[:] = folder.left_out
        if not items:
            raise CorpusError(f"{self.motions}: expected motions, got none{_first(self.left_out)}")
        splits = self._splits(items)
        entries: list[Entry] = []
        for done, item in enumerate(items, start=1):
            entries += self._placed(item, splits[item.id])
            if self.progress is not None:
                self.progress(done, len(items))
        self.clips = len(items)
        self.left_out += [f"scene {scene}: {reason}" for scene, reason in self.rooms.broken.items()]
        if not entries:
            raise CorpusError(f"placed none of {len(items)} clips: {self._why()}{_first(self.rooms.broken.values())}")
        return entries

    def scene(self, scene: str) -> Scene:
        """The scene with that id."""
        return self.rooms.scene(scene)

    def _why(self) -> str:
        return "; ".join(f"{count} {reason}" for reason, count in self.reasons.most_common())

    def _splits(self, items: list[Item]) -> dict[str, Split]:
        """A split for each clip, so that no two share one, as far as there are rooms of it."""
        drawn = split_rooms({item.id: Counter() for item in items}, self.settings.seed)
        there = set(self.rooms.splits.values())
        least = max(there, key=list(self.rooms.splits.values()).count)
        return {name: split if split in there else least for name, split in drawn.items()}

    def _placed(self, item: Item, split: Split) -> list[Entry]:
        """The entries of a clip, all in one split; none, and a reason that is counted, when it fits nowhere."""
        if item.motion is None:
            return []
        motion = item.motion.resampled(CANONICAL_FPS)
        requirements = requirements_of(motion)
        for name in (split, *(other for other in SPLITS if other != split)):
            found = [] if requirements.reason else self._fitted(item.id, motion, requirements, split=name)
            if found:
                self.placed += 1
                return [self._entry(item, scene, fitted, number) for number, (scene, fitted) in enumerate(found)]
        reason = requirements.reason or self._reason(motion, requirements)
        self.reasons[reason] += 1
        self.left_out.append(f"{item.id}: {reason}")
        return []

    def _fitted(
        self, clip: str, motion: Motion, requirements: AffordanceRequirements, *, split: Split
    ) -> list[tuple[str, FittedMotion]]:
        """Places of the clip in rooms of a split: as it is if it fits so anywhere, else changed."""
        scenes = [scene for scene in self.rooms.splits if self.rooms.splits[scene] == split]
        order = [scenes[index] for index in self._rng(clip, "rooms").permutation(len(scenes))]
        each = -(-self.settings.per_clip // max(1, len(order)))
        for change, most in ((False, MOST_TRIED), (True, MOST_CHANGED)):
            found: list[tuple[str, FittedMotion]] = []
            for scene, known in islice(self._known(order), most):
                fitted = fit(motion, known.grid, each, self._rng(clip, scene), requirements=requirements, change=change)
                found += [(scene, one) for one in fitted]
                if len(found) >= self.settings.per_clip:
                    break
            if found:
                return found[: self.settings.per_clip]
        return []

    def _known(self, scenes: list[str]) -> Iterator[tuple[str, KnownRoom]]:
        for scene in scenes:
            known = self.rooms.known(scene)
            if known is not None:
                yield scene, known

    def _reason(self, motion: Motion, requirements: AffordanceRequirements) -> str:
        """Why a clip that a room could carry has found no place in these."""
        grids = [known.grid for _, known in islice(self._known(list(self.rooms.splits)), MOST_TRIED)]
        if requirements.seat is not None:
            height = requirements.seat_height
            heights = [abs(float(seat.point[2]) - grid.floor - height) for grid in grids for seat in grid.seats]
            return NO_SEAT if min(heights, default=np.inf) > SEAT_TOLERANCE else NO_SPACE
        extent = float(np.linalg.norm(np.ptp(motion.joints[:, 0, :2], axis=0)))
        return TOO_LONG if extent > max((grid.span for grid in grids), default=0.0) else NO_SPACE

    def _entry(self, item: Item, scene: str, fitted: FittedMotion, number: int) -> Entry:
        known = self.rooms.known(scene)
        motion, rng = fitted.put(), self._rng(item.id, f"{scene} {number} words")
        told = [] if known is None else relations(motion.joints.astype(np.float64), known, rng)
        claims = [claim_to_json(one.claim) for one in told if one.claim is not None]
        return Entry(
            f"{item.id}@{scene}-{number}",
            captions(item.captions, told, rng),
            self.rooms.rooms[scene],
            motion=partial(_given, motion),
            scene=scene,
            split=self.rooms.splits[scene],
            metadata={
                "clip": item.id,
                "place": _place(fitted),
                "relations": [[one.name, list(one.objects)] for one in told],
                **({"claims": claims} if known is not None and known.exact else {}),
            },
        )

    def _rng(self, *names: str) -> np.random.Generator:
        digest = hashlib.sha256("\0".join((str(self.settings.seed), *names)).encode()).digest()
        return np.random.default_rng(int.from_bytes(digest[:8], "big"))


def _given(motion: Motion) -> Motion:
    return motion


def _place(fitted: FittedMotion) -> dict[str, Any]:
    """What was done to the clip, in plain values."""
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


def _first(lines: Any) -> str:
    """The first of what was left out, for an error's line."""
    line = next(iter(lines), None)
    return "" if line is None else f"; {line}"
