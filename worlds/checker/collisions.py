"""Is a body pushed through furniture? Decided from joints and solids; what the body is in contact with is left out."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.contact import lying_on, seated_on
from worlds.actions.registry import ACTIONS
from worlds.checker.claims import Claim, is_true, moments_of
from worlds.geometry.kinematics import FPS, Joints, Mask, MotionKinematics, starts
from worlds.geometry.relations import FloorPlan
from worlds.types import Array, PlacedObject

DEEP: Final = 0.05  # metres that a joint is inside a solid
_BODY: Final = 1.5  # metres from the pelvis within which all joints are
SHARE: Final = 0.1  # of all frames
ON_END: Final = 0.4  # seconds


def holds(claim: Claim, plan: FloorPlan, joints: Joints | MotionKinematics) -> bool:
    """Whether the claim is true of joints (frames, 22, 3) and the body goes through nothing: a true item."""
    seen = MotionKinematics.of(joints)
    return is_true(claim, plan, seen) and not collides(plan, seen)


def collides(plan: FloorPlan, joints: Joints | MotionKinematics) -> bool:
    """Whether the body is pushed through the room's furniture.

    It is when a joint is more than 5 cm inside a solid in over 10 % of the frames or for over 0.4 s on end.
    """
    inside = inside_furniture(plan, joints)
    return bool(inside.mean() > SHARE or starts(inside, ON_END + 1 / FPS))


def inside_furniture(plan: FloorPlan, joints: Joints | MotionKinematics) -> Mask:
    """Frames (frames,) in which a joint is more than 5 cm inside a solid of the room.

    Left out is what the body sits or lies on, and what its hands do something at.
    """
    seen = MotionKinematics.of(joints)
    inside = np.zeros(len(seen), dtype=bool)
    for thing in plan.room.objects:
        frames = _inside(thing, seen.joints)
        if frames.any() and not _in_contact(thing, plan, seen):
            inside |= frames
    return inside


def _inside(thing: PlacedObject, joints: Array) -> Mask:
    """Frames (frames,) in which some joint is deep inside one of the object's solids."""
    found = np.zeros(len(joints), dtype=bool)
    reach = np.hypot(*thing.size[:2]) / 2
    x, y, z = thing.position
    pelvis = joints[:, 0]
    close = (np.abs(pelvis[:, :2] - [x, y]) <= reach + _BODY).all(axis=1)
    if not close.any():
        return found
    frames = np.flatnonzero(close)
    parts = joints[frames]
    near = (np.abs(parts[..., 0] - x) <= reach) & (np.abs(parts[..., 1] - y) <= reach)
    near &= parts[..., 2] <= z + thing.size[2]
    if not near.any():
        return found
    own = thing.to_local(parts[near])
    deep = np.zeros(len(own), dtype=bool)
    for solid in thing.solids:
        half = np.array(solid.size) / 2
        deep |= (half - np.abs(own - np.array(solid.center)) > DEEP).all(axis=1)
    found[frames[np.nonzero(near)[0][deep]]] = True
    return found


def _in_contact(thing: PlacedObject, plan: FloorPlan, seen: MotionKinematics) -> bool:
    if seated_on(thing, seen).any() or lying_on(thing, seen).any():
        return True
    return any(moments_of(spec.name, (thing,), plan, seen) for spec in ACTIONS if spec.touches)
