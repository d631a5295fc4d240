"""Hard negatives that change the motion or the scene: body moved, time reversed, object removed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import numpy as np

from monster.arrays import DoubleArray, FloatArray
from worlds.checker.claims import Claim, Observation, is_true
from worlds.checker.collisions import collides
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.hard_negatives.edits import moved
from worlds.hard_negatives.original import Original
from worlds.hard_negatives.sides import names_side, opposite
from worlds.rooms.floor import inside
from worlds.types import PlacedObject

_TRIES: Final = 4
_LOW_FURNITURE: Final = 0.4  # metres: lower furniture is not used as an obstacle
_SHIFT_RANGE: Final = (0.7, 2.2)  # metres
_TURN_RANGE: Final = (np.radians(60), np.radians(180))


def moved_bodies(original: Original) -> Iterator[dict[str, Any]]:
    """The motion turned, shifted and mirrored so that the caption is false; on free floor where possible."""
    for kind in ("turned", "shifted", "mirrored"):
        drawn = [_random_change(kind, original) for _ in range(_TRIES)]
        negative = None
        if kind == "mirrored":
            about_body = mirrored_about_body(original)
            negative = None if about_body is None else _first_false([about_body], original)
        negative = negative or _first_false(drawn, original)
        if negative is not None:
            yield negative


def mirrored_about_body(original: Original) -> dict[str, Any] | None:
    """The motion mirrored across the body's sagittal plane in the first frame; None if no caption names a side.

    ``false_captions`` has the indices of the captions that are false only because left and right are swapped.
    """
    with_side = [number for number, caption in enumerate(original.captions) if names_side(caption.claim)]
    if not with_side:
        return None
    x, y = original.motion.viewer.heading
    about = _rounded(original.motion.pelvis[0, :2])
    negative: dict[str, Any] = {"kind": "mirrored", "about": about, "angle": round(float(np.arctan2(y, x)), 4)}
    mirrored = Observation(original.floor_plan, MotionKinematics.of(moved(negative, _joints(original))))
    claims = {number: original.captions[number].claim for number in with_side}
    false_captions = [number for number in with_side if _is_false_mirrored(original, claims[number], mirrored)]
    if false_captions:
        negative["false_captions"] = false_captions
    return negative


def _is_false_mirrored(original: Original, claim: Claim, mirrored: Observation) -> bool:
    """Whether the claim is false of the mirrored motion, in the item's room and in the mirrored room."""
    return original.is_false(opposite(claim)) and not mirrored.proves(claim)


def _random_change(kind: str, original: Original) -> dict[str, Any]:
    rng, track = original.rng, original.motion.pelvis[:, :2]
    sign = 1 if rng.random() < 0.5 else -1
    about = _rounded(track[0] if rng.random() < 0.5 else track.mean(axis=0))
    if kind == "turned":
        return {"kind": kind, "about": about, "angle": round(sign * float(rng.uniform(*_TURN_RANGE)), 4)}
    if kind == "shifted":
        direction = rng.uniform(-np.pi, np.pi)
        shift = rng.uniform(*_SHIFT_RANGE) * np.array([np.cos(direction), np.sin(direction)])
        return {"kind": kind, "by": _rounded(shift)}
    ahead = original.motion.viewer.heading  # mirroring across it swaps left and right
    angle = np.arctan2(ahead[1], ahead[0]) + float(rng.choice([0.0, rng.uniform(-np.pi / 2, np.pi / 2)]))
    return {"kind": kind, "about": about, "angle": round(float(angle), 4)}


def _first_false(negatives: list[dict[str, Any]], original: Original) -> dict[str, Any] | None:
    """The first change that makes the caption false with the body on free floor, else the first that makes it false."""
    off_floor: list[dict[str, Any]] = []
    for negative in negatives:
        motion = MotionKinematics.of(moved(negative, _joints(original)))
        if is_true(original.claim, original.floor_plan, motion):
            continue
        in_room = _is_inside(original.floor_plan.room.outline, motion.pelvis[::10, :2])
        if in_room and not collides(original.floor_plan, motion):
            return negative
        off_floor.append(negative)
    return off_floor[0] if off_floor else None


def reversed_motions(original: Original) -> Iterator[dict[str, Any]]:
    """The motion reversed in time."""
    negative = {"kind": "reversed"}
    if not is_true(original.claim, original.floor_plan, moved(negative, _joints(original))):
        yield negative


def bodies_in_furniture(original: Original) -> Iterator[dict[str, Any]]:
    """The body moved so that it collides with furniture, whatever it does."""
    furniture = [object_ for object_ in original.floor_plan.room.objects if _is_obstacle(object_)]
    track = original.motion.pelvis[:, :2]
    for index in original.rng.permutation(len(furniture))[:_TRIES]:
        frame = int(original.rng.integers(len(track)))
        negative = {
            "kind": "through",
            "by": _rounded(np.array(furniture[index].position[:2]) - track[frame]),
            "angle": round(float(original.rng.uniform(-np.pi, np.pi)), 4),
            "about": _rounded(track[frame]),
        }
        if collides(original.floor_plan, moved(negative, _joints(original))):
            yield negative


def _is_obstacle(object_: PlacedObject) -> bool:
    return object_.position[2] < 0.05 and object_.size[2] > _LOW_FURNITURE and bool(object_.solids)


def removed_objects(original: Original) -> Iterator[dict[str, Any]]:
    """The scene without one of the targets."""
    targets = original.targets
    for index in original.rng.permutation(len(targets)):
        removed = targets[index].id
        kept = tuple(object_ for object_ in original.floor_plan.room.objects if object_.id != removed)
        if not is_true(original.claim, FloorPlan(replace(original.floor_plan.room, objects=kept)), original.motion):
            yield {"kind": "removed", "instance": removed}


def _joints(original: Original) -> FloatArray:
    return original.motion.joints.astype(np.float32)


def _rounded(point: DoubleArray) -> list[float]:
    return [round(float(value), 3) for value in point]


def _is_inside(outline: DoubleArray, points: DoubleArray) -> bool:
    """Whether all floor points (n, 2) are inside the polygon (n, 2)."""
    return bool(inside(outline, points).all())
