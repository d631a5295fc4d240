"""Down to the floor in front of an object, and up again."""

from __future__ import annotations

from typing import Final

import numpy as np

from monster.arrays import BoolArray
from worlds.actions.detecting.facing import faces
from worlds.actions.performing.actor import Actor, Setting, choose, go
from worlds.actions.performing.keyframes import ARM_AT_REST, SPINE_AT_REST, Keyframe, Posture
from worlds.actions.performing.spots import beside
from worlds.actions.performing.timeline import Timeline
from worlds.geometry.kinematics import MotionKinematics
from worlds.types import PlacedObject

BESIDE: Final = 0.8  # metres to the object
HIGHEST: Final = 1.0  # metres of the underside of the object
RISING_LEAN: Final = 0.35  # radians of the pelvis on the way up
LEANT_BY: Final = 0.4  # share of the time of rising


def go_before(actor: Actor, target: PlacedObject, *, least: float = 0.0) -> Timeline | None:
    """Walk to where the body faces the object from more than ``least`` metres; None if there is no such place."""
    spots = beside(actor.room, target, actor.floor)
    if len(spots):
        spots = spots.where(target.distance(spots.points) > least)
    goal = choose(actor, spots)
    return None if goal is None else go(actor, goal, goal)


def straighten(timeline: Timeline, seconds: float) -> None:
    """Keyframes that bring the body upright over its feet in so many seconds."""
    stand, standing_height = timeline.stand, timeline.body.standing_height
    standing = Posture(height=standing_height, place=(stand.x, stand.y), spine=SPINE_AT_REST, arms=ARM_AT_REST)
    timeline.play(
        [
            Keyframe(standing, start=0.0, at=1.0),
            Keyframe(Posture(lean=RISING_LEAN), start=0.0, at=LEANT_BY),
            Keyframe(Posture(lean=0.0), start=LEANT_BY, at=1.0),
        ],
        seconds=seconds,
    )


def find_low_enough(setting: Setting) -> list[tuple[int, ...]]:
    """Objects near the floor with a spot beside them."""
    room, floor = setting.room, setting.floor
    low = [object_ for object_ in room.objects if object_.position[2] < HIGHEST]
    return [(object_.id,) for object_ in low if len(beside(room, object_, floor))]


def is_before(target: PlacedObject, motion: MotionKinematics) -> BoolArray:
    """Frames (frames,) in which the body is beside the object and faces it."""
    return np.asarray((target.distance(motion.pelvis) < BESIDE) & faces(target, motion))
