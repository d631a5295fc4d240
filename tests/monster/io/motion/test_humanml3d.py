"""HumanML3D features: written and recovered, against the slow way, and on the floor facing z."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reader_files import walking, walking_turns, z_up
from scipy.ndimage import gaussian_filter1d
from scipy.spatial.transform import Rotation

from monster.errors import FileFormatError
from monster.io import humanml_features, read_motion, write_humanml
from monster.io.motion.humanml3d import FORMAT, FPS, WIDTH, _smoothed, recover_joints
from monster.io.motion.kinematics import axis_angle_matrices, pose_body
from monster.io.sources import Source
from monster.skeleton import INDEX
from monster.types import Motion


def turned(vectors: np.ndarray, angle: np.ndarray) -> np.ndarray:
    """Vectors (..., 3) turned about y by an angle for each."""
    cos, sin = np.cos(angle), np.sin(angle)
    x, y, z = np.moveaxis(vectors, -1, 0)
    return np.stack([x * cos + z * sin, y, -x * sin + z * cos], axis=-1)


def features_of(joints: np.ndarray, heading: np.ndarray) -> np.ndarray:
    """Features (frames - 1, 263) of joints, y up, that start over the origin; ``heading`` turns the body to face +z."""
    root = joints[:, 0] * [1, 0, 1]
    features = np.zeros((len(joints) - 1, WIDTH))
    features[:, 0] = np.diff(heading) / 2
    features[:, 1:3] = turned(np.diff(root, axis=0), heading[1:])[:, [0, 2]]
    features[:, 3] = joints[:-1, 0, 1]
    local = turned(joints - root[:, None], heading[:, None])
    features[:, 4:67] = local[:-1, 1:].reshape(-1, 63)
    return features


@settings(max_examples=30, deadline=None)
@given(turn=st.floats(-0.3, 0.3), swing=st.floats(0, 0.5), frames=st.integers(3, 50))
def test_round_trip(turn: float, swing: float, frames: int) -> None:
    heading = turn * np.arange(frames) + swing * np.sin(np.arange(frames))
    heading -= heading[0]
    joints = turned(walking(frames), -heading[:, None])
    joints = joints - joints[0, 0] * [1, 0, 1]
    recovered = recover_joints(features_of(joints, heading))
    assert np.abs(recovered - joints[:-1]).max() < 1e-9


def test_a_file_of_features_is_a_motion(tmp_path: Path) -> None:
    features = features_of(walking(41), np.zeros(41))
    np.save(tmp_path / "000001.npy", features.astype(np.float32))
    motion = read_motion(tmp_path / "000001.npy", placed=True)
    assert np.abs(motion.joints - z_up(walking(40))).max() < 1e-4
    assert motion.fps == FPS
    assert {f.what: f.how for f in motion.provenance}["axes"] == "given"


def walk(frames: int = 60, *, turning: float = 0.0, start: float = 0.0, away: float = 0.0) -> Motion:
    """A walk that begins at an angle, somewhere, and turns by so much a frame."""
    turns = walking_turns(frames)
    turns[:, 0, 1] = start + turning * np.arange(frames)
    pelvis = walking(frames)[:, 0]
    steps = 0.065 * np.stack([np.sin(turns[:, 0, 1]), np.zeros(frames), np.cos(turns[:, 0, 1])], axis=1)
    pelvis[:, [0, 2]] = np.cumsum(steps, axis=0)[:, [0, 2]] + away
    return Motion(z_up(pose_body(axis_angle_matrices(turns), pelvis)).astype(np.float32), 20.0)


def on_the_origin(motion: Motion, start: float) -> np.ndarray:
    """Joints with y up, first pelvis over the origin, on the floor, turned back by the angle that it began with."""
    joints = motion.joints.astype(np.float64)[..., [0, 2, 1]] * [1, 1, -1]
    joints = joints - joints[0, 0] * [1, 0, 1] - [0, joints[..., 1].min(), 0]
    return Rotation.from_euler("y", -start).apply(joints.reshape(-1, 3)).reshape(joints.shape)


@settings(max_examples=30, deadline=None)
@given(turning=st.floats(-0.4, 0.4), start=st.floats(-3.1, 3.1), away=st.floats(-20, 20), frames=st.integers(3, 90))
def test_what_is_written_is_recovered(turning: float, start: float, away: float, frames: int) -> None:
    motion = walk(frames, turning=turning, start=start, away=away)
    features = humanml_features(motion)
    assert features.shape == (frames - 1, 263)
    recovered = recover_joints(features)
    assert np.abs(recovered - on_the_origin(motion, start)[:-1]).max() < 1e-4


def test_a_written_file_is_read_again(tmp_path: Path) -> None:
    motion = walk(50, turning=0.05)
    write_humanml(tmp_path / "walk.npy", motion)
    found = read_motion(tmp_path / "walk.npy")
    assert found.fps == 20 and len(found) == 49
    lifted = motion.joints - [*motion.joints[0, 0, :2], motion.joints[..., 2].min()]
    assert np.abs(found.joints - lifted[:-1]).max() < 0.02  # the floor is found in another way


def test_another_rate_is_brought_to_twenty() -> None:
    slow = walk(61)
    fast = Motion(slow.resampled(60).joints, 60.0)
    assert np.abs(humanml_features(fast) - humanml_features(slow))[:, :67].max() < 1e-4


def test_single_numbers_mean_what_the_layout_says() -> None:
    motion = walk(60)
    features = humanml_features(motion)
    joints = on_the_origin(motion, 0.0)
    steady = slice(25, 35)
    assert np.abs(features[steady, 0]).max() < 1e-6  # it walks straight on
    assert features[steady, 2] == pytest.approx(0.065, abs=1e-6)  # the step ahead
    assert features[:, 3] == pytest.approx(joints[:-1, 0, 1], abs=1e-6)
    rise = features[steady, 4 : 4 + 63].reshape(-1, 21, 3)[:, INDEX["head"] - 1, 1]
    assert rise == pytest.approx(joints[steady, INDEX["head"], 1], abs=1e-6)
    speeds = features[:, 193:259].reshape(-1, 22, 3)
    assert np.abs(speeds[steady] - np.diff(joints, axis=0)[steady]).max() < 1e-5
    moved = np.square(np.diff(joints, axis=0)).sum(axis=-1)
    assert np.array_equal(features[:, 259:], moved[:, [7, 10, 8, 11]] < 0.002)
    sixes = features[:, 67:193].reshape(-1, 21, 2, 3)
    assert np.abs(np.einsum("tbci,tbdi->tbcd", sixes, sixes) - np.eye(2)).max() < 1e-6


def test_rotations_by_the_slow_way() -> None:
    """Along the left leg: turn a unit bone down (at first: to the left) onto the real one, as seen from the last."""
    motion = walk(40, turning=0.1)
    sixes = humanml_features(motion)[:, 67:193].reshape(-1, 21, 2, 3)
    joints = on_the_origin(motion, 0.0)
    heading = np.concatenate([[0.0], np.cumsum(2 * humanml_features(motion)[:, 0])])
    for frame in (0, 7, 20):
        above = Rotation.from_euler("y", heading[frame])
        for start, end, rest in ((0, 1, [1, 0, 0]), (1, 4, [0, -1, 0]), (4, 7, [0, -1, 0]), (7, 10, [0, 0, 1])):
            bone = joints[frame, end] - joints[frame, start]
            axis = np.cross(rest, bone)
            angle = np.arctan2(np.linalg.norm(axis), np.dot(rest, bone))
            world = Rotation.from_rotvec(axis / max(np.linalg.norm(axis), 1e-12) * angle)
            local = (above.inv() * world).as_matrix()
            assert np.abs(sixes[frame, end - 1] - local[:, :2].T).max() < 1e-5
            above = world


def test_smoothing_is_that_of_scipy() -> None:
    values = np.random.default_rng(0).normal(size=(50, 3))
    assert np.abs(_smoothed(values) - gaussian_filter1d(values, 20, axis=0, mode="nearest")).max() < 1e-12


@pytest.mark.parametrize(
    ("shape", "claimed"), [((9, 263), True), ((9, 262), False), ((9, 263, 1), False), ((9,), False)]
)
def test_files_of_this_width_are_claimed(tmp_path: Path, shape: tuple[int, ...], claimed: bool) -> None:
    np.save(tmp_path / "a.npy", np.zeros(shape))
    with Source(tmp_path / "a.npy") as source:
        assert FORMAT.sniff(source) == claimed


def test_normalised_features_are_refused_or_turned_back(tmp_path: Path) -> None:
    features = humanml_features(Motion(z_up(walking(60)).astype(np.float32), 20.0)).astype(np.float64)
    mean, deviation = features.mean(axis=0), features.std(axis=0) + 0.2
    np.save(tmp_path / "a.npy", (features - mean) / deviation)
    with pytest.raises(FileFormatError, match=r"a\.npy: .*bones that change.*normalised.*Mean\.npy and Std\.npy"):
        read_motion(tmp_path / "a.npy")
    np.save(tmp_path / "Mean.npy", mean)
    np.save(tmp_path / "Std.npy", deviation)
    np.save(tmp_path / "b.npy", features)
    turned_back, plain = (read_motion(tmp_path / name) for name in ("a.npy", "b.npy"))
    assert np.abs(turned_back.joints - plain.joints).max() < 1e-4
    assert any(found.what == "features" for found in turned_back.provenance)
