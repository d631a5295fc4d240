"""Put something down on an object."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np

from worlds.actions.carrying.arms import CARRIED, LIFT_TIME, carrying_arm
from worlds.actions.detecting.tops import over_top
from worlds.actions.performing.actor import Actor, Setting
from worlds.actions.performing.places import Edge, ending, from_side, get_to, in_room, top_edges
from worlds.actions.performing.postures import ARMS
from worlds.actions.performing.reaching import DOWN, Reach, bring, end, find_hold
from worlds.actions.performing.timeline import ARM_AT_REST, Timeline
from worlds.actions.spec import ActionSpec, HardNegativeRules, Phrases, Sampling
from worlds.checker.kinematics import FPS, Mask, Seen, starts
from worlds.checker.relations import Plan
from worlds.people.body import SIDES, Body
from worlds.people.gait import Stand
from worlds.types import ActionName, PlacedObject, Targets

IMAGINED: Final = 0.34  # metres between the wrists that carry something from the start
SET_DOWN: Final = 0.11  # metres from a top to the wrists that put something on it
TOPS: Final = (0.3, 1.3)  # heights of a top in metres
SET_DOWN_GAP: Final = 0.15  # metres over a top
RIM: Final = 0.05


def put_down_on(actor: Actor, things: Targets, last: bool) -> bool:
    """Carry something to the object's top, set it down there and take the hands away."""
    thing = things[0]
    if thing.top is None or not TOPS[0] <= thing.top[4] + thing.position[2] <= TOPS[1] or not _may_carry(actor):
        return False
    apart = actor.load or IMAGINED
    edges = top_edges(thing, least=apart)
    inward = float(actor.rng.uniform(0.1, 0.2))
    reach = get_to(
        actor,
        (
            (
                from_side(thing, edges[index], actor.floor),
                partial(_over, actor.body, thing, edges[index], (apart, inward)),
            )
            for index in actor.rng.permutation(len(edges))
        ),
    )
    if reach is None or actor.line is None:
        return False
    line, seconds = actor.line, actor.seconds(0.85, 1.05)
    if not actor.carrying:
        _carry_from_the_start(line, apart)
    line.wait(0.05)
    bring(line, reach, seconds=seconds)
    line.wait(float(actor.rng.uniform(0.2, 0.28)))  # no longer, or it would be leaning on it
    for arm in ARMS:
        line.move(arm, line.now - 0.2, line.now, *ARM_AT_REST)
    line.move("carried", line.now - 0.2, line.now, 0.0)
    actor.load = 0.0
    end(line, ending(actor, last, stays=0.0), seconds=seconds)
    line.wait(0.1 if last else 0.0)
    return True


def _carry_from_the_start(line: Timeline, apart: float) -> None:
    for arm in ARMS:
        line.set(arm, 0.0, *carrying_arm(line.body, apart))
    line.set("carried", 0.0, 1.0)


def _may_carry(actor: Actor) -> bool:
    """Whether the body carries something, or may have done so from its start: it has done nothing but walk."""
    line = actor.line
    return actor.carrying or line is None or (line.untouched("left arm") and line.untouched("reach"))


def _over(body: Body, thing: PlacedObject, edge: Edge, at: tuple[float, float], stand: Stand) -> Reach | None:
    """Both wrists so far apart over the object's top, so far inside its edge."""
    if thing.top is None:
        return None
    apart, inward = at
    places = in_room(thing, edge, [(sign * apart / 2, inward, thing.top[4] + SET_DOWN) for sign in SIDES])
    return find_hold(body, stand, dict(enumerate(places)), limits=DOWN)


def _can_take_things(setting: Setting) -> list[tuple[int, ...]]:
    return [
        (thing.id,)
        for thing in setting.room.objects
        if thing.top is not None
        and TOPS[0] <= thing.top[4] + thing.position[2] <= TOPS[1]
        and any(len(from_side(thing, edge, setting.floor)) for edge in top_edges(thing, least=IMAGINED))
    ]


def put_down(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """What carried something has both hands at the object's top, then takes them away and carries nothing."""
    thing = things[0]
    if thing.top is None or not seen.carrying.any():
        return []
    down = np.asarray(over_top(thing, seen, RIM, high=SET_DOWN_GAP).all(axis=1))
    if not down.any():
        return []
    carried, found = starts(seen.carrying & ~down, CARRIED), []
    for start in starts(down & (seen.wrist_speed.max(axis=1) < 0.5), 0.1):
        recent = seen.carrying[max(start - round(LIFT_TIME * FPS), 0) : start]
        if recent.any() and carried and carried[0] < start and _left(seen, down, start):
            found.append(start)
    return found


def _left(seen: Seen, down: Mask, start: int) -> bool:
    """Whether the hands leave the top and carry nothing then."""
    after = np.flatnonzero(~down[start:])
    if not len(after):
        return False
    rest = seen.carrying[start + after[0] :]
    return len(rest) >= 0.3 * FPS and not starts(rest[: round(2.0 * FPS)], CARRIED)


PUT_DOWN_ON: Final = ActionSpec(
    name=ActionName("put down on"),
    perform=put_down_on,
    find_targets=_can_take_things,
    seconds=4.8,
    detect=put_down,
    touches=True,
    phrases=Phrases(
        named=(
            "~put something down on {o}",
            "~set something down on {o}",
            "~place what {they} carry on {o}",
            "~lay something on {o}",
            "~lower something onto {o}",
            "~put a load down on {o} with both hands",
        ),
        bare=(
            "~put something down",
            "~set something down",
            "~put a load down with both hands",
        ),
    ),
    sampling=Sampling(weight=0.8, hands="empty"),
    hard_negatives=HardNegativeRules(suits=lambda target: target.top is not None),
)
