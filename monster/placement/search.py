"""Find places for a clip in a room: turns about the vertical and shifts over the floor, coarse to fine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from monster.arrays import AnyArray, BoolArray, DoubleArray, IntArray
from monster.placement.occupancy import CELL, OccupancyGrid, Seat
from monster.placement.requirements import AffordanceRequirements, requirements_of
from monster.skeleton import BONES, INDEX
from monster.types import CANONICAL_FPS, Motion

YAWS: Final = 24
SPACING: Final = 0.15  # metres between two candidate places
MAX_PENETRATION: Final = 0.01  # share of frames in which a joint may be inside an object
MAX_TIGHT: Final = 0.05  # share of frames in which the trunk may come within 15 cm of an object
MAX_DEPTH: Final = 1  # cubes that a joint may be inside an object
MIN_SHIFT, MIN_TURN = 0.5, np.radians(30)  # two places differ by a shift or by a turn
SEAT_TOLERANCE: Final = 0.1  # metres by which a seat may be higher or lower than the clip's
_LEAVING: Final = 0.8  # seconds before and after sitting in which the body may touch its seat
_COARSE: Final = [INDEX[name] for name in ("pelvis", "head", "left_ankle", "right_ankle", "left_wrist", "right_wrist")]
_COARSE_FRAMES: Final = 14
_YAWS: Final[DoubleArray] = np.linspace(0.0, 2 * np.pi, YAWS, endpoint=False)
_STEP: Final = round(SPACING / CELL)  # cubes between two tried places
_FINE: Final = 150  # places that are checked in full
_TRUNK: Final = [INDEX[name] for name in ("pelvis", "spine2", "neck")]
_SEAT_TURNS: Final = np.radians([0.0, -8.0, 8.0, -16.0, 16.0])
_SEAT_SHIFTS: Final = (0.0, 0.06, -0.06, 0.12)  # metres along the seat's facing


@dataclass(frozen=True, eq=False)
class Place:
    """Where a clip fits: turned by ``yaw`` about the origin's vertical, then moved by ``shift`` (3,).

    ``penetration`` is the share of frames in which a joint is inside an object, ``depth`` the largest depth in metres,
    ``tight`` the share of frames in which the trunk nearly touches an object. The object of the seat is ignored while
    the body sits on it, sits down or rises. ``seat`` is the id of that object.
    """

    yaw: float
    shift: DoubleArray
    penetration: float = 0.0
    depth: float = 0.0
    tight: float = 0.0
    seat: int | None = None

    def put(self, joints: AnyArray) -> DoubleArray:
        """The joints (frames, 22, 3) in the room."""
        return turned(np.asarray(joints, dtype=np.float64), self.yaw) + self.shift

    @property
    def is_free(self) -> bool:
        """Whether the body meets no obstacle, within the resolution of the cubes."""
        deep = self.depth > MAX_DEPTH * CELL + 1e-9
        return self.penetration <= MAX_PENETRATION and self.tight <= MAX_TIGHT and not deep


def find_places(
    motion: Motion,
    grid: OccupancyGrid,
    count: int = 1,
    rng: np.random.Generator | None = None,
    *,
    requirements: AffordanceRequirements | None = None,
) -> list[Place]:
    """Up to ``count`` places where the clip meets no obstacle, best first, half a metre or 30 degrees apart.

    Standing clips are tried in 24 turns on the whole floor, sitting ones on every seat of their height. ``rng`` draws
    among equally good places. Empty if there is none, or if no room can meet the requirements.
    """
    requirements = requirements_of(motion) if requirements is None else requirements
    if requirements.reason is not None:
        return []
    rng = np.random.default_rng(0) if rng is None else rng
    search = _PlaceSearch.of(motion, grid, requirements)
    candidates = search.on_seats() if requirements.seat is not None else search.on_floor(rng)
    found: list[Place] = []
    for place in candidates:
        if len(found) >= count:
            break
        if all(search.differ(place, other) for other in found):
            checked = search.checked(place)
            found += [checked] if checked.is_free else []
    return sorted(found, key=lambda place: (place.penetration, place.tight))


def turned(points: DoubleArray, yaw: float) -> DoubleArray:
    """Points (..., 3) rotated about the vertical through the origin."""
    cos, sin = np.cos(yaw), np.sin(yaw)
    return np.asarray(points @ np.array([[cos, sin, 0.0], [-sin, cos, 0.0], [0.0, 0.0, 1.0]]))


@dataclass(frozen=True, eq=False)
class _PlaceSearch:
    """A clip and a room: ``joints`` at 20 fps with the floor at 0, and when it may touch its seat."""

    joints: DoubleArray
    grid: OccupancyGrid
    requirements: AffordanceRequirements
    leaving: BoolArray

    @classmethod
    def of(cls, motion: Motion, grid: OccupancyGrid, requirements: AffordanceRequirements) -> _PlaceSearch:
        joints = motion.resampled(CANONICAL_FPS).joints.astype(np.float64)
        reach = 2 * round(_LEAVING * CANONICAL_FPS) + 1
        leaving = np.convolve(requirements.sitting, np.ones(reach), "full")[reach // 2 :][: len(joints)] > 0.5
        return cls(joints, grid, requirements, leaving)

    @property
    def rise(self) -> float:
        return self.grid.floor - self.requirements.floor

    def on_floor(self, rng: np.random.Generator) -> list[Place]:
        """Places on the floor that are free for a few joints of a few frames, in random order."""
        frames = np.unique(np.linspace(0, len(self.joints) - 1, _COARSE_FRAMES).astype(int))
        few = self.joints[frames][:, _COARSE]
        starts = self.grid.standing_mask(SPACING)
        origins: list[DoubleArray] = []
        found: list[BoolArray] = []
        for yaw in _YAWS:
            body = turned(few, yaw)
            origins.append(body[0, 0, :2].copy())
            body[..., :2] -= body[0, 0, :2]
            body[..., 2] += self.rise
            free = _where_free(starts, self.grid.roomy_layers, self._cells(body[:, :1]))
            found.append(_where_free(free, self.grid.empty_layers, self._cells(body[:, 1:])))
        places = np.argwhere(np.array(found))
        chosen = places[rng.permutation(len(places))[:_FINE]]
        points = self.grid.lattice_points(chosen[:, 1:], SPACING)
        return [
            Place(float(_YAWS[turn]), np.array([*(point - origins[turn]), self.rise]))
            for turn, point in zip(chosen[:, 0], points, strict=True)
        ]

    def _cells(self, body: DoubleArray) -> IntArray:
        """Different cubes (n, 3) of body points (frames, joints, 3) around the middle of a cube on the floor."""
        points = body.reshape(-1, 3) - np.array([0.0, 0.0, self.grid.floor])
        cells = np.floor(points * (1 / CELL) + np.array([0.5, 0.5, 0.0])).astype(np.int64)
        cells[:, 2] = np.clip(cells[:, 2], 0, self.grid.owner.shape[2] - 1)
        return np.unique(cells, axis=0)

    def on_seats(self) -> list[Place]:
        """Places on the seats of about the clip's height, facing as the seat does."""
        height = self.grid.floor + self.requirements.seat_height
        fitting = [seat for seat in self.grid.seats if abs(seat.point[2] - height) <= SEAT_TOLERANCE]
        fitting.sort(key=lambda seat: abs(float(seat.point[2]) - height))
        return [self._on(seat, turn, along) for turn in _SEAT_TURNS for along in _SEAT_SHIFTS for seat in fitting]

    def _on(self, seat: Seat, turn: float, along: float) -> Place:
        pelvis, forward = self.requirements.seat, self.requirements.facing
        if pelvis is None or forward is None:
            raise ValueError("expected a clip that sits")
        yaw = _angle(seat.facing) - _angle(forward) + turn
        origin = turned(pelvis, yaw)[:2]
        target = seat.point[:2] + seat.facing * along
        return Place(float(np.mod(yaw, 2 * np.pi)), np.array([*(target - origin), self.rise]), seat=seat.owner)

    def checked(self, place: Place) -> Place:
        """The place, checked with all frames, all joints and the middles of all bones."""
        body = place.put(self.joints)
        parents, children = np.array(BONES).T
        bone_middles = (body[:, parents] + body[:, children]) / 2
        cubes = self.grid.cubes(np.concatenate([body, bone_middles], axis=1))
        depth, owner = self.grid.depth.ravel()[cubes], self.grid.owner.ravel()[cubes]
        if place.seat is not None:
            depth = np.where(self.leaving[:, None] & (owner == place.seat), 0, depth)
        tight = self.grid.tight.ravel()[cubes[:, _TRUNK]].any(axis=1) & ~self.leaving
        return Place(
            place.yaw,
            place.shift,
            float((depth > 0).any(axis=1).mean()),
            float(depth.max()) * CELL,
            float(tight.mean()),
            place.seat,
        )

    def differ(self, one: Place, other: Place) -> bool:
        """Whether two places are half a metre or 30 degrees apart, measured at the pelvis of the first frame."""
        first, second = (place.put(self.joints[:1])[0, 0, :2] for place in (one, other))
        turn = abs((one.yaw - other.yaw + np.pi) % (2 * np.pi) - np.pi)
        return bool(np.linalg.norm(first - second) >= MIN_SHIFT or turn >= MIN_TURN)


def _where_free(starts: BoolArray, layers: BoolArray, cells: IntArray) -> BoolArray:
    """The starts, of a lattice (along x, along y), around which all ``cells`` (n, 3) are free in ``layers``.

    ``layers`` (upwards, along x, along y) are True in free cubes; nothing is free beyond them.
    """
    free = starts.copy()
    for along, across, up in cells.tolist():
        rows, at_rows = _shifted(along, size=layers.shape[1], count=len(free))
        columns, at_columns = _shifted(across, size=layers.shape[2], count=free.shape[1])
        there = np.zeros_like(free)
        there[rows, columns] = layers[up, at_rows, at_columns]
        free &= there
    return free


def _shifted(shift: int, *, size: int, count: int) -> tuple[slice, slice]:
    """The starts, of ``count`` that are _STEP cubes apart, that are inside ``size`` cubes once shifted; and where."""
    first = max(0, -(shift // _STEP))
    end = max(first, min(count, (size - 1 - shift) // _STEP + 1))
    return slice(first, end), slice(first * _STEP + shift, max(0, end * _STEP + shift), _STEP)


def _angle(direction: DoubleArray) -> float:
    return float(np.arctan2(direction[1], direction[0]))
