"""Walk around an object."""

from __future__ import annotations

from typing import Final

import numpy as np

from monster.arrays import BoolArray, DoubleArray
from worlds.actions.performing.actor import Actor, Setting, free_place, walk_along
from worlds.actions.spec import ActionSpec, Extent, Phrases, Sampling, Tail
from worlds.geometry.kinematics import STOP_SPEED, MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.people.paths import make_path, path_through, resampled
from worlds.rooms.floor import WalkableMap
from worlds.types import ActionName, PlacedObject, Targets

TRIES: Final = 10
RING_GAPS: Final = (0.45, 0.6)  # metres from the side of the object to the path
RING_POINTS: Final = 40
CIRCLED_SIZE: Final = (0.25, 1.7)  # metres of the longer side of the object
ON_FLOOR: Final = 0.05  # metres of its underside, at most
CIRCLE_SHARE: Final = (0.64, 0.78)  # of a full circle
LONGEST_SECONDS: Final = 8.5
FARTHEST_START: Final = 1.5  # metres from a body that is somewhere already
ARRIVED_SECONDS: Final = (0.2, 0.5)
CIRCLED: Final = np.radians(200)
CIRCLE_REACH: Final = (0.05, 1.6)  # metres to the object
FEWEST_FRAMES: Final = 30


def walk_around(actor: Actor, targets: Targets, is_last: bool) -> bool:
    """Walk most of a circle around the object."""
    for gap in RING_GAPS:
        ring, free = ring_around(targets[0], actor.floor, gap)
        length = float(np.linalg.norm(np.diff(ring, axis=0), axis=1).sum())
        count = int(np.ceil(len(ring) * actor.rng.uniform(*CIRCLE_SHARE)))
        if length * count / len(ring) > LONGEST_SECONDS * actor.speed:
            continue
        for start in actor.rng.permutation(len(ring))[:TRIES]:
            order = (start + np.arange(count) * (1 if actor.rng.random() < 0.5 else -1)) % len(ring)
            if free[order].all() and _walk_ring(actor, ring[order]):
                return True
    return False


def ring_around(target: PlacedObject, floor: WalkableMap, gap: float) -> tuple[DoubleArray, BoolArray]:
    """Points (40, 2) of a rounded ring around the object's rectangle, and which of them are free floor (40,)."""
    half = np.array(target.size[:2]) / 2
    turn = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    around = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    corners = np.sign(around) * half + around * gap
    even = resampled(np.concatenate([corners, corners[:1]]), 0.02)
    local = even[np.linspace(0, len(even) - 1, RING_POINTS + 1).round().astype(int)[:-1]]
    ring = target.to_room(np.column_stack([local, np.zeros(len(local))]))[:, :2]
    return ring, floor.is_walkable(ring)


def _walk_ring(actor: Actor, ring: DoubleArray) -> bool:
    start = ring[0]
    if actor.timeline is not None:
        if actor.timeline.lying or np.linalg.norm(free_place(actor) - start) > FARTHEST_START:
            return False
        lead = path_through(actor.floor, [free_place(actor), start])
        if lead is None:
            return False
        ring = np.concatenate([lead.points[:-1], ring])
    path = make_path(ring)
    if not actor.floor.is_walkable(path.points[2:-2]).all():
        return False
    walk_along(actor, path).wait(actor.seconds(ARRIVED_SECONDS))
    return True


def find_circled(setting: Setting) -> list[tuple[int, ...]]:
    """Objects on the floor with enough free floor around them."""
    targets: list[tuple[int, ...]] = []
    for object_ in setting.room.objects:
        longer = max(object_.size[:2])
        if object_.position[2] > ON_FLOOR or not CIRCLED_SIZE[0] <= longer <= CIRCLED_SIZE[1]:
            continue
        rings = (ring_around(object_, setting.floor, gap)[1] for gap in RING_GAPS)
        if any(_longest_run(free) >= len(free) * CIRCLE_SHARE[0] for free in rings):
            targets.append((object_.id,))
    return targets


def _longest_run(free: BoolArray) -> int:
    """The longest run of True around a ring (n,)."""
    if free.all():
        return len(free)
    best = run = 0
    for value in np.concatenate([free, free]):
        run = run + 1 if value else 0
        best = max(best, run)
    return best


def walked_around(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """The walk winds around the middle of the object by more than half a circle, near it all the time."""
    near = targets[0].distance(motion.pelvis)
    close = (near < CIRCLE_REACH[1]) & (near > CIRCLE_REACH[0])
    if close.sum() < FEWEST_FRAMES:
        return []
    offset = motion.pelvis[:, :2] - np.array(targets[0].position[:2])
    turned = np.unwrap(np.arctan2(offset[:, 1], offset[:, 0]))
    step = np.diff(turned, prepend=turned[:1])
    step[~(close & (motion.speed > STOP_SPEED))] = 0.0
    angle = np.cumsum(step)
    wound = np.maximum(angle - np.minimum.accumulate(angle), np.maximum.accumulate(angle) - angle)
    full = np.flatnonzero(wound >= CIRCLED)
    return [int(full[0])] if len(full) else []


WALK_AROUND: Final = ActionSpec(
    name=ActionName("walk around"),
    perform=walk_around,
    find_targets=find_circled,
    seconds=4.5,
    detect=walked_around,
    extent=Extent(is_walk=True),
    phrases=Phrases(
        general=("walk",),
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
