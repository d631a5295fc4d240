"""Walk around an object."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.performing.actor import Actor, Setting, free_place, walk_along
from worlds.actions.spec import ActionSpec, Phrases, Sampling, Tail
from worlds.checker.kinematics import STOP_SPEED, Seen
from worlds.checker.relations import Plan
from worlds.people.paths import make_path, resampled, way_through
from worlds.rooms.floor import FloorGrid, Mask
from worlds.types import ActionName, Array, PlacedObject, Targets

TRIES: Final = 10
RING_GAPS: Final = (0.45, 0.6)  # metres from an object's side to who circles it
LARGEST: Final = 1.7  # metres: the longer side of what is circled
ROUND: Final = (0.64, 0.78)  # share of a full circle that is walked
CIRCLED: Final = np.radians(200)
CIRCLE_REACH: Final = 1.6


def walk_around(actor: Actor, things: Targets, last: bool) -> bool:
    """Walk most of a circle round the object."""
    thing = things[0]
    for gap in RING_GAPS:
        ring, free = ring_around(thing, actor.floor, gap)
        length = float(np.linalg.norm(np.diff(ring, axis=0), axis=1).sum())
        count = int(np.ceil(len(ring) * actor.rng.uniform(*ROUND)))
        if length * count / len(ring) > 8.5 * actor.speed:
            continue
        for start in actor.rng.permutation(len(ring))[:TRIES]:
            order = (start + np.arange(count) * (1 if actor.rng.random() < 0.5 else -1)) % len(ring)
            if free[order].all() and _circle(actor, ring[order]):
                return True
    return False


def ring_around(thing: PlacedObject, floor: FloorGrid, gap: float) -> tuple[Array, Mask]:
    """Points (40, 2) of a rounded ring round the object's rectangle, and which of them are free floor (40,)."""
    half = np.array(thing.size[:2]) / 2
    turn = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    around = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    corners = np.sign(around) * half + around * gap
    even = resampled(np.concatenate([corners, corners[:1]]), 0.02)
    own = even[np.linspace(0, len(even) - 1, 41).round().astype(int)[:-1]]
    ring = thing.to_room(np.column_stack([own, np.zeros(len(own))]))[:, :2]
    return ring, floor.is_walkable(ring)


def _circle(actor: Actor, ring: Array) -> bool:
    start = ring[0]
    if actor.line is not None:
        if actor.line.lying or np.linalg.norm(free_place(actor) - start) > 1.5:
            return False
        lead = way_through(actor.floor, [free_place(actor), start])
        if lead is None:
            return False
        ring = np.concatenate([lead.points[:-1], ring])
    path = make_path(ring)
    if not actor.floor.is_walkable(path.points[2:-2]).all():
        return False
    walk_along(actor, path)
    if actor.line is not None:
        actor.line.wait(actor.seconds(0.2, 0.5))
    return True


def _circled(setting: Setting) -> list[tuple[int, ...]]:
    found: list[tuple[int, ...]] = []
    for thing in setting.room.objects:
        if thing.position[2] > 0.05 or max(thing.size[:2]) > LARGEST or max(thing.size[:2]) < 0.25:
            continue
        for gap in RING_GAPS:
            free = ring_around(thing, setting.floor, gap)[1]
            if _longest_run(free) >= len(free) * ROUND[0]:
                found.append((thing.id,))
                break
    return found


def _longest_run(free: Mask) -> int:
    """The longest stretch of True round a ring."""
    if free.all():
        return len(free)
    best = run = 0
    for value in np.concatenate([free, free]):
        run = run + 1 if value else 0
        best = max(best, run)
    return best


def walked_around(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """The walk winds round the object's middle by more than half a circle, near it all the way."""
    thing = things[0]
    near = thing.distance(seen.pelvis)
    close = (near < CIRCLE_REACH) & (near > 0.05)
    if close.sum() < 30:
        return []
    offset = seen.pelvis[:, :2] - np.array(thing.position[:2])
    turned = np.unwrap(np.arctan2(offset[:, 1], offset[:, 0]))
    step = np.diff(turned, prepend=turned[:1])
    step[~(close & (seen.speed > STOP_SPEED))] = 0.0
    angle = np.cumsum(step)
    wound = np.maximum(angle - np.minimum.accumulate(angle), np.maximum.accumulate(angle) - angle)
    full = np.flatnonzero(wound >= CIRCLED)
    return [int(full[0])] if len(full) else []


WALK_AROUND: Final = ActionSpec(
    name=ActionName("walk around"),
    perform=walk_around,
    find_targets=_circled,
    seconds=4.5,
    detect=walked_around,
    phrases=Phrases(
        named=(
            "~walk around {o}",
            "~circle {o}",
            "~go around {o}",
            "~walk a circle around {o}",
            "~make a round of {o}",
            "~walk round {o}",
            "~go all the way around {o}",
        ),
        bare=(
            "~walk around something",
            "~circle something",
            "~walk in a circle around something",
        ),
        tail=Tail("around {o}", rank=4),
    ),
    sampling=Sampling(weight=3.0),
)
