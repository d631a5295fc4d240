"""Open a door or drawer."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np

from worlds.actions.detecting.wrists import TOUCH, WRIST_REACH, grip_distance, wrist_distance
from worlds.actions.performing.actor import Actor, Setting
from worlds.actions.performing.places import before, drawn_side, ending, front_edge, get_to, in_room
from worlds.actions.performing.reaching import DOWN, HANDS, Reach, bow, bring, end, find_hold
from worlds.actions.spec import ActionSpec, HardNegativeRules, Phrases
from worlds.checker.kinematics import FPS, Seen, starts
from worlds.checker.relations import Plan
from worlds.people.body import Body
from worlds.people.gait import Stand
from worlds.types import ActionName, Array, PlacedObject, Targets

PULL: Final = (0.27, 0.4)  # metres that a door or drawer is pulled
GRASP: Final = 0.05  # metres from a grip to the wrist of the hand that holds it
PULLED_TO: Final = (0.2, 0.26, 0.32, 0.38, 0.44)  # metres that are then left between hand and body
STAYS_BOWED: Final = 0.75  # of the lean to a grip, while it is pulled
BENT: Final = np.radians(17)  # of a trunk: whose arms may hang and yet pull a drawer
PULLED: Final = (0.2, 0.6)  # metres
PULL_TIME: Final = 2.0  # seconds
ASTRAY: Final = 0.1  # metres that a pulling hand leaves the straight line


def open_object(actor: Actor, things: Targets, last: bool) -> bool:
    """Walk to one of the object's grips, take it and pull it along the object's front."""
    thing, side = things[0], drawn_side(actor)
    if actor.carrying:
        return False
    pull = float(actor.rng.uniform(*PULL))
    found = get_to(
        actor,
        (
            (
                before(thing, front_edge(grip), actor.floor, away=[pull + left for left in PULLED_TO], side=side),
                partial(_pulling, actor.body, thing, grip, pull=pull, side=side),
            )
            for grip in actor.rng.permutation(np.array(thing.grips).reshape(-1, 3))
        ),
    )
    if found is None or actor.line is None:
        return False
    line, seconds, (grasp, pulled) = actor.line, actor.seconds(0.75, 0.95), found
    bring(line, grasp, seconds=seconds)
    line.wait(max(actor.seconds(0.3, 0.45), 0.25))
    start, line.now = line.now, line.now + actor.seconds(0.8, 1.0)
    line.move(HANDS[side], start, line.now, *pulled.wrists[side])
    bow(line, pulled.lean, pulled.drop, start=start, end=line.now)
    line.wait(max(actor.seconds(0.4, 0.6), 0.35))
    end(line, ending(actor, last), seconds=seconds)
    if last:
        line.wait(actor.seconds(0.2, 0.4))
    return True


def _pulling(
    body: Body, thing: PlacedObject, grip: Array, stand: Stand, *, pull: float, side: int
) -> tuple[Reach, Reach] | None:
    """The posture in which the hand takes the grip, and the one with it pulled towards the body."""
    path = in_room(thing, front_edge(grip), [(0.0, -GRASP, grip[2]), (0.0, -GRASP - pull, grip[2])])
    grasp = find_hold(body, stand, {side: path[0]}, limits=DOWN)
    if grasp is None:
        return None
    # Who bows to a low grip stays bowed: upright, the hand would end beside the hip as if it did nothing.
    pulled = find_hold(body, stand, {side: path[1]}, limits=replace(DOWN, least=STAYS_BOWED * grasp.lean))
    return None if pulled is None else (grasp, pulled)


def _has_grips(setting: Setting) -> list[tuple[int, ...]]:
    away = [PULL[0] + left for left in PULLED_TO]
    return [
        (thing.id,)
        for thing in setting.room.objects
        if any(len(before(thing, front_edge(np.array(grip)), setting.floor, away=away)) for grip in thing.grips)
    ]


def opened(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """A wrist was at one of the object's grips, then went straight along the object's front, and was held there."""
    thing = things[0]
    if not thing.grips:
        return []
    near = wrist_distance(seen, thing, plan, grip_distance) < WRIST_REACH
    return sorted(
        start for side in range(2) for start in starts(near[:, side], TOUCH) if _pulled(seen, thing, side, start=start)
    )


def _pulled(seen: Seen, thing: PlacedObject, side: int, *, start: int) -> bool:
    """Whether the wrist, from where it rested at the grip, is pulled straight along the front and held."""
    own = thing.to_own(seen.pair("wrist")[start:, side])
    still = seen.wrist_speed[start:, side] < 0.25
    rests = np.flatnonzero(still[: round(1.5 * FPS)])
    if not len(rests):
        return False
    path = own[rests[0] :][: round((PULL_TIME + 1.5) * FPS)] - own[rests[0]]
    straight = np.maximum.accumulate(np.linalg.norm(path[:, [0, 2]], axis=1)) < ASTRAY
    idle = seen.hanging[start:, side] & (seen.leaning[start:] < BENT)
    one = ~idle & seen.hanging[start:, 1 - side]  # two hands carry rather than pull
    taken = one[rests[0] :][: len(path)]
    held = taken & still[rests[0] :][: len(path)] & (path[:, 1] > PULLED[0]) & (path[:, 1] < PULLED[1]) & straight
    return bool(starts(held, TOUCH))


OPEN: Final = ActionSpec(
    name=ActionName("open"),
    perform=open_object,
    find_targets=_has_grips,
    seconds=5.0,
    detect=opened,
    touches=True,
    phrases=Phrases(
        named=(
            "~open {o}",
            "~pull at the handle of {o} to open it",
            "~take the handle of {o} and ~pull",
            "~go and ~open {o}",
            "~go to {o} and ~open it",
            "~grip the handle of {o} and ~open it",
        ),
        bare=(
            "~open something",
            "~pull something open",
            "~take a handle and ~pull",
        ),
    ),
    hard_negatives=HardNegativeRules(suits=lambda target: bool(target.grips)),
)
