"""Pick up a portable object."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np

from worlds.actions.carrying.arms import CARRIED, LIFT_TIME, carrying_arm
from worlds.actions.performing.actor import Actor, Setting
from worlds.actions.performing.places import NORMALS, Edge, across, before, get_to
from worlds.actions.performing.postures import ARMS
from worlds.actions.performing.reaching import DOWN, Reach, bow, bring, find_hold
from worlds.actions.performing.timeline import Timeline
from worlds.actions.spec import ActionSpec, HardNegativeRules, Phrases, Sampling
from worlds.checker.kinematics import FPS, Mask, Seen, starts
from worlds.checker.relations import Plan
from worlds.people.body import SIDES, Body
from worlds.people.gait import Stand
from worlds.types import ActionName, Array, PlacedObject, Targets

PALM: Final = 0.04  # metres from a thing's side to the wrist of the hand that holds it
GRASP: Final = 0.85  # of a thing's height: where the wrists are that lift it
FLAT: Final = 0.19  # metres up at which a flat thing is held: fingers are longer than it is high
CARRIED_AT: Final = 0.63  # of stature: the height of wrists that carry, about
WIDE: Final = 0.5  # metres between the wrists that carry
NARROW: Final = 0.2  # metres between the wrists that carry
AT_SIDES: Final = 0.2  # metres
CONTACT: Final = 0.2  # seconds
LIFTED: Final = 0.12  # metres up, or away
REMOVED: Final = 0.3  # metres up, or away


def pick_up(actor: Actor, things: Targets, last: bool) -> bool:
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


def _can_be_lifted(setting: Setting) -> list[tuple[int, ...]]:
    return [
        (thing.id,)
        for thing in setting.room.objects
        if thing.portable and any(len(before(thing, edge, setting.floor)) for edge in _sides(thing))
    ]


def picked_up(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """Both hands were at opposite sides of a portable thing, then carry something, higher up or away from it."""
    thing = things[0]
    if not thing.portable or not seen.carrying.any():
        return []
    near, between = _at_sides(thing, seen)
    held = near & between
    contacts = [start for start in starts(held, CONTACT) if not seen.carrying[start]]
    contacts = [start for start in contacts if _is_nearest(thing, seen, _middle_of(held, start), plan)]
    wrists, found = seen.pair("wrist"), []
    for start in contacts:
        higher = (wrists[..., 2] - wrists[start, :, 2]).min(axis=1) > LIFTED
        away = np.linalg.norm(wrists - wrists[start], axis=2).min(axis=1) > REMOVED
        carried = starts(seen.carrying & (higher | away), CARRIED)
        found += [frame for frame in carried if start < frame <= start + LIFT_TIME * FPS][:1]
    return sorted(set(found))


def _middle_of(state: Mask, start: int) -> int:
    return start + int(np.argmin(np.append(state[start:], False))) // 2


def _at_sides(thing: PlacedObject, seen: Seen) -> tuple[Mask, Mask]:
    """Frames in which both wrists are near the thing's box, and those in which it is between them: (frames,) each."""
    half = np.array(thing.size) / 2
    own = thing.to_own(seen.pair("wrist").reshape(-1, 3)).reshape(-1, 2, 3) - [0.0, 0.0, half[2]]
    near = np.linalg.norm(np.maximum(np.abs(own) - half, 0.0), axis=2).max(axis=1) < AT_SIDES
    opposite = (own[:, 0, :2] * own[:, 1, :2] < 0) & (np.abs(own[:, 1, :2] - own[:, 0, :2]) > 1.4 * half[:2])
    return np.asarray(near), np.asarray(opposite.any(axis=1))


def _is_nearest(thing: PlacedObject, seen: Seen, frame: int, plan: Plan) -> bool:
    middle = seen.pair("wrist")[frame].mean(axis=0)
    away = {other.id: float(np.linalg.norm(_middle(other) - middle)) for other in plan.room.objects if other.portable}
    return away[thing.id] <= min(away.values())


def _middle(thing: PlacedObject) -> Array:
    return np.asarray(np.array(thing.position) + np.array([0.0, 0.0, thing.size[2] / 2]), dtype=np.float64)


PICK_UP: Final = ActionSpec(
    name=ActionName("pick up"),
    perform=pick_up,
    find_targets=_can_be_lifted,
    seconds=5.0,
    detect=picked_up,
    touches=True,
    phrases=Phrases(
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
    hard_negatives=HardNegativeRules(suits=lambda target: target.portable),
)
