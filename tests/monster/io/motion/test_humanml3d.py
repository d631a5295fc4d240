"""HumanML3D features, written here the other way round, come back as the joints they were made of."""

from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from reader_files import walking, z_up

from monster.io import read_motion
from monster.io.motion.humanml3d import FPS, WIDTH, recover_joints


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
