"""Finds where in a scene a clip of a motion library can take place.

`requirements_of` derives what a clip needs (a floor, a seat), `occupancy_of_scan` what a scan offers. `find_places`
searches places where they match; `fit` also bends or cuts the clip as little as needed.
"""

from __future__ import annotations

from monster.placement.fitting import FittedMotion, fit
from monster.placement.occupancy import OccupancyGrid, Seat
from monster.placement.requirements import AffordanceRequirements, requirements_of
from monster.placement.scan_occupancy import occupancy_of_scan
from monster.placement.search import Place, find_places

__all__ = [
    "AffordanceRequirements",
    "FittedMotion",
    "OccupancyGrid",
    "Place",
    "Seat",
    "find_places",
    "fit",
    "occupancy_of_scan",
    "requirements_of",
]
