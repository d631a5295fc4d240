"""Pick up a portable object."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np

from monster.arrays import BoolArray, DoubleArray
from worlds.actions.carrying.arms import CARRY_TIME, GRASP_SECONDS, LIFT_TIME, carrying_arm
from worlds.actions.performing.actor import Actor, Setting
from worlds.actions.performing.keyframes import Keyframe, Posture
from worlds.actions.performing.places import NORMALS, Edge, get_to, rightwards, stands_before
from worlds.actions.performing.reaching import DOWN, Reach, bent, bring_hands, find_hold
from worlds.actions.performing.timeline import Timeline
from worlds.actions.spec import ActionSpec, HardNegativeRules, Phrases, Sampling
from worlds.geometry.kinematics import FPS, MotionKinematics, starts
from worlds.geometry.relations import FloorPlan
from worlds.people.body import SIDES, Body
from worlds.people.gait import Stand
from worlds.rooms.floor import WalkableMap
from worlds.types import ActionName, PlacedObject, Targets

# Distances in metres.
PALM: Final = 0.04  # from the side of an object to the wrist of the hand that holds it
GRASP: Final = 0.85  # height of the wrists, of the object's height
GRASP_RISE: Final = 0.03
LOWEST_GRASP: Final = 0.3  # height of the wrists, of the object's height
FLAT: Final = 0.19  # height of the wrists at a flat object: fingers are longer than it is high
CARRIED_AT: Final = 0.63  # height of wrists that carry, of stature
CARRIED_RANGE: Final = 0.1  # around that height
TOWARDS_BODY: Final = 0.05  # of the wrists from the middle of the object
LOAD: Final = (0.2, 0.5)  # between the wrists that carry
REACH_SECONDS: Final = (0.85, 1.05)
DEEP_SECONDS: Final = 0.25  # more for the deepest reach
HOLD_SECONDS: Final = (0.22, 0.32)
LIFT_DELAY: Final = 0.1  # share of the time of lifting in which the hands still hold
UPRIGHT: Final = 0.65  # share of the time of lifting after which a body that walks on is upright
END_SECONDS, SHORTEST_END = (0.7, 1.0), 0.65
AT_SIDES: Final = 0.2  # from a wrist to the object
OPPOSITE: Final = 1.4  # distance of the wrists, of half the object's size
CONTACT_TIME: Final = 0.2  # seconds
LIFTED, REMOVED = 0.12, 0.3  # up, or away


def pick_up(actor: Actor, targets: Targets, is_last: bool) -> bool:
    """Walk to an object, take it by two opposite sides and lift it in front of the trunk."""
    target = targets[0]
    if actor.carrying or not target.portable:
        return False
    reachable = [spots for edge in _sides(target) if len(spots := stands_before(target, edge, actor.floor))]
    options = sorted(reachable, key=lambda _: float(actor.rng.random()))
    reached = get_to(actor, ((spots, partial(_by_the_sides, actor.body, target)) for spots in options))
    if reached is None:
        return False
    timeline, reach = reached
    seconds = actor.seconds(REACH_SECONDS) + DEEP_SECONDS * reach.drop / (DOWN.lowest * actor.body.leg)
    left, right = np.array(reach.wrists[0]), np.array(reach.wrists[1])
    actor.load = float(np.clip(np.linalg.norm(right - left), *LOAD))
    bring_hands(timeline, reach, seconds=seconds)
    timeline.wait(actor.draw(HOLD_SECONDS))
    lift(timeline, actor.load, seconds=seconds, upright=seconds if is_last else UPRIGHT * seconds)
    timeline.wait(actor.seconds(END_SECONDS, least=SHORTEST_END) if is_last else 0.0)
    return True


def lift(timeline: Timeline, apart: float, *, seconds: float, upright: float) -> None:
    """Bring the load in front of the trunk in so many seconds; the body is upright ``upright`` seconds from now."""
    grasp = Posture(arms=carrying_arm(timeline.body, apart), carrying=1.0)
    timeline.play([Keyframe(grasp, start=-GRASP_SECONDS, at=0.0)])
    timeline.play([Keyframe(Posture(reach=(0.0, 0.0)), start=LIFT_DELAY, at=1.0)], seconds=seconds)
    timeline.reach(bent(timeline, 0.0, 0.0), seconds=upright)


def _sides(target: PlacedObject) -> list[Edge]:
    half = np.array(target.size[:2]) / 2
    return [Edge((float(x * half[0]), float(y * half[1])), (x, y)) for x, y in NORMALS]


def _by_the_sides(body: Body, target: PlacedObject, stand: Stand) -> Reach | None:
    """Both wrists at the sides of the object that are to the left and right of a body at that stand."""
    right = rightwards(stand)
    local = target.to_local(np.array([[*right, 0.0]]) + np.array(target.position))[0, :2]
    half = float(np.abs(local) @ np.array(target.size[:2])) / 2
    bottom, carried = target.position[2], CARRIED_AT * body.stature
    grasp = bottom + max(GRASP * target.size[2] + GRASP_RISE, FLAT)
    height = min(grasp, max(carried - CARRIED_RANGE, bottom + LOWEST_GRASP * target.size[2]))
    if height > carried + CARRIED_RANGE:
        return None  # it would be lowered, not lifted
    middle = np.array([*target.position[:2], height])
    towards = np.array([stand.x, stand.y]) - middle[:2]
    middle[:2] += TOWARDS_BODY * towards / max(float(np.linalg.norm(towards)), 1e-9)
    places = {side: middle + np.array([*(SIDES[side] * (half + PALM) * right), 0.0]) for side in range(2)}
    return find_hold(body, stand, places, limits=DOWN)


def find_portable(setting: Setting) -> list[tuple[int, ...]]:
    """Portable objects with a stand at one of their sides."""
    portable = [object_ for object_ in setting.room.objects if object_.portable]
    return [(object_.id,) for object_ in portable if _is_reachable(object_, setting.floor)]


def _is_reachable(target: PlacedObject, floor: WalkableMap) -> bool:
    return any(len(stands_before(target, edge, floor)) for edge in _sides(target))


def picked_up(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """Both hands were at opposite sides of a portable object, then carry something, higher up or away from it."""
    target = targets[0]
    if not target.portable or not motion.carrying.any():
        return []
    near, between = _at_sides(target, motion)
    held = near & between
    contacts = [start for start in starts(held, CONTACT_TIME) if not motion.carrying[start]]
    contacts = [start for start in contacts if _is_nearest(target, motion, _middle_frame(held, start), floor_plan)]
    wrists = motion.pair("wrist")
    lifts: set[int] = set()
    for start in contacts:
        higher = (wrists[..., 2] - wrists[start, :, 2]).min(axis=1) > LIFTED
        away = np.linalg.norm(wrists - wrists[start], axis=2).min(axis=1) > REMOVED
        carried = starts(motion.carrying & (higher | away), CARRY_TIME)
        lifts.update([frame for frame in carried if start < frame <= start + LIFT_TIME * FPS][:1])
    return sorted(lifts)


def _middle_frame(state: BoolArray, start: int) -> int:
    return start + int(np.argmin(np.append(state[start:], False))) // 2


def _at_sides(target: PlacedObject, motion: MotionKinematics) -> tuple[BoolArray, BoolArray]:
    """Frames in which both wrists are near the object's box, and frames in which it is between them: (frames,)."""
    half = np.array(target.size) / 2
    local = target.to_local(motion.pair("wrist").reshape(-1, 3)).reshape(-1, 2, 3) - [0.0, 0.0, half[2]]
    near = np.linalg.norm(np.maximum(np.abs(local) - half, 0.0), axis=2).max(axis=1) < AT_SIDES
    left, right = local[:, 0, :2], local[:, 1, :2]
    opposite = (left * right < 0) & (np.abs(right - left) > OPPOSITE * half[:2])
    return np.asarray(near), np.asarray(opposite.any(axis=1))


def _is_nearest(target: PlacedObject, motion: MotionKinematics, frame: int, floor_plan: FloorPlan) -> bool:
    """Whether no other portable object is nearer to the hands."""
    hands = motion.pair("wrist")[frame].mean(axis=0)
    portable = [object_ for object_ in floor_plan.room.objects if object_.portable]
    away = {object_.id: float(np.linalg.norm(_middle(object_) - hands)) for object_ in portable}
    return away[target.id] <= min(away.values())


def _middle(target: PlacedObject) -> DoubleArray:
    return np.asarray(np.array(target.position) + np.array([0.0, 0.0, target.size[2] / 2]), dtype=np.float64)


def is_portable(target: PlacedObject) -> bool:
    """Whether two hands can lift the object."""
    return target.portable


PICK_UP: Final = ActionSpec(
    name=ActionName("pick up"),
    perform=pick_up,
    find_targets=find_portable,
    seconds=5.0,
    detect=picked_up,
    touches=True,
    phrases=Phrases(
        general=("move an arm", "bend over"),
        named=(
            "~pick up {o}",
            "~lift {o} with both hands",
            "~take hold of {o} and ~lift it",
            "~lift {o} up",
            "~grab {o} and ~pick it up",
            "~take {o} in both hands and ~raise it",
        ),
        bare=(
            "~pick something up",
            "~lift something with both hands",
            "~pick up a thing with both hands",
        ),
    ),
    sampling=Sampling(weight=1.4, hands="fill"),
    hard_negatives=HardNegativeRules(suits=is_portable),
)
