"""Places one clip in rooms; the result depends on the clip, the rooms and the settings, on no other clip."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

import numpy as np

from monster.corpus.storage import SPLITS, Split
from monster.errors import InputError
from monster.placement import AffordanceRequirements, FittedMotion, fit, requirements_of
from monster.placement.search import SEAT_TOLERANCE
from monster.types import CANONICAL_FPS, Item, Motion
from worlds.align.captions import captions, relations
from worlds.align.rooms import RoomGeometry, Rooms
from worlds.checker.records import claim_to_json

NO_FREE_SEAT: Final = "sits, and no free seat has its height"
PATH_TOO_LONG: Final = "its path is longer than any of the rooms"
NO_SPACE: Final = "collides wherever it was tried"
MAX_ROOMS_UNCHANGED: Final = 60  # in which a clip is tried as it is
MAX_ROOMS_CHANGED: Final = 20  # in which it is tried bent or cut
_SHARE: Final = 20  # one clip in so many is for test, one for validation


@dataclass(frozen=True)
class AlignSettings:
    """The largest number of places of a clip, and the seed of all random choices."""

    per_clip: int = 3
    seed: int = 0

    def __post_init__(self) -> None:
        if self.per_clip < 1:
            raise InputError(f"expected at least 1 place a clip, got {self.per_clip}")


@dataclass(frozen=True, eq=False)
class ClipPlace:
    """A place of a clip: the motion in its room, and what the item of a corpus says about it."""

    id: str
    scene: str
    motion: Motion
    captions: tuple[str, ...]
    metadata: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class PlacedClip:
    """The places of a clip, all in one split; without any the reason. ``broken`` says why rooms could not be used."""

    clip: str
    places: tuple[ClipPlace, ...] = ()
    reason: str = ""
    broken: Mapping[str, str] = field(default_factory=dict)


@dataclass(eq=False)
class ClipPlacer:
    """Places clips in rooms."""

    rooms: Rooms
    settings: AlignSettings

    def place(self, item: Item) -> PlacedClip:
        """The places of the item's motion. Raises InputError for an item without one."""
        if item.motion is None:
            raise InputError(f"item {item.id!r}: expected a motion, got none")
        motion = item.motion.resampled(CANONICAL_FPS)
        requirements = requirements_of(motion)
        own = self._split(item.id)
        for split in (own, *(other for other in SPLITS if other != own)):
            fits = [] if requirements.reason else self._find_places(item.id, motion, requirements, split=split)
            if fits:
                places = [self._described(item, scene, fitted, number) for number, (scene, fitted) in enumerate(fits)]
                return PlacedClip(item.id, tuple(places), broken=self.rooms.broken)
        reason = requirements.reason or self._reason(motion, requirements)
        return PlacedClip(item.id, reason=reason, broken=self.rooms.broken)

    def _split(self, clip: str) -> Split:
        """The drawn split of a clip: one in 20 test, one in 20 val; the one with most rooms where it has no room."""
        rooms = Counter(self.rooms.splits.values())
        number = int(self._rng(clip, "split").integers(_SHARE))
        drawn: Split = "test" if number == 0 else ("val" if number == 1 else "train")
        return drawn if drawn in rooms else max(SPLITS, key=lambda split: rooms[split])

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

    def _described(self, item: Item, scene: str, fitted: FittedMotion, number: int) -> ClipPlace:
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
        name = f"{item.id}@{scene}-{number}"
        return ClipPlace(name, scene, motion, captions(item.captions, proven, rng), metadata)

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
