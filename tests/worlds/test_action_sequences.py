"""Action sequences: lengths, frequencies, order."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
from handmade import act

from worlds.action_sequences import draw_sequence
from worlds.actions.registry import ACTIONS
from worlds.types import ActionInstance

CANDIDATES: list[ActionInstance] = [act(spec.name, *range(1, spec.arity + 1)) for spec in ACTIONS]
CANDIDATES += [act(spec.name, 9) for spec in ACTIONS if spec.arity == 1]


def sequences(count: int = 3000) -> list[list[ActionInstance]]:
    rng = np.random.default_rng(0)
    return [draw_sequence(CANDIDATES, rng) for _ in range(count)]


def test_sequence_lengths_have_the_given_shares() -> None:
    counts = Counter(len(sequence) for sequence in sequences())
    assert set(counts) == {1, 2, 3}
    assert 0.4 < counts[1] / 3000 < 0.56 and 0.1 < counts[3] / 3000 < 0.2


def test_every_action_is_drawn_often_enough() -> None:
    counts = Counter(instance.action for sequence in sequences() for instance in sequence)
    assert set(counts) == set(ACTIONS.names)
    assert min(counts.values()) > 0.005 * 3000


def test_actions_that_start_at_their_target_come_first_or_succeed_on_it() -> None:
    for sequence in sequences():
        for before, after in itertools.pairwise(sequence):
            if ACTIONS[after.action].sampling.starts_at_target:
                assert (before.action, after.action) in (("sit on", "stand up from"), ("lie on", "get up from"))
                assert before.targets == after.targets


def test_no_action_needs_free_hands_while_carrying() -> None:
    picked_up = 0
    for sequence in sequences():
        carrying = False
        for action in (instance.action for instance in sequence):
            assert not carrying or ACTIONS[action].sampling.hands in ("any", "empty")
            assert carrying or action != "put down on" or sequence[0].action == "put down on"
            carrying = action == "pick up" or (carrying and action != "put down on")
            picked_up += action == "pick up"
    assert picked_up > 50


def test_no_action_is_repeated_on_the_same_targets() -> None:
    assert all(len(set(sequence)) == len(sequence) for sequence in sequences())


def test_one_candidate_gives_sequences_of_one() -> None:
    rng = np.random.default_rng(1)
    assert {tuple(draw_sequence([act("lie on", 3)], rng)) for _ in range(20)} == {(act("lie on", 3),)}


def test_the_same_seed_draws_the_same() -> None:
    assert sequences(50) == sequences(50)
