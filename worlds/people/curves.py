"""Smooth curves: monotone interpolation through keys, easing, and filters over frames. Numpy only."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from monster.arrays import DoubleArray

_FLAT: Final = 1e-100  # slopes below this count as zero, because their inverse would overflow


def through_keys(times: ArrayLike, values: ArrayLike, at: DoubleArray) -> DoubleArray:
    """Values (n, d) at times ``at`` (n,) of a smooth curve through keys: times (k,) increasing, values (k, d).

    The monotone cubic of Fritsch and Carlson (1980) with harmonic-mean slopes: constant between equal keys, without
    overshoot, zero slope at both ends. Outside the keys the end values are repeated.
    """
    x, y = np.asarray(times, dtype=np.float64), np.asarray(values, dtype=np.float64)
    if len(x) == 1:
        return np.repeat(y, len(at), axis=0)
    width = np.diff(x)[:, None]
    rise = np.diff(y, axis=0) / width
    slope = np.zeros_like(y)
    slope[1:-1] = _inner_slopes(rise, width)
    where = np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(x) - 2)
    h = width[where]
    u = np.clip((at[:, None] - x[where][:, None]) / h, 0.0, 1.0)
    low, high = y[where], y[where + 1]
    bend = (slope[where] * h * (1 - u) - slope[where + 1] * h * u) * u * (1 - u)
    return np.asarray(low + (high - low) * ease(u) + bend)


def _inner_slopes(rise: DoubleArray, width: DoubleArray) -> DoubleArray:
    before, after = rise[:-1], rise[1:]
    wa, wb = 2 * width[1:] + width[:-1], width[1:] + 2 * width[:-1]
    same = (before * after > 0) & (np.minimum(np.abs(before), np.abs(after)) > _FLAT)
    safe_before, safe_after = np.where(same, before, 1.0), np.where(same, after, 1.0)
    return np.where(same, (wa + wb) / (wa / safe_before + wb / safe_after), 0.0)


def ease(u: DoubleArray) -> DoubleArray:
    """Smoothstep from 0 to 1 with zero slope at both ends; ``u`` is clipped to 0..1."""
    u = np.clip(u, 0.0, 1.0)
    return np.asarray(u * u * (3 - 2 * u))


@lru_cache(maxsize=32)
def _bell(sigma: float, radius: int) -> DoubleArray:
    weights = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    return np.asarray(weights / weights.sum())


def smoothed(values: DoubleArray, sigma: float, radius: int | None = None) -> DoubleArray:
    """Values (n, d) filtered by a Gaussian over rows; point reflection at the ends keeps the end values."""
    radius = max(1, int(np.ceil(3 * sigma))) if radius is None else radius
    radius = min(radius, len(values) - 1)
    if radius < 1:
        return values
    head = 2 * values[:1] - values[radius:0:-1]
    tail = 2 * values[-1:] - values[-2 : -radius - 2 : -1]
    windows = np.lib.stride_tricks.sliding_window_view(np.concatenate([head, values, tail]), 2 * radius + 1, axis=0)
    return np.asarray(windows @ _bell(sigma, radius))


def under(values: DoubleArray, sigma: float, radius: int) -> DoubleArray:
    """A smooth lower envelope (n,) of ``values`` (n,): the running minimum, then a Gaussian of the same width."""
    padded = np.pad(values, 2 * radius, mode="edge")
    lowest = np.lib.stride_tricks.sliding_window_view(padded, 2 * radius + 1).min(axis=1)
    return np.asarray(np.lib.stride_tricks.sliding_window_view(lowest, 2 * radius + 1) @ _bell(sigma, radius))


def wrapped(angle: ArrayLike) -> DoubleArray:
    """Angles in radians wrapped to -pi..pi."""
    return np.asarray((np.asarray(angle, dtype=np.float64) + np.pi) % (2 * np.pi) - np.pi)
