"""Seats of a scan: on level patches at sitting height, away from a back, with free floor in front."""

from __future__ import annotations

import numpy as np
import pytest

from monster.placement import occupancy_of_scan
from monster.placement.occupancy import Seat
from monster.types import Scene


def box(x: tuple[float, float], y: tuple[float, float], z: tuple[float, float]) -> np.ndarray:
    """Points on the top and the sides of a box, two centimetres apart."""
    low, high = np.array([x[0], y[0], z[0]]), np.array([x[1], y[1], z[1]])
    grid = np.stack(np.meshgrid(*(np.arange(a, b + 1e-6, 0.02) for a, b in zip(low, high, strict=True))), axis=-1)
    points = grid.reshape(-1, 3)
    outer = (np.abs(points - low).min(axis=1) < 1e-6) | (np.abs(points - high).min(axis=1) < 1e-6)
    return points[outer]


FLOOR = np.stack(np.meshgrid(np.arange(-2, 2, 0.04), np.arange(-2, 2, 0.04)), axis=-1).reshape(-1, 2)
SEAT = box((-0.25, 0.25), (-0.25, 0.25), (0.0, 0.45))
BACK = box((-0.25, 0.25), (-0.25, -0.19), (0.45, 0.95))
CHAIR = np.concatenate([SEAT, BACK])


def seats(thing: np.ndarray, label: str | None, *others: np.ndarray) -> tuple[Seat, ...]:
    """The seats of a room with a floor, the thing, and other objects without names."""
    parts = [np.column_stack([FLOOR, np.zeros(len(FLOOR))]), thing, *others]
    instances = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    labels = {0: "floor"} | ({} if label is None else {1: label}) | {2 + i: "box" for i in range(len(others))}
    return occupancy_of_scan(Scene(np.concatenate(parts).astype(np.float32), instances=instances, labels=labels)).seats


@pytest.mark.parametrize("label", ["chair", "Sofa", None])
def test_a_seat_is_on_the_patch_and_faces_away_from_the_back(label: str | None) -> None:
    found = seats(CHAIR, label)
    assert found
    for seat in found:
        assert seat.owner == 1
        assert abs(seat.point[2] - 0.45) < 0.04
        assert np.abs(seat.point[:2]).max() < 0.3
        assert seat.facing @ [0, 1] > 0.8


def test_other_names_have_no_seats() -> None:
    assert seats(CHAIR, "table") == ()


@pytest.mark.parametrize("height", [0.2, 0.8])
def test_other_heights_are_no_seats(height: float) -> None:
    assert seats(box((-0.25, 0.25), (-0.25, 0.25), (0.0, height)), "chair") == ()


def test_a_small_patch_is_no_seat() -> None:
    assert seats(box((-0.08, 0.08), (-0.08, 0.08), (0.0, 0.45)), "chair") == ()


def test_the_space_in_front_of_a_seat_is_free() -> None:
    assert seats(CHAIR, "chair", box((-0.6, 0.6), (0.35, 0.7), (0.0, 0.6))) == ()


def test_a_sofa_has_seats_side_by_side() -> None:
    sofa = np.concatenate([box((-0.9, 0.9), (-0.3, 0.3), (0.0, 0.42)), box((-0.9, 0.9), (-0.3, -0.2), (0.42, 0.9))])
    places = np.array([seat.point[:2] for seat in seats(sofa, "sofa")])
    assert 2 <= len(places) <= 6
    gaps = np.linalg.norm(places[:, None] - places[None], axis=-1)
    assert gaps[np.triu_indices(len(places), 1)].min() >= 0.5


def test_a_stool_may_face_any_free_side() -> None:
    facings = {tuple(np.round(seat.facing, 3)) for seat in seats(SEAT, "stool")}
    assert len(facings) >= 1


def test_a_tall_object_without_a_name_is_no_seat() -> None:
    shelf = box((-0.25, 0.25), (-0.25, 0.25), (0.0, 1.8))
    assert seats(np.concatenate([shelf, SEAT + np.array([0.4, 0, 0])]), None) == ()
