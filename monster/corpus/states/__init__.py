"""When is an action done to an object? Decided from what is seen of the body and from the room's geometry alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from monster.corpus.relations import Plan
from monster.corpus.seen import Seen
from monster.corpus.states.carrying import CARRYING
from monster.corpus.states.free import FREE
from monster.corpus.states.hands import HANDS
from monster.corpus.states.low import LOW
from monster.corpus.states.passing import PASSING
from monster.corpus.states.seats import SEATS
from monster.corpus.states.surfaces import SURFACES
from monster.corpus.states.ways import WAYS
from monster.corpus.world import Action, PlacedObject

Moments = Callable[[Seen, tuple[PlacedObject, ...], Plan], list[int]]
# For every action: the frames at which it is done to the objects, each the first of a stretch that lasts long enough.
MOMENTS: Final[Mapping[Action, Moments]] = {**WAYS, **PASSING, **SEATS, **LOW, **HANDS, **CARRYING, **SURFACES, **FREE}
