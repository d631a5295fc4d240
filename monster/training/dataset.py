"""The prepared corpus as a torch data set: items of one, two or three modalities, and the batch that they make.

items = Items(prepared, features)
for batch in DataLoader(items, batch_size=64, shuffle=True, collate_fn=items.collate): ...
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from monster.networks.collate import MotionBatch, SceneBatch, TextBatch
from monster.tasks import Kind
from monster.training.augment import edited, quarter_turn, turned_boxes
from monster.training.prepared import Prepared

Rows = NDArray[np.int64]
NOTHING: Final = -1


@dataclass(frozen=True)
class Reading:
    """How an item is read: by which caption, its room turned and shifted how, held against which near misses.

    ``caption`` and ``wrong_captions`` are rows of the prepared captions (-1: no caption); ``edits`` (k, 6) change the
    motion before the room is turned; ``body`` (22, 3) in metres is added to its joints, None adds nothing.
    """

    item: int
    caption: int = NOTHING
    turn: int = 0
    shift: tuple[float, float] = (0.0, 0.0)
    wrong_captions: tuple[tuple[int, bool], ...] = ()  # row, and whether it is false of the motion alone
    edits: tuple[NDArray[np.float32], ...] = ()
    body: NDArray[np.float32] | None = None


@dataclass(frozen=True)
class Example:
    """One item, read: its arrays, None where it lacks the modality. The scene is named: items share it."""

    reading: Reading
    tokens: NDArray[np.float32] | None
    joints: NDArray[np.float32] | None
    scene: int
    wrong_tokens: tuple[NDArray[np.float32], ...] = ()
    wrong_joints: tuple[NDArray[np.float32], ...] = ()


@dataclass(frozen=True, eq=False)
class Relations:
    """What n items have and how they lie to each other: (n,) and (n, n) masks that tell what is no negative.

    ``scene`` (n,): its number, -1 for none; ``same_plan`` (the same done to the same objects); ``text_fits`` (the text
    of the row names no object and is true of the column's motion); ``bare`` (n,): such a text; ``wording`` (n, width):
    mean token states.
    """

    scene: Tensor
    same_plan: Tensor
    text_fits: Tensor
    bare: Tensor
    has_t: Tensor
    has_m: Tensor
    wording: Tensor

    @property
    def has_s(self) -> Tensor:
        """Which items (n,) have a scene."""
        return self.scene >= 0

    @property
    def same_room(self) -> Tensor:
        """Which items (n, n) share a scene."""
        return (self.scene[:, None] == self.scene) & self.has_s

    def has(self, kind: Kind) -> Tensor:
        """Which items (n,) hold all that the embedding kind is made of."""
        masks = {"t": self.has_t, "m": self.has_m, "s": self.has_s}
        return torch.stack([masks[letter] for letter in kind]).all(dim=0)

    def to(self, device: torch.device | str) -> Relations:
        """The masks on another device."""
        return Relations(**{name: value.to(device) for name, value in vars(self).items()})


@dataclass(frozen=True, eq=False)
class TrainingBatch:
    """The items that a process encodes, and the relations of all that the joint batch of all processes holds.

    ``text_row``, ``motion_row``, ``room`` (n,) say which row of texts, motions, scenes is an item's, -1 for none; a
    room that items share is there once. ``wrong_text_of`` and ``wrong_motion_of`` (k,) name the item that a near miss
    belongs to, ``wrong_of_motion`` (k,) whether the text is false of the motion alone. ``parts``: items by process.
    """

    text: TextBatch | None
    motion: MotionBatch | None
    scene: SceneBatch | None
    text_row: Tensor
    motion_row: Tensor
    room: Tensor
    relations: Relations
    items: Rows
    parts: tuple[int, ...]
    wrong_text: TextBatch | None = None
    wrong_motion: MotionBatch | None = None
    wrong_text_of: Tensor = field(default_factory=lambda: torch.zeros(0, dtype=torch.int64))
    wrong_of_motion: Tensor = field(default_factory=lambda: torch.zeros(0, dtype=torch.bool))
    wrong_motion_of: Tensor = field(default_factory=lambda: torch.zeros(0, dtype=torch.int64))

    def to(self, device: torch.device | str) -> TrainingBatch:
        """The batch on another device."""
        moved: dict[str, Any] = {n: v.to(device) if hasattr(v, "to") else v for n, v in vars(self).items()}
        return TrainingBatch(**moved)


class Items(Dataset[Example]):
    """The items of a split that hold anything; ``features`` (4, objects, hidden): objects at each quarter turn."""

    def __init__(self, prepared: Prepared, features: Tensor, *, split: int = 0, modalities: int = 1) -> None:
        self.prepared, self.features = prepared, features
        self.rows = prepared.rows(split, modalities=modalities)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> Example:
        return self.read(self.plain(int(self.rows[index])))

    def plain(self, item: int) -> Reading:
        """The item by its first caption, where it lies."""
        captions = self.prepared.part("item_captions", item)
        return Reading(item, int(captions[0]) if len(captions) else NOTHING)

    def read(self, reading: Reading) -> Example:
        """The arrays of an item."""
        motion, scene = (int(self.prepared[name][reading.item]) for name in ("item_motion", "item_scene"))
        joints = None
        wrong: tuple[NDArray[np.float32], ...] = ()
        if motion >= 0:
            own = self.prepared.part("joints", motion).numpy() * np.float32(0.001)
            own = own if reading.body is None else own + reading.body
            wrong = tuple(_placed(edited(own, edit), reading) for edit in reading.edits)
            joints = _placed(own, reading)
        tokens = self._tokens(reading.caption) if reading.caption >= 0 else None
        texts = tuple(self._tokens(row) for row, _ in reading.wrong_captions)
        return Example(reading, tokens, joints, scene, texts, wrong)

    def _tokens(self, caption: int) -> NDArray[np.float32]:
        return self.prepared.part("tokens", caption).float().numpy()

    def collate(self, examples: Sequence[Example]) -> TrainingBatch:
        """The batch of these items, for a data loader of torch."""
        return self.joined(examples, self.relations([example.reading for example in examples]), (len(examples),))

    def joined(self, examples: Sequence[Example], relations: Relations, parts: tuple[int, ...]) -> TrainingBatch:
        """The batch of these items, which are a part of those that the relations tell of."""
        texts = [example.tokens for example in examples]
        motions = [example.joints for example in examples]
        wrong_texts = [(i, row) for i, example in enumerate(examples) for row in example.wrong_tokens]
        wrong_motions = [(i, row) for i, example in enumerate(examples) for row in example.wrong_joints]
        scene, room = self._scenes(examples)
        return TrainingBatch(
            TextBatch.of([row for row in texts if row is not None]) if any(row is not None for row in texts) else None,
            MotionBatch.of([r for r in motions if r is not None]) if any(r is not None for r in motions) else None,
            scene,
            _numbered([row is not None for row in texts]),
            _numbered([row is not None for row in motions]),
            room,
            relations,
            np.array([example.reading.item for example in examples], dtype=np.int64),
            parts,
            TextBatch.of([row for _, row in wrong_texts]) if wrong_texts else None,
            MotionBatch.of([row for _, row in wrong_motions]) if wrong_motions else None,
            torch.tensor([i for i, _ in wrong_texts], dtype=torch.int64),
            torch.tensor([alone for e in examples for _, alone in e.reading.wrong_captions], dtype=torch.bool),
            torch.tensor([i for i, _ in wrong_motions], dtype=torch.int64),
        )

    def relations(self, readings: Sequence[Reading]) -> Relations:
        """How the items lie to each other when read so."""
        rows = torch.tensor([reading.item for reading in readings])
        captions = torch.tensor([reading.caption for reading in readings])
        told = captions >= 0
        scene, plan = self.prepared["item_scene"][rows], self.prepared["item_plan"][rows]
        signature = torch.where(told, self.prepared["signature"][captions.clamp(min=0)], NOTHING)
        fits = self.prepared["compatible_of"][rows][:, signature.clamp(min=0)].T & (signature >= 0)[:, None]
        width = self.prepared["tokens"].shape[-1]
        wording = [
            self.prepared.part("tokens", r.caption).float().mean(0) if r.caption >= 0 else None for r in readings
        ]
        return Relations(
            scene=scene,
            same_plan=plan[:, None] == plan[None, :],
            text_fits=fits,
            bare=signature >= 0,
            has_t=told,
            has_m=self.prepared["item_motion"][rows] >= 0,
            wording=torch.stack([torch.zeros(width) if row is None else row for row in wording]),
        )

    def _scenes(self, examples: Sequence[Example]) -> tuple[SceneBatch | None, Tensor]:
        """The distinct scenes as they are turned and shifted, and the row of each item's."""
        keys = [(example.scene, example.reading.turn, example.reading.shift) for example in examples]
        distinct = {key: row for row, key in enumerate(dict.fromkeys(key for key in keys if key[0] >= 0))}
        rooms = torch.tensor([distinct.get(key, NOTHING) for key in keys], dtype=torch.int64)
        return (self._scene_batch(list(distinct)) if distinct else None), rooms

    def _scene_batch(self, keys: list[tuple[int, int, tuple[float, float]]]) -> SceneBatch:
        spans = [self.prepared.span("boxes", scene) for scene, _, _ in keys]
        most = max(end - start for start, end in spans)
        mask = torch.zeros(len(keys), most, dtype=torch.bool)
        boxes = torch.zeros(len(keys), most, 6)
        features = torch.zeros(len(keys), most, self.features.shape[-1])
        labels = torch.zeros(len(keys), most, dtype=torch.int64)
        for row, ((_, turn, shift), (start, end)) in enumerate(zip(keys, spans, strict=True)):
            count = end - start
            mask[row, :count] = True
            boxes[row, :count] = turned_boxes(self.prepared["boxes"][start:end], turn, shift)
            features[row, :count] = self.features[turn, start:end].float()
            labels[row, :count] = self.prepared["classes"][start:end]
        vectors = self.prepared["class_vectors"][labels]
        return SceneBatch(boxes, mask, features=features, label_vectors=vectors, has_label=mask)


def _placed(joints: NDArray[np.float32], reading: Reading) -> NDArray[np.float32]:
    out = joints.copy()
    out[..., :2] = joints[..., :2] @ quarter_turn(reading.turn).T + np.array(reading.shift, dtype=np.float32)
    return out


def _numbered(there: list[bool]) -> Tensor:
    rows = np.cumsum(there) - 1
    return torch.from_numpy(np.where(there, rows, NOTHING).astype(np.int64))
