"""Rooms rotate exactly by quarter turns, boxes and points alike; edits do to a motion what they say."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from monster.networks.sampling import object_boxes, sample_objects
from monster.skeleton import INDEX
from monster.training.augment import (
    EDITS,
    SHORTEST_CROP,
    Crop,
    apply_edit,
    mirrored,
    mirrored_in_own_frame,
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


def test_four_quarter_rotations_are_the_identity_and_none_mirrors() -> None:
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


def moving(frames: int) -> np.ndarray:
    """Joints (frames, 22, 3) whose x is the number of the frame."""
    joints = np.random.default_rng(0).normal(size=(1, 22, 3)).repeat(frames, axis=0).astype(np.float32)
    joints[..., 0] = np.arange(frames)[:, None]
    return joints


@pytest.mark.parametrize(
    ("crop", "count", "ends"),
    [
        (Crop(0, 1, 1), 101, (0, 100)),
        (Crop(0.25, 0.75, 1), 51, (25, 75)),
        (Crop(0, 1, 2), 51, (0, 100)),
        (Crop(0.2, 0.6, 0.5), 81, (20, 60)),
        (Crop(0.105, 0.5, 1), 41, (10.5, 50)),
        (Crop(0.4, 0.45, 1), SHORTEST_CROP, (40, 45)),
    ],
)
def test_a_crop_starts_and_ends_where_it_says_at_its_tempo(crop: Crop, count: int, ends: tuple[float, float]) -> None:
    cropped = crop.apply(moving(101))
    assert cropped.shape == (count, 22, 3) and cropped.dtype == np.float32
    np.testing.assert_allclose(cropped[:, 0, 0], np.linspace(*ends, count), atol=1e-4)
    np.testing.assert_allclose(cropped[..., 1:], moving(count)[..., 1:], atol=1e-6)


def test_a_whole_crop_changes_nothing() -> None:
    np.testing.assert_array_equal(Crop(0, 1, 1).apply(moving(30)), moving(30))


@given(st.integers(0, 2**32 - 1), st.floats(0.1, 1.0))
def test_drawn_crops_keep_the_share_and_the_tempo_that_they_may(seed: int, shortest: float) -> None:
    crop = Crop.draw(np.random.default_rng(seed), shortest=shortest, tempo=(0.8, 1.25))
    assert 0 <= crop.start < crop.stop <= 1 + 1e-9
    assert crop.stop - crop.start >= shortest - 1e-9
    assert 0.8 - 1e-9 <= crop.tempo <= 1.25 + 1e-9


def test_mirrored_in_the_own_frame_exchanges_left_and_right_and_twice_is_the_original() -> None:
    joints = np.random.default_rng(1).normal(size=(4, 22, 3)).astype(np.float32)
    before = joints.copy()
    once = mirrored_in_own_frame(joints)
    np.testing.assert_array_equal(joints, before)
    np.testing.assert_array_equal(once[:, INDEX["left_wrist"], 1:], joints[:, INDEX["right_wrist"], 1:])
    np.testing.assert_array_equal(once[:, INDEX["left_wrist"], 0], -joints[:, INDEX["right_wrist"], 0])
    np.testing.assert_allclose(once, mirrored(joints, np.zeros(2, np.float32), np.pi / 2), atol=1e-6)
    np.testing.assert_array_equal(mirrored_in_own_frame(once), joints)
