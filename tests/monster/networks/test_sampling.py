from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monster.errors import InputError
from monster.networks.sampling import object_boxes, pick_evenly, sample_objects


@given(st.lists(st.integers(1, 300), min_size=1, max_size=5), st.integers(1, 64))
@example([1, 131], 61)  # one row beside many
def test_a_sampled_object_lies_in_the_unit_sphere(available: list[int], count: int) -> None:
    rng = np.random.default_rng(available)
    points = [rng.normal(5.0, 2.0, size=(rows, 3)).astype(np.float32) for rows in available]
    colors = [rng.random((rows, 3)).astype(np.float32) for rows in available]
    found = sample_objects(points, colors, count)
    assert found.shape == (len(available), count, 6)
    assert found.dtype == np.float32
    reach = np.linalg.norm(found[..., :3], axis=-1)
    assert reach.max() <= 1 + 1e-5
    assert np.abs(found[..., :3].mean(axis=1)).max() < 1e-4
    assert np.abs(found[..., 3:]).max() <= 1
    alone = [sample_objects([one], [color], count)[0] for one, color in zip(points, colors, strict=True)]
    np.testing.assert_array_equal(found, np.stack(alone))


def test_points_are_picked_evenly_by_index() -> None:
    assert pick_evenly(np.array([10, 11]), 4).tolist() == [[0, 3, 6, 9], [0, 3, 6, 10]]  # parts of 0, 3.33, 6.67, 10
    assert pick_evenly(np.array([3, 7]), 7).tolist() == [[0, 1, 2, 0, 1, 2, 0], list(range(7))]
    assert pick_evenly(np.array([5]), 1).tolist() == [[0]]


def test_colours_are_mapped_and_their_absence_is_zero() -> None:
    points = [np.eye(3, dtype=np.float32)]
    colors = [np.array([[0, 0.5, 1]] * 3, dtype=np.float32)]
    assert sample_objects(points, colors, 3)[0, :, 3:].tolist() == [[-1, 0, 1]] * 3
    assert (sample_objects(points, None, 3)[..., 3:] == 0).all()


def test_an_object_of_one_place_is_not_scaled() -> None:
    points = [np.full((5, 3), 2.5, dtype=np.float32)]
    assert (sample_objects(points, None, 8) == 0).all()
    assert object_boxes(points).tolist() == [[2.5, 2.5, 2.5, 0, 0, 0]]


def test_the_box_is_mean_and_extent_of_all_points() -> None:
    points = np.array([[0, 0, 0], [1, 2, 3], [0, 0, 0], [0, 2, 0]], dtype=np.float32)
    found = object_boxes([points, points[:1] + 7])
    assert found.tolist() == [[0.25, 1.0, 0.75, 1.0, 2.0, 3.0], [7, 7, 7, 0, 0, 0]]


@pytest.mark.parametrize("points", [[], [np.ones((2, 3), np.float32), np.zeros((0, 3), np.float32)]])
def test_no_points_are_refused(points: list[np.ndarray]) -> None:
    with pytest.raises(InputError, match="at least one point"):
        sample_objects(points, None, 4)
    with pytest.raises(InputError, match="at least one point"):
        object_boxes(points)
