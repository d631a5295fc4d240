"""Draws sequences of one to three actions, each of which can follow the one before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from worlds.actions.registry import ACTIONS
from worlds.actions.spec import Sampling
from worlds.types import ActionInstance, ActionName

LENGTH_SHARES: Final = (0.5, 0.35, 0.15)  # of sequences with one, two and three actions
_PUT_DOWN: Final = 0.6  # probability that a picked up object is put down again


def draw_sequence(candidates: Sequence[ActionInstance], rng: np.random.Generator) -> list[ActionInstance]:
    """One to three of the candidates in an order that can be performed. ``candidates`` must not be empty."""
    sequence = [_draw(candidates, rng)]
    length = 1 + int(rng.choice(len(LENGTH_SHARES), p=LENGTH_SHARES))
    carrying = _carries_after(sequence[0], before=False)
    if carrying and length == 1 and rng.random() < _PUT_DOWN:
        length = 2
    while len(sequence) < length:
        following = _following(sequence, candidates, carrying=carrying, rng=rng)
        if not following:
            break
        sequence.append(_draw(following, rng))
        carrying = _carries_after(sequence[-1], before=carrying)
    return sequence


def _sampling(instance: ActionInstance) -> Sampling:
    return ACTIONS[instance.action].sampling


def _carries_after(instance: ActionInstance, *, before: bool) -> bool:
    hands = _sampling(instance).hands
    return hands == "fill" or (before and hands != "empty")


def _following(
    sequence: Sequence[ActionInstance],
    candidates: Sequence[ActionInstance],
    *,
    carrying: bool,
    rng: np.random.Generator,
) -> list[ActionInstance]:
    """The candidates that can come next: no repetition, and none that needs free hands while carrying."""
    before = sequence[-1]
    successor = _sampling(before).successor
    if successor is not None and (successor.probability == 1 or rng.random() < successor.probability):
        following = ActionInstance(successor.action, before.targets)
        if following in candidates and following not in sequence:
            return [following]
        return []
    used: set[int] = set()
    if before.targets:
        used = {target for instance in sequence for target in instance.targets}
    possible = [instance for instance in candidates if instance not in sequence and _can_follow(instance, used)]
    if not carrying:
        return [instance for instance in possible if _sampling(instance).hands != "empty"]
    put_down = [instance for instance in possible if _puts_down_elsewhere(instance, used)]
    if put_down and rng.random() < _PUT_DOWN:
        return put_down
    return [instance for instance in possible if _sampling(instance).hands in ("any", "empty")]


def _can_follow(instance: ActionInstance, used: set[int]) -> bool:
    sampling = _sampling(instance)
    is_repeated = sampling.needs_new_target and used & set(instance.targets)
    return not sampling.starts_at_target and not is_repeated


def _puts_down_elsewhere(instance: ActionInstance, used: set[int]) -> bool:
    return _sampling(instance).hands == "empty" and not used & set(instance.targets)


def _draw(candidates: Sequence[ActionInstance], rng: np.random.Generator) -> ActionInstance:
    """A candidate: first an action by its weight, then one of its candidates uniformly."""
    by_action: dict[ActionName, list[ActionInstance]] = {}
    for instance in candidates:
        by_action.setdefault(instance.action, []).append(instance)
    names = sorted(by_action)
    weights = np.array([ACTIONS[name].sampling.weight for name in names])
    drawn = by_action[names[int(rng.choice(len(names), p=weights / weights.sum()))]]
    return drawn[int(rng.integers(len(drawn)))]
