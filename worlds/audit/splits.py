"""Overlap between splits: shared rooms, equal captions and near-duplicate motions."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from monster.arrays import AnyArray, FloatArray
from monster.corpus.storage import Corpus, ItemRecord, Split
from monster.skeleton import INDEX
from worlds.audit.items import Fault

SIGNATURE_FRAMES: Final = 12  # sampled from each motion for comparison
NEAR_DUPLICATE: Final = 0.03  # metres: root mean square distance of joints below which two motions are near duplicates
_SCANNET: Final = re.compile(r"(scene\d{4})_\d\d")
_ROWS_AT_ONCE: Final = 512


@dataclass(frozen=True)
class SplitOverlap:
    """Counts of a split: items, items with a caption of training, and motions with a near duplicate in training."""

    split: Split
    items: int
    captions: int
    motions: int


def room_of(record: ItemRecord, corpus: Corpus) -> str | None:
    """The room of an item: the data set's "room", or the ScanNet room of a re-scan, or the scene id."""
    if record.scene is None:
        return None
    if "generator" not in corpus.info and isinstance(record.metadata.get("room"), str):
        return str(record.metadata["room"])
    scan = _SCANNET.match(record.scene)
    return scan[1] if scan else record.scene


def split_leaks(corpus: Corpus) -> Iterator[Fault]:
    """Ids that occur twice, and rooms that occur in more than one split."""
    for identity, count in Counter(record.id for record in corpus.records).items():
        if count > 1:
            yield Fault("repeated-id", identity, f"{count} items have this id")
    for room, splits in sorted(_splits(corpus).items()):
        if len(splits) > 1:
            yield Fault("split-leak", room, f"the room is in {' and '.join(sorted(splits))}")


def _splits(corpus: Corpus) -> dict[str, set[Split]]:
    splits: dict[str, set[Split]] = defaultdict(set)
    for record in corpus.records:
        room = room_of(record, corpus)
        if room is not None:
            splits[room].add(record.split)
    return splits


def shared_with_training(corpus: Corpus, signatures: Mapping[str, FloatArray]) -> list[SplitOverlap]:
    """Overlap of validation and of test with training.

    ``signatures`` holds `motion_signature` by motion id. Captions are compared without case and punctuation.
    """
    training = corpus.select("train")
    training_captions = {_normalised(caption) for record in training for caption in record.captions}
    training_rows = _stack(training, signatures)
    overlaps = []
    held_out: tuple[Split, ...] = ("val", "test")
    for split in held_out:
        records = corpus.select(split)
        captions = sum(any(_normalised(text) in training_captions for text in record.captions) for record in records)
        motions = _count_near(_stack(records, signatures), training_rows)
        overlaps.append(SplitOverlap(split, len(records), captions, motions))
    return overlaps


def _normalised(caption: str) -> str:
    return " ".join(re.findall(r"[a-z']+", caption.lower()))


def motion_signature(joints: AnyArray) -> FloatArray:
    """A vector (12 * 22 * 3,) of sampled joints, invariant to the motion's position and heading on the floor."""
    frames = np.linspace(0, len(joints) - 1, SIGNATURE_FRAMES).round().astype(int)
    sampled = np.asarray(joints, dtype=np.float64)[frames]
    sampled = sampled - sampled[0, 0] * [1, 1, 0]
    across = sampled[0, INDEX["left_hip"], :2] - sampled[0, INDEX["right_hip"], :2]
    cos, sin = across / max(float(np.linalg.norm(across)), 1e-9)
    sampled[..., :2] = sampled[..., :2] @ np.array([[cos, -sin], [sin, cos]])
    return np.asarray(sampled.reshape(-1), dtype=np.float32)


def _stack(records: Sequence[ItemRecord], signatures: Mapping[str, FloatArray]) -> FloatArray:
    """The signatures (n, 12 * 22 * 3) of the records' motions, each motion once."""
    motions = dict.fromkeys(str(record.motion) for record in records)
    rows = [signatures[motion] for motion in motions if motion in signatures]
    if not rows:
        return np.zeros((0, SIGNATURE_FRAMES * 66), dtype=np.float32)
    return np.stack(rows)


def _count_near(rows: FloatArray, training: FloatArray) -> int:
    """Number of rows with a training row nearer than NEAR_DUPLICATE."""
    if not len(rows) or not len(training):
        return 0
    limit = NEAR_DUPLICATE**2 * SIGNATURE_FRAMES * 22
    squares = (training**2).sum(axis=1)
    count = 0
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        part = rows[start : start + _ROWS_AT_ONCE]
        distances = (part**2).sum(axis=1, keepdims=True) + squares - 2 * part @ training.T
        count += int((distances.min(axis=1) < limit).sum())
    return count
