"""What a seed makes is what was recorded: furniture, rooms, performances, a corpus.

A change of the generator that is meant changes these numbers: `PYTHONPATH=tests python tests/worlds/test_recorded.py`
records them again, and the format version of a corpus says that the same seed makes another one.
"""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest

from monster.corpus.storage import Corpus
from worlds.actions.perform import find_candidates, perform
from worlds.actions.registry import ACTIONS
from worlds.generate import generate
from worlds.objects import OBJECT_KINDS, make_object
from worlds.rooms.floor import free_floor
from worlds.rooms.rooms import ROOM_KINDS, make_room
from worlds.rooms.scan import scan
from worlds.types import PlacedObject, Room

RECORD = Path(__file__).with_name("recorded.json")
VARIANTS = 25  # of each kind of furniture
ROOMS = 4  # of each kind of room
SETS = 2  # of one room of each kind, to perform in
PERFORMANCES = 3  # of each action


def checksum(values: Iterable[float]) -> float:
    """A sum in which each place has a weight of its own, so that swapped values change it."""
    numbers = np.fromiter(values, dtype=np.float64)
    return float(numbers @ (1 + np.arange(len(numbers)) % 97 / 97))


def word(text: str) -> float:
    """A number in 0..1 for a text."""
    return zlib.crc32(text.encode()) / 2**32


def numbers_of(placed: PlacedObject) -> list[float]:
    """All that an object is, as numbers."""
    numbers = [word(placed.category), placed.id, *placed.position, placed.yaw, *placed.size, float(placed.portable)]
    for solid in placed.solids:
        numbers += [*solid.center, *solid.size, *solid.color]
    for points in (placed.seats, placed.lying or (), placed.handles, placed.grips):
        numbers += [len(points), *(value for point in points for value in point)]
    return [*numbers, *(placed.basin or ()), *(placed.top or ())]


def furniture(kind: str) -> float:
    """The checksum of some pieces of a kind."""
    rng = np.random.default_rng(11)
    return checksum(number for _ in range(VARIANTS) for number in numbers_of(make_object(kind, rng)))


def room_numbers(room: Room) -> list[float]:
    """All that a room is, as numbers."""
    numbers = [*room.outline.ravel(), room.height, *np.ravel(room.doors)]
    for placed in room.objects:
        numbers += numbers_of(placed)
    return numbers


def rooms_of(kind: str) -> list[float]:
    """Checksums of some rooms of a kind, and of the scan of the first."""
    rng = np.random.default_rng(13)
    drawn = [make_room(kind, rng) for _ in range(ROOMS)]
    scene = scan(drawn[0], rng, points=2000)
    assert scene.instances is not None
    assert scene.colors is not None
    cloud = [*scene.points.ravel(), *scene.colors.ravel(), *scene.instances]
    return [*(checksum(room_numbers(room)) for room in drawn), checksum(cloud)]


@cache
def performances() -> dict[str, list[float]]:
    """Of each action: how often some rooms allow it, and checksums of its first performances there."""
    found: dict[str, list[float]] = {str(name): [0] for name in ACTIONS.names}
    for seed in range(SETS):
        for kind in ROOM_KINDS:
            rng = np.random.default_rng(seed)
            room = make_room(kind, rng)
            floor = free_floor(room)
            for candidate in find_candidates(room, floor):
                values = found[str(candidate.action)]
                values[0] += 1 + checksum(candidate.targets) / 1000
                if len(values) <= PERFORMANCES and rng.random() < 0.3:
                    performance = perform(room, [candidate], rng, floor)
                    values.append(-1.0 if performance is None else checksum(performance.joints.ravel()))
    return found


def items_of(corpus: Corpus) -> dict[str, Any]:
    """Captions and a checksum of the joints of each item, and of the points of each scene."""
    items = {
        record.id: [list(record.captions), checksum(corpus.motion(str(record.motion)).joints.ravel())]
        for record in corpus.records
    }
    scenes = {str(record.scene) for record in corpus.records}
    return {"items": items, "scenes": {scene: checksum(corpus.scene(scene).points.ravel()) for scene in sorted(scenes)}}


@pytest.fixture(scope="module")
def recorded() -> dict[str, Any]:
    record: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    return record


@pytest.mark.parametrize("kind", OBJECT_KINDS)
def test_furniture_is_as_recorded(recorded: dict[str, Any], kind: str) -> None:
    assert furniture(kind) == pytest.approx(recorded["furniture"][kind], abs=1e-3)


@pytest.mark.parametrize("kind", ROOM_KINDS)
def test_rooms_are_as_recorded(recorded: dict[str, Any], kind: str) -> None:
    assert rooms_of(kind) == pytest.approx(recorded["rooms"][kind], abs=1e-2)


@pytest.mark.parametrize("action", ACTIONS.names)
def test_performances_are_as_recorded(recorded: dict[str, Any], action: str) -> None:
    assert performances()[action] == pytest.approx(recorded["actions"][action], abs=1e-1)


def test_a_corpus_is_as_recorded(recorded: dict[str, Any], rooms: Corpus) -> None:
    found = items_of(rooms)
    assert found["scenes"] == pytest.approx(recorded["corpus"]["scenes"], abs=1e-1)
    assert set(found["items"]) == set(recorded["corpus"]["items"])
    for name, (captions, joints) in recorded["corpus"]["items"].items():
        assert found["items"][name][0] == captions
        assert found["items"][name][1] == pytest.approx(joints, abs=1e-1)


def record() -> None:
    """Write the record."""
    with TemporaryDirectory() as folder:
        corpus = generate(Path(folder, "corpus"), rooms=4, items=12, seed=2, workers=1)
        found = {
            "furniture": {kind: furniture(kind) for kind in OBJECT_KINDS},
            "rooms": {kind: rooms_of(kind) for kind in ROOM_KINDS},
            "actions": performances(),
            "corpus": items_of(corpus),
        }
    RECORD.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    record()
    sys.exit()
