"""The occupancy grid of a room: cubes of 5 cm, and seats."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monster.arrays import BoolArray, DoubleArray, IntArray

CELL: Final = 0.05  # metres: the side of a cube
TOP: Final = 2.2  # metres over the floor: the upper end of the grid
FREE: Final = -1  # owner of a cube that is empty
OUTSIDE: Final = -2  # owner of a cube beyond the walls, or over unseen floor
UNKNOWN: Final = -3  # owner of a cube that an unknown object fills
TRUNK: Final = 3  # cubes around a trunk that have to be free: 15 cm
_DEEPEST: Final = 5  # cubes: larger depths count as this one


@dataclass(frozen=True, eq=False)
class Seat:
    """A place to sit: a point (3,) on top, the unit direction (2,) that a seated body faces, the id of its object."""

    point: DoubleArray
    facing: DoubleArray
    owner: int


@dataclass(frozen=True, eq=False)
class OccupancyGrid:
    """A room as cubes of 5 cm: ``owner`` (along x, along y, upwards) is the object that fills each.

    ``origin`` (2,) is the corner of the first cube, ``floor`` the height of the floor. Points outside count as
    `OUTSIDE`; points above `TOP` count as points at that height.
    """

    owner: NDArray[np.int32]
    origin: DoubleArray
    floor: float
    seats: tuple[Seat, ...] = ()

    @cached_property
    def depth(self) -> NDArray[np.uint8]:
        """Distance in cubes of each filled cube to the nearest empty one, at most 5; 0 where it is empty."""
        filled = self.owner != FREE
        depth = filled.astype(np.uint8)
        for _ in range(_DEEPEST - 1):
            filled = _eroded(filled)
            depth += filled
        return np.asarray(depth, dtype=np.uint8)

    @cached_property
    def tight(self) -> BoolArray:
        """Cubes within 15 cm of a filled one, horizontally: the middle of a trunk cannot be there."""
        tight = self.owner != FREE
        for step in range(TRUNK):
            tight = dilated(tight, corners=step % 2 == 1)
        return np.asarray(tight)

    def cubes(self, points: DoubleArray) -> IntArray:
        """Flat indices (...) of the cubes that hold the points (..., 3)."""
        low = np.array([*self.origin, self.floor])
        at = np.floor((points - low) * (1 / CELL)).astype(np.int64)
        np.clip(at, 0, np.array(self.owner.shape) - 1, out=at)
        _, across, up = self.owner.shape
        return np.asarray((at[..., 0] * across + at[..., 1]) * up + at[..., 2])

    @cached_property
    def empty_layers(self) -> BoolArray:
        """Which cubes are empty (upwards, along x, along y)."""
        return np.ascontiguousarray(np.moveaxis(self.owner == FREE, 2, 0))

    @cached_property
    def roomy_layers(self) -> BoolArray:
        """Which cubes the middle of a trunk can be in (upwards, along x, along y)."""
        return np.ascontiguousarray(np.moveaxis(~self.tight, 2, 0))

    def standing_mask(self, spacing: float) -> BoolArray:
        """Whether a trunk at hip height touches nothing, at floor points ``spacing`` apart (along x, along y)."""
        step = max(1, round(spacing / CELL))
        return np.asarray(~self.tight[::step, ::step, round(0.9 / CELL)])

    def lattice_points(self, places: IntArray, spacing: float) -> DoubleArray:
        """The floor points (n, 2) at ``places`` (n, 2) of ``standing_mask``."""
        step = max(1, round(spacing / CELL))
        return np.asarray(places * (step * CELL) + self.origin + CELL / 2, dtype=np.float64)

    def standing_room(self, spacing: float) -> DoubleArray:
        """Floor points (n, 2), ``spacing`` apart, at which a trunk at hip height touches nothing."""
        return self.lattice_points(np.argwhere(self.standing_mask(spacing)), spacing)

    @cached_property
    def span(self) -> float:
        """Metres along the diagonal of the area that a body can stand on."""
        places = self.standing_room(2 * CELL)
        return float(np.linalg.norm(np.ptp(places, axis=0))) if len(places) else 0.0


def empty_grid(low: DoubleArray, high: DoubleArray) -> tuple[NDArray[np.int32], DoubleArray]:
    """Cubes over a floor rectangle, all `OUTSIDE`, with a rim of two around it; and the corner of the first (2,)."""
    count = np.ceil((high - low) / CELL).astype(int) + 4
    return np.full((count[0], count[1], round(TOP / CELL)), OUTSIDE, np.int32), np.asarray(low - 2 * CELL)


def column_centers(shape: tuple[int, ...], origin: DoubleArray) -> DoubleArray:
    """Middles (along x, along y, 2) of the columns of cubes."""
    axes = [origin[axis] + (np.arange(shape[axis]) + 0.5) * CELL for axis in range(2)]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)


def dilated(filled: BoolArray, *, corners: bool = False) -> BoolArray:
    """The filled cubes and their horizontal neighbours (along the first two axes)."""
    wide = filled.copy()
    wide[1:] |= filled[:-1]
    wide[:-1] |= filled[1:]
    base = wide if corners else filled
    grown = wide.copy()
    grown[:, 1:] |= base[:, :-1]
    grown[:, :-1] |= base[:, 1:]
    return grown


def _eroded(filled: BoolArray) -> BoolArray:
    """The filled cubes without an empty neighbour; cubes beyond the grid count as filled."""
    inner = filled.copy()
    for axis in range(3):
        ahead, behind = [slice(None)] * 3, [slice(None)] * 3
        ahead[axis], behind[axis] = slice(1, None), slice(None, -1)
        inner[tuple(ahead)] &= filled[tuple(behind)]
        inner[tuple(behind)] &= filled[tuple(ahead)]
    return inner
