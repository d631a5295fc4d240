import numpy as np
import pytest

from worlds.actions.performing.reaching import (
    DOWN,
    HAND,
    bring_hands,
    find_hold,
    find_reach,
    reach_and_hold,
    withdraw_hands,
)
from worlds.actions.performing.timeline import Timeline
from worlds.people.body import ANKLES, WRISTS, make_body
from worlds.people.gait import Stand

BODY = make_body(1.72)


@pytest.mark.parametrize("height", [0.75, 1.0, 1.4, 1.8])
@pytest.mark.parametrize("side", [0, 1])
def test_a_hand_gets_to_handles_high_and_low(height: float, side: int) -> None:
    stand, handle = Stand(0.0, 0.0, 0.0), np.array([0.0, 0.4, height])
    reach = find_reach(BODY, stand, handle, side=side)
    assert reach is not None
    line = Timeline(BODY, stand)
    line.wait(0.5)
    reach_and_hold(line, reach, seconds=0.9, hold=0.6, then="lower")
    joints = line.render(np.random.default_rng(0)).astype(float)
    away = np.linalg.norm(joints[:, WRISTS[side]] - handle, axis=1)
    assert (away < HAND + 0.06).sum() >= 8
    assert away[0] > 0.2
    assert away[-1] > 0.2
    assert np.ptp(joints[:, ANKLES], axis=0).max() < 0.002


def test_nobody_reaches_the_ceiling() -> None:
    assert find_reach(BODY, Stand(0, 0, 0), np.array([0.0, 0.4, 2.6]), side=1) is None


@pytest.mark.parametrize("height", [0.22, 0.5, 0.9, 1.3])
def test_two_hands_get_to_places_of_their_own_and_back(height: float) -> None:
    places = {0: np.array([-0.2, 0.4, height]), 1: np.array([0.2, 0.4, height + 0.05])}
    reach = find_hold(BODY, Stand(0, 0, 0), places, limits=DOWN)
    assert reach is not None
    line = Timeline(BODY, Stand(0, 0, 0))
    bring_hands(line, reach, seconds=1.0)
    line.wait(0.3)
    there = line.frames - 3
    withdraw_hands(line, seconds=1.0)
    joints = line.render(np.random.default_rng(0)).astype(float)
    for side, place in places.items():
        assert joints[there, WRISTS[side]] == pytest.approx(place, abs=0.04)
    assert np.ptp(joints[:, ANKLES], axis=0).max() < 0.002
    assert joints[-1, 0, 2] == pytest.approx(BODY.standing_height, abs=0.03)
    assert joints[there, 0, 2] > 0.5 * BODY.leg


def test_the_lower_the_place_the_deeper_the_bow() -> None:
    found = [find_hold(BODY, Stand(0, 0, 0), {1: np.array([0.2, 0.4, z])}, limits=DOWN) for z in (1.1, 0.7, 0.3)]
    efforts = [reach.lean + reach.drop for reach in found if reach is not None]
    assert len(efforts) == 3
    assert efforts == sorted(efforts)
    assert efforts[0] < 0.3 < efforts[2]


def test_every_place_of_a_path_is_within_the_arm_or_none() -> None:
    path = np.array([[0.2, 0.45, 1.1], [0.2, 1.9, 1.1]])
    assert find_hold(BODY, Stand(0, 0, 0), {1: path[:1]}) is not None
    assert find_hold(BODY, Stand(0, 0, 0), {1: path}) is None
