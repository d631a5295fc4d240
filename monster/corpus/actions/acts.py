"""Every action that a body can be asked for, by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from monster.corpus.actions.actor import Act
from monster.corpus.actions.hands import HANDS
from monster.corpus.actions.low import LOW
from monster.corpus.actions.passing import PASSING
from monster.corpus.actions.seats import SEATS
from monster.corpus.actions.ways import WAYS
from monster.corpus.world import Action

ACTS: Final[Mapping[Action, Act]] = {**WAYS, **PASSING, **SEATS, **LOW, **HANDS}
