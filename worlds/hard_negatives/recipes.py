"""Near misses as recipes: what each kind changes of an item, and how a recipe is carried out. Numpy only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from monster.errors import InputError
from monster.skeleton import MIRROR
from monster.types import Item, Scene

TEXT_KINDS: Final = ("other object", "other action", "other order", "other pace")
MOTION_KINDS: Final = ("turned", "shifted", "mirrored", "reversed", "through")
SCENE_KINDS: Final = ("removed", "other room")
COUNTERFACTUALS: Final[tuple[str, ...]] = (*TEXT_KINDS, *MOTION_KINDS, *SCENE_KINDS)
HELD_OUT_COUNTERFACTUALS: Final[tuple[str, ...]] = ("mirrored", "other pace")  # no training sees them

Recipe = Mapping[str, Any]
Joints = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Changed:
    """What a recipe makes of an item: its caption, joints (frames, 22, 3) and scene, at least one of them changed."""

    caption: str
    joints: Joints
    scene: Scene


def apply(recipe: Recipe, item: Item, scene_of: Callable[[str], Scene]) -> Changed:
    """The item's first caption, motion and scene with the recipe carried out; ``scene_of`` reads a scene by its id.

    Raises InputError for an item without one of the three and for a kind that is not known.
    """
    if item.motion is None or item.scene is None or not item.captions:
        raise InputError(f"item {item.id!r}: expected a caption, a motion and a scene to change, got fewer")
    kind, caption, joints, scene = recipe.get("kind"), item.captions[0], item.motion.joints, item.scene
    if kind in TEXT_KINDS:
        return Changed(recipe["caption"], joints, scene)
    if kind in MOTION_KINDS:
        return Changed(caption, moved(recipe, joints), scene)
    if kind == "removed":
        return Changed(caption, joints, without(scene, recipe["instance"]))
    if kind == "other room":
        return Changed(caption, joints, scene_of(recipe["scene"]))
    raise InputError(f"expected a counterfactual of kind {', '.join(COUNTERFACTUALS)}, got {kind!r}")


def moved(recipe: Recipe, joints: Joints) -> Joints:
    """Joints (frames, 22, 3) changed by a recipe of a motion kind, to the millimetre; heights stay as they are."""
    kind, changed = recipe["kind"], np.array(joints, dtype=np.float64)
    if kind == "reversed":
        changed = changed[::-1]
    elif kind == "mirrored":
        changed = _mirrored(changed, recipe["about"], recipe["angle"])
    else:
        if "angle" in recipe:
            changed[..., :2] = _turned(changed[..., :2], recipe["about"], recipe["angle"])
        changed[..., :2] += np.array(recipe.get("by", (0.0, 0.0)))
    return np.round(changed, 3).astype(np.float32)


def _turned(points: NDArray[np.float64], about: Any, angle: float) -> NDArray[np.float64]:
    middle, (cos, sin) = np.array(about), (np.cos(angle), np.sin(angle))
    return np.asarray((points - middle) @ np.array([[cos, sin], [-sin, cos]]) + middle)


def _mirrored(joints: NDArray[np.float64], about: Any, angle: float) -> NDArray[np.float64]:
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
