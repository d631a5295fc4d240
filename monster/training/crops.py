"""Items a second time: a stretch of their motion at another tempo, with the captions that are still proven."""

from __future__ import annotations

import dataclasses
import zlib
from collections.abc import Iterator, Sequence

import numpy as np

from monster.arrays import FloatArray, Progress
from monster.corpus.checker import Checker
from monster.corpus.storage import Corpus, ItemRecord
from monster.training.augment import Crop
from monster.training.hard_negatives import with_captions
from monster.types import CANONICAL_FPS


class Motions:
    """The motions of a corpus at 20 fps, by id, and their crops."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self._crops: dict[str, tuple[str, Crop]] = {}

    def joints(self, name: str) -> FloatArray:
        """The joints (frames, 22, 3) of a motion or a crop."""
        uncropped, crop = self._crops.get(name, (name, None))
        joints = self.corpus.motion(uncropped).resampled(CANONICAL_FPS).joints
        return joints if crop is None else crop.apply(joints)

    def add_crop(self, name: str, crop: Crop) -> str:
        """The id of a crop of the motion ``name``."""
        new = f"{name} {crop.start:.3f} {crop.stop:.3f} {crop.tempo:.3f}"
        self._crops[new] = (name, crop)
        return new


def cropped_items(
    motions: Motions, records: Sequence[ItemRecord], *, share: float, progress: Progress
) -> list[ItemRecord]:
    """A random share of the training items with claims, cropped; without those whose captions are all false then."""
    checker = motions.corpus.checker
    if checker is None or not share:
        return []
    return list(_cropped_items(motions, checker, records, share=share, progress=progress))


def _cropped_items(
    motions: Motions, checker: Checker, records: Sequence[ItemRecord], *, share: float, progress: Progress
) -> Iterator[ItemRecord]:
    for index, record in enumerate(records):
        if index % 500 == 0:
            progress(index, len(records), "crops")
        rng = np.random.default_rng(zlib.crc32(record.id.encode()))
        if rng.random() > share or not _is_provable(record, checker):
            continue
        crop = Crop.draw(rng)
        cropped = _cropped(record, motions.add_crop(str(record.motion), crop), motions, checker)
        if cropped is not None:
            yield cropped


def _is_provable(record: ItemRecord, checker: Checker) -> bool:
    if record.split != "train" or record.motion is None or record.scene is None:
        return False
    return 0 < len(record.claims) == len(record.captions) and checker.knows(record.scene)


def _cropped(record: ItemRecord, name: str, motions: Motions, checker: Checker) -> ItemRecord | None:
    """The item with the cropped motion, its captions that are proven, its wrong captions that are still false."""
    joints = motions.joints(name)
    kept = np.flatnonzero(checker.reprove(record, [joints])[:, 0])
    if not len(kept):
        return None
    wrong = [negative for negative in record.hard_negatives if "claim" in negative]
    proven = checker.prove([negative["claim"] for negative in wrong], [(joints, str(record.scene))])[:, 0]
    still_false = [negative for negative, is_true in zip(wrong, proven, strict=True) if not is_true]
    cropped = with_captions(record, kept.tolist())
    metadata = {**cropped.metadata, "counterfactuals": still_false}
    return dataclasses.replace(cropped, id=f"{record.id} crop", motion=name, metadata=metadata)
