"""From points in whatever axes and unit a file has to z up and metres, with the floor near z = 0.

Up is the direction in which a flat layer covers much ground, hardly anything lies below it, most points lie in the
lower half, and the extent is that of a storey. Between directions that fit alike, the usual ones win: z, then y. A
floor that leans by more than 3 degrees is levelled where axes are turned anyway (the frame of a camera), else told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monster.errors import InputError
from monster.io.normalise.axes import UPS, parsed_unit, parsed_up, to_z_up, unit_name
from monster.io.scene.clouds import RawScene
from monster.types import MAX_SCENE_SIZE, Finding

Array = NDArray[np.float64]

_FARTHEST: Final = 1e7  # metres; beyond, float32 has no room for a room
_USUAL: Final[dict[str, float]] = {"z": 1.5, "y": 1.0, "-y": 0.5, "-z": 0.4, "x": 0.25, "-x": 0.25}
_SURE: Final = 1.2  # by what factor the best up direction must lead to count as detected
_GRID: Final = 0.05
_STOREY: Final = 3.2
_KEPT_FLOOR: Final = 0.4  # a floor this near to z = 0 is where the file wants it
_LEAST_TILT, _MOST_TILT = 3.0, 30.0  # degrees


@dataclass(frozen=True, eq=False)
class Frame:
    """Points (n, 3) in z up and metres, and what was given, detected and guessed."""

    points: Array
    findings: tuple[Finding, ...]


def to_room(raw: RawScene, *, axes: str | None = None, unit: str | float | None = None, placed: bool = False) -> Frame:
    """The points of a file in the project's frame. Raises InputError for a size that no room has in any unit.

    With ``placed`` the floor is neither levelled nor moved: motions with the file's coordinates stay where they belong.
    """
    if len(raw.points) < 2:
        raise InputError(f"expected at least 2 points in a scene, got {len(raw.points)}")
    scale, unit_found = _unit(raw, unit)
    points = raw.points * scale
    size, farthest = float(np.ptp(points, axis=0).max()), float(np.abs(points).max())
    if not 0 < size < MAX_SCENE_SIZE or farthest > _FARTHEST:
        raise InputError(
            f"expected a scene under {MAX_SCENE_SIZE:.0f} m, got {size:.4g} m across, {farthest:.4g} m from the origin"
        )
    up, axes_found = _up(raw, points, axes)
    points = to_z_up(points, up)
    findings = [axes_found, unit_found]
    tilt, level = _tilt(points)
    if tilt > _LEAST_TILT and up != "z" and axes is None and not placed:
        points = points @ level.T
        findings.append(Finding("level", f"turned by {tilt:.0f} degrees", "detected", "the floor leaned"))
    elif tilt > _LEAST_TILT:
        findings.append(Finding("level", f"the floor leans by {tilt:.0f} degrees", "detected", "kept as it is"))
    points, floor = _floor(points, placed=placed)
    return Frame(points, (*findings, floor))


def detect_up(points: Array) -> tuple[str, float]:
    """The axis that points up in points (n, 3) in metres, and the factor by which it leads the next one."""
    cells = _thinned(points, _GRID)
    scores = {up: _floor_score(to_z_up(cells, up)) * _USUAL[up] for up in UPS}
    best, second = sorted(scores, key=lambda up: -scores[up])[:2]
    return best, scores[best] / max(scores[second], 1e-9)


def floor_height(points: Array) -> float | None:
    """Height of the flat layer that the room stands on, in points (n, 3) with z up, or None without one."""
    layer, share, _ = _lowest_layer(_thinned(points, _GRID)[:, 2])
    near = points[np.abs(points[:, 2] - layer) < _GRID, 2]
    return float(np.median(near)) if share > 0.03 and len(near) else None


def floor_tilt(points: Array) -> float:
    """By how many degrees the floor leans in points (n, 3) with z up; 0 where that is not clear."""
    return _tilt(points)[0]


def _unit(raw: RawScene, unit: str | float | None) -> tuple[float, Finding]:
    if unit is not None:
        scale, name = parsed_unit(unit)
        return scale, Finding("unit", name, "given")
    if raw.unit is not None:
        return raw.unit, Finding("unit", unit_name(raw.unit), "given", "by the format")
    with np.errstate(over="ignore"):
        size = float(np.ptp(raw.points, axis=0).max())
    if not 0.05 <= size < 200_000:
        raise InputError(
            f"expected a scene of 0.05 to {MAX_SCENE_SIZE:.0f} m, got {size:.4g} across, which fits no unit"
        )
    scale = 1.0 if size <= MAX_SCENE_SIZE else (0.01 if size < 2500 else 0.001)
    how = "detected" if 1.5 <= size * scale <= 60 else "guessed"
    return scale, Finding("unit", unit_name(scale), how, f"{size * scale:.2f} m across")  # type: ignore[arg-type]


def _up(raw: RawScene, points: Array, axes: str | None) -> tuple[str, Finding]:
    if axes is not None:
        up = parsed_up(axes)
        return up, Finding("axes", f"{up} up", "given")
    if raw.up is not None:
        return raw.up, Finding("axes", f"{raw.up} up", "given", "by the format")
    up, lead = detect_up(points)
    if lead >= _SURE:
        return up, Finding("axes", f"{up} up", "detected", "from the floor")
    return up, Finding("axes", f"{up} up", "guessed", "no clear floor")


def _thinned(points: Array, grid: float) -> Array:
    """One point for each occupied cell of a grid, so that dense parts count no more than others."""
    return np.asarray((np.unique(np.floor(points / grid).astype(np.int64), axis=0) + 0.5) * grid)


def _lowest_layer(heights: Array) -> tuple[float, float, float]:
    """Height of the flat layer in the lower part, the share of points in it, and the share below it."""
    low, high = np.percentile(heights, [0.5, 99.5])
    edges = np.arange(low - 2.5 * _GRID, high + 3 * _GRID, _GRID)
    counts = np.histogram(heights, edges)[0]
    below = np.concatenate([[0, 0, 0], np.cumsum(counts)])[: len(counts)] / len(heights)
    layers = np.convolve(counts, [0.6, 1.0, 0.6], "same") * np.exp(-below / 0.1)
    middles = edges[:-1] + _GRID / 2
    best = int(np.where(middles < low + 0.4 * (high - low) + _GRID, layers, 0.0).argmax())
    near = np.abs(heights - middles[best]) < 1.4 * _GRID
    height = float(np.median(heights[near])) if near.any() else float(low)
    return height, float(near.mean()), float(below[best])


def _floor_score(points: Array) -> float:
    """How much the lowest flat layer of points with z up is like a floor: its area, weighed by what is around it."""
    heights = points[:, 2]
    floor, _, below = _lowest_layer(heights)
    extent = max(float(np.subtract(*np.percentile(heights, [99.5, 0.5]))), 1e-3)
    layer = points[np.abs(heights - floor) < 2 * _GRID, :2]
    area = len(np.unique(np.floor(layer / 0.2), axis=0)) * 0.04
    middle = np.clip((np.median(heights) - floor) / extent, 0, 1)
    return float(area * np.exp(-below / 0.1) * np.exp(-max(0.0, extent - _STOREY) / 2) * (1.1 - middle))


def _tilt(points: Array) -> tuple[float, Array]:
    """By how many degrees the floor leans (0 where that is not clear), and the rotation (3, 3) that levels it."""
    cells = _thinned(points, _GRID)
    plane = np.array([0.0, 0.0, _lowest_layer(cells[:, 2])[0]])  # z = a x + b y + c
    for band in (0.3, 0.2, 0.12, 0.08, 0.08):
        near = cells[np.abs(cells[:, 2] - cells[:, :2] @ plane[:2] - plane[2]) < band]
        if len(near) < 50:
            return 0.0, np.eye(3)
        design = np.concatenate([near[:, :2], np.ones((len(near), 1))], axis=1)
        plane = np.linalg.lstsq(design, near[:, 2], rcond=None)[0]
    normal = np.array([-plane[0], -plane[1], 1.0]) / np.linalg.norm([plane[0], plane[1], 1.0])
    turn = _turn_to_z(normal)
    tilt = float(np.degrees(np.arccos(np.clip(normal[2], -1, 1))))
    is_better = _floor_score(_thinned(points @ turn.T, _GRID)) > 1.02 * _floor_score(cells)
    return (tilt, turn) if tilt < _MOST_TILT and is_better else (0.0, np.eye(3))


def _turn_to_z(normal: Array) -> Array:
    """The smallest rotation (3, 3) that turns a unit vector to z."""
    x, y, z = normal
    cross = np.array([[0.0, 0.0, -x], [0.0, 0.0, -y], [x, y, 0.0]])
    return np.asarray(np.eye(3) + cross + cross @ cross / (1 + z))


def _floor(points: Array, *, placed: bool) -> tuple[Array, Finding]:
    height = floor_height(points)
    if placed:
        return points, Finding("floor", "kept", "given", "motions are placed in these coordinates")
    if height is None:
        return points, Finding("floor", "not moved", "guessed", "no flat layer at the bottom")
    if abs(height) <= _KEPT_FLOOR:
        return points, Finding("floor", f"at {height:.2f} m", "detected")
    return points - np.array([0, 0, height]), Finding("floor", f"moved from {height:.2f} m to 0", "detected")
