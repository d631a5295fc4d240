"""Where in a room a movement that knows nothing of the room can take place.

`needs_of` says what a clip asks for (a floor, a seat), `ground_of_scan` says what a scan offers,
`find_places` finds where both meet, and `fit` bends or cuts the clip as little as needed where they do not.
"""

from __future__ import annotations

from monster.placement.fitting import Fitted, fit
from monster.placement.occupancy import Ground, Seat
from monster.placement.requirements import Needs, needs_of
from monster.placement.scan_occupancy import ground_of_scan
from monster.placement.search import Place, find_places

__all__ = [
    "Fitted",
    "Ground",
    "Needs",
    "Place",
    "Seat",
    "find_places",
    "fit",
    "ground_of_scan",
    "needs_of",
]
