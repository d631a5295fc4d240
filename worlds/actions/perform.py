"""Performs an action sequence in a room: 22 joints over time.

The path of the pelvis, the footsteps and the postures are written first; the joints follow by inverse kinematics. So
bones keep their length, feet that carry weight stay in place, and a sitting pelvis or a reaching hand is at the object.
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
from worlds.rooms.floor import WalkableMap, free_floor
from worlds.types import ActionInstance, Performance, Room, Targets

Style = Literal["slowly", "normal", "quickly"]
STYLES: Final[tuple[Style, ...]] = ("slowly", "normal", "quickly")
SPEEDS: Final[dict[Style, tuple[float, float]]] = {  # walking, in metres a second
    "slowly": (0.55, 0.78),
    "normal": (0.95, 1.28),
    "quickly": (1.5, 1.85),
}
TEMPOS: Final[dict[Style, float]] = {"slowly": 1.22, "normal": 1.0, "quickly": 0.82}  # factor on all other durations
TEMPO_SPREAD: Final = (0.93, 1.07)  # of one body
STYLE_SHARES: Final = (0.25, 0.45, 0.3)
LONGEST_SEQUENCE: Final = 3  # actions
SHORTEST, LONGEST = 40, 200  # frames
LONGEST_WALK: Final = 5.0  # metres of the first walk
_HURRY: Final = 0.14  # share of the duration that each further action saves on everything but walking
_LAST_HURRY: Final = 0.9  # factor on the duration, tried last
_DISTANCE_COST: Final = 0.6  # of a metre of path in the choice of where to act, for each action of the sequence
_NEXT_WALK: Final = 2.5  # metres, about, from one object to the next
_SHORTEST_WALK: Final = 1.25  # metres of the first walk
_SPARE_FRAMES: Final = 4


def perform(
    room: Room, sequence: Sequence[ActionInstance], rng: np.random.Generator, floor: WalkableMap | None = None
) -> Performance | None:
    """A body that performs one to three actions in the room; None if it cannot.

    The motion has 40 to 200 frames at 20 a second. Sitting, lying and reaching include the walk to the object. Raises
    InputError for a sequence of another length and for objects that the room does not have.
    """
    targets = _targets(room, sequence)
    floor = free_floor(room) if floor is None else floor
    body = random_body(rng)
    failures = 0
    for style, hurry in _attempts(len(sequence), rng):
        speed = float(rng.uniform(*SPEEDS[style]))
        tempo = hurry * TEMPOS[style] * float(rng.uniform(*TEMPO_SPREAD))
        longest = _first_walk(sequence, speed, tempo)
        for _ in range(1 + len(sequence)):
            cost = _DISTANCE_COST * len(sequence)
            actor = Actor(room, floor, body, rng, speed=speed, tempo=tempo, longest=longest, distance_cost=cost)
            if not _act(actor, sequence, targets) or actor.timeline is None:
                failures += 1
                if failures > len(sequence):
                    return None
                continue
            timeline = actor.timeline
            if timeline.frames <= LONGEST:
                timeline.now = max(timeline.now, (SHORTEST - 1) / FPS)
                return Performance(timeline.render(rng), timeline.performed(), style)
            too_long = (timeline.frames - LONGEST + _SPARE_FRAMES) / FPS
            longest = max(longest - too_long * speed, _SHORTEST_WALK)
    return None


def _attempts(actions: int, rng: np.random.Generator) -> Iterator[tuple[Style, float]]:
    """Styles and factors on the duration, each shorter than the one before."""
    hurry = 1 - _HURRY * (actions - 1)
    for style in STYLES[int(rng.choice(len(STYLES), p=STYLE_SHARES)) :]:
        yield style, hurry
    if actions > 1:
        yield "quickly", _LAST_HURRY * hurry


def _targets(room: Room, sequence: Sequence[ActionInstance]) -> list[Targets]:
    """The objects of each action. Raises InputError for a sequence that cannot be performed in any room."""
    if not 1 <= len(sequence) <= LONGEST_SEQUENCE:
        raise InputError(f"expected a sequence of one to three actions, got {len(sequence)}")
    by_id = {object_.id: object_ for object_ in room.objects}
    for instance in sequence:
        spec, ids = ACTIONS[instance.action], instance.targets
        if len(ids) != spec.arity or not by_id.keys() >= set(ids):
            raise InputError(
                f"expected {spec.name!r} with the ids of {spec.arity} objects of this room, got {ids}; "
                f"the room has {sorted(by_id)}"
            )
    return [tuple(by_id[target] for target in instance.targets) for instance in sequence]


def _first_walk(sequence: Sequence[ActionInstance], speed: float, tempo: float) -> float:
    """The longest first walk, in metres, that leaves time for the rest of the sequence."""
    rest = sum(ACTIONS[instance.action].seconds * tempo for instance in sequence)
    rest += (len(sequence) - 1) * _NEXT_WALK / speed
    return float(np.clip((LONGEST / FPS - rest) * speed, _SHORTEST_WALK, LONGEST_WALK))


def _act(actor: Actor, sequence: Sequence[ActionInstance], targets: Sequence[Targets]) -> bool:
    for index, instance in enumerate(sequence):
        is_last = index == len(sequence) - 1
        if not ACTIONS[instance.action].perform(actor, targets[index], is_last) or actor.timeline is None:
            return False
        actor.timeline.record(instance)
        if actor.timeline.frames > LONGEST:
            return True  # too long already: the caller tries again
    return True


def find_candidates(room: Room, floor: WalkableMap) -> list[ActionInstance]:
    """The actions that a person can probably do in the room, decided from the geometry."""
    setting = Setting(room, floor, make_body())
    return [ActionInstance(spec.name, ids) for spec in ACTIONS for ids in spec.find_targets(setting)]
