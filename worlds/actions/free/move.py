"""Actions on one spot of open floor, without an object."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from worlds.actions.performing.actor import Actor
from worlds.actions.performing.open_floor import has_space, take_place
from worlds.actions.performing.timeline import Timeline
from worlds.actions.spec import ActionSpec, Detect, Phrases, Sampling
from worlds.types import ActionName, Targets

Move = Callable[[Actor, Timeline], None]
WEIGHT: Final = 0.45  # there are many of them: each is drawn less often than an action with a target
BEFORE_SECONDS: Final = (0.2, 0.35)
AFTER_SECONDS: Final = (0.2, 0.4)


def free_action(
    name: str, *, move: Move, seconds: float, detect: Detect, phrases: tuple[str, ...] | Phrases
) -> ActionSpec:
    """An action without targets, from a move that a body makes where it stands."""
    if not isinstance(phrases, Phrases):
        phrases = Phrases(bare=phrases, tells_walk=False)
    return ActionSpec(
        name=ActionName(name),
        arity=0,
        perform=partial(_perform, move),
        find_targets=has_space,
        seconds=seconds,
        detect=detect,
        phrases=phrases,
        sampling=Sampling(weight=WEIGHT),
    )


def _perform(move: Move, actor: Actor, targets: Targets, is_last: bool) -> bool:
    if not take_place(actor) or actor.timeline is None:
        return False
    actor.timeline.wait(actor.seconds(BEFORE_SECONDS))
    move(actor, actor.timeline)
    actor.timeline.wait(actor.seconds(AFTER_SECONDS))
    return True
