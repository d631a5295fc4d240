"""Training batches from a prepared corpus: whole rooms with several items each, so that negatives share the room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from monster.errors import CorpusError
from monster.networks.batches import MotionBatch, SceneBatch, TextBatch
from monster.training.prepared import Prepared

Rows = NDArray[np.int64]
QUARTERS = 4  # rotations of a room for which object features are kept


@dataclass(frozen=True, eq=False)
class TrainingBatch:
    """n items in r rooms: texts and motions (n), scenes (r), ``room`` (n,) says which scene is whose.

    The masks (n, n) tell what is no negative: ``same_room``, ``same_plan`` (the same done to the same objects),
    ``text_fits`` (the text of the row names no object and is true of the column's motion). ``bare`` (n,): such a text.
    """

    text: TextBatch
    motion: MotionBatch
    scene: SceneBatch
    room: Tensor
    same_room: Tensor
    same_plan: Tensor
    text_fits: Tensor
    bare: Tensor
    items: Rows

    def to(self, device: torch.device | str) -> TrainingBatch:
        """The batch on another device."""
        moved = {name: value.to(device) for name, value in vars(self).items() if name != "items"}
        return TrainingBatch(**moved, items=self.items)


@dataclass(frozen=True)
class BatchSettings:
    """How batches are drawn. ``shift`` is the largest move of a whole room, in metres."""

    rooms: int = 32
    items_per_room: int = 4
    shift: float = 0.4
    bare_share: float = 0.15  # of the items are told by a caption that names no object
    turn: bool = True


class Batcher:
    """Draws batches from the items of a split. ``features`` (4, objects, hidden): the objects at each quarter turn."""

    def __init__(self, prepared: Prepared, features: Tensor, settings: BatchSettings, *, split: int = 0) -> None:
        self.prepared = prepared
        self.features = features
        self.settings = settings
        self.rows = prepared.rows(split)
        if not len(self.rows):
            raise CorpusError("expected items of the split to draw with motion, scene and captions, got none")
        scenes = prepared["item_scene"].numpy()[self.rows]
        order = np.argsort(scenes, kind="stable")
        starts = np.flatnonzero(np.diff(scenes[order], prepend=-1))
        self.by_room = np.split(self.rows[order], starts[1:])

    def epochs(self, seed: int, *, skip: int = 0) -> Iterator[TrainingBatch]:
        """Batches without end; ``skip`` leaves out the first ones, so that a resumed run goes on where it was."""
        step = 0
        while True:
            rng = np.random.default_rng([seed, step])
            if step >= skip:
                yield self.draw(rng)
            step += 1

    def draw(self, rng: np.random.Generator) -> TrainingBatch:
        """One batch of random rooms and random items of each."""
        count = min(self.settings.rooms, len(self.by_room))
        chosen = [self.by_room[index] for index in rng.choice(len(self.by_room), count, replace=False)]
        items = [rng.permutation(rows)[: self.settings.items_per_room] for rows in chosen]
        turns = rng.integers(0, QUARTERS, count) if self.settings.turn else np.zeros(count, dtype=np.int64)
        shifts = rng.uniform(-self.settings.shift, self.settings.shift, (count, 2)).astype(np.float32)
        captions = np.array([self._caption(item, rng) for rows in items for item in rows])
        return self.build(items, captions, turns, shifts)

    def _caption(self, item: int, rng: np.random.Generator) -> int:
        rows = self.prepared.part("item_captions", item).numpy()
        bare = self.prepared["caption_bare"].numpy()[rows]
        wanted = rows[bare] if rng.random() < self.settings.bare_share else rows[~bare]
        return int(rng.choice(wanted if len(wanted) else rows))

    def build(self, items: list[Rows], captions: Rows, turns: Rows, shifts: NDArray[np.float32]) -> TrainingBatch:
        """The batch of these items by room, told by these captions, rooms turned and shifted."""
        rows = np.concatenate(items)
        room = np.repeat(np.arange(len(items)), [len(part) for part in items])
        plan = self.prepared["item_plan"][rows]
        signature = self.prepared["signature"][captions]
        fits = self.prepared["compatible_of"][rows][:, signature.clamp(min=0)].T & (signature >= 0)[:, None]
        room_rows = torch.from_numpy(room)
        return TrainingBatch(
            TextBatch.of([self.prepared.part("tokens", row).float().numpy() for row in captions]),
            MotionBatch.of([self._joints(i, turns[r], shifts[r]) for i, r in zip(rows, room, strict=True)]),
            self._scenes([int(self.prepared["item_scene"][part[0]]) for part in items], turns, shifts),
            room_rows,
            same_room=room_rows[:, None] == room_rows[None, :],
            same_plan=plan[:, None] == plan[None, :],
            text_fits=fits,
            bare=signature >= 0,
            items=rows,
        )

    def _joints(self, item: int, turn: int, shift: NDArray[np.float32]) -> NDArray[np.float32]:
        joints = self.prepared.part("joints", int(self.prepared["item_motion"][item])).numpy() * np.float32(0.001)
        joints[..., :2] = joints[..., :2] @ quarter_turn(int(turn)).T + shift
        return joints

    def _scenes(self, scenes: list[int], turns: Rows, shifts: NDArray[np.float32]) -> SceneBatch:
        spans = [self.prepared.span("boxes", scene) for scene in scenes]
        most = max(end - start for start, end in spans)
        mask = torch.zeros(len(scenes), most, dtype=torch.bool)
        boxes = torch.zeros(len(scenes), most, 6)
        features = torch.zeros(len(scenes), most, self.features.shape[-1])
        labels = torch.zeros(len(scenes), most, dtype=torch.int64)
        for row, (start, end) in enumerate(spans):
            count = end - start
            mask[row, :count] = True
            boxes[row, :count] = turned_boxes(self.prepared["boxes"][start:end], int(turns[row]), shifts[row])
            features[row, :count] = self.features[int(turns[row]), start:end].float()
            labels[row, :count] = self.prepared["classes"][start:end]
        vectors = self.prepared["class_vectors"][labels]
        return SceneBatch(boxes, mask, features=features, label_vectors=vectors, has_label=mask)


def quarter_turn(turn: int) -> NDArray[np.float32]:
    """The exact rotation (2, 2) by ``turn`` quarters about the vertical."""
    cos, sin = ((1, 0), (0, 1), (-1, 0), (0, -1))[turn % QUARTERS]
    return np.array([[cos, -sin], [sin, cos]], dtype=np.float32)


def turned_boxes(boxes: Tensor, turn: int, shift: Any = (0.0, 0.0)) -> Tensor:
    """Boxes (n, 6) after quarter turns and a shift (2,) on the floor: exact, as width and depth only change places."""
    out = boxes.clone()
    out[:, :2] = boxes[:, :2] @ torch.from_numpy(quarter_turn(turn)).T + torch.as_tensor(shift)
    if turn % 2:
        out[:, 3], out[:, 4] = boxes[:, 4], boxes[:, 3]
    return out


def turned_points(points: Tensor, turn: int) -> Tensor:
    """Object points (..., 6) after quarter turns about the vertical; colours stay."""
    out = points.clone()
    out[..., :2] = points[..., :2] @ torch.from_numpy(quarter_turn(turn)).to(points.dtype).T
    return out
