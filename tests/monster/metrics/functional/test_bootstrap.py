"""The bootstrap against one that draws rooms in a loop."""

from __future__ import annotations

import numpy as np
import pytest

from monster.errors import InputError
from monster.metrics.functional import bootstrap, interval


def slow_bootstrap(values: np.ndarray, rooms: np.ndarray, weights: np.ndarray, draws: int) -> list[float]:
    rng, found = np.random.default_rng(9), []
    members = [np.flatnonzero(rooms == room) for room in np.unique(rooms)]
    for _ in range(draws):
        rows = np.concatenate([members[i] for i in rng.integers(len(members), size=len(members))])
        found.append(float(np.average(values[rows], weights=weights[rows])))
    return found


def test_it_spreads_as_a_loop_that_draws_whole_rooms() -> None:
    rng = np.random.default_rng(1)
    rooms = np.repeat(np.arange(20), 10)
    values = rng.random(20)[rooms] + 0.1 * rng.random(200)  # alike within a room
    weights = rng.random(200)
    quick = interval(bootstrap(values, rooms, weights, resamples=4000))
    slow = interval(np.array(slow_bootstrap(values, rooms, weights, 4000)))
    assert quick == pytest.approx(slow, abs=0.02)
    of_queries = bootstrap(values, np.arange(200), weights)
    assert np.ptp(interval(of_queries)) < 0.5 * (quick[1] - quick[0])  # as if queries were independent: too narrow


def test_the_same_seed_draws_the_same_rooms_for_every_task() -> None:
    rooms, ones = np.array([0, 0, 1, 2]), np.ones(4)
    one = bootstrap(np.array([1.0, 0, 0, 0]), rooms, ones, seed=3)
    other = bootstrap(np.array([0.0, 1, 1, 1]), rooms, ones, seed=3)
    np.testing.assert_allclose(one + other, 1.0)
    assert not np.array_equal(one, bootstrap(np.array([1.0, 0, 0, 0]), rooms, ones, seed=4))


def test_one_room_has_no_spread() -> None:
    assert interval(bootstrap(np.array([0.0, 1.0]), np.array([5, 5]), np.ones(2))) == (0.5, 0.5)


@pytest.mark.parametrize(
    ("values", "rooms", "weights"),
    [([], [], []), ([1.0], [0, 1], [1.0]), ([np.nan], [0], [1.0]), ([1.0], [0], [0.0]), ([1.0], [0], [np.nan])],
)
def test_input_without_a_mean_is_refused(values: list[float], rooms: list[int], weights: list[float]) -> None:
    with pytest.raises(InputError, match="expected values"):
        bootstrap(np.array(values), np.array(rooms, dtype=np.int64), np.array(weights))


def test_the_interval_is_the_middle_95_percent() -> None:
    assert interval(np.arange(1001.0)) == (25.0, 975.0)
    for draws in ([], [0.0, np.nan]):
        with pytest.raises(InputError, match="expected draws"):
            interval(np.array(draws))
