"""Actions that are a way of going over free floor: a gait is drawn, then a way on which there is space for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from worlds.actions.performing.actor import Actor, Setting
from worlds.actions.performing.striding import UpperBody, write_strides
from worlds.actions.performing.ways import draw_way, has_way, stand_at
from worlds.actions.spec import ActionSpec, Detect, Extent, HardNegativeRules, Phrases, Sampling
from worlds.people.strides import Contact, Gait, in_turn, steps_of
from worlds.types import ActionName, Targets

BEFORE, AFTER = (0.0, 0.3), (0.0, 0.3)  # seconds of standing


@dataclass(frozen=True)
class Going:
    """A gait with its trunk and arms; ``contacts(gait, count, first)`` lists the feet's contacts."""

    gait: Gait
    upper: UpperBody
    contacts: Callable[[Gait, int, int], list[Contact]] = in_turn
    first: int | None = None  # foot that moves first: any


@dataclass(frozen=True, kw_only=True)
class Floor:
    """The way that a gait needs: its shortest and longest length in metres, and whether it has to be straight."""

    least: float
    most: float
    straight: bool = False


Draw = Callable[[Actor], Going]


def gait_action(
    name: str,
    *,
    draw: Draw,
    floor: Floor,
    seconds: float,
    detect: Detect,
    phrases: Phrases,
    weight: float,
    incidental: bool = False,
) -> ActionSpec:
    """An action without targets: the gait that ``draw`` gives, along a way over free floor."""

    def perform(actor: Actor, targets: Targets, is_last: bool) -> bool:
        return _go(actor, draw, floor)

    return ActionSpec(
        name=ActionName(name),
        arity=0,
        perform=perform,
        find_targets=partial(_find, floor.least),
        seconds=seconds,
        detect=detect,
        extent=Extent(is_walk=True),
        phrases=phrases,
        sampling=Sampling(weight=weight),
        hard_negatives=HardNegativeRules(incidental=incidental),
    )


def _find(least: float, setting: Setting) -> list[tuple[int, ...]]:
    return has_way(setting, least)


def _go(actor: Actor, draw: Draw, floor: Floor) -> bool:
    path = draw_way(actor, floor.least, floor.most, straight=floor.straight)
    if path is None:
        return False
    going = draw(actor)
    timeline = stand_at(actor, path, going.gait.travel, actor.draw(BEFORE))
    count = steps_of(path.length, going.gait)
    first = int(actor.rng.integers(2)) if going.first is None else going.first
    contacts = going.contacts(going.gait, count, first)
    write_strides(timeline, path, going.gait, going.upper, contacts=contacts, count=count)
    timeline.wait(actor.seconds(AFTER))
    return True


STEP_RATIO: Final = 0.384  # metres of a walking step for each step a second (Sekiya and Nagasaki, 1998)


def walking_step(speed: float, stature: float) -> float:
    """Metres of a walking step at that speed in m/s."""
    return float((STEP_RATIO * speed) ** 0.5) * stature / 1.7
