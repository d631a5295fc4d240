"""Hard negatives as stored: what each kind changes of an item, and how the change is carried out. Numpy only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import numpy as np

from monster.arrays import DoubleArray, FloatArray
from monster.corpus.checker import HardNegative
from monster.errors import InputError
from monster.skeleton import MIRROR
from monster.types import Item, Scene

TEXT_KINDS: Final = (
    "other object", "other action", "other order", "other pace", "other side", "other count", "other direction",
)  # fmt: skip
MOTION_KINDS: Final = ("turned", "shifted", "mirrored", "reversed", "through")
SCENE_KINDS: Final = ("removed", "other room")
KINDS: Final[tuple[str, ...]] = (*TEXT_KINDS, *MOTION_KINDS, *SCENE_KINDS)
HELD_OUT_KINDS: Final[tuple[str, ...]] = ()  # left out of all training: none, a judge needs every kind of falsehood


def apply(negative: HardNegative, item: Item, scene_of: Callable[[str], Scene]) -> Item:
    """The item with its first caption and the change carried out; ``scene_of`` reads a scene by its id.

    Raises InputError for an item without caption, motion or scene, and for an unknown kind.
    """
    if item.motion is None or item.scene is None or not item.captions:
        raise InputError(f"item {item.id!r}: expected a caption, a motion and a scene to change, got fewer")
    kind = negative.get("kind")
    whole = replace(item, captions=item.captions[:1])
    if kind in TEXT_KINDS:
        return replace(whole, captions=(negative["caption"],))
    if kind in MOTION_KINDS:
        return replace(whole, motion=replace(item.motion, joints=moved(negative, item.motion.joints)))
    if kind == "removed":
        return replace(whole, scene=without(item.scene, negative["instance"]))
    if kind == "other room":
        return replace(whole, scene=scene_of(negative["scene"]))
    raise InputError(f"expected a hard negative of kind {', '.join(KINDS)}, got {kind!r}")


def moved(negative: HardNegative, joints: FloatArray) -> FloatArray:
    """Joints (frames, 22, 3) changed by a negative of a motion kind, to the millimetre; heights stay as they are."""
    kind, changed = negative["kind"], np.array(joints, dtype=np.float64)
    if kind == "reversed":
        changed = changed[::-1]
    elif kind == "mirrored":
        changed = _mirrored(changed, negative["about"], negative["angle"])
    else:
        if "angle" in negative:
            changed[..., :2] = _turned(changed[..., :2], negative["about"], negative["angle"])
        changed[..., :2] += np.array(negative.get("by", (0.0, 0.0)))
    return np.round(changed, 3).astype(np.float32)


def _turned(points: DoubleArray, about: Any, angle: float) -> DoubleArray:
    middle, (cos, sin) = np.array(about), (np.cos(angle), np.sin(angle))
    return np.asarray((points - middle) @ np.array([[cos, sin], [-sin, cos]]) + middle)


def _mirrored(joints: DoubleArray, about: Any, angle: float) -> DoubleArray:
    middle, line = np.array(about), np.array([np.cos(angle), np.sin(angle)])
    offset = joints[..., :2] - middle
    changed = joints.copy()
    changed[..., :2] = middle + 2 * (offset @ line)[..., None] * line - offset
    return changed[:, list(MIRROR)]


def without(scene: Scene, instance: int) -> Scene:
    """The scene with an object's points gone."""
    if scene.instances is None:
        raise InputError(f"expected a scene with instances to take {instance} out of, got one without")
    kept = scene.instances != instance
    labels = None if scene.labels is None else {key: name for key, name in scene.labels.items() if key != instance}
    colors = None if scene.colors is None else scene.colors[kept]
    return Scene(scene.points[kept], colors, scene.instances[kept], labels, scene.provenance)
