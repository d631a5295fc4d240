"""Detects the length unit of the points of a room by the height of a storey, else by the size of the room.

A storey is 2.1 to 3.6 m high from floor to ceiling; scans without a ceiling are lower, halls are higher. Feet and
metres differ by 3.3, so a low scan fits both: then the usual unit for its size is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from monster.arrays import DoubleArray
from monster.errors import InputError
from monster.geometry.axes import UNITS, parsed_up, to_z_up, unit_name
from monster.geometry.room import detect_up
from monster.types import MAX_SCENE_SIZE, Finding

_STOREY: Final = (2.1, 3.6)  # metres
_LOW, _HALL = (0.4, 2.1), (3.6, 15.0)
_WIDTHS: Final = (1.2, 150.0)
_USUAL: Final = (1.5, 60.0)
_LARGEST_IN_CENTIMETRES: Final = 2500.0
_SAMPLE: Final = 40_000
_SEED: Final = 0


@dataclass(frozen=True)
class _Fit:
    """A room in one unit: metres per unit, height and width in metres, and the plausibility of these (0 none)."""

    scale: float
    height: float
    width: float
    rank: int


def likely_unit(points: DoubleArray, up: str | None = None) -> tuple[float, Finding]:
    """Metres in one unit of points (n, 3) in the axes of a file, and the finding.

    ``up`` is the up axis if known. Raises InputError if no unit gives a plausible size.
    """
    size = float(np.ptp(points, axis=0).max())
    if not 0.05 <= size < 200_000:
        raise InputError(
            f"expected a scene of 0.05 to {MAX_SCENE_SIZE:.0f} m, got {size:.4g} across, which fits no unit; "
            "is the file damaged? unit= (--unit) overrules detection"
        )
    usual = _usual_unit(size)
    sample = points
    if len(points) > _SAMPLE:
        sample = points[np.random.default_rng(_SEED).choice(len(points), _SAMPLE, replace=False)]
    fits = {scale: _fit(sample, scale, up) for scale in UNITS.values()}
    storeys = [fit for fit in fits.values() if fit.rank == 2]
    if fits[usual].rank == 2 or not storeys:
        return usual, _by_size(size, usual)
    best = min(storeys, key=lambda fit: abs(np.log(fit.height / 2.6)))
    how: Literal["detected", "guessed"] = "guessed" if fits[usual].rank else "detected"
    note = f"a storey of {best.height:.2f} m, {best.width:.2f} m across"
    if how == "guessed":
        note += f"; in {unit_name(usual)} it is {fits[usual].height:.2f} m high: unit= (--unit) settles it"
    return best.scale, Finding("unit", unit_name(best.scale), how, note)


def _by_size(size: float, scale: float) -> Finding:
    across = size * scale
    how: Literal["detected", "guessed"] = "detected" if _USUAL[0] <= across <= _USUAL[1] else "guessed"
    note = f"{across:.2f} m across" + ("" if how == "detected" else "; unit= (--unit) settles it")
    return Finding("unit", unit_name(scale), how, note)


def _usual_unit(size: float) -> float:
    """Metres in one unit of a scene that is ``size`` units across."""
    if size <= MAX_SCENE_SIZE:
        return 1.0
    return 0.01 if size < _LARGEST_IN_CENTIMETRES else 0.001


def _fit(points: DoubleArray, scale: float, up: str | None) -> _Fit:
    metres = points * scale
    if not _WIDTHS[0] <= float(np.ptp(metres, axis=0).max()) <= _WIDTHS[1]:
        return _Fit(scale, 0.0, 0.0, 0)
    axis = detect_up(metres)[0] if up is None else parsed_up(up)
    room = to_z_up(metres, axis)
    height = float(np.subtract(*np.percentile(room[:, 2], [99.8, 0.2])))
    width = float(np.ptp(room[:, :2], axis=0).max())
    if not _WIDTHS[0] <= width <= _WIDTHS[1]:
        return _Fit(scale, height, width, 0)
    if _STOREY[0] <= height <= _STOREY[1]:
        return _Fit(scale, height, width, 2)
    is_room = _LOW[0] <= height < _LOW[1] or (_HALL[0] < height <= _HALL[1] and width >= height / 2)
    return _Fit(scale, height, width, int(is_room))
