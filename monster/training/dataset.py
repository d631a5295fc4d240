"""The prepared corpus as a torch data set: items of one, two or three modalities, and the batch that they make.

dataset = CorpusDataset(prepared, features)
for batch in DataLoader(dataset, batch_size=64, shuffle=True, collate_fn=dataset.collate): ...
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from monster.arrays import FloatArray, IntArray
from monster.frames import own_frame
from monster.networks.collate import MotionBatch, SceneBatch, TextBatch
from monster.tasks import Kind
from monster.training.augment import Crop, apply_edit, mirrored_in_own_frame, quarter_rotation, rotated_boxes
from monster.training.prepared import Prepared

NONE: Final = -1  # the row of what an item lacks
SceneKey = tuple[int, int, tuple[float, float]]  # scene, quarter turns, shift


@dataclass(frozen=True)
class NegativeCaption:
    """A hard-negative caption: its row of the prepared captions, and whether it is false of the motion in any scene."""

    row: int
    of_motion: bool


@dataclass(frozen=True)
class SampleSpec:
    """How an item is read: its caption, how its room is rotated and shifted, and its hard negatives.

    ``caption`` is a row of the prepared captions (-1: no caption); ``edits`` (6,) change the motion before the room is
    rotated; ``joint_offset`` (22, 3) in metres is added to its joints. In its own frame the motion is also scaled and
    turned by ``own_scale`` and ``own_turn`` (radians); ``mirror_negative``: mirrored, it is a hard negative there.
    """

    item: int
    caption: int = NONE
    quarters: int = 0
    shift: tuple[float, float] = (0.0, 0.0)
    negative_captions: tuple[NegativeCaption, ...] = ()
    edits: tuple[FloatArray, ...] = ()
    joint_offset: FloatArray | None = None
    crop: Crop | None = None
    own_scale: float = 1.0
    own_turn: float = 0.0
    mirror_negative: bool = False


@dataclass(frozen=True)
class Sample:
    """The arrays of one item, None where it lacks the modality; the number of its scene, which other items share.

    ``joints`` are in the frame of the scene, ``own_joints`` in that of the motion.
    """

    spec: SampleSpec
    tokens: FloatArray | None
    joints: FloatArray | None
    own_joints: FloatArray | None
    scene: int
    negative_tokens: tuple[FloatArray, ...] = ()
    edited_joints: tuple[FloatArray, ...] = ()
    mirrored_joints: FloatArray | None = None


@dataclass(frozen=True, eq=False)
class Relations:
    """What n items have and how they relate to each other; decides which pairs are no negatives.

    ==================== ============ =================================================================
    scene                (n,)         number of the scene, -1 for none
    same_actions         (n, n)       the same actions with the same objects of the same scene
    text_true            (n, n)       the row's caption is scene-free and true of the column's motion
    scene_free           (n,)         the caption names no object
    has_text, has_motion (n,)
    text_vectors         (n, width)   mean token states of the captions
    has_claim            (n,)         a checker can prove the caption; of the others it is not known what they fit
    ==================== ============ =================================================================
    """

    scene: Tensor
    same_actions: Tensor
    text_true: Tensor
    scene_free: Tensor
    has_text: Tensor
    has_motion: Tensor
    text_vectors: Tensor
    has_claim: Tensor

    @property
    def has_scene(self) -> Tensor:
        """Which items (n,) have a scene."""
        return self.scene >= 0

    @property
    def same_room(self) -> Tensor:
        """Which items (n, n) share a scene."""
        return (self.scene[:, None] == self.scene) & self.has_scene

    def has(self, kind: Kind) -> Tensor:
        """Which items (n,) have every modality of the embedding kind."""
        masks = {"t": self.has_text, "m": self.has_motion, "s": self.has_scene}
        return torch.stack([masks[letter] for letter in kind if letter in masks]).all(dim=0)

    def to(self, device: torch.device | str) -> Relations:
        """The masks on another device."""
        return Relations(**{name: value.to(device) for name, value in vars(self).items()})


def _no_rows() -> Tensor:
    return torch.zeros(0, dtype=torch.int64)


@dataclass(frozen=True, eq=False)
class SentenceBatch:
    """Free sentences: token states, and which of them say the same: equal ``group`` (n,)."""

    text: TextBatch
    group: Tensor

    def to(self, device: torch.device | str) -> SentenceBatch:
        """The batch on another device."""
        return SentenceBatch(self.text.to(device), self.group.to(device))


@dataclass(frozen=True, eq=False)
class TrainingBatch:
    """The items that a process encodes, and the relations of all items of the joint batch of all processes.

    ``motion`` holds the motions in the frame of their scene, ``own_motion`` the same in their own frame.
    ``text_row``, ``motion_row``, ``room`` (n,) say which row of text, motion, scene belongs to an item, -1 for none; a
    room that items share is there once. ``negative_text_item``, ``negative_motion_item`` and ``mirrored_motion_item``
    (k,), in the own frame, name the item that a hard negative belongs to, ``negative_of_motion`` (k,) whether the
    caption is false of the motion in any scene. ``parts``: number of items by process.
    """

    text: TextBatch | None
    motion: MotionBatch | None
    scene: SceneBatch | None
    text_row: Tensor
    motion_row: Tensor
    room: Tensor
    relations: Relations
    items: IntArray
    parts: tuple[int, ...]
    negative_text: TextBatch | None = None
    negative_motion: MotionBatch | None = None
    negative_text_item: Tensor = field(default_factory=_no_rows)
    negative_of_motion: Tensor = field(default_factory=lambda: _no_rows().bool())
    negative_motion_item: Tensor = field(default_factory=_no_rows)
    own_motion: MotionBatch | None = None
    mirrored_motion: MotionBatch | None = None
    mirrored_motion_item: Tensor = field(default_factory=_no_rows)
    sentences: SentenceBatch | None = None

    def to(self, device: torch.device | str) -> TrainingBatch:
        """The batch on another device."""
        moved: dict[str, Any] = {n: v.to(device) if hasattr(v, "to") else v for n, v in vars(self).items()}
        return TrainingBatch(**moved)


class CorpusDataset(Dataset[Sample]):
    """The items of a split with so many modalities; ``features`` (4, objects, hidden): objects at each quarter turn."""

    def __init__(self, prepared: Prepared, features: Tensor, *, split: int = 0, modalities: int = 1) -> None:
        self.prepared, self.features = prepared, features
        self.rows = prepared.rows(split, modalities=modalities)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> Sample:
        return self.read(self.plain(int(self.rows[index])))

    def plain(self, item: int) -> SampleSpec:
        """The item with its first caption, not augmented."""
        captions = self.prepared.part("item_captions", item)
        return SampleSpec(item, int(captions[0]) if len(captions) else NONE)

    def read(self, spec: SampleSpec) -> Sample:
        """The arrays of an item."""
        tokens = self.tokens(spec.caption) if spec.caption >= 0 else None
        negative_tokens = tuple(self.tokens(negative.row) for negative in spec.negative_captions)
        scene = int(self.prepared["item_scene"][spec.item])
        joints = self._joints(spec)
        if joints is None:
            return Sample(spec, tokens, None, None, scene, negative_tokens)
        own_joints = _in_own_frame(joints, spec)
        return Sample(
            spec,
            tokens,
            self._placed(joints, spec, scene),
            own_joints,
            scene,
            negative_tokens,
            tuple(self._placed(apply_edit(joints, edit), spec, scene) for edit in spec.edits),
            mirrored_in_own_frame(own_joints) if spec.mirror_negative else None,
        )

    def tokens(self, caption: int) -> FloatArray:
        """The token states (length, width) of a row of the prepared captions."""
        return self.prepared.part("tokens", caption).float().numpy()

    def _joints(self, spec: SampleSpec) -> FloatArray | None:
        """The motion in the coordinates of its file."""
        motion = int(self.prepared["item_motion"][spec.item])
        if motion < 0:
            return None
        joints = self.prepared.part("joints", motion).numpy() * np.float32(0.001)
        joints += self.prepared["motion_start"][motion].numpy()
        if spec.joint_offset is not None:
            joints += spec.joint_offset
        return joints if spec.crop is None else spec.crop.apply(joints)

    def _placed(self, joints: FloatArray, spec: SampleSpec, scene: int) -> FloatArray:
        """Joints in the frame of the scene, with the room rotated and shifted."""
        local = joints - self.prepared["scene_origin"][scene].numpy() if scene >= 0 else joints.copy()
        local[..., :2] = local[..., :2] @ quarter_rotation(spec.quarters).T + np.array(spec.shift, dtype=np.float32)
        return local

    def collate(self, samples: Sequence[Sample]) -> TrainingBatch:
        """The batch of these samples, for a data loader of torch."""
        return self.joined(samples, self.relations([sample.spec for sample in samples]), (len(samples),))

    def joined(self, samples: Sequence[Sample], relations: Relations, parts: tuple[int, ...]) -> TrainingBatch:
        """The batch of these samples, which are one process's part of the items of the relations."""
        texts = [sample.tokens for sample in samples if sample.tokens is not None]
        motions = [sample.joints for sample in samples if sample.joints is not None]
        own_motions = [sample.own_joints for sample in samples if sample.own_joints is not None]
        mirrored = [(i, row) for i, sample in enumerate(samples) if (row := sample.mirrored_joints) is not None]
        negative_texts = [(i, row) for i, sample in enumerate(samples) for row in sample.negative_tokens]
        edited = [(i, row) for i, sample in enumerate(samples) for row in sample.edited_joints]
        of_motion = [negative.of_motion for sample in samples for negative in sample.spec.negative_captions]
        scene, room = self._scenes(samples)
        return TrainingBatch(
            text=TextBatch.of(texts) if texts else None,
            motion=MotionBatch.of(motions) if motions else None,
            scene=scene,
            text_row=_row_numbers([sample.tokens is not None for sample in samples]),
            motion_row=_row_numbers([sample.joints is not None for sample in samples]),
            room=room,
            relations=relations,
            items=np.array([sample.spec.item for sample in samples], dtype=np.int64),
            parts=parts,
            negative_text=TextBatch.of([row for _, row in negative_texts]) if negative_texts else None,
            negative_motion=MotionBatch.of([row for _, row in edited]) if edited else None,
            negative_text_item=torch.tensor([i for i, _ in negative_texts], dtype=torch.int64),
            negative_of_motion=torch.tensor(of_motion, dtype=torch.bool),
            negative_motion_item=torch.tensor([i for i, _ in edited], dtype=torch.int64),
            own_motion=MotionBatch.of(own_motions) if own_motions else None,
            mirrored_motion=MotionBatch.of([row for _, row in mirrored]) if mirrored else None,
            mirrored_motion_item=torch.tensor([i for i, _ in mirrored], dtype=torch.int64),
        )

    def relations(self, specs: Sequence[SampleSpec]) -> Relations:
        """How the items relate to each other with these captions."""
        rows = torch.tensor([spec.item for spec in specs])
        captions = torch.tensor([spec.caption for spec in specs])
        has_text = captions >= 0
        actions = self.prepared["item_actions"][rows]
        signature = torch.where(has_text, self.prepared["signature"][captions.clamp(min=0)], NONE)
        scene_free = signature >= 0
        text_true = self.prepared["true_of"][rows][:, signature.clamp(min=0)].T & scene_free[:, None]
        return Relations(
            scene=self.prepared["item_scene"][rows],
            same_actions=actions[:, None] == actions[None, :],
            text_true=text_true,
            scene_free=scene_free,
            has_text=has_text,
            has_motion=self.prepared["item_motion"][rows] >= 0,
            text_vectors=torch.stack([self._text_vector(spec.caption) for spec in specs]),
            has_claim=self.prepared["has_claim"][captions.clamp(min=0)] & has_text,
        )

    def _text_vector(self, caption: int) -> Tensor:
        if caption < 0:
            return torch.zeros(self.prepared["tokens"].shape[-1])
        return self.prepared.part("tokens", caption).float().mean(0)

    def _scenes(self, samples: Sequence[Sample]) -> tuple[SceneBatch | None, Tensor]:
        """The distinct scenes as they are rotated and shifted, and the row of each sample's."""
        keys = [(sample.scene, sample.spec.quarters, sample.spec.shift) for sample in samples]
        distinct = {key: row for row, key in enumerate(dict.fromkeys(key for key in keys if key[0] >= 0))}
        rooms = torch.tensor([distinct.get(key, NONE) for key in keys], dtype=torch.int64)
        return (self._scene_batch(list(distinct)) if distinct else None), rooms

    def _scene_batch(self, keys: list[SceneKey]) -> SceneBatch:
        spans = [self.prepared.span("boxes", scene) for scene, _, _ in keys]
        most = max(end - start for start, end in spans)
        mask = torch.zeros(len(keys), most, dtype=torch.bool)
        boxes = torch.zeros(len(keys), most, 6)
        features = torch.zeros(len(keys), most, self.features.shape[-1])
        labels = torch.zeros(len(keys), most, dtype=torch.int64)
        for row, ((_, quarters, shift), (start, end)) in enumerate(zip(keys, spans, strict=True)):
            count = end - start
            mask[row, :count] = True
            boxes[row, :count] = rotated_boxes(self.prepared["boxes"][start:end], quarters, shift)
            features[row, :count] = self.features[quarters, start:end].float()
            labels[row, :count] = self.prepared["classes"][start:end]
        vectors = self.prepared["class_vectors"][labels]
        return SceneBatch(boxes, mask, features=features, label_vectors=vectors, has_label=mask)


def _in_own_frame(joints: FloatArray, spec: SampleSpec) -> FloatArray:
    local = own_frame(joints) * np.float32(spec.own_scale)
    cos, sin = np.float32(np.cos(spec.own_turn)), np.float32(np.sin(spec.own_turn))
    local[..., :2] = local[..., :2] @ np.array([[cos, sin], [-sin, cos]])
    return local


def _row_numbers(present: list[bool]) -> Tensor:
    """Consecutive rows for what is present, -1 for the rest."""
    rows = np.cumsum(present) - 1
    return torch.from_numpy(np.where(present, rows, NONE).astype(np.int64))
