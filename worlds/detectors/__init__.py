"""When is an action done to an object? Decided from what is seen of the body and from the room's geometry alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from worlds.checker.kinematics import Seen
from worlds.checker.relations import Plan
from worlds.detectors.carrying import CARRYING
from worlds.detectors.free import FREE
from worlds.detectors.hands import HANDS
from worlds.detectors.low import LOW
from worlds.detectors.passing import PASSING
from worlds.detectors.seats import SEATS
from worlds.detectors.surfaces import SURFACES
from worlds.detectors.ways import WAYS
from worlds.types import Action, PlacedObject

Moments = Callable[[Seen, tuple[PlacedObject, ...], Plan], list[int]]
# For every action: the frames at which it is done to the objects, each the first of a stretch that lasts long enough.
MOMENTS: Final[Mapping[Action, Moments]] = {**WAYS, **PASSING, **SEATS, **LOW, **HANDS, **CARRYING, **SURFACES, **FREE}
