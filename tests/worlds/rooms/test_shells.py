"""Outlines of rooms and their notches."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from worlds.rooms.floor import inside
from worlds.rooms.layout import FloorPoint, Layout, Rect, walls_of
from worlds.rooms.shells import Extent, draw_shell

CUT = Extent((4.5, 6.5), (4.5, 6.5), 1.0)
PASSAGE = Extent((4.2, 6.4), (4.2, 6.4), 0.0, (1.6, 2.2))


def shell(extent: Extent, seed: int) -> tuple[Layout, np.ndarray, list[FloorPoint]]:
    layout, outline = draw_shell(extent, np.random.default_rng(seed))
    return layout, np.array(outline), outline


def area(outline: np.ndarray) -> float:
    x, y = outline.T
    return float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2


def holds(rect: Rect, points: np.ndarray, margin: float = 0.0) -> np.ndarray:
    c, s = np.cos(rect.yaw), np.sin(rect.yaw)
    x, y = points[:, 0] - rect.x, points[:, 1] - rect.y
    along, across = np.abs(c * x + s * y), np.abs(c * y - s * x)
    return np.asarray((along < rect.half_width + margin) & (across < rect.half_depth + margin))


@given(st.integers(0, 10_000))
def test_the_outline_and_the_notches_fill_the_bounding_rectangle(seed: int) -> None:
    layout, outline, _ = shell(CUT, seed)
    box = layout.bounds
    assert outline.min(axis=0) == pytest.approx([box.x - box.half_width, box.y - box.half_depth], abs=1e-3)
    assert outline.max(axis=0) == pytest.approx([box.x + box.half_width, box.y + box.half_depth], abs=1e-3)
    assert 0.5 * 4 * box.half_width * box.half_depth < area(outline) <= 4 * box.half_width * box.half_depth + 1e-6
    points = np.random.default_rng(seed).uniform(outline.min(axis=0), outline.max(axis=0), (400, 2))
    cut = np.any([holds(notch, points) for notch in layout.notches], axis=0) if layout.notches else np.zeros(400, bool)
    near = np.any([holds(notch, points, 1e-3) for notch in layout.notches], axis=0) if layout.notches else cut
    assert (inside(outline, points)[~near]).all()
    assert not inside(outline, points)[cut & ~_beyond(layout, points)].any()


def _beyond(layout: Layout, points: np.ndarray) -> np.ndarray:
    """Points so near to a notch's side that rounding decides."""
    near = [holds(n, points) & ~holds(n, points, -1e-3) for n in layout.notches]
    return np.asarray(np.any(near, axis=0)) if near else np.zeros(len(points), dtype=bool)


@given(st.integers(0, 10_000))
def test_walls_have_a_least_length(seed: int) -> None:
    layout, outline, corners = shell(CUT, seed)
    assert walls_of(corners) == layout.walls
    for wall in layout.walls:
        assert wall.length > 0.6
        assert inside(outline, np.array([wall.at(wall.length / 2, 0.05)])).all()
        assert not inside(outline, np.array([wall.at(wall.length / 2, -0.05)])).any()


def test_every_form_is_drawn() -> None:
    counts = {len(shell(CUT, seed)[2]) for seed in range(60)}
    assert counts >= {5, 6, 8}
    assert {len(shell(Extent((4.0, 5.0), (4.0, 5.0), 0.0), seed)[2]) for seed in range(10)} == {4}


@pytest.mark.parametrize("seed", range(8))
def test_an_l_shaped_passage_has_constant_width(seed: int) -> None:
    layout, _, corners = shell(PASSAGE, seed)
    assert len(corners) == 6
    widths = sorted(wall.length for wall in layout.walls)[:2]
    assert widths[0] == pytest.approx(widths[1], abs=1e-3)
    assert 1.599 <= widths[0] <= 2.201


@pytest.mark.parametrize("seed", range(20))
def test_notches_stay_empty(seed: int) -> None:
    layout, outline, _ = shell(CUT, seed)
    rng = np.random.default_rng(seed)
    for _ in range(60):
        x, y = rng.uniform(outline.min(axis=0), outline.max(axis=0))
        rect = Rect(float(x), float(y), 0.3, 0.2, float(rng.uniform(-3, 3)))
        if layout.fits(rect):
            assert inside(outline, np.array(rect.corners())).all()
