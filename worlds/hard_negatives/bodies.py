"""Changed motions and scenes that make a caption false: body moved, time reversed, object removed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import numpy as np

from worlds.checker.claims import Claim, Observation, is_true
from worlds.checker.collisions import collides
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.hard_negatives.edits import moved
from worlds.hard_negatives.original import Original
from worlds.hard_negatives.sides import names_side, opposite
from worlds.types import Array

_TRIES: Final = 4
_LOW: Final = 0.4  # metres below which furniture is no obstacle to speak of
_SHIFTS: Final = (0.7, 2.2)  # metres
_TURNS: Final = (np.radians(60), np.radians(180))


def moved_bodies(original: Original) -> Iterator[dict[str, Any]]:
    """The motion turned, shifted and mirrored so that the caption is false: within free floor where that can be."""
    for kind in ("turned", "shifted", "mirrored"):
        drawn = [_drawn(kind, original) for _ in range(_TRIES)]
        own = mirrored_about_body(original) if kind == "mirrored" else None
        negative = _first_false([] if own is None else [own], original) or _first_false(drawn, original)
        if negative is not None:
            yield negative


def mirrored_about_body(original: Original) -> dict[str, Any] | None:
    """The motion mirrored across the sagittal plane that the body has at its start; None if no caption names a side.

    ``false_captions`` are the numbers of the captions that the other side alone makes false, whatever the scene.
    """
    sided = [number for number, caption in enumerate(original.captions) if names_side(caption.claim)]
    if not sided:
        return None
    x, y = original.seen.viewer.heading
    about = _rounded(original.seen.pelvis[0, :2])
    negative: dict[str, Any] = {"kind": "mirrored", "about": about, "angle": round(float(np.arctan2(y, x)), 4)}
    mirrored = Observation(original.plan, MotionKinematics.of(moved(negative, _joints(original))))
    false = [number for number in sided if _is_false_mirrored(original, original.captions[number].claim, mirrored)]
    return negative | ({"false_captions": false} if false else {})


def _is_false_mirrored(original: Original, claim: Claim, mirrored: Observation) -> bool:
    """Whether the claim is false of the mirrored motion in its room, and would be in the mirrored room."""
    return original.is_false(opposite(claim)) and not mirrored.proves(claim)


def _drawn(kind: str, original: Original) -> dict[str, Any]:
    rng, track = original.rng, original.seen.pelvis[:, :2]
    sign = 1 if rng.random() < 0.5 else -1
    about = _rounded(track[0] if rng.random() < 0.5 else track.mean(axis=0))
    if kind == "turned":
        return {"kind": kind, "about": about, "angle": round(sign * float(rng.uniform(*_TURNS)), 4)}
    if kind == "shifted":
        way = rng.uniform(-np.pi, np.pi)
        return {"kind": kind, "by": _rounded(rng.uniform(*_SHIFTS) * np.array([np.cos(way), np.sin(way)]))}
    ahead = original.seen.viewer.heading  # across the line of the first gaze left and right change places
    angle = np.arctan2(ahead[1], ahead[0]) + float(rng.choice([0.0, rng.uniform(-np.pi / 2, np.pi / 2)]))
    return {"kind": kind, "about": about, "angle": round(float(angle), 4)}


def _first_false(negatives: list[dict[str, Any]], original: Original) -> dict[str, Any] | None:
    """The first that makes the caption false with the body on free floor, else the first that makes it false."""
    false: list[dict[str, Any]] = []
    for negative in negatives:
        seen = MotionKinematics.of(moved(negative, _joints(original)))
        if is_true(original.claim, original.plan, seen):
            continue
        if _within(original.plan.room.outline, seen.pelvis[::10, :2]) and not collides(original.plan, seen):
            return negative
        false.append(negative)
    return false[0] if false else None


def reversed_motions(original: Original) -> Iterator[dict[str, Any]]:
    """The motion backwards in time."""
    negative = {"kind": "reversed"}
    if not is_true(original.claim, original.plan, moved(negative, _joints(original))):
        yield negative


def bodies_in_furniture(original: Original) -> Iterator[dict[str, Any]]:
    """The body moved to where it goes through furniture, whatever it does then."""
    solid = [t for t in original.plan.room.objects if t.position[2] < 0.05 and t.size[2] > _LOW and t.solids]
    track = original.seen.pelvis[:, :2]
    for index in original.rng.permutation(len(solid))[:_TRIES]:
        frame = int(original.rng.integers(len(track)))
        negative = {
            "kind": "through",
            "by": _rounded(np.array(solid[index].position[:2]) - track[frame]),
            "angle": round(float(original.rng.uniform(-np.pi, np.pi)), 4),
            "about": _rounded(track[frame]),
        }
        if collides(original.plan, moved(negative, _joints(original))):
            yield negative


def removed_objects(original: Original) -> Iterator[dict[str, Any]]:
    """One of the objects that something is done to is gone from the scene."""
    targets = original.targets
    for index in original.rng.permutation(len(targets)):
        gone = targets[index].id
        kept = tuple(thing for thing in original.plan.room.objects if thing.id != gone)
        if not is_true(original.claim, FloorPlan(replace(original.plan.room, objects=kept)), original.seen):
            yield {"kind": "removed", "instance": gone}


def _joints(original: Original) -> Any:
    return original.seen.joints.astype(np.float32)


def _rounded(point: Array) -> list[float]:
    return [round(float(value), 3) for value in point]


def _within(outline: Array, points: Array) -> bool:
    """Whether all floor points (n, 2) are inside the polygon: rays to the right cross an odd number of its sides."""
    start, end = outline, np.roll(outline, -1, axis=0)
    above = (start[None, :, 1] > points[:, None, 1]) != (end[None, :, 1] > points[:, None, 1])
    rise = np.where(end[:, 1] == start[:, 1], 1.0, end[:, 1] - start[:, 1])
    at = start[:, 0] + (points[:, None, 1] - start[:, 1]) / rise * (end[:, 0] - start[:, 0])
    return bool(((above & (at > points[:, :1])).sum(axis=1) % 2 == 1).all())
