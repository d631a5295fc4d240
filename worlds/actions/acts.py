"""Every action that a body can be asked for, by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from worlds.actions.actor import Act
from worlds.actions.carrying import CARRYING
from worlds.actions.free import FREE
from worlds.actions.hands import ONE_HAND
from worlds.actions.low import LOW
from worlds.actions.passing import PASSING
from worlds.actions.seats import SEATS
from worlds.actions.surfaces import SURFACES
from worlds.actions.ways import WAYS
from worlds.types import Action

ACTS: Final[Mapping[Action, Act]] = {**WAYS, **PASSING, **SEATS, **LOW, **ONE_HAND, **CARRYING, **SURFACES, **FREE}
