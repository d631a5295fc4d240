"""What a body does in a room, written out as 22 joints over time: walk, sit, lie, stand up, reach, one after another.

Root, footsteps and postures are planned first, then joints follow by inverse kinematics: so bones keep their length,
feet that carry weight stay where they are, and a sitting pelvis or a reaching hand is where the object is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Literal

import numpy as np

from monster.errors import InputError
from worlds.actions.performing.actor import Actor, Setting
from worlds.actions.performing.timeline import FPS
from worlds.actions.registry import ACTIONS
from worlds.people.body import make_body, random_body
from worlds.rooms.floor import FloorGrid, free_floor
from worlds.types import ActionName, Deed, Performance, PlacedObject, Room

Style = Literal["slowly", "normal", "quickly"]
STYLES: Final[tuple[Style, ...]] = ("slowly", "normal", "quickly")
SPEEDS: Final[dict[Style, tuple[float, float]]] = {
    "slowly": (0.55, 0.78),
    "normal": (0.95, 1.28),
    "quickly": (1.5, 1.85),
}
TEMPOS: Final[dict[Style, float]] = {"slowly": 1.22, "normal": 1.0, "quickly": 0.82}
STYLE_SHARES: Final = (0.25, 0.45, 0.3)
SHORTEST, LONGEST = 40, 200  # frames
LONGEST_WALK: Final = 5.0
_HURRY: Final = 0.14  # share of time that each further step of a plan saves on all that is not walking
_HASTE: Final = 0.6  # how much a metre of way counts in the choice of where to do something, for each deed
_NEXT_WALK: Final = 2.5  # metres, about, from one object to the next
_SHORTEST_WALK: Final = 1.25


def perform(
    room: Room, plan: Sequence[Deed], rng: np.random.Generator, floor: FloorGrid | None = None
) -> Performance | None:
    """A body that does the one to three deeds (action, object ids) of the plan in the room; None when it cannot.

    It has 40 to 200 frames at 20 a second. Sitting, lying and reaching include the walk there. Raises InputError for
    a plan of another length or of objects that the room does not have.
    """
    things = _checked(room, plan)
    floor = free_floor(room) if floor is None else floor
    body = random_body(rng)
    misses = 0
    for style, hurry in _paces(len(plan), rng):
        speed, tempo = float(rng.uniform(*SPEEDS[style])), hurry * TEMPOS[style] * float(rng.uniform(0.93, 1.07))
        longest = _first_walk([action for action, _ in plan], speed, tempo)
        for _ in range(1 + len(plan)):
            actor = Actor(room, floor, body, rng, speed=speed, tempo=tempo, longest=longest, haste=_HASTE * len(plan))
            if not _act(actor, plan, things) or actor.line is None:
                misses += 1
                if misses > len(plan):
                    return None
                continue
            line = actor.line
            if line.frames <= LONGEST:
                line.now = max(line.now, (SHORTEST - 1) / FPS)
                return Performance(line.render(rng), line.frame_events(), style)
            longest = max(longest - (line.frames - LONGEST + 4) / FPS * speed, _SHORTEST_WALK)
    return None


def _paces(deeds: int, rng: np.random.Generator) -> Iterator[tuple[Style, float]]:
    """What to try until all fits: a style and quicker ones, with the factor on time, at last in a real hurry."""
    hurry = 1 - _HURRY * (deeds - 1)
    for style in STYLES[int(rng.choice(len(STYLES), p=STYLE_SHARES)) :]:
        yield style, hurry
    if deeds > 1:
        yield "quickly", 0.9 * hurry


def _checked(room: Room, plan: Sequence[Deed]) -> list[tuple[PlacedObject, ...]]:
    if not 1 <= len(plan) <= 3:
        raise InputError(f"expected a plan of one to three steps, got {len(plan)}")
    by_id = {thing.id: thing for thing in room.objects}
    for action, targets in plan:
        if action not in ACTIONS or len(targets) != ACTIONS[action].arity or not by_id.keys() >= set(targets):
            raise InputError(f"expected an action and its objects in this room, got {action!r}, {targets}")
    return [tuple(by_id[target] for target in targets) for _, targets in plan]


def _first_walk(actions: Sequence[ActionName], speed: float, tempo: float) -> float:
    """Metres that the first walk may take, so that the rest fits into ten seconds."""
    rest = sum(ACTIONS[action].seconds * tempo for action in actions) + (len(actions) - 1) * _NEXT_WALK / speed
    return float(np.clip((LONGEST / FPS - rest) * speed, _SHORTEST_WALK, LONGEST_WALK))


def _act(actor: Actor, plan: Sequence[Deed], things: Sequence[tuple[PlacedObject, ...]]) -> bool:
    for index, (deed, targets) in enumerate(zip(plan, things, strict=True)):
        start, last = actor.line.now if actor.line else 0.0, index == len(plan) - 1
        if not ACTIONS[deed[0]].perform(actor, targets, last) or actor.line is None:
            return False
        actor.line.record(deed, start)
        if actor.line.frames > LONGEST:
            return True  # too long already: the caller tries again
    return True


def plan_candidates(room: Room, floor: FloorGrid) -> list[Deed]:
    """What somebody who comes through a door can probably do in the room, by a look at the geometry."""
    setting = Setting(room, floor, make_body())
    return [(spec.name, targets) for spec in ACTIONS for targets in spec.find_targets(setting)]
