"""What a body does on free floor, to nothing: with its arms, on its legs, with all of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from worlds.actions.actor import Act, Actor
from worlds.actions.free.arms import bow, circle_arms, clap, punch, stretch, throw, wave
from worlds.actions.free.legs import kick, march, squat, turn_around
from worlds.actions.free.place import has_space, take_place
from worlds.actions.free.whole import dance, jump, jumping_jacks
from worlds.actions.timeline import Timeline
from worlds.types import Action, PlacedObject

Move = Callable[[Actor, Timeline], None]
MOVES: Final[dict[Action, tuple[Move, float]]] = {
    "wave": (wave, 2.6), "kick": (kick, 2.4), "punch": (punch, 2.2), "jump": (jump, 2.2), "dance": (dance, 4.0),
    "squat": (squat, 4.0), "turn around": (turn_around, 2.8), "stretch": (stretch, 3.0), "clap": (clap, 2.4),
    "bow": (bow, 2.4), "march": (march, 3.4), "throw": (throw, 2.0), "do jumping jacks": (jumping_jacks, 3.6),
    "circle the arms": (circle_arms, 3.4),
}  # fmt: skip


def _do(move: Move, actor: Actor, things: tuple[PlacedObject, ...], last: bool) -> bool:
    if not take_place(actor) or actor.line is None:
        return False
    actor.line.wait(actor.seconds(0.2, 0.35))
    move(actor, actor.line)
    actor.line.wait(actor.seconds(0.2, 0.4))
    return True


FREE: Final[dict[Action, Act]] = {
    action: Act(partial(_do, move), has_space, seconds=seconds) for action, (move, seconds) in MOVES.items()
}
