"""Training batches from a prepared corpus: whole rooms with several items each, so that negatives share the room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import torch
from torch import Tensor

from monster.arrays import FloatArray, IntArray
from monster.errors import CorpusError
from monster.networks.collate import TextBatch
from monster.skeleton import JOINT_COUNT
from monster.training.augment import QUARTERS, Crop, random_far_edit
from monster.training.dataset import (
    NONE,
    CorpusDataset,
    NegativeCaption,
    SampleSpec,
    SentenceBatch,
    TrainingBatch,
)
from monster.training.distributed import ALONE, Distributed
from monster.training.prepared import Prepared

_UNPROVEN_CROP: Final = 0.7  # shortest share of a motion that is kept where nothing proves its captions of the rest
_UNPROVEN_TEMPO: Final = (0.8, 1.25)


@dataclass(frozen=True)
class BatchSettings:
    """How batches are drawn: ``rooms`` for each process, or all that there are with more items each.

    The other fields are explained in `TrainSettings` and `Recipe`.
    """

    rooms: int = 64
    items_per_room: int = 2
    shift: float = 0.4
    scene_free_share: float | None = 0.15
    rotate: bool = True
    joint_noise: float = 0.0
    text_negatives: int = 0
    motion_negatives: int = 0
    mirror_negatives: bool = False
    crop_unproven: bool = False
    sentences: int = 0
    own_scale: float = 0.0
    own_turn: float = 0.0


class RoomBatchSampler:
    """Draws batches of rooms from the items of a split that have two modalities or three.

    ``features`` (4, objects, hidden): the objects at each quarter turn. All ``processes`` draw the same joint batch;
    each reads its own rooms. Raises CorpusError for fewer than two items.
    """

    def __init__(
        self,
        prepared: Prepared,
        features: Tensor,
        settings: BatchSettings,
        *,
        split: int = 0,
        processes: Distributed = ALONE,
    ) -> None:
        self.prepared, self.settings = prepared, settings
        self.dataset = CorpusDataset(prepared, features, split=split, modalities=2)
        self.processes = processes
        if len(self.dataset) < 2:
            raise CorpusError(
                "expected at least two items of the split, each with two of motion, scene and captions,"
                f" got {len(self.dataset)}"
            )
        self.by_room = list(self._rooms())
        self._groups = self._sentence_groups()

    def _rooms(self) -> Iterator[IntArray]:
        """The items by room; those without a scene in groups of ``items_per_room``."""
        rows = self.dataset.rows
        scenes = self.prepared["item_scene"].numpy()[rows]
        order = np.argsort(scenes, kind="stable")
        starts = np.flatnonzero(np.diff(scenes[order], prepend=scenes[order[0]]))
        for group in np.split(rows[order], starts):
            if int(self.prepared["item_scene"][group[0]]) >= 0:
                yield group
            else:
                each = self.settings.items_per_room
                yield from np.split(group, range(each, len(group), each))

    def _sentence_groups(self) -> IntArray:
        """Items of captions alone, at least two: free sentences that say the same."""
        rows = self.prepared.rows(0, modalities=1)
        has_more = np.isin(rows, self.prepared.rows(0, modalities=2))
        starts = self.prepared["item_starts"].numpy()
        counts = starts[rows + 1] - starts[rows]
        return np.asarray(rows[~has_more & (counts >= 2)])

    def batches(self, seed: int, *, skip: int = 0) -> Iterator[TrainingBatch]:
        """Endless batches, each drawn from the seed and its number; ``skip`` leaves out the first ones."""
        step = skip
        while True:
            yield self.draw(np.random.default_rng([seed, step]))
            step += 1

    def draw(self, rng: np.random.Generator) -> TrainingBatch:
        """One batch of random rooms and random items of each."""
        wanted = self.settings.rooms * self.processes.world_size
        count = min(wanted, len(self.by_room))
        each = self.settings.items_per_room * wanted // count  # fewer rooms give more items each
        chosen = [self.by_room[index] for index in rng.choice(len(self.by_room), count, replace=False)]
        items = [rng.permutation(rows)[:each] for rows in chosen]
        quarters = rng.integers(0, QUARTERS, count) if self.settings.rotate else np.zeros(count, dtype=np.int64)
        shifts = rng.uniform(-self.settings.shift, self.settings.shift, (count, 2)).astype(np.float32)
        captions = np.array([self._caption(item, rng) for rows in items for item in rows])
        batch = self.build(items, captions, quarters, shifts, rng=rng)
        return replace(batch, sentences=self._sentences(rng))

    def _sentences(self, rng: np.random.Generator) -> SentenceBatch | None:
        """Two sentences each of random groups."""
        count = min(self.settings.sentences // 2, len(self._groups))
        if count < 2:
            return None
        groups = rng.choice(self._groups, count, replace=False)
        rows = [rng.permutation(self.prepared.part("item_captions", group).numpy())[:2] for group in groups]
        tokens = [self.dataset.tokens(int(row)) for row in np.concatenate(rows)]
        return SentenceBatch(TextBatch.of(tokens), torch.arange(count).repeat_interleave(2))

    def _caption(self, item: int, rng: np.random.Generator) -> int:
        rows = self.prepared.part("item_captions", item).numpy()
        if not len(rows):
            return NONE
        if self.settings.scene_free_share is None:
            return int(rng.choice(rows))
        scene_free = self.prepared["scene_free"].numpy()[rows]
        wanted = rows[scene_free] if rng.random() < self.settings.scene_free_share else rows[~scene_free]
        return int(rng.choice(wanted if len(wanted) else rows))

    def build(
        self,
        items: list[IntArray],
        captions: IntArray,
        quarters: IntArray,
        shifts: FloatArray,
        *,
        rng: np.random.Generator | None = None,
    ) -> TrainingBatch:
        """The batch of these items by room with these captions, rooms rotated and shifted.

        With ``rng`` the items get joint noise and hard negatives too.
        """
        room = np.repeat(np.arange(len(items)), [len(part) for part in items])
        specs = []
        for item, caption, place in zip(np.concatenate(items), captions, room, strict=True):
            x, y = (float(value) for value in shifts[place])
            spec = SampleSpec(int(item), int(caption), int(quarters[place]), (x, y))
            if rng is not None:
                spec = self.with_hard_negatives(self._augmented(spec, rng), rng)
            specs.append(spec)
        bounds = self._bounds(items)
        rank = self.processes.rank
        samples = [self.dataset.read(spec) for spec in specs[bounds[rank] : bounds[rank + 1]]]
        parts = tuple(int(count) for count in np.diff(bounds))
        return self.dataset.joined(samples, self.dataset.relations(specs), parts)

    def _bounds(self, items: list[IntArray]) -> list[int]:
        """Where the items of each process start and end."""
        ends = np.cumsum([0, *(len(part) for part in items)])
        size = self.processes.world_size
        return [int(ends[len(items) * rank // size]) for rank in range(size + 1)]

    def _augmented(self, spec: SampleSpec, rng: np.random.Generator) -> SampleSpec:
        """The sample with another body, and in its own frame another size and facing.

        A motion whose caption has no claim is cropped a little; the others have crops in the prepared corpus.
        """
        settings = self.settings
        if settings.joint_noise:
            offset = rng.normal(0.0, settings.joint_noise, (JOINT_COUNT, 3)).astype(np.float32)
            spec = replace(spec, joint_offset=offset)
        if settings.own_scale or settings.own_turn:
            scale = 1 + rng.uniform(-settings.own_scale, settings.own_scale)
            turn = rng.uniform(-settings.own_turn, settings.own_turn)
            spec = replace(spec, own_scale=scale, own_turn=turn)
        if settings.crop_unproven and spec.caption >= 0 and not self._has_claim(spec):
            spec = replace(spec, crop=Crop.draw(rng, shortest=_UNPROVEN_CROP, tempo=_UNPROVEN_TEMPO))
        return spec

    def _has_claim(self, spec: SampleSpec) -> bool:
        return bool(self.prepared["has_claim"][spec.caption])

    def _is_mirror_false(self, spec: SampleSpec) -> bool:
        """Whether the caption is false of the mirrored motion wherever it is: it names one side of the body."""
        if not self.settings.mirror_negatives or spec.caption < 0:
            return False
        of_body = self.prepared["scene_free"][spec.caption] or not self._has_claim(spec)
        return bool(of_body & self.prepared["names_side"][spec.caption])

    def with_hard_negatives(self, spec: SampleSpec, rng: np.random.Generator) -> SampleSpec:
        """The sample with random hard-negative captions and edits of its motion, as many as the settings say."""
        texts, edits = self.settings.text_negatives, self.settings.motion_negatives
        spec = replace(spec, mirror_negative=self._is_mirror_false(spec))
        if not texts and not edits:
            return spec
        captions = self._negative_captions(spec.item, texts, rng)
        return replace(spec, negative_captions=captions, edits=self._edits(spec, edits, rng))

    def _negative_captions(self, item: int, count: int, rng: np.random.Generator) -> tuple[NegativeCaption, ...]:
        """Hard-negative captions; each kind that the item has is as likely, however many captions it has of it."""
        first, last = self.prepared.span("negative_captions", item)
        kinds = self.prepared["negative_kind"][first:last].numpy()
        if not count or not len(kinds):
            return ()
        weights = 1 / np.bincount(kinds)[kinds]
        chosen = rng.choice(len(kinds), min(count, len(kinds)), replace=False, p=weights / weights.sum())
        rows = self.prepared["negative_captions"][first:last]
        of_motion = self.prepared["negative_of_motion"][first:last]
        return tuple(NegativeCaption(int(rows[row]), bool(of_motion[row])) for row in chosen)

    def _edits(self, spec: SampleSpec, count: int, rng: np.random.Generator) -> tuple[FloatArray, ...]:
        """Edits of the motion after which the caption is false; none for a scene-free caption, which may stay true."""
        motion, scene = (int(self.prepared[name][spec.item]) for name in ("item_motion", "item_scene"))
        lacks = min(motion, scene, spec.caption) < 0
        if not count or lacks or self.prepared["scene_free"][spec.caption]:
            return ()
        proven = self.prepared.part("motion_edits", spec.item).numpy()
        if len(proven):
            return tuple(proven[row] for row in rng.permutation(len(proven))[:count])
        joints = self.prepared.part("joints", motion)[:1].numpy() * np.float32(0.001)
        joints += self.prepared["motion_start"][motion].numpy()
        return tuple(random_far_edit(joints, rng) for _ in range(count))
