"""Plans follow from one another, and every action is drawn."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np

from worlds.action_sequences import draw_plan
from worlds.actions.registry import ACTIONS
from worlds.types import Deed

FEASIBLE: list[Deed] = [(spec.name, tuple(range(1, spec.arity + 1))) for spec in ACTIONS]
FEASIBLE += [(spec.name, (9,)) for spec in ACTIONS if spec.arity == 1]


def plans(count: int = 3000) -> list[list[Deed]]:
    rng = np.random.default_rng(0)
    return [draw_plan(FEASIBLE, rng) for _ in range(count)]


def test_one_to_three_deeds_in_about_the_shares_wanted() -> None:
    counts = Counter(len(plan) for plan in plans())
    assert set(counts) == {1, 2, 3}
    assert 0.4 < counts[1] / 3000 < 0.56 and 0.1 < counts[3] / 3000 < 0.2


def test_every_action_is_drawn_often_enough() -> None:
    counts = Counter(action for plan in plans() for action, _ in plan)
    assert set(counts) == set(ACTIONS.names)
    assert min(counts.values()) > 0.005 * 3000


def test_beginnings_begin_unless_they_end_a_rest_on_the_same_thing() -> None:
    for plan in plans():
        for before, (action, targets) in itertools.pairwise(plan):
            if ACTIONS[action].sampling.starts_at_target:
                assert (before[0], action) in (("sit on", "stand up from"), ("lie on", "get up from"))
                assert before[1] == targets


def test_full_hands_do_nothing_that_needs_free_ones() -> None:
    seen = 0
    for plan in plans():
        laden = False
        for action, _ in plan:
            assert not laden or ACTIONS[action].sampling.hands in ("any", "empty")
            assert laden or action != "put down on" or plan[0][0] == "put down on"
            laden = action == "pick up" or (laden and action != "put down on")
            seen += action == "pick up"
    assert seen > 50


def test_nobody_does_the_same_twice() -> None:
    assert all(len(set(plan)) == len(plan) for plan in plans())


def test_a_room_that_allows_one_thing_gives_plans_of_one() -> None:
    rng = np.random.default_rng(1)
    assert {tuple(draw_plan([("lie on", (3,))], rng)) for _ in range(20)} == {(("lie on", (3,)),)}


def test_the_same_seed_draws_the_same() -> None:
    assert plans(50) == plans(50)
