"""Training batches from a prepared corpus: whole rooms with several items each, so that negatives share the room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from monster.errors import CorpusError
from monster.skeleton import JOINT_COUNT
from monster.training.augment import QUARTERS, far_edit
from monster.training.dataset import NOTHING, Items, Reading, Rows, TrainingBatch
from monster.training.prepared import Prepared


@dataclass(frozen=True)
class BatchSettings:
    """How batches are drawn: ``rooms`` for each process, or all that there are with more items each.

    ``shift`` is the largest move of a whole room, ``body`` how far joints are off, in metres.
    ``bare_share`` of the items are told by a caption that names no object (None: any caption, as they come);
    ``text_negatives`` and ``motion_negatives`` are how many near misses an item is held against, at most.
    """

    rooms: int = 64
    items_per_room: int = 2
    shift: float = 0.4
    bare_share: float | None = 0.15
    turn: bool = True
    body: float = 0.0
    text_negatives: int = 0
    motion_negatives: int = 0


class Batcher:
    """Draws batches from the items of a split that hold two modalities or three.

    ``features`` (4, objects, hidden): the objects at each quarter turn. Of ``world`` processes that draw the same joint
    batch, each reads the rooms of its ``rank`` alone.
    """

    def __init__(
        self,
        prepared: Prepared,
        features: Tensor,
        settings: BatchSettings,
        *,
        split: int = 0,
        rank: int = 0,
        world: int = 1,
    ) -> None:
        self.prepared, self.settings = prepared, settings
        self.items = Items(prepared, features, split=split, modalities=2)
        self.rank, self.world = rank, world
        if len(self.items) < 2:
            raise CorpusError(
                "expected at least two items of the split to draw, each with two of motion, scene and captions,"
                f" got {len(self.items)}"
            )
        self.by_room = list(self._rooms())

    def _rooms(self) -> Iterator[Rows]:
        """The items by room; those without a scene in groups of the size that a room gives to a batch."""
        rows = self.items.rows
        scenes = self.prepared["item_scene"].numpy()[rows]
        order = np.argsort(scenes, kind="stable")
        starts = np.flatnonzero(np.diff(scenes[order], prepend=scenes[order[0]]))
        for group in np.split(rows[order], starts):
            if int(self.prepared["item_scene"][group[0]]) >= 0:
                yield group
            else:
                each = self.settings.items_per_room
                yield from np.split(group, range(each, len(group), each))

    def epochs(self, seed: int, *, skip: int = 0) -> Iterator[TrainingBatch]:
        """Batches without end; ``skip`` leaves out the first ones, so that a resumed run goes on where it was."""
        step = 0
        while True:
            if step >= skip:
                yield self.draw(np.random.default_rng([seed, step]))
            step += 1

    def draw(self, rng: np.random.Generator) -> TrainingBatch:
        """One batch of random rooms and random items of each."""
        wanted = self.settings.rooms * self.world
        count = min(wanted, len(self.by_room))
        each = self.settings.items_per_room * wanted // count  # fewer rooms give more items each
        chosen = [self.by_room[index] for index in rng.choice(len(self.by_room), count, replace=False)]
        items = [rng.permutation(rows)[:each] for rows in chosen]
        turns = rng.integers(0, QUARTERS, count) if self.settings.turn else np.zeros(count, dtype=np.int64)
        shifts = rng.uniform(-self.settings.shift, self.settings.shift, (count, 2)).astype(np.float32)
        captions = np.array([self._caption(item, rng) for rows in items for item in rows])
        return self.build(items, captions, turns, shifts, rng)

    def _caption(self, item: int, rng: np.random.Generator) -> int:
        rows = self.prepared.part("item_captions", item).numpy()
        if not len(rows):
            return NOTHING
        if self.settings.bare_share is None:
            return int(rng.choice(rows))
        bare = self.prepared["caption_bare"].numpy()[rows]
        wanted = rows[bare] if rng.random() < self.settings.bare_share else rows[~bare]
        return int(rng.choice(wanted if len(wanted) else rows))

    def build(
        self,
        items: list[Rows],
        captions: Rows,
        turns: Rows,
        shifts: NDArray[np.float32],
        rng: np.random.Generator | None = None,
    ) -> TrainingBatch:
        """The batch of these items by room, told by these captions, rooms turned and shifted."""
        room = np.repeat(np.arange(len(items)), [len(part) for part in items])
        readings = []
        for item, caption, place in zip(np.concatenate(items), captions, room, strict=True):
            x, y = (float(value) for value in shifts[place])
            plain = Reading(int(item), int(caption), int(turns[place]), (x, y))
            readings.append(plain if rng is None else self._with_near_misses(self._with_body(plain, rng), rng))
        bounds = self._bounds(items)
        own = readings[bounds[self.rank] : bounds[self.rank + 1]]
        parts = tuple(int(count) for count in np.diff(bounds))
        return self.items.joined([self.items.read(r) for r in own], self.items.relations(readings), parts)

    def _bounds(self, items: list[Rows]) -> list[int]:
        """Where the items of each process begin and end."""
        ends = np.cumsum([0, *(len(part) for part in items)])
        return [int(ends[len(items) * rank // self.world]) for rank in range(self.world + 1)]

    def _with_body(self, reading: Reading, rng: np.random.Generator) -> Reading:
        if not self.settings.body:
            return reading
        body = rng.normal(0.0, self.settings.body, (JOINT_COUNT, 3)).astype(np.float32)
        return replace(reading, body=body)

    def _with_near_misses(self, reading: Reading, rng: np.random.Generator) -> Reading:
        wrong, edits = self.settings.text_negatives, self.settings.motion_negatives
        if not wrong and not edits:
            return reading
        rows, alone = self.prepared["negative_captions"], self.prepared["negative_of_motion"]
        texts = tuple((int(rows[row]), bool(alone[row])) for row in self._wrong(reading.item, wrong, rng))
        return replace(reading, wrong_captions=texts, edits=self._edits(reading, edits, rng))

    def _wrong(self, item: int, count: int, rng: np.random.Generator) -> Rows:
        """Rows of wrong captions; each kind that the item has is as likely, however many captions it has of it."""
        first, last = self.prepared.span("negative_captions", item)
        kinds = self.prepared["negative_kind"][first:last].numpy()
        if not count or not len(kinds):
            return np.zeros(0, dtype=np.int64)
        weights = 1 / np.bincount(kinds)[kinds]
        return first + rng.choice(len(kinds), min(count, len(kinds)), replace=False, p=weights / weights.sum())

    def _edits(self, reading: Reading, count: int, rng: np.random.Generator) -> tuple[NDArray[np.float32], ...]:
        """Changes to the motion after which the caption is false: a caption without objects may stay true."""
        motion, scene = (int(self.prepared[name][reading.item]) for name in ("item_motion", "item_scene"))
        lacks = min(motion, scene, reading.caption) < 0
        if not count or lacks or self.prepared["caption_bare"][reading.caption]:
            return ()
        proven = self.prepared.part("motion_edits", reading.item).numpy()
        if len(proven):
            return tuple(proven[row] for row in rng.permutation(len(proven))[:count])
        joints = self.prepared.part("joints", motion)[:1].numpy() * np.float32(0.001)
        return tuple(far_edit(joints, rng) for _ in range(count))
