"""Up axes and length units of files, and their conversion to z up and metres."""

from __future__ import annotations

from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from monster.errors import InputError

UPS: Final[tuple[str, ...]] = ("z", "y", "-y", "-z", "x", "-x")
_TO_Z_UP: Final[dict[str, DoubleArray]] = {
    "z": np.eye(3),
    "y": np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]]),  # (x, y, z) -> (x, -z, y)
    "-y": np.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]]),
    "-z": np.array([[1.0, 0, 0], [0, -1, 0], [0, 0, -1]]),
    "x": np.array([[0.0, 1, 0], [0, 0, 1], [1, 0, 0]]),
    "-x": np.array([[0.0, 1, 0], [0, 0, -1], [-1, 0, 0]]),
}
UNITS: Final[dict[str, float]] = {"m": 1.0, "cm": 0.01, "mm": 0.001, "in": 0.0254, "ft": 0.3048}
_UNIT_NAMES: Final = {"m": "metres", "cm": "centimetres", "mm": "millimetres", "in": "inches", "ft": "feet"}


def parsed_up(axes: str) -> str:
    """The up axis that ``"y"``, ``"+y"``, ``"y up"`` or ``"Y-up"`` names. Raises InputError for anything else."""
    name = axes.strip().lower().removesuffix("up").rstrip(" -_").removeprefix("+")
    if name not in UPS:
        raise InputError(f"unknown axes {axes!r}: expected the axis that points up, one of {', '.join(UPS)}")
    return name


def parsed_unit(unit: str | float) -> tuple[float, str]:
    """Metres per unit, and its name, from a name such as ``"cm"`` or a number. Raises InputError otherwise."""
    if isinstance(unit, str) and unit.strip().lower() in UNITS:
        name = unit.strip().lower()
        return UNITS[name], _UNIT_NAMES[name]
    if not isinstance(unit, str) and 0 < unit < 1e6:
        return float(unit), f"{unit:g} m"
    raise InputError(f"unknown unit {unit!r}: expected one of {', '.join(UNITS)}, or a number of metres")


def unit_name(metres: float) -> str:
    """The name of a unit of that many metres."""
    return next((_UNIT_NAMES[key] for key, value in UNITS.items() if value == metres), f"{metres:g} m")


def up_vector(up: str) -> DoubleArray:
    """The unit vector (3,) in file coordinates that points up."""
    return np.asarray(_TO_Z_UP[up][2], dtype=np.float64)


def to_z_up(points: DoubleArray, up: str) -> DoubleArray:
    """Coordinates (..., 3) with ``up`` as their up axis, rotated (never mirrored) so that z points up."""
    return np.asarray(points @ _TO_Z_UP[up].T, dtype=np.float64)
