"""Wash hands at a basin."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from worlds.actions.performing.actor import Actor, Setting
from worlds.actions.performing.places import FRONT, Edge, draw_ending, get_to, in_room, stands_before
from worlds.actions.performing.reaching import Reach, bring_hands, end_reach, find_hold, follow
from worlds.actions.spec import ActionSpec, HardNegativeRules, Phrases, Sampling
from worlds.actions.surfaces.touch import END_SECONDS, KEYS, REACH_SECONDS
from worlds.geometry.kinematics import MotionKinematics, reversals, starts
from worlds.geometry.relations import FloorPlan
from worlds.people.body import SIDES, Body
from worlds.people.gait import Stand
from worlds.types import ActionName, PlacedObject, Point, Targets

# Distances in metres.
WASH_FROM: Final = (0.4, 0.46, 0.52, 0.58, 0.64)  # from the middle of the basin
WASH_SECONDS, SHORTEST_WASH = (2.1, 2.7), 1.8
RUB_RATE: Final = 1.5  # a second
RUB: Final = 0.04  # of each hand to either side
RUB_RISE: Final = 0.3  # of a hand, for each metre that it rubs inwards
HAND_ASIDE, HAND_BEFORE = 0.055, 0.06  # of each hand from the middle of the basin
OVER_BASIN: Final = 0.07  # of the wrists
HANDS_STAY: Final = 0.2  # probability that the motion ends with the hands there
WASH_TIME: Final = 1.2  # seconds
BASIN_RADIUS: Final = 0.25  # from the basin to each wrist
TOGETHER: Final = 0.3  # between the wrists
RUBBED: Final = 0.03  # of one hand along the other before it turns back
FEWEST_RUBS: Final = 3


def wash_hands_at(actor: Actor, targets: Targets, is_last: bool) -> bool:
    """Walk to the basin and rub the hands above it."""
    target = targets[0]
    if actor.carrying or target.basin is None:
        return False
    spots = stands_before(target, _basin_edge(target.basin), actor.floor, away=WASH_FROM)
    seconds = actor.seconds(WASH_SECONDS, least=SHORTEST_WASH)
    reached = get_to(actor, [(spots, partial(_rubbing, actor.body, target, target.basin, seconds=seconds))])
    if reached is None:
        return False
    timeline, (reach, places) = reached
    bring_hands(timeline, reach, seconds=actor.seconds(REACH_SECONDS))
    follow(timeline, places, seconds=seconds)
    ending = draw_ending(actor, is_last, stays=HANDS_STAY)
    end_reach(timeline, ending, seconds=actor.seconds(REACH_SECONDS))
    timeline.wait(actor.seconds(END_SECONDS) if is_last else 0.0)
    return True


def _rubbing(
    body: Body, target: PlacedObject, basin: Point, stand: Stand, *, seconds: float
) -> tuple[Reach, dict[int, DoubleArray]] | None:
    """The posture at the start of the rubbing, and the path (n, 3) of each wrist in the room."""
    phase = np.linspace(0, 1, int(seconds * KEYS) + 1) * 2 * np.pi * round(seconds * RUB_RATE)
    strength = np.sin(np.linspace(0, np.pi, len(phase))) ** 0.5
    edge, height = _basin_edge(basin), basin[2] + OVER_BASIN
    places = {}
    for side, sign in enumerate(SIDES):
        rub = sign * RUB * strength * np.sin(phase)
        offsets = [(sign * HAND_ASIDE, inward - HAND_BEFORE, height + RUB_RISE * inward) for inward in rub]
        places[side] = in_room(target, edge, offsets)
    reach = find_hold(body, stand, places)
    return None if reach is None else (reach, places)


def _basin_edge(basin: Point) -> Edge:
    return Edge((basin[0], basin[1]), FRONT)


def find_basins(setting: Setting) -> list[tuple[int, ...]]:
    """Objects with a basin and a stand before it."""
    targets: list[tuple[int, ...]] = []
    for object_ in setting.room.objects:
        if object_.basin is None:
            continue
        if len(stands_before(object_, _basin_edge(object_.basin), setting.floor, away=WASH_FROM)):
            targets.append((object_.id,))
    return targets


def washed_hands(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """Both hands are together above the basin and rub against each other."""
    target = targets[0]
    if target.basin is None:
        return []
    wrists, basin = motion.pair("wrist"), target.to_room(np.array(target.basin))[0]
    near = np.linalg.norm(wrists - basin, axis=2).max(axis=1) < BASIN_RADIUS
    if not near.any():
        return []
    between = wrists[:, 1] - wrists[:, 0]
    near &= np.linalg.norm(between, axis=1) < TOGETHER
    washes = []
    for start in starts(near, WASH_TIME):
        end = start + int(np.argmin(np.append(near[start:], False)))
        if max(reversals(between[start:end, axis], RUBBED) for axis in range(3)) >= FEWEST_RUBS:
            washes.append(start)
    return washes


def has_basin(target: PlacedObject) -> bool:
    """Whether hands can be washed at the object."""
    return target.basin is not None


WASH_HANDS_AT: Final = ActionSpec(
    name=ActionName("wash hands at"),
    perform=wash_hands_at,
    find_targets=find_basins,
    seconds=5.6,
    detect=washed_hands,
    touches=True,
    phrases=Phrases(
        named=(
            "~wash {your} hands at {o}",
            "~wash both hands at {o}",
            "~go and ~wash {your} hands at {o}",
            "~rinse {your} hands at {o}",
            "~rub {your} hands clean at {o}",
            "~clean {your} hands at {o}",
        ),
        bare=(
            "~wash {your} hands",
            "~wash both hands",
            "~rinse {your} hands",
        ),
    ),
    sampling=Sampling(weight=3.0),
    hard_negatives=HardNegativeRules(suits=has_basin),
)
