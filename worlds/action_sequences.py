"""What is drawn for a body to do: one to three deeds that follow from one another, every action often enough."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from worlds.types import FREE_ACTIONS, Action, Deed

COUNT_SHARES: Final = (0.5, 0.35, 0.15)  # of one, two and three deeds
FREE_WEIGHT: Final = 0.45  # of an action that is done to nothing, against one that is done to something
# Actions that people's captions name most often, or that rooms allow seldom.
WEIGHTS: Final[dict[Action, float]] = {
    "walk to": 1.6, "sit on": 1.6, "lie on": 3.0, "stand up from": 1.0, "get up from": 3.0, "pick up": 1.4,
    "put down on": 0.8, "wash hands at": 3.0, "walk between": 0.8, "walk away from": 0.9, "back away from": 0.8,
    "walk around": 3.0, "step over": 3.5, "kneel beside": 0.8, "crouch beside": 0.8, "turn to": 0.8, "point at": 0.8,
}  # fmt: skip
# These begin where their object is: seated, lying or beside it.
BEGINNINGS: Final[tuple[Action, ...]] = ("stand up from", "get up from", "walk away from", "back away from")
# What may be done with both hands full.
LADEN: Final[tuple[Action, ...]] = ("put down on", "walk to", "walk past", "walk between", "turn to")
_RISING: Final[dict[Action, Action]] = {"sit on": "stand up from", "lie on": "get up from"}
_PUT_DOWN: Final = 0.6  # how often what was picked up is put down again
_RISE: Final = 0.15  # how often somebody who has sat down gets up again at once


def draw_plan(feasible: Sequence[Deed], rng: np.random.Generator) -> list[Deed]:
    """One to three of the feasible deeds, each possible after the one before. ``feasible`` must not be empty."""
    plan = [_draw(feasible, rng)]
    wanted = 1 + int(rng.choice(len(COUNT_SHARES), p=COUNT_SHARES))
    laden = plan[0][0] == "pick up"
    if plan[0][0] == "pick up" and wanted == 1 and rng.random() < _PUT_DOWN:
        wanted = 2
    while len(plan) < wanted:
        following = _following(plan, feasible, laden=laden, rng=rng)
        if not following:
            break
        plan.append(_draw(following, rng))
        laden = plan[-1][0] == "pick up" or (laden and plan[-1][0] != "put down on")
    return plan


def _following(plan: Sequence[Deed], feasible: Sequence[Deed], *, laden: bool, rng: np.random.Generator) -> list[Deed]:
    """What can be done next: not the same again, nothing that needs free hands while they are full."""
    action, targets = plan[-1]
    rising = _RISING.get(action)
    if rising is not None and (action == "lie on" or rng.random() < _RISE):
        rise = (rising, targets)
        return [rise] if rise in feasible and rise not in plan else []
    done = {one for deed in plan for one in deed[1]} if action not in FREE_ACTIONS else set()
    found = [
        deed
        for deed in feasible
        if deed[0] not in BEGINNINGS and deed not in plan and not (done & set(deed[1]) and deed[0] == "walk to")
    ]
    if not laden:
        return [deed for deed in found if deed[0] != "put down on"]
    down = [deed for deed in found if deed[0] == "put down on" and not done & set(deed[1])]
    return down if down and rng.random() < _PUT_DOWN else [deed for deed in found if deed[0] in LADEN]


def _draw(feasible: Sequence[Deed], rng: np.random.Generator) -> Deed:
    """An action by its weight, then one of the deeds of it."""
    by_action: dict[Action, list[Deed]] = {}
    for deed in feasible:
        by_action.setdefault(deed[0], []).append(deed)
    names = sorted(by_action)
    weights = np.array([WEIGHTS.get(name, FREE_WEIGHT if name in FREE_ACTIONS else 1.0) for name in names])
    same = by_action[names[int(rng.choice(len(names), p=weights / weights.sum()))]]
    return same[int(rng.integers(len(same)))]
