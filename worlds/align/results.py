"""Results of placed clips on disk: each is stored when it is placed, so that a run that was ended continues."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from monster import __version__
from monster.arrays import AnyArray
from monster.errors import MonsterError
from monster.io.npz import motion_from_arrays, motion_to_arrays
from monster.io.numpy_files import read_npz, write_npz
from monster.types import Item
from worlds.align.placing import AlignSettings, ClipPlace, ClipPlacer, PlacedClip
from worlds.align.rooms import Rooms, open_rooms


@dataclass(frozen=True)
class AlignJob:
    """What all clips of a run share: the folder of scenes, the settings, where results are stored.

    ``signature`` is a hash of the scene files and the settings: other scenes have other results.
    """

    scenes: Path
    settings: AlignSettings
    store: Path
    signature: str

    @classmethod
    def of(cls, scenes: Path, settings: AlignSettings, store: Path) -> AlignJob:
        """The job for the files that are in the folder now."""
        stats = [(path, path.stat()) for path in sorted(scenes.rglob("*")) if path.is_file()]
        files = [(path.relative_to(scenes).as_posix(), stat.st_size, stat.st_mtime_ns) for path, stat in stats]
        text = json.dumps([__version__, str(scenes.absolute()), settings.per_clip, settings.seed, files])
        _placer.cache_clear()
        return cls(scenes, settings, store, hashlib.sha256(text.encode()).hexdigest()[:16])

    def open_rooms(self) -> Rooms:
        """The rooms; scans that were read once are read from the store."""
        return open_rooms(self.scenes, seed=self.settings.seed, cache=self.store / self.signature / "scenes")

    def result_path(self, item: Item) -> Path:
        """The file for the result of a clip, named after everything that the result depends on."""
        digest = hashlib.sha256(json.dumps([item.id, item.captions]).encode())
        if item.motion is not None:
            digest.update(repr((item.motion.joints.shape, item.motion.fps)).encode())
            digest.update(np.ascontiguousarray(item.motion.joints).tobytes())
        return self.store / self.signature / "clips" / f"{digest.hexdigest()[:32]}.npz"


def place_clip(job: AlignJob, item: Item) -> PlacedClip:
    """The stored result of a clip; else the clip is placed and its result stored."""
    path = job.result_path(item)
    try:
        return load_result(path)
    except MonsterError:  # not there, or cut short
        result = _placer(job).place(item)
        save_result(path, result)
        return result


@lru_cache(maxsize=1)
def _placer(job: AlignJob) -> ClipPlacer:
    return ClipPlacer(job.open_rooms(), job.settings)


def save_result(path: Path, result: PlacedClip) -> None:
    """Write a result, all or nothing."""
    places = [[place.id, place.scene, place.captions, place.metadata] for place in result.places]
    text = json.dumps([result.clip, result.reason, dict(result.broken), places])
    arrays: dict[str, AnyArray] = {"result": np.array(text)}
    for number, place in enumerate(result.places):
        arrays |= {f"{number}.{name}": array for name, array in motion_to_arrays(place.motion).items()}
    write_npz(path, arrays)


def load_result(path: Path) -> PlacedClip:
    """Read what ``save_result`` wrote. Raises FileFormatError for anything else."""
    arrays = read_npz(path)
    clip, reason, broken, listed = json.loads(str(arrays["result"]))
    places = []
    for number, (name, scene, captions, metadata) in enumerate(listed):
        own = {key.partition(".")[2]: arrays[key] for key in arrays if key.startswith(f"{number}.")}
        places.append(ClipPlace(name, scene, motion_from_arrays(own), tuple(captions), metadata))
    return PlacedClip(clip, tuple(places), reason, broken)
