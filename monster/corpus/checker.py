"""Is a claim true of a motion in a room? Decided from joints and geometry alone, never from the generator's plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from monster.corpus.relations import ObjectPhrase, Plan
from monster.corpus.world import Action, Array, PlacedObject
from monster.skeleton import INDEX

Turn = Literal["left", "right", "straight"]
Pace = Literal["slowly", "quickly"]
Joints = NDArray[np.floating]

FPS: Final = 20.0
SETTLED: Final = 0.4  # seconds that a state has to last
STOP_DISTANCE: Final = 0.75  # metres from the body to what it has walked to
STOP_SPEED: Final = 0.3
WRIST_REACH: Final = 0.17  # metres from wrist to handle: a hand's length
LEAST_WALK, WALK_MEMORY = 0.8, 4.0  # metres walked within these seconds before an arrival
TURN_ANGLE: Final = np.radians(60)
STRAIGHT_ANGLE: Final = np.radians(15)
SLOW_WALK, QUICK_WALK = 0.75, 1.35  # metres a second, median while walking


@dataclass(frozen=True)
class Step:
    """One thing that a caption says was done, to the object that the phrase names (None: to no named object)."""

    action: Action
    object: ObjectPhrase | None = None


@dataclass(frozen=True)
class Claim:
    """What a caption says: steps in their order, and possibly the pace, the turn on the way and the kind of room."""

    steps: tuple[Step, ...]
    pace: Pace | None = None
    turn: Turn | None = None
    room: str | None = None


def is_true(claim: Claim, plan: Plan, joints: Joints) -> bool:
    """Whether every part of the claim holds for ``joints`` (frames, 22, 3) in the room of ``plan``, at 20 fps.

    A phrase that fits no object or several makes the claim false: it names nothing.
    """
    if claim.room is not None and claim.room != plan.room.kind:
        return False
    if claim.turn is not None and turn_of(joints) != claim.turn:
        return False
    if claim.pace is not None and pace_of(joints) != claim.pace:
        return False
    return _in_order(claim.steps, plan, joints)


def _in_order(steps: Sequence[Step], plan: Plan, joints: Joints) -> bool:
    after = -1
    for step in steps:
        moments = [moment for thing in _targets(step, plan) for moment in moments_of(step.action, thing, plan, joints)]
        later = [moment for moment in moments if moment > after]
        if not later:
            return False
        after = min(later)
    return True


def _targets(step: Step, plan: Plan) -> list[PlacedObject]:
    if step.object is None:
        return list(plan.room.objects)
    fitting = plan.resolve(step.object)
    return [plan.room.by_id(fitting[0])] if len(fitting) == 1 else []


def moments_of(action: Action, thing: PlacedObject, plan: Plan, joints: Joints) -> list[int]:
    """Frames at which the action is done to the object: the start of every stretch that lasts long enough."""
    state = _STATES[action](thing, plan, np.asarray(joints, dtype=np.float64))
    return _starts(state, round(SETTLED * FPS) if action != "stand up from" else 1)


def _starts(state: NDArray[np.bool_], least: int) -> list[int]:
    padded = np.concatenate([[False], state, [False]]).astype(np.int8)
    edges = np.diff(padded)
    return [
        int(a) for a, b in zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1), strict=True) if b - a >= least
    ]


def seated_on(thing: PlacedObject, joints: Array) -> NDArray[np.bool_]:
    """Frames in which the pelvis rests over one of the object's seats with the thighs level: (frames,)."""
    if not thing.seats:
        return np.zeros(len(joints), dtype=bool)
    pelvis = joints[:, INDEX["pelvis"]]
    seats = thing.to_room(np.array(thing.seats))
    level = (
        joints[:, [INDEX["left_hip"], INDEX["right_hip"]], 2] - joints[:, [INDEX["left_knee"], INDEX["right_knee"]], 2]
    ).max(1)
    flat = np.linalg.norm(pelvis[:, None, :2] - seats[None, :, :2], axis=2)
    rise = pelvis[:, None, 2] - seats[None, :, 2]
    upright = joints[:, INDEX["neck"], 2] - pelvis[:, 2] > 0.25
    return np.asarray(((flat < 0.3) & (rise > -0.03) & (rise < 0.25)).any(axis=1) & (level < 0.25) & upright)


def lying_on(thing: PlacedObject, joints: Array) -> NDArray[np.bool_]:
    """Frames in which pelvis and head rest on the object's lying surface: (frames,)."""
    if thing.lying is None:
        return np.zeros(len(joints), dtype=bool)
    surface = thing.to_room(np.array(thing.lying))[:, 2].min()
    body = joints[:, [INDEX["pelvis"], INDEX["head"]]]
    over = np.stack([thing.distance(body[:, i]) < 0.1 for i in range(2)]).all(axis=0)
    low = ((body[..., 2] > surface - 0.1) & (body[..., 2] < surface + 0.4)).all(axis=1)
    return np.asarray(over & low & (np.abs(body[:, 0, 2] - body[:, 1, 2]) < 0.35))


def standing(joints: Array) -> NDArray[np.bool_]:
    """Frames in which the body is upright on nearly straight legs: (frames,)."""
    pelvis, feet = joints[:, INDEX["pelvis"], 2], joints[:, [INDEX["left_ankle"], INDEX["right_ankle"]], 2].min(axis=1)
    leg = np.linalg.norm(joints[0, INDEX["left_hip"]] - joints[0, INDEX["left_knee"]]) + np.linalg.norm(
        joints[0, INDEX["left_knee"]] - joints[0, INDEX["left_ankle"]]
    )
    return np.asarray((pelvis - feet > 0.82 * leg) & (joints[:, INDEX["neck"], 2] - pelvis > 0.25))


def _seated(thing: PlacedObject, plan: Plan, joints: Array) -> NDArray[np.bool_]:
    return seated_on(thing, joints)


def _lying(thing: PlacedObject, plan: Plan, joints: Array) -> NDArray[np.bool_]:
    return lying_on(thing, joints)


def _risen(thing: PlacedObject, plan: Plan, joints: Array) -> NDArray[np.bool_]:
    sat = seated_on(thing, joints)
    long_enough = np.zeros(len(joints), dtype=bool)
    for start in _starts(sat, int(SETTLED * FPS)):
        long_enough[start + int(SETTLED * FPS) :] = True
    return np.asarray(long_enough & standing(joints) & ~sat)


def _arrived(thing: PlacedObject, plan: Plan, joints: Array) -> NDArray[np.bool_]:
    pelvis = joints[:, INDEX["pelvis"]]
    near = thing.distance(pelvis)
    rivals = [other.distance(pelvis) for other in plan.by_category[thing.category] if other.id != thing.id]
    nearest = np.all([near < rival for rival in rivals], axis=0) if rivals else np.ones(len(near), dtype=bool)
    still = floor_speed(pelvis) < STOP_SPEED
    travelled = _walked(pelvis) > LEAST_WALK
    return np.asarray((near < STOP_DISTANCE) & nearest & still & travelled & standing(joints) & _faces(thing, joints))


def _walked(track: Array) -> Array:
    """Metres (frames,) covered over the floor in the seconds before each frame, those of standing still left out."""
    steps = np.linalg.norm(np.diff(track[:, :2], axis=0, prepend=track[:1, :2]), axis=1)
    length = np.cumsum(np.where(floor_speed(track) > STOP_SPEED / 2, steps, 0.0))
    return np.asarray(length - length[np.maximum(np.arange(len(length)) - round(WALK_MEMORY * FPS), 0)])


def _faces(thing: PlacedObject, joints: Array) -> NDArray[np.bool_]:
    half = np.array(thing.size[:2]) / 2
    own = thing.to_own(joints[:, INDEX["pelvis"]])
    nearest = own.copy()
    nearest[:, :2] = np.clip(own[:, :2], -half * 0.5, half * 0.5)
    toward = (thing.to_room(nearest) - joints[:, INDEX["pelvis"]])[:, :2]
    heading = facing(joints)
    return np.asarray((toward * heading).sum(axis=1) > 0.2 * np.linalg.norm(toward, axis=1))


def _reaching(thing: PlacedObject, plan: Plan, joints: Array) -> NDArray[np.bool_]:
    wrists = joints[:, [INDEX["left_wrist"], INDEX["right_wrist"]]].reshape(-1, 3)
    near = _handle_distance(thing, wrists)
    for other in plan.by_category[thing.category]:
        if other.id != thing.id:
            near = np.where(_handle_distance(other, wrists) < near, np.inf, near)
    return np.asarray((near.reshape(-1, 2).min(axis=1) < WRIST_REACH) & standing(joints))


def _handle_distance(thing: PlacedObject, points: Array) -> Array:
    if not thing.handles:
        return np.full(len(points), np.inf)
    handles = thing.to_room(np.array(thing.handles))
    return np.asarray(np.linalg.norm(points[:, None] - handles[None], axis=2).min(axis=1))


_STATES: Final[dict[Action, Callable[[PlacedObject, Plan, Array], NDArray[np.bool_]]]] = {
    "walk to": _arrived,
    "sit on": _seated,
    "lie on": _lying,
    "stand up from": _risen,
    "reach for": _reaching,
}


def facing(joints: Array) -> Array:
    """Unit direction (frames, 2) on the floor that the hips face."""
    across = (joints[:, INDEX["left_hip"]] - joints[:, INDEX["right_hip"]])[:, :2]
    forward = np.stack([across[:, 1], -across[:, 0]], axis=1)
    return np.asarray(forward / np.maximum(np.linalg.norm(forward, axis=1, keepdims=True), 1e-9))


def floor_speed(track: Array) -> Array:
    """Speed (frames,) over the floor in metres a second of positions (frames, 3) at 20 fps, over a quarter second."""
    flat = track[:, :2]
    ahead = np.minimum(np.arange(len(flat)) + 3, len(flat) - 1)
    behind = np.maximum(np.arange(len(flat)) - 2, 0)
    return np.asarray(np.linalg.norm(flat[ahead] - flat[behind], axis=1) * FPS / np.maximum(ahead - behind, 1))


def pace_of(joints: Joints) -> Pace | None:
    """Pace by the median speed while walking; None for an ordinary one or when nobody walks a metre."""
    track = np.asarray(joints, dtype=np.float64)[:, INDEX["pelvis"]]
    speed = floor_speed(track)
    walking = speed > STOP_SPEED
    if walking.sum() / FPS * float(np.median(speed[walking]) if walking.any() else 0.0) < 1.0:
        return None
    median = float(np.median(speed[walking]))
    return "slowly" if median < SLOW_WALK else "quickly" if median > QUICK_WALK else None


def turn_of(joints: Joints) -> Turn | None:
    """How the walk bends from first to last half metre, as the walker sees it; None when unclear or too short."""
    track = np.asarray(joints, dtype=np.float64)[:, INDEX["pelvis"], :2]
    length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(track, axis=0), axis=1))])
    if length[-1] < 1.6:
        return None
    at = np.arange(0.15, length[-1] - 0.1, 0.25)
    points = np.stack([np.interp(at, length, track[:, axis]) for axis in range(2)], axis=1)
    legs = np.diff(points, axis=0)
    heading = np.unwrap(np.arctan2(legs[:, 1], legs[:, 0]))
    change = heading - heading[0]
    if np.abs(change).max() < STRAIGHT_ANGLE:
        return "straight"
    total = float(np.median(change[-2:]))
    if abs(total) > TURN_ANGLE and np.abs(change).max() < abs(total) + np.radians(30):
        return "left" if total > 0 else "right"
    return None
