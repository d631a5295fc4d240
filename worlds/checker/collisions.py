"""Detects bodies that penetrate furniture, from joints and solids; objects that the body uses are exempt."""

from __future__ import annotations

from typing import Final

import numpy as np

from monster.arrays import AnyArray, BoolArray, DoubleArray
from worlds.actions.detecting.contact import lying_on, seated_on
from worlds.actions.registry import ACTIONS
from worlds.checker.claims import Claim, detect_frames, is_true
from worlds.geometry.kinematics import FPS, MotionKinematics, starts
from worlds.geometry.relations import FloorPlan
from worlds.types import PlacedObject

PENETRATION_DEPTH: Final = 0.05  # metres inside a solid from which a joint counts
_BODY_RADIUS: Final = 1.5  # metres from the pelvis within which all joints are
MAX_SHARE: Final = 0.1  # of the frames
MAX_SECONDS: Final = 0.4  # at a stretch


def is_valid(claim: Claim, floor_plan: FloorPlan, joints: AnyArray | MotionKinematics) -> bool:
    """Whether the claim is true of ``joints`` (frames, 22, 3) and the motion collides with nothing."""
    motion = MotionKinematics.of(joints)
    return is_true(claim, floor_plan, motion) and not collides(floor_plan, motion)


def collides(floor_plan: FloorPlan, joints: AnyArray | MotionKinematics) -> bool:
    """Whether a joint is more than 5 cm inside furniture in over 10 % of the frames, or for over 0.4 s at a stretch."""
    inside = inside_furniture(floor_plan, joints)
    return bool(inside.mean() > MAX_SHARE or starts(inside, MAX_SECONDS + 1 / FPS))


def inside_furniture(floor_plan: FloorPlan, joints: AnyArray | MotionKinematics) -> BoolArray:
    """Frames (frames,) in which a joint is more than 5 cm inside a solid of the room.

    Objects that the body sits or lies on, or touches with an action of its hands, are ignored.
    """
    motion = MotionKinematics.of(joints)
    inside = np.zeros(len(motion), dtype=bool)
    for object_ in floor_plan.room.objects:
        frames = _frames_inside(object_, motion.joints)
        if frames.any() and not _in_contact(object_, floor_plan, motion):
            inside |= frames
    return inside


def _frames_inside(object_: PlacedObject, joints: DoubleArray) -> BoolArray:
    """Frames (frames,) in which a joint is more than PENETRATION_DEPTH inside one of the object's solids."""
    inside = np.zeros(len(joints), dtype=bool)
    reach = np.hypot(*object_.size[:2]) / 2
    x, y, z = object_.position
    pelvis = joints[:, 0]
    close = (np.abs(pelvis[:, :2] - [x, y]) <= reach + _BODY_RADIUS).all(axis=1)
    if not close.any():
        return inside
    frames = np.flatnonzero(close)
    parts = joints[frames]
    near = (np.abs(parts[..., 0] - x) <= reach) & (np.abs(parts[..., 1] - y) <= reach)
    near &= parts[..., 2] <= z + object_.size[2]
    if not near.any():
        return inside
    local = object_.to_local(parts[near])
    deep = np.zeros(len(local), dtype=bool)
    for solid in object_.solids:
        half = np.array(solid.size) / 2
        deep |= (half - np.abs(local - np.array(solid.center)) > PENETRATION_DEPTH).all(axis=1)
    inside[frames[np.nonzero(near)[0][deep]]] = True
    return inside


def _in_contact(object_: PlacedObject, floor_plan: FloorPlan, motion: MotionKinematics) -> bool:
    if seated_on(object_, motion).any() or lying_on(object_, motion).any():
        return True
    return any(detect_frames(spec.name, (object_,), floor_plan, motion) for spec in ACTIONS if spec.touches)
