"""Rooms rotate exactly by quarter turns, boxes and points alike; edits do to a motion what they say."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from monster.networks.sampling import object_boxes, sample_objects
from monster.training.augment import (
    EDITS,
    apply_edit,
    quarter_rotation,
    random_far_edit,
    rotated_boxes,
    rotated_points,
)


@given(
    st.integers(0, 3),
    st.tuples(st.floats(-1, 1, width=32), st.floats(-1, 1, width=32)),
    st.integers(0, 2**32 - 1),
)
def test_a_turned_box_is_the_box_of_the_rotated_points(turn: int, shift: tuple[float, float], seed: int) -> None:
    points = np.random.default_rng(seed).uniform(-3, 3, (30, 3)).astype(np.float32)
    moved = points.copy()
    moved[:, :2] = points[:, :2] @ quarter_rotation(turn).T + np.array(shift, np.float32)
    turned = rotated_boxes(torch.from_numpy(object_boxes([points])), turn, shift)
    np.testing.assert_allclose(turned.numpy(), object_boxes([moved]), atol=2e-6)


@pytest.mark.parametrize("turn", range(4))
def test_turned_object_points_are_the_sample_of_the_turned_object(turn: int) -> None:
    rng = np.random.default_rng(turn)
    points, colors = rng.uniform(-1, 1, (90, 3)).astype(np.float32), rng.random((90, 3)).astype(np.float32)
    moved = points.copy()
    moved[:, :2] = points[:, :2] @ quarter_rotation(turn).T
    turned = rotated_points(torch.from_numpy(sample_objects([points], [colors], 40)[0]), turn)
    np.testing.assert_allclose(turned.numpy(), sample_objects([moved], [colors], 40)[0], atol=1e-6)


def test_four_quarters_are_no_turn_and_two_mirror_nothing() -> None:
    quarter = quarter_rotation(1)
    np.testing.assert_array_equal(np.linalg.matrix_power(quarter, 4), np.eye(2))
    np.testing.assert_array_equal(quarter @ quarter, quarter_rotation(2))
    assert np.linalg.det(quarter) == 1.0
    np.testing.assert_array_equal(quarter @ [1, 0], [0, 1])  # to the left, seen from above


def test_edits_turn_shift_and_reverse() -> None:
    joints = np.random.default_rng(0).normal(size=(5, 22, 3)).astype(np.float32)

    def edit(kind: str, *values: float) -> np.ndarray:
        return np.array([EDITS.index(kind), *values], np.float32)

    np.testing.assert_array_equal(apply_edit(joints, edit("reversed", 0, 0, 0, 0, 0)), joints[::-1])
    shifted = apply_edit(joints, edit("shifted", 0, 0, 0, 1.5, -2))
    np.testing.assert_allclose(shifted - joints, np.broadcast_to([1.5, -2, 0], joints.shape), atol=1e-6)
    turned = apply_edit(joints, edit("turned", 1, 2, np.pi / 2, 0, 0))
    np.testing.assert_allclose(turned[..., 0] - 1, -(joints[..., 1] - 2), atol=1e-5)
    np.testing.assert_allclose(turned[..., 1] - 2, joints[..., 0] - 1, atol=1e-5)
    far = apply_edit(joints, random_far_edit(joints, np.random.default_rng(1)))
    assert 1.4 < np.linalg.norm(far[0, 0, :2] - joints[0, 0, :2]) < 2.6
