"""What the network is given: windows that cover a motion, the largest objects of a scene, vectors of their labels."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
from fakes import motion_of, scene_of
from hypothesis import given
from hypothesis import strategies as st
from reader_files import needs_open3d, room
from tiny_corpus import TINY
from tiny_networks import TINY_PAPER

from monster.errors import InputError
from monster.preprocessing import WINDOW, ClassVectors, motion_windows, scene_batch, scene_objects
from monster.text import TextTower
from monster.types import Motion, Scene

PAPER_SCENE = TINY_PAPER.scene
VECTORS = ClassVectors({"bed": np.full(384, 2, np.float32), "chair": np.full(384, 3, np.float32)}, None, 384)


def numbered(frames: int, fps: float = 20.0) -> Motion:
    """A body that moves a millimetre a frame, so that each frame tells its number."""
    joints = np.repeat(motion_of(0).joints[:1], frames, axis=0).copy()
    joints[..., 0] += np.arange(frames, dtype=np.float32)[:, None] / 1000
    return Motion(joints, fps)


def frames_of(window: np.ndarray) -> np.ndarray:
    """The frame numbers of a window."""
    return np.round((window[:, 0, 0] - motion_of(0).joints[0, 0, 0]) * 1000).astype(int)


@given(st.integers(2, 3000))
def test_windows_cover_a_motion_and_overlap_by_half(frames: int) -> None:
    windows = [frames_of(window) for window in motion_windows(numbered(frames))]
    assert sorted(set(np.concatenate(windows).tolist())) == list(range(frames))
    assert all(len(window) == min(frames, WINDOW) for window in windows)
    assert all((np.diff(window) == 1).all() for window in windows)
    shared = [len(set(a) & set(b)) for a, b in itertools.pairwise(windows)]
    assert all(WINDOW > count >= WINDOW / 2 - 1 for count in shared)
    assert (len(windows) == 1) == (frames <= WINDOW)


@pytest.mark.parametrize(("frames", "fps", "windows"), [(300, 30, 1), (303, 30, 2), (1190, 120, 1), (100, 5, 3)])
def test_windows_are_seconds_whatever_the_rate(frames: int, fps: float, windows: int) -> None:
    found = motion_windows(numbered(frames, fps))
    assert len(found) == windows and max(map(len, found)) <= WINDOW


def crowded(count: int, *, labels: dict[int, str] | None = None) -> Scene:
    """Objects 0, 1, 2 ... of 4, 5, 6 ... points, each about its number in metres along x."""
    instances = np.repeat(np.arange(count), np.arange(count) + 4)
    points = np.random.default_rng(0).uniform(0, 0.3, (len(instances), 3))
    points[:, 0] += instances
    return Scene(points, instances=instances, labels=labels)


def test_only_the_fifty_largest_objects_are_kept() -> None:
    batch = scene_batch([crowded(60), crowded(3)], TINY.scene, VECTORS)
    assert batch.mask.sum(dim=1).tolist() == [50, 3] and batch.boxes.shape == (2, 50, 6)
    assert batch.boxes[0, :, 0].floor().tolist() == list(range(59, 9, -1))
    assert (
        not batch.boxes[1, 3:].any()
        and batch.points is not None
        and batch.points.shape == (2, 50, TINY.scene.points, 6)
    )


def test_known_labels_become_vectors() -> None:
    batch = scene_batch([crowded(4, labels={3: "chair", 2: "zeppelin", 1: "bed"})], TINY.scene, VECTORS)
    assert batch.label_vectors is not None and batch.has_label is not None
    assert batch.has_label[0].tolist() == [True, False, True, False]  # the largest first
    assert batch.label_vectors[0, :, 0].tolist() == [3, 0, 2, 0]


def test_labels_outside_the_table_are_encoded_once(tower: TextTower) -> None:
    vectors = ClassVectors({}, tower, tower.width)
    first = vectors["zeppelin"]
    assert first is not None and vectors["zeppelin"] is first
    np.testing.assert_allclose(first, tower.sentences(["zeppelin"])[0], atol=1e-6)
    assert ClassVectors({}, tower, 300)["zeppelin"] is None


def test_the_published_padding_fills_up_to_the_most_objects() -> None:
    vectors = ClassVectors({}, None, PAPER_SCENE.class_width)
    batch = scene_batch([crowded(2)], PAPER_SCENE, vectors)
    assert batch.boxes.shape == (1, 6, 6) and batch.mask.sum() == 2 and batch.points is not None
    assert (batch.points[0, 2:] == 1).all() and not batch.boxes[0, 2:].any()
    assert batch.label_vectors is not None and batch.label_vectors.shape == (1, 6, 5)
    assert batch.has_label is not None and batch.has_label.shape == (1, 6)
    free = scene_batch([crowded(2)], dataclasses.replace(PAPER_SCENE, pad_to_max=False), vectors)
    assert free.boxes.shape == (1, 2, 6)


def test_objects_of_one_point_are_left_out_and_none_at_all_is_an_error() -> None:
    points = np.random.default_rng(0).random((5, 3))
    assert [thing.id for thing in scene_objects(Scene(points, instances=np.array([0, 1, 1, -1, -1])))] == [1]
    with pytest.raises(InputError, match="objects of at least 2 points, got none"):
        scene_objects(Scene(points, instances=np.array([0, 1, 2, -1, -1])))


@needs_open3d
def test_a_scene_without_instances_is_split() -> None:
    found = scene_objects(Scene(room()[0].astype(np.float32)))
    assert {"floor", "wall"} <= {thing.label for thing in found} and len(found) == 5


def test_a_scene_is_the_same_alone_and_in_a_batch() -> None:
    alone, beside = (scene_batch(scenes, TINY.scene, VECTORS) for scenes in ([scene_of(1)], [scene_of(1), crowded(9)]))
    count = int(alone.mask.sum())
    assert alone.points is not None and beside.points is not None
    np.testing.assert_array_equal(beside.points[0, :count].numpy(), alone.points[0, :count].numpy())
    np.testing.assert_array_equal(beside.boxes[0, :count].numpy(), alone.boxes[0, :count].numpy())
