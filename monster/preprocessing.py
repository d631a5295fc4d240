"""Network inputs from motions and scenes: windows of joints, sampled objects, label vectors."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import torch

from monster.arrays import AnyArray, DoubleArray, FloatArray
from monster.errors import InputError
from monster.frames import DIGITS, lowest_height, own_frame, scene_origin
from monster.networks.collate import SceneBatch, pad
from monster.networks.config import SceneConfig
from monster.networks.sampling import object_boxes, sample_objects
from monster.text import TextTower
from monster.types import CANONICAL_FPS, MAX_OBJECTS, Motion, Scene, SceneObject

WINDOW: Final = int(10 * CANONICAL_FPS)  # frames that are encoded at once
MIN_OBJECT: Final = 2  # points


def own_windows(motion: Motion) -> list[FloatArray]:
    """The windows of a motion, each in its own frame; the floor is that of the whole motion."""
    windows = motion_windows(motion)
    floor = min(lowest_height(window) for window in windows)
    return [own_frame(window, floor) for window in windows]


def in_own_frame(scene: Scene) -> tuple[Scene, DoubleArray]:
    """The scene with its `scene_origin` at 0, and that origin (3,).

    Coordinates are rounded, because a cell or threshold of the segmentation could tell 0.05 m from 0.0499999 m.
    """
    origin = scene_origin(scene.points)
    local = np.round(scene.points - origin, DIGITS)
    return dataclasses.replace(scene, points=np.asarray(local, dtype=np.float32)), origin


def motion_windows(motion: Motion, origin: AnyArray | None = None) -> list[FloatArray]:
    """Joints (frames, 22, 3) at 20 fps in windows of at most 10 s that overlap by about half and cover the motion.

    ``origin`` (3,) is subtracted.
    """
    joints = motion.resampled(CANONICAL_FPS).joints
    if origin is not None:
        joints = np.asarray(joints - origin, dtype=np.float32)
    if len(joints) <= WINDOW:
        return [joints]
    count = int(np.ceil((len(joints) - WINDOW) / (WINDOW / 2))) + 1
    starts = np.linspace(0, len(joints) - WINDOW, count).round().astype(int)
    return [joints[start : start + WINDOW] for start in starts]


class ClassVectors:
    """Vectors of object labels: of the model's categories from its weights, of other labels from the text tower."""

    def __init__(self, known: Mapping[str, FloatArray], tower: TextTower | None, width: int) -> None:
        self._known = dict(known)
        self._tower = tower
        self.width = width

    def __getitem__(self, label: str) -> FloatArray | None:
        """The vector (width,), or None if there is no text tower of that width."""
        if label not in self._known:
            if self._tower is None or self._tower.width != self.width:
                return None
            self._known[label] = self._tower.sentences([label])[0]
        return self._known[label]


def scene_batch(scenes: Sequence[Scene], config: SceneConfig, vectors: ClassVectors) -> SceneBatch:
    """Scenes as a batch of their ``max_objects`` largest objects, with vectors for the labels that have one."""
    objects = [scene_objects(scene, config.max_objects) for scene in scenes]
    points, boxes = zip(*(sampled(part, config.points) for part in objects), strict=True)
    length = config.max_objects if config.pad_to_max else None
    batch = SceneBatch.of(points, boxes, pad_to=length)
    rows = []
    has_label = torch.zeros_like(batch.mask)
    for number, part in enumerate(objects):
        label_vectors, known = _label_vectors(part, vectors)
        rows.append(label_vectors)
        has_label[number, : len(part)] = known
    padded = pad(rows, length=length)[0]
    return SceneBatch(batch.boxes, batch.mask, points=batch.points, label_vectors=padded, has_label=has_label)


def _label_vectors(objects: Sequence[SceneObject], vectors: ClassVectors) -> tuple[FloatArray, torch.Tensor]:
    """Vectors (n, width) of the objects' labels, zero where there is none, and which objects (n,) have one."""
    rows = np.zeros((len(objects), vectors.width), dtype=np.float32)
    known = torch.zeros(len(objects), dtype=torch.bool)
    for row, object_ in enumerate(objects):
        vector = vectors[object_.label] if object_.label else None
        if vector is not None:
            rows[row] = vector
            known[row] = True
    return rows, known


def sampled(objects: Sequence[SceneObject], count: int) -> tuple[FloatArray, FloatArray]:
    """The objects of one scene as sampled points (n, count, 6) and boxes (n, 6)."""
    points = [object_.points for object_ in objects]
    colors = [object_.colors for object_ in objects if object_.colors is not None]
    return sample_objects(points, colors or None, count), object_boxes(points)


def scene_objects(scene: Scene, most: int = MAX_OBJECTS) -> list[SceneObject]:
    """The largest objects of a scene, which is split into objects if it has no instances.

    Raises InputError if there is none.
    """
    if scene.instances is None:
        from monster.io.normalise.segmentation import split_objects

        scene = split_objects(scene)
    objects = [object_ for object_ in scene.objects(most) if len(object_.points) >= MIN_OBJECT]
    if not objects:
        raise InputError(f"expected a scene with objects of at least {MIN_OBJECT} points, got none")
    return objects
