"""From points in the axes and unit of a file to z up and metres, with the floor near z = 0.

A floor that leans by more than 3 degrees is levelled where the axes are turned anyway (the frame of a camera);
otherwise it stays, and a finding says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from monster.errors import InputError
from monster.geometry.axes import parsed_unit, parsed_up, to_z_up, unit_name
from monster.geometry.room import SURE_UP, detect_up, floor_height, level_floor
from monster.geometry.room_unit import likely_unit
from monster.io.formats import DeclaredFrame, RawScene
from monster.types import MAX_SCENE_SIZE, Finding

_FARTHEST: Final = 1e7  # metres; beyond it float32 cannot distinguish the points of a room
_KEPT_FLOOR: Final = 0.4  # metres; a floor this near to z = 0 stays where the file has it
_LEAST_TILT: Final = 3.0  # degrees
_FAR: Final = 4096.0  # metres; beyond it float32 is coarser than half a millimetre


@dataclass(frozen=True, eq=False)
class Frame:
    """Points (n, 3) in z up and metres, and the findings: what was given, detected and guessed."""

    points: DoubleArray
    findings: tuple[Finding, ...]


def to_room(raw: RawScene, declared: DeclaredFrame) -> Frame:
    """The points of a file in the project's frame. Raises InputError for a size that no room has in any unit.

    A ``placed`` scene's floor is neither levelled nor moved, so that motions in the file's coordinates still fit.
    """
    if len(raw.points) < 2:
        raise InputError(f"expected at least 2 points in a scene, got {len(raw.points)}")
    scale, unit_found = _unit(raw, declared)
    points = raw.points * scale
    size, farthest = float(np.ptp(points, axis=0).max()), float(np.abs(points).max())
    if not 0 < size < MAX_SCENE_SIZE or farthest > _FARTHEST:
        raise InputError(
            f"expected a scene under {MAX_SCENE_SIZE:.0f} m, got {size:.4g} m across, {farthest:.4g} m from the origin"
        )
    up, axes_found = _up(raw, points, declared)
    points = to_z_up(points, up)
    findings = [axes_found, unit_found]
    tilt, level = level_floor(points)
    if tilt > _LEAST_TILT and up != "z" and declared.axes is None and not declared.placed:
        points = points @ level.T
        findings.append(Finding("level", f"turned by {tilt:.0f} degrees", "detected", "the floor leaned"))
    elif tilt > _LEAST_TILT:
        findings.append(Finding("level", f"the floor leans by {tilt:.0f} degrees", "detected", "kept as it is"))
    points, moved = _near_the_origin(points, placed=declared.placed)
    points, floor = _floor(points, placed=declared.placed)
    return Frame(points, (*findings, *moved, floor))


def _unit(raw: RawScene, declared: DeclaredFrame) -> tuple[float, Finding]:
    if declared.unit is not None:
        scale, name = parsed_unit(declared.unit)
        return scale, Finding("unit", name, "given")
    if raw.unit is not None:
        return raw.unit, Finding("unit", unit_name(raw.unit), "given", "by the format")
    return likely_unit(raw.points, declared.axes or raw.up)


def _up(raw: RawScene, points: DoubleArray, declared: DeclaredFrame) -> tuple[str, Finding]:
    if declared.axes is not None:
        up = parsed_up(declared.axes)
        return up, Finding("axes", f"{up} up", "given")
    if raw.up is not None:
        return raw.up, Finding("axes", f"{raw.up} up", "given", "by the format")
    up, lead = detect_up(points)
    if lead >= SURE_UP:
        return up, Finding("axes", f"{up} up", "detected", "from the floor")
    return up, Finding(
        "axes", f"{up} up", "guessed", "no clear floor, y or -y may point up, too: axes= (--axes) settles it"
    )


def _near_the_origin(points: DoubleArray, *, placed: bool) -> tuple[DoubleArray, tuple[Finding, ...]]:
    """Points of a survey (UTM and the like) moved to a local origin in whole metres, which a finding names."""
    if float(np.abs(points[:, :2]).max()) <= _FAR:
        return points, ()
    if placed:
        raise InputError(
            f"expected placed coordinates within {_FAR:.0f} m of the origin, got {np.abs(points[:, :2]).max():.6g} m; "
            "move scene and motion together to a local origin"
        )
    origin = np.append(np.floor(points[:, :2].min(axis=0)), 0.0)
    note = "subtracted, so that single precision keeps millimetres"
    return points - origin, (Finding("origin", f"{origin[0]:.0f} {origin[1]:.0f}", "detected", note),)


def _floor(points: DoubleArray, *, placed: bool) -> tuple[DoubleArray, Finding]:
    height = floor_height(points)
    if placed:
        return points, Finding("floor", "kept", "given", "motions are placed in these coordinates")
    if height is None:
        return points, Finding("floor", "not moved", "guessed", "no flat layer at the bottom")
    if abs(height) <= _KEPT_FLOOR:
        return points, Finding("floor", f"at {height:.2f} m", "detected")
    return points - np.array([0, 0, height]), Finding(
        "floor", f"moved from {height:.2f} m to 0", "detected", "placed= (--placed) keeps it"
    )
