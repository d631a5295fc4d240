"""Every action that a body can be asked for, by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from monster.corpus.actions.actor import Act
from monster.corpus.actions.carrying import CARRYING
from monster.corpus.actions.free import FREE
from monster.corpus.actions.hands import ONE_HAND
from monster.corpus.actions.low import LOW
from monster.corpus.actions.passing import PASSING
from monster.corpus.actions.seats import SEATS
from monster.corpus.actions.surfaces import SURFACES
from monster.corpus.actions.ways import WAYS
from monster.corpus.world import Action

ACTS: Final[Mapping[Action, Act]] = {**WAYS, **PASSING, **SEATS, **LOW, **ONE_HAND, **CARRYING, **SURFACES, **FREE}
