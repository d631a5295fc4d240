"""What splits share: rooms that must not be, captions and motions that are nearly the same."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monster.corpus.storage import Corpus, ItemRecord, Split
from monster.skeleton import INDEX
from worlds.audit.items import Fault

MOMENTS: Final = 12  # frames by which motions are compared
ALIKE: Final = 0.03  # metres, mean over joints and moments, below which two motions are nearly the same
_SCANNET: Final = re.compile(r"(scene\d{4})_\d\d")
_CHUNK: Final = 512


@dataclass(frozen=True)
class Shared:
    """How many items of one split have a near duplicate in another, the training split."""

    split: Split
    items: int
    captions: int
    motions: int


def room_of(record: ItemRecord, corpus: Corpus) -> str | None:
    """The room of an item: what its data set calls so; of ScanNet's re-scans the room; else the scene."""
    if record.scene is None:
        return None
    if "generator" not in corpus.info and isinstance(record.metadata.get("room"), str):
        return str(record.metadata["room"])
    scan = _SCANNET.match(record.scene)
    return scan[1] if scan else record.scene


def leaks(corpus: Corpus) -> Iterator[Fault]:
    """Ids that occur twice, and rooms that occur in more than one split."""
    for identity, count in Counter(record.id for record in corpus.records).items():
        if count > 1:
            yield Fault("repeated-id", identity, f"{count} items have this id")
    for room, splits in sorted(_splits(corpus).items()):
        if len(splits) > 1:
            yield Fault("split-leak", room, f"the room is in {' and '.join(sorted(splits))}")


def _splits(corpus: Corpus) -> dict[str, set[Split]]:
    found: dict[str, set[Split]] = defaultdict(set)
    for record in corpus.records:
        room = room_of(record, corpus)
        if room is not None:
            found[room].add(record.split)
    return found


def shared_with_training(corpus: Corpus, forms: Mapping[str, NDArray[np.float32]]) -> list[Shared]:
    """For validation and test: items with a caption, or a motion, that training has too or nearly so.

    ``forms`` (`form`) by motion id. Equal words count as one caption, whatever their case and punctuation.
    """
    training = corpus.select("train")
    words = {_plain(caption) for record in training for caption in record.captions}
    known = _stacked(training, forms)
    found = []
    held_out: tuple[Split, ...] = ("val", "test")
    for split in held_out:
        records = corpus.select(split)
        told = sum(any(_plain(caption) in words for caption in record.captions) for record in records)
        near = _near(_stacked(records, forms), known)
        found.append(Shared(split, len(records), told, near))
    return found


def _plain(caption: str) -> str:
    return " ".join(re.findall(r"[a-z']+", caption.lower()))


def form(joints: NDArray[np.floating]) -> NDArray[np.float32]:
    """The shape of a motion (12 * 22 * 3,), wherever it is and whichever way it faces: two equal ones are near."""
    at = np.linspace(0, len(joints) - 1, MOMENTS).round().astype(int)
    some = np.asarray(joints, dtype=np.float64)[at]
    some = some - some[0, 0] * [1, 1, 0]
    across = some[0, INDEX["left_hip"], :2] - some[0, INDEX["right_hip"], :2]
    cos, sin = across / max(float(np.linalg.norm(across)), 1e-9)
    some[..., :2] = some[..., :2] @ np.array([[cos, -sin], [sin, cos]])
    return np.asarray(some.reshape(-1), dtype=np.float32)


def _stacked(records: Sequence[ItemRecord], forms: Mapping[str, NDArray[np.float32]]) -> NDArray[np.float32]:
    rows = [forms[motion] for motion in dict.fromkeys(str(record.motion) for record in records) if motion in forms]
    return np.stack(rows) if rows else np.zeros((0, MOMENTS * 66), dtype=np.float32)


def _near(rows: NDArray[np.float32], known: NDArray[np.float32]) -> int:
    """How many rows have a known one whose joints are less than ALIKE away, in the root mean square."""
    if not len(rows) or not len(known):
        return 0
    limit, squares, count = ALIKE**2 * MOMENTS * 22, (known**2).sum(axis=1), 0
    for start in range(0, len(rows), _CHUNK):
        part = rows[start : start + _CHUNK]
        away = (part**2).sum(axis=1, keepdims=True) + squares - 2 * part @ known.T
        count += int((away.min(axis=1) < limit).sum())
    return count
