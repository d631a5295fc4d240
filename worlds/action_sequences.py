"""What is drawn for a body to do: one to three deeds that follow from one another, every action often enough."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from worlds.actions.registry import ACTIONS
from worlds.types import ActionName, Deed

COUNT_SHARES: Final = (0.5, 0.35, 0.15)  # of one, two and three deeds
_PUT_DOWN: Final = 0.6  # how often what was picked up is put down again


def draw_plan(feasible: Sequence[Deed], rng: np.random.Generator) -> list[Deed]:
    """One to three of the feasible deeds, each possible after the one before. ``feasible`` must not be empty."""
    plan = [_draw(feasible, rng)]
    wanted = 1 + int(rng.choice(len(COUNT_SHARES), p=COUNT_SHARES))
    carrying = _carries_after(plan[0], before=False)
    if carrying and wanted == 1 and rng.random() < _PUT_DOWN:
        wanted = 2
    while len(plan) < wanted:
        following = _following(plan, feasible, carrying=carrying, rng=rng)
        if not following:
            break
        plan.append(_draw(following, rng))
        carrying = _carries_after(plan[-1], before=carrying)
    return plan


def _carries_after(deed: Deed, *, before: bool) -> bool:
    hands = ACTIONS[deed[0]].sampling.hands
    return hands == "fill" or (before and hands != "empty")


def _following(
    plan: Sequence[Deed], feasible: Sequence[Deed], *, carrying: bool, rng: np.random.Generator
) -> list[Deed]:
    """What can be done next: not the same again, nothing that needs free hands while they are full."""
    action, targets = plan[-1]
    successor = ACTIONS[action].sampling.successor
    if successor is not None and (successor.probability == 1 or rng.random() < successor.probability):
        following = (successor.action, targets)
        return [following] if following in feasible and following not in plan else []
    used = {target for deed in plan for target in deed[1]} if targets else set()
    possible = [deed for deed in feasible if deed not in plan and _can_follow(deed, used)]
    if not carrying:
        return [deed for deed in possible if ACTIONS[deed[0]].sampling.hands != "empty"]
    put_down = [deed for deed in possible if ACTIONS[deed[0]].sampling.hands == "empty" and not used & set(deed[1])]
    if put_down and rng.random() < _PUT_DOWN:
        return put_down
    return [deed for deed in possible if ACTIONS[deed[0]].sampling.hands in ("any", "empty")]


def _can_follow(deed: Deed, used: set[int]) -> bool:
    sampling = ACTIONS[deed[0]].sampling
    return not sampling.starts_at_target and not (sampling.needs_new_target and used & set(deed[1]))


def _draw(feasible: Sequence[Deed], rng: np.random.Generator) -> Deed:
    """An action by its weight, then one of the deeds of it."""
    by_action: dict[ActionName, list[Deed]] = {}
    for deed in feasible:
        by_action.setdefault(deed[0], []).append(deed)
    names = sorted(by_action)
    weights = np.array([ACTIONS[name].sampling.weight for name in names])
    same = by_action[names[int(rng.choice(len(names), p=weights / weights.sum()))]]
    return same[int(rng.integers(len(same)))]
