"""From motions and scenes to what the network takes: windows of joints, sampled objects, label vectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import torch

from monster.errors import InputError
from monster.networks.collate import SceneBatch, pad
from monster.networks.config import SceneConfig
from monster.networks.sampling import object_boxes, sample_objects
from monster.text import TextTower
from monster.types import CANONICAL_FPS, MAX_OBJECTS, FloatArray, Motion, Scene, SceneObject

WINDOW: Final = int(10 * CANONICAL_FPS)  # frames that are encoded at once
MIN_OBJECT: Final = 2  # points


def motion_windows(motion: Motion) -> list[FloatArray]:
    """Joints (frames, 22, 3) at 20 fps in windows of at most 10 s that overlap by about half and cover the motion."""
    joints = motion.resampled(CANONICAL_FPS).joints
    if len(joints) <= WINDOW:
        return [joints]
    count = int(np.ceil((len(joints) - WINDOW) / (WINDOW / 2))) + 1
    starts = np.linspace(0, len(joints) - WINDOW, count).round().astype(int)
    return [joints[start : start + WINDOW] for start in starts]


class ClassVectors:
    """Vectors of object labels: those of the model's own categories from its weights, others from the text tower."""

    def __init__(self, known: Mapping[str, FloatArray], tower: TextTower | None, width: int) -> None:
        self._known = dict(known)
        self._tower = tower
        self.width = width

    def __getitem__(self, label: str) -> FloatArray | None:
        """The vector (width,), or None when the tower does not make vectors of that width."""
        if label not in self._known:
            if self._tower is None or self._tower.width != self.width:
                return None
            self._known[label] = self._tower.sentences([label])[0]
        return self._known[label]


def scene_batch(scenes: Sequence[Scene], config: SceneConfig, vectors: ClassVectors) -> SceneBatch:
    """Scenes as a batch: at most ``max_objects`` each, the largest; labels become vectors where they are known."""
    objects = [scene_objects(scene, config.max_objects) for scene in scenes]
    points, boxes = zip(*(sampled(found, config.points) for found in objects), strict=True)
    length = config.max_objects if config.pad_to_max else None
    batch = SceneBatch.of(points, boxes, pad_to=length)
    found = [[vectors[o.label] if o.label else None for o in part] for part in objects]
    zero = np.zeros(vectors.width, dtype=np.float32)
    rows = [np.stack([zero if vector is None else vector for vector in part]) for part in found]
    has_label = torch.zeros_like(batch.mask)
    for row, part in enumerate(found):
        has_label[row, : len(part)] = torch.tensor([vector is not None for vector in part])
    padded = pad(rows, length=length)[0]
    return SceneBatch(batch.boxes, batch.mask, points=batch.points, label_vectors=padded, has_label=has_label)


def sampled(objects: Sequence[SceneObject], count: int) -> tuple[FloatArray, FloatArray]:
    """The objects of one scene as `sample_objects` (n, count, 6) and `object_boxes` (n, 6) give them."""
    points = [thing.points for thing in objects]
    colors = [thing.colors for thing in objects if thing.colors is not None]
    return sample_objects(points, colors or None, count), object_boxes(points)


def scene_objects(scene: Scene, most: int = MAX_OBJECTS) -> list[SceneObject]:
    """The largest objects of a scene, split into objects first when it has none. Raises InputError for none of them."""
    if scene.instances is None:
        from monster.io.normalise.segmentation import split_objects

        scene = split_objects(scene)
    found = [thing for thing in scene.objects(most) if len(thing.points) >= MIN_OBJECT]
    if not found:
        raise InputError(f"expected a scene with objects of at least {MIN_OBJECT} points, got none")
    return found
