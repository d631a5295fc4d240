"""Wipe an object."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from worlds.actions.detecting.tops import over_top
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.places import Edge, draw_ending, draw_side, get_to, in_room, stands_at_top, top_edges
from worlds.actions.performing.reaching import Reach, ReachLimits, bring_hands, end_reach, find_hold, follow
from worlds.actions.performing.tops import find_tops, has_top, has_top_at
from worlds.actions.spec import ActionSpec, HardNegativeRules, Phrases, Sided
from worlds.actions.surfaces.touch import END_SECONDS, KEYS, REACH_SECONDS, RIM, WRIST
from worlds.geometry.kinematics import STOP_SPEED, MotionKinematics, reversals, starts
from worlds.geometry.relations import FloorPlan
from worlds.people.body import SIDES, Body
from worlds.people.curves import ease
from worlds.people.gait import Stand
from worlds.types import ActionName, PlacedObject, Targets

# Distances in metres.
WIPE_HEIGHT: Final = (0.35, 1.3)  # of the top
WIPING: Final = ReachLimits(most=float(np.radians(82)), lowest=0.5)
WIPE_FROM: Final = (0.27, 0.32, 0.37, 0.42)  # from the side of the object
WIPED_EDGE: Final = 0.46  # length of the edge, at least
WIPE_SECONDS, SHORTEST_WIPE = (2.0, 2.6), 1.7
STROKE_RATE: Final = 0.9  # a second
EASED: Final = 0.35  # share of the phase that starts and stops slowly
ROUND_SHARE: Final = 0.5  # of round strokes
RADIUS, MIDDLE = (0.09, 0.12), (0.08, 0.15)  # of round strokes; from the point of the edge: aside, inwards
WIDTH, ASIDE = (0.12, 0.15), 0.07  # of strokes to and fro; from the point of the edge
DEPTH_START, DEPTH_END = 0.08, (0.14, 0.2)  # of strokes to and fro from the edge
DEPTH_SHARE: Final = 0.9  # of a narrow top that strokes take
WIPED_HIGH: Final = 0.14  # of the wrist over the top
WIPE_TIME: Final = 0.8  # seconds
WIPED_LENGTH: Final = 0.6  # of the wrist's path
SWEEP: Final = 0.1  # of the wrist before it turns back
ALONE: Final = 0.3  # to the other wrist


def wipe(actor: Actor, targets: Targets, is_last: bool) -> bool:
    """Walk to the object and wipe its top with one hand, in circles or to and fro."""
    target, side = targets[0], draw_side(actor)
    if actor.carrying or not has_top_at(target, WIPE_HEIGHT):
        return False
    edges = top_edges(target, least=WIPED_EDGE)
    seconds = actor.seconds(WIPE_SECONDS, least=SHORTEST_WIPE)
    path = _strokes(actor, seconds, side=side)
    options = []
    for index in actor.rng.permutation(len(edges)):
        posture = partial(_wiping, actor.body, target, edges[index], side=side, path=path)
        options.append((stands_at_top(target, edges[index], actor.floor, gaps=WIPE_FROM), posture))
    reached = get_to(actor, options)
    if reached is None:
        return False
    timeline, (reach, places) = reached
    bring_hands(timeline, reach, seconds=actor.seconds(REACH_SECONDS))
    follow(timeline, {side: places}, seconds=seconds)
    ending = draw_ending(actor, is_last, stays=0.0)
    end_reach(timeline, ending, seconds=actor.seconds(REACH_SECONDS))
    timeline.wait(actor.seconds(END_SECONDS) if is_last else 0.0)
    return True


def _strokes(actor: Actor, seconds: float, *, side: int) -> DoubleArray:
    """The path of a wiping hand: offsets (n, 2) to the right of a point of an edge, and inwards from it."""
    time = np.linspace(0, 1, int(seconds * KEYS) + 1)
    phase = (EASED * ease(time) + (1 - EASED) * time) * 2 * np.pi * round(seconds * STROKE_RATE)
    if actor.rng.random() < ROUND_SHARE:
        radius, (aside, inward) = actor.draw(RADIUS), MIDDLE
        return np.column_stack([SIDES[side] * aside + radius * np.cos(phase), inward + radius * np.sin(phase)])
    width = actor.draw(WIDTH)
    depth = np.linspace(DEPTH_START, actor.draw(DEPTH_END), len(phase))
    return np.column_stack([SIDES[side] * ASIDE + width * np.cos(phase), depth])


def _wiping(
    body: Body, target: PlacedObject, edge: Edge, stand: Stand, *, side: int, path: DoubleArray
) -> tuple[Reach, DoubleArray] | None:
    """The posture at the start of a path (n, 2), and the path (n, 3) in the room, within a narrow top."""
    if target.top is None:
        return None
    shrink = min(1.0, DEPTH_SHARE * _depth(target.top, edge) / float(path[:, 1].max()))
    places = in_room(target, edge, [(along, inward * shrink, target.top[4] + WRIST) for along, inward in path])
    reach = find_hold(body, stand, {side: places}, limits=WIPING)
    return None if reach is None else (reach, places)


def _depth(top: tuple[float, float, float, float, float], edge: Edge) -> float:
    left, right, back, front, _ = top
    return front - back if edge.normal[0] == 0 else right - left


def wiped(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """One hand, the other away from it, moves to and fro over the object's top."""
    return sorted(frame for side in range(2) for frame in wiped_with(motion, targets, floor_plan, side))


def wiped_with(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan, side: int) -> list[int]:
    """Frames at which the hand of that side begins to wipe."""
    target = targets[0]
    if target.top is None:
        return []
    wrists = motion.pair("wrist")
    alone = (np.linalg.norm(wrists[:, 1] - wrists[:, 0], axis=1) > ALONE) & (motion.speed < STOP_SPEED)
    over = over_top(target, motion, RIM, high=WIPED_HIGH) & alone[:, None]
    if not over.any():
        return []
    wipes = []
    local = target.to_local(wrists[:, side])
    for start in starts(over[:, side], WIPE_TIME):
        end = start + int(np.argmin(np.append(over[start:, side], False)))
        if _sweeps(local[start:end]):
            wipes.append(start)
    return wipes


def _sweeps(path: DoubleArray) -> bool:
    length = np.linalg.norm(np.diff(path, axis=0), axis=1).sum()
    return bool(length >= WIPED_LENGTH and max(reversals(path[:, axis], SWEEP) for axis in range(2)) >= 2)


WIPE: Final = ActionSpec(
    name=ActionName("wipe"),
    perform=wipe,
    find_targets=find_tops(WIPE_HEIGHT, WIPED_EDGE),
    seconds=5.6,
    detect=wiped,
    touches=True,
    phrases=Phrases(
        general=("move an arm",),
        named=(
            "~wipe {o}",
            "~wipe down {o}",
            "~wipe the top of {o} with one hand",
            "~clean the top of {o}",
            "~rub the top of {o}",
            "~run a hand over {o} to wipe it",
        ),
        bare=(
            "~wipe something",
            "~wipe a surface",
            "~wipe something clean with one hand",
        ),
    ),
    sided=Sided(
        wiped_with,
        (
            "~wipe {o} with {hand}",
            "~clean the top of {o} with {hand}",
            "~rub the top of {o} with {hand}",
            "~wipe something with {hand}",
            "~wipe a surface with {hand}",
            "~clean something with {hand}",
        ),
    ),
    hard_negatives=HardNegativeRules(suits=has_top),
)
