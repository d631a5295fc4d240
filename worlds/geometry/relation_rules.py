"""The geometry of relations: for all objects of a room at once, which stands how to which.

Every function takes the objects (n) and gives a table; row i and column j say how object i stands to object j.
All of it is decided on the floor plan, from the objects' bounding rectangles, their fronts and the room's outline.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from worlds.geometry.kinematics import Viewer
from worlds.types import Array, PlacedObject, Room

Mask = NDArray[np.bool_]
Things = Sequence[PlacedObject]

NEXT_TO_GAP: Final = 0.6  # metres between the floor rectangles
FRONT_REACH: Final = 1.3  # metres before the front side
FRONT_ASIDE: Final = 0.1  # metres beyond the front side's ends
BETWEEN_WIDTH: Final = 0.6  # metres to either side of the line
BETWEEN_LENGTH: Final = 0.8  # metres that the line has at least
BETWEEN_SPAN: Final = (0.25, 0.75)  # of the line, within which the middle lies
FACING_ANGLE: Final = np.radians(20)  # between the front and the direction to the anchor's middle
FACING_REACH: Final = 4.0  # metres between the floor rectangles
WALL_GAP: Final = 0.15  # metres from both ends of one side to one and the same wall
CORNER_GAP: Final = 0.35  # metres from the rectangle to a corner of the room that points outwards
ON_GAP: Final = 0.04  # metres between the underside and the surface that it stands on
HUNG: Final = 0.05  # metres above the floor from which an object does not stand on it
SIDE_ANGLES: Final = (np.radians(20), np.radians(140))  # from the viewer's heading: clearly to that side

# Fronts that people see: of what has a back to lean on, and of screens.
_WITH_FACE: Final = frozenset(
    {"chair", "office chair", "armchair", "sofa", "toilet", "television", "monitor", "laptop", "piano"}
)


def gaps(things: Things) -> Array:
    """Metres of floor (n, n) between the rectangles; 0 when they touch or overlap."""
    outlines = np.concatenate([_outline(thing) for thing in things])
    away = np.stack([thing.distance(outlines) for thing in things], axis=1)
    nearest = away.reshape(len(things), -1, len(things)).min(axis=1)
    return np.asarray(np.minimum(nearest, nearest.T))


def _outline(thing: PlacedObject, steps: int = 6) -> Array:
    corners = thing.footprint()
    along = np.linspace(0.0, 1.0, steps, endpoint=False)[:, None]
    return np.concatenate([a + (b - a) * along for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True)])


def middles(things: Things) -> Array:
    """Where the objects' middles are on the floor: (n, 2)."""
    return np.array([thing.position[:2] for thing in things], dtype=np.float64).reshape(-1, 2)


def _in_frames_of(things: Things) -> Array:
    """Entry (i, j) is the middle of object i in the own frame of object j: (n, n, 2)."""
    offset = middles(things)[:, None] - middles(things)[None]
    yaw = np.array([thing.yaw for thing in things])
    cos, sin = np.cos(yaw), np.sin(yaw)
    x, y = offset[..., 0], offset[..., 1]
    return np.stack([x * cos + y * sin, y * cos - x * sin], axis=-1)


def in_front_of(things: Things) -> Mask:
    """The middle lies before the other's front side, at most 1.3 m away, no farther aside than its ends (n, n)."""
    half = np.array([thing.size[:2] for thing in things]) / 2
    own = _in_frames_of(things)
    ahead = own[..., 1] - half[:, 1]
    beside = np.abs(own[..., 0]) <= half[:, 0] + FRONT_ASIDE
    return np.asarray(beside & (ahead > 0) & (ahead <= FRONT_REACH) & np.array([t.id >= 0 for t in things]))


def facing(things: Things, gap: Array) -> Mask:
    """The object's front points at the other's middle within 20 degrees, and it is at most 4 m away (n, n)."""
    toward = middles(things)[None] - middles(things)[:, None]
    length = np.maximum(np.linalg.norm(toward, axis=-1), 1e-9)
    front = np.array([thing.front for thing in things])
    aligned = (toward * front[:, None]).sum(axis=-1) >= np.cos(FACING_ANGLE) * length
    faced = np.array([thing.category in _WITH_FACE for thing in things])
    return np.asarray(aligned & (gap <= FACING_REACH) & faced[:, None] & ~np.eye(len(things), dtype=bool))


def standing_on(things: Things) -> Mask:
    """The object's underside is at the top of one of the other's solids, its middle inside that solid (n, n)."""
    found = np.zeros((len(things), len(things)), dtype=bool)
    raised = [i for i, thing in enumerate(things) if thing.position[2] > HUNG]
    for i in raised:
        for j, other in enumerate(things):
            found[i, j] = i != j and _carries(other, np.array(things[i].position))
    return found


def _carries(thing: PlacedObject, point: Array) -> bool:
    if not thing.solids or thing.distance(point[None])[0] > 0:
        return False
    center = np.array([solid.center for solid in thing.solids])
    half = np.array([solid.size for solid in thing.solids]) / 2
    own = thing.to_local(point[None])[0]
    over = (np.abs(own - center)[:, :2] <= half[:, :2]).all(axis=1)
    return bool((over & (np.abs(own[2] - center[:, 2] - half[:, 2]) <= ON_GAP)).any())


def between(things: Things, slack: float = 0.0) -> Mask:
    """Object i's middle is at the middle half of the line from j's to k's, at most 0.6 m beside it (n, n, n).

    ``slack`` widens both by so many metres: who fits then is nearly between them.
    """
    at = middles(things)
    line = at[None] - at[:, None]  # j to k
    length = np.linalg.norm(line, axis=-1)
    offset = at[:, None] - at[None]  # from j to i, as (i, j)
    along = np.einsum("ijd,jkd->ijk", offset, line) / np.maximum(length, 1e-9) ** 2
    cross = offset[:, :, None, 0] * line[None, ..., 1] - offset[:, :, None, 1] * line[None, ..., 0]
    aside = np.abs(cross) / np.maximum(length, 1e-9)
    beyond = slack / np.maximum(length, 1e-9)
    within = (along >= BETWEEN_SPAN[0] - beyond) & (along <= BETWEEN_SPAN[1] + beyond)
    within &= aside <= BETWEEN_WIDTH + slack
    return np.asarray(within & (length >= BETWEEN_LENGTH))


def against_wall(things: Things, room: Room, slack: float = 0.0) -> Mask:
    """Both ends of a side are within 0.15 m (and the slack) of one wall, and the object stands on the floor (n,)."""
    walls = [(a, b) for a, b in zip(room.outline, np.roll(room.outline, -1, axis=0), strict=True)]
    near = [thing.position[2] <= HUNG and _touches(thing.footprint(), walls, WALL_GAP + slack) for thing in things]
    return np.array(near, dtype=bool)


def _touches(corners: Array, walls: list[tuple[Array, Array]], gap: float) -> bool:
    for start, end in walls:
        line = end - start
        at = np.clip((corners - start) @ line / (line @ line), 0.0, 1.0)
        near = np.linalg.norm(corners - start - at[:, None] * line, axis=1) <= gap
        if (near & np.roll(near, -1)).any():
            return True
    return False


def in_corner(things: Things, room: Room, slack: float = 0.0) -> Mask:
    """The rectangle is within 0.35 m (and the slack) of an outward corner of the room, standing on the floor (n,)."""
    before, after = room.outline - np.roll(room.outline, 1, axis=0), np.roll(room.outline, -1, axis=0) - room.outline
    outward = room.outline[before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0] > 0]
    return np.array(
        [
            bool(thing.position[2] <= HUNG and len(outward) and thing.distance(outward).min() <= CORNER_GAP + slack)
            for thing in things
        ],
        dtype=bool,
    )


def bearings(things: Things, viewer: Viewer) -> Array:
    """Radians (n,) from the viewer's heading to each object's middle; to the left positive, in -pi to pi."""
    offset = middles(things) - np.array(viewer.position)
    x, y = viewer.heading
    return np.asarray(np.arctan2(x * offset[:, 1] - y * offset[:, 0], offset @ np.array(viewer.heading)))
