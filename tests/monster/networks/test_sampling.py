from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monster.errors import InputError
from monster.networks.sampling import object_box, pick_indices, pick_objects, sample_object


@given(st.integers(1, 300), st.integers(1, 64), st.booleans())
def test_a_sampled_object_lies_in_the_unit_sphere(available: int, count: int, random: bool) -> None:
    rng = np.random.default_rng(available)
    points = rng.normal(5.0, 2.0, size=(available, 3)).astype(np.float32)
    colors = rng.random((available, 3)).astype(np.float32)
    found = sample_object(points, colors, count, rng if random else None)
    assert found.shape == (count, 6)
    assert found.dtype == np.float32
    reach = np.linalg.norm(found[:, :3], axis=1)
    assert reach.max() <= 1 + 1e-5
    assert np.abs(found[:, :3].mean(axis=0)).max() < 1e-4
    assert np.abs(found[:, 3:]).max() <= 1


def test_points_are_picked_evenly_by_index() -> None:
    assert pick_indices(10, 4).tolist() == [0, 3, 6, 9]
    assert pick_indices(11, 4).tolist() == [0, 3, 6, 10]  # integer parts of 0, 3.33, 6.67, 10
    assert pick_indices(3, 7).tolist() == [0, 1, 2, 0, 1, 2, 0]
    assert pick_indices(5, 5).tolist() == [0, 1, 2, 3, 4]


def test_random_points_repeat_only_where_there_are_too_few() -> None:
    rng = np.random.default_rng(0)
    assert len(set(pick_indices(20, 15, rng).tolist())) == 15
    assert len(pick_indices(3, 15, rng)) == 15


def test_at_most_so_many_objects() -> None:
    assert pick_objects(7, 50).tolist() == list(range(7))
    assert pick_objects(101, 3).tolist() == [0, 50, 100]
    drawn = pick_objects(101, 50, np.random.default_rng(0))
    assert len(set(drawn.tolist())) == 50
    assert (np.diff(drawn) > 0).all()


def test_colours_are_mapped_and_their_absence_is_zero() -> None:
    points = np.eye(3, dtype=np.float32)
    colors = np.array([[0, 0.5, 1]] * 3, dtype=np.float32)
    assert sample_object(points, colors, 3)[:, 3:].tolist() == [[-1, 0, 1]] * 3
    assert (sample_object(points, None, 3)[:, 3:] == 0).all()


def test_an_object_of_one_place_is_not_scaled() -> None:
    points = np.full((5, 3), 2.5, dtype=np.float32)
    assert (sample_object(points, None, 8) == 0).all()
    assert object_box(points).tolist() == [2.5, 2.5, 2.5, 0, 0, 0]


def test_the_box_is_mean_and_extent_of_all_points() -> None:
    points = np.array([[0, 0, 0], [1, 2, 3], [0, 0, 0], [0, 2, 0]], dtype=np.float32)
    assert object_box(points).tolist() == [0.25, 1.0, 0.75, 1.0, 2.0, 3.0]


def test_no_points_are_refused() -> None:
    nothing = np.zeros((0, 3), dtype=np.float32)
    with pytest.raises(InputError, match="at least one point"):
        sample_object(nothing, None, 4)
    with pytest.raises(InputError, match="at least one point"):
        object_box(nothing)
