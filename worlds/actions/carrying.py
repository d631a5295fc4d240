"""Picking things up with both hands, carrying them, putting them down."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np

from worlds.actions.actor import Act, Actor, Setting
from worlds.actions.places import NORMALS, Edge, across, before, ending, from_side, get_to, in_room, top_edges
from worlds.actions.postures import ARMS
from worlds.actions.reaching import DOWN, Reach, bow, bring, end, find_hold
from worlds.actions.timeline import ARM_AT_REST, Timeline
from worlds.people.body import SIDES, WRISTS, Body, Pose, solve
from worlds.people.gait import Stand
from worlds.types import Action, PlacedObject

Things = tuple[PlacedObject, ...]
PALM: Final = 0.04  # metres from a thing's side to the wrist of the hand that holds it
GRASP: Final = 0.85  # of a thing's height: where the wrists are that lift it
FLAT: Final = 0.19  # metres up at which a flat thing is held: fingers are longer than it is high
CARRIED_AT: Final = 0.63  # of stature: the height of wrists that carry, about
NARROW, WIDE = 0.2, 0.5  # metres between the wrists that carry
IMAGINED: Final = 0.34  # metres between the wrists that carry something from the start
CARRY: Final = (0.24, 0.1, 1.42)  # swing, raise and elbow bend of arms that carry
SET_DOWN: Final = 0.11  # metres from a top to the wrists that put something on it
TOPS: Final = (0.3, 1.3)  # heights of a top in metres


def pick_up(actor: Actor, things: Things, last: bool) -> bool:
    """Walk to a thing, take it by two opposite sides and lift it before the trunk."""
    thing = things[0]
    if actor.carrying or not thing.portable:
        return False
    tries = ((before(thing, edge, actor.floor), edge) for edge in _sides(thing))
    options = sorted(((spots, edge) for spots, edge in tries if len(spots)), key=lambda _: float(actor.rng.random()))
    reach = get_to(actor, ((spots, partial(_by_the_sides, actor.body, thing)) for spots, _ in options))
    if reach is None or actor.line is None:
        return False
    line = actor.line
    seconds = actor.seconds(0.85, 1.05) + 0.25 * reach.drop / (DOWN.lowest * actor.body.leg)
    left, right = np.array(reach.wrists[0]), np.array(reach.wrists[1])
    actor.load = float(np.clip(np.linalg.norm(right - left), NARROW, WIDE))
    bring(line, reach, seconds=seconds)
    line.wait(float(actor.rng.uniform(0.22, 0.32)))
    lift(line, actor.load, seconds=seconds, back=seconds if last else 0.65 * seconds)
    line.wait(max(actor.seconds(0.7, 1.0), 0.65) if last else 0.0)
    return True


def lift(line: Timeline, apart: float, *, seconds: float, back: float) -> None:
    """Bring what the hands hold before the trunk in so many seconds; the body is upright ``back`` seconds from now."""
    t = line.now
    for arm in ARMS:
        line.move(arm, t - 0.2, t, *carrying_arm(line.body, apart))
    line.move("carried", t - 0.2, t, 1.0)
    line.move("reach", t + 0.1 * seconds, t + seconds, 0.0, 0.0)
    bow(line, 0.0, 0.0, start=t, end=t + back)
    line.now = t + back


def put_down_on(actor: Actor, things: Things, last: bool) -> bool:
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


def carrying_arm(body: Body, apart: float) -> tuple[float, float, float, float]:
    """The arm that carries something, with the wrists so many metres apart: angles of a `Pose`."""
    swing, raised, bend = CARRY
    twists = np.linspace(-0.6, 1.2, 37)
    arms = np.column_stack(
        [np.full_like(twists, swing), np.full_like(twists, raised), twists, np.full_like(twists, bend)]
    )
    n, still = len(twists), np.zeros((len(twists), 2, 3))
    pose = Pose(np.zeros((n, 3)), np.zeros((n, 3)), np.zeros((n, 3)), np.zeros(n), still, np.zeros((n, 2, 2)),
                np.repeat(arms[:, None], 2, axis=1), np.zeros((n, 2)), still)  # fmt: skip
    wrists = solve(body, pose)[:, list(WRISTS)]
    best = int(np.abs(wrists[:, 1, 0] - wrists[:, 0, 0] - apart).argmin())
    return swing, raised, float(twists[best]), bend


def _carry_from_the_start(line: Timeline, apart: float) -> None:
    for arm in ARMS:
        line.set(arm, 0.0, *carrying_arm(line.body, apart))
    line.set("carried", 0.0, 1.0)


def _may_carry(actor: Actor) -> bool:
    """Whether the body carries something, or may have done so from its start: it has done nothing but walk."""
    line = actor.line
    return actor.carrying or line is None or (line.untouched("left arm") and line.untouched("reach"))


def _sides(thing: PlacedObject) -> list[Edge]:
    half = np.array(thing.size[:2]) / 2
    return [Edge((float(x * half[0]), float(y * half[1])), (x, y)) for x, y in NORMALS]


def _by_the_sides(body: Body, thing: PlacedObject, stand: Stand) -> Reach | None:
    """Both wrists at the sides of the thing that are to the left and right of who stands there."""
    right = across(stand)
    half = (
        float(
            np.abs(thing.to_own(np.array([[*right, 0.0]]) + np.array(thing.position))[0, :2]) @ np.array(thing.size[:2])
        )
        / 2
    )
    bottom, lifted = thing.position[2], CARRIED_AT * body.stature
    height = min(bottom + max(GRASP * thing.size[2] + 0.03, FLAT), max(lifted - 0.1, bottom + 0.3 * thing.size[2]))
    if height > lifted + 0.1:
        return None  # it would not be lifted but lowered
    middle = np.array([*thing.position[:2], height])
    towards = np.array([stand.x, stand.y]) - middle[:2]
    middle[:2] += 0.05 * towards / max(float(np.linalg.norm(towards)), 1e-9)
    places = {side: middle + np.array([*(SIDES[side] * (half + PALM) * right), 0.0]) for side in range(2)}
    return find_hold(body, stand, places, limits=DOWN)


def _over(body: Body, thing: PlacedObject, edge: Edge, at: tuple[float, float], stand: Stand) -> Reach | None:
    """Both wrists so far apart over the object's top, so far inside its edge."""
    if thing.top is None:
        return None
    apart, inward = at
    places = in_room(thing, edge, [(sign * apart / 2, inward, thing.top[4] + SET_DOWN) for sign in SIDES])
    return find_hold(body, stand, dict(enumerate(places)), limits=DOWN)


def _can_be_lifted(setting: Setting) -> list[tuple[int, ...]]:
    return [
        (thing.id,)
        for thing in setting.room.objects
        if thing.portable and any(len(before(thing, edge, setting.floor)) for edge in _sides(thing))
    ]


def _can_take_things(setting: Setting) -> list[tuple[int, ...]]:
    return [
        (thing.id,)
        for thing in setting.room.objects
        if thing.top is not None
        and TOPS[0] <= thing.top[4] + thing.position[2] <= TOPS[1]
        and any(len(from_side(thing, edge, setting.floor)) for edge in top_edges(thing, least=IMAGINED))
    ]


CARRYING: Final[dict[Action, Act]] = {
    "pick up": Act(pick_up, _can_be_lifted, seconds=5.0),
    "put down on": Act(put_down_on, _can_take_things, seconds=4.8),
}
