import numpy as np
import pytest

from worlds.people.body import make_body, sole_direction
from worlds.people.curves import wrapped
from worlds.people.gait import Footfall, Stand, shuffle, step_of, track_foot, walk
from worlds.people.paths import make_path

BODY = make_body(1.73)
STRAIGHT = make_path(np.array([[0.0, 0.0], [0.0, 4.0]]))


@pytest.mark.parametrize(("speed", "stride"), [(1.18, 1.296), (1.63, 1.63)])  # CMU 02_01 and 02_02
def test_stride_lengths_match_real_walks(speed: float, stride: float) -> None:
    assert 2 * step_of(speed, BODY)[0] == pytest.approx(stride, rel=0.08)


def test_steps_alternate_and_advance_evenly() -> None:
    steps = walk(STRAIGHT, BODY, speed=1.2, start=0.5, first=1)
    assert [fall.side for fall in steps.falls] == [(1 + i) % 2 for i in range(len(steps.falls))]
    ahead = np.array([fall.y for fall in steps.falls])
    assert np.diff(ahead)[:-1] == pytest.approx(ahead[1] - ahead[0])
    assert ahead[-1] == pytest.approx(4.0, abs=0.05)
    assert all(fall.x < 0 if fall.side == 0 else fall.x > 0 for fall in steps.falls)
    for before, after in zip(steps.falls, steps.falls[1:], strict=False):
        assert before.land < after.lift < after.land  # both feet carry weight for a while
    speed = np.diff([key[2] for key in steps.keys]) / np.diff([key[0] for key in steps.keys])
    assert np.median(speed) == pytest.approx(1.2, rel=0.15)
    assert speed.max() < 1.6


def test_turning_takes_a_few_steps_and_ends_at_rest() -> None:
    origin, goal = Stand(0, 0, 0.1), Stand(0, 0.1, np.pi)
    steps = shuffle(origin, goal, BODY, start=1.0, period=0.5)
    assert 3 <= len(steps.falls) <= 5
    for side in (0, 1):
        last = [fall for fall in steps.falls if fall.side == side][-1]
        x, y, yaw = goal.foot(BODY, side)
        assert (last.x, last.y) == pytest.approx((x, y))
        assert wrapped(last.yaw - yaw) == pytest.approx(0.0, abs=1e-9)
    assert steps.keys[-1][1:3] == pytest.approx((goal.x, goal.y))
    assert shuffle(origin, origin, BODY, start=0.0, period=0.5).falls == ()


def test_feet_come_together_in_one_step() -> None:
    steps = shuffle(Stand(0, 0, 0), Stand(0, 0, 0), BODY, start=0.0, period=0.5, first=1)
    assert [fall.side for fall in steps.falls] == [1]


def test_a_foot_is_fixed_in_stance_and_raised_in_swing() -> None:
    times = np.arange(0, 3, 0.02)
    track = track_foot(BODY, (0.0, 0.0, 0.0), [Footfall(0, 0.05, 1.2, 0.2, lift=1.0, land=1.5)], times)
    ball = track.ankle + sole_direction(BODY, track.angles) * BODY.sole[0]
    before, after = times <= 1.0, times >= 1.65
    assert np.ptp(ball[before], axis=0) == pytest.approx(0.0, abs=1e-9)
    assert np.ptp(track.ankle[after], axis=0) == pytest.approx(0.0, abs=1e-9)
    assert track.ankle[after][0] == pytest.approx([0.05, 1.2, BODY.ankle_height])
    assert track.load[(times > 1.02) & (times < 1.48)].max() == 0.0
    assert track.ankle[:, 2].max() == pytest.approx(0.24, abs=0.05)  # CMU 02_01 and 02_02: 0.24 and 0.27
    assert ball[:, 2].min() > 0.02
    assert np.linalg.norm(np.diff(track.ankle, axis=0), axis=1).max() < 6.0 * 0.02


def test_the_heel_leaves_before_the_toes_and_lands_first() -> None:
    times = np.arange(0, 3, 0.02)
    track = track_foot(BODY, (0.0, 0.0, 0.0), [Footfall(0, 0.0, 1.3, 0.0, lift=1.0, land=1.45)], times)
    assert track.angles[times <= 1.0, 1].min() < -0.4
    assert track.angles[np.abs(times - 1.44).argmin(), 1] > 0.2
    assert track.angles[times > 1.6, 1] == pytest.approx(0.0)
