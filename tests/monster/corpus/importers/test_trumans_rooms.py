"""Rooms of TRUMANS: occupied cells, rotations, object names."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from monster.corpus.importers.trumans_rooms import CELL, LOW, object_word, rotation_matrix, surface_cells
from monster.errors import FileFormatError


def test_surface_cells_become_points() -> None:
    full = np.zeros((300, 100, 400), bool)
    full[10:14, 20:23, 30:35] = True
    points = surface_cells(full, Path("a.npy"))
    assert len(points) == 4 * 3 * 5 - 2 * 1 * 3
    assert np.allclose(points.min(axis=0), LOW + np.array([10, 20, 30]) * CELL + CELL / 2)
    with pytest.raises(FileFormatError, match=r"^a\.npy: expected occupied cells"):
        surface_cells(np.zeros((3, 3)), Path("a.npy"))


def test_rotations_are_about_fixed_axes() -> None:
    from scipy.spatial.transform import Rotation

    angles = np.array([0.3, -1.1, 2.0])
    assert np.allclose(rotation_matrix(angles), Rotation.from_euler("xyz", angles).as_matrix())


def test_object_words() -> None:
    names = ("movable_chair_seat_01", "static_chair_03", "fridge_door_01", "door_door_02", "laptop_screen_01", "7")
    assert [object_word(name) for name in names] == ["chair", "chair", "refrigerator", "door", "laptop", "7"]
