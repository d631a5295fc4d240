import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from worlds.people.curves import ease, smoothed, through_keys, under, wrapped

values = st.lists(st.floats(-10, 10), min_size=2, max_size=8)


@settings(max_examples=60, deadline=None)
@given(values)
@example([0.0, 5e-324, 1.0])
def test_a_curve_meets_its_keys_without_overshoot(keys: list[float]) -> None:
    times = np.arange(len(keys), dtype=float)
    rows = np.array(keys)[:, None]
    assert through_keys(times, rows, times)[:, 0] == pytest.approx(keys, abs=1e-9)
    between = through_keys(times, rows, np.linspace(0, len(keys) - 1, 101))[:, 0]
    low = np.minimum(rows[:-1], rows[1:])[:, 0]
    high = np.maximum(rows[:-1], rows[1:])[:, 0]
    piece = np.minimum(np.linspace(0, len(keys) - 1, 101).astype(int), len(keys) - 2)
    assert (between >= low[piece] - 1e-9).all()
    assert (between <= high[piece] + 1e-9).all()


def test_a_curve_is_constant_outside_its_keys() -> None:
    curve = through_keys([1.0, 2.0], [[3.0], [5.0]], np.array([0.0, 1.5, 9.0]))
    assert curve[:, 0] == pytest.approx([3.0, 4.0, 5.0])
    assert through_keys([0.0], [[7.0]], np.array([-1.0, 4.0]))[:, 0] == pytest.approx([7.0, 7.0])


def test_ease_has_zero_slope_at_its_ends() -> None:
    u = np.array([-1.0, 0.0, 1e-4, 0.5, 1 - 1e-4, 1.0, 2.0])
    assert ease(u) == pytest.approx([0, 0, 0, 0.5, 1, 1, 1], abs=1e-6)


def test_smoothing_keeps_lines_and_ends() -> None:
    line = np.linspace(0, 5, 30)[:, None]
    assert smoothed(line, 2.0) == pytest.approx(line)
    noisy = line + np.random.default_rng(0).normal(size=line.shape)
    soft = smoothed(noisy, 2.0)
    assert soft[[0, -1]] == pytest.approx(noisy[[0, -1]])
    assert np.abs(np.diff(soft, 2, axis=0)).max() < 0.5 * np.abs(np.diff(noisy, 2, axis=0)).max()
    assert smoothed(noisy[:1], 2.0) == pytest.approx(noisy[:1])


def test_the_lower_envelope_is_never_above_the_values() -> None:
    rough = np.random.default_rng(1).normal(size=80)
    assert (under(rough, 1.2, 2) <= rough + 1e-12).all()
    assert under(np.full(10, 2.0), 1.2, 2) == pytest.approx(2.0)


def test_angles_are_wrapped() -> None:
    assert wrapped([0.5, np.pi + 0.5, -np.pi - 0.5, 4 * np.pi]) == pytest.approx([0.5, 0.5 - np.pi, np.pi - 0.5, 0.0])
