"""Body parameters in all their layouts give the joints of the neutral body."""

from pathlib import Path

import numpy as np
import pytest
from reader_files import DATA, needs_data, walking, walking_turns, z_up
from scipy.spatial.transform import Rotation

from monster.errors import FileFormatError
from monster.io import motion_ids, read_motion
from monster.io.motion.kinematics import STATURE

FRAMES = 60
TURNS = walking_turns(FRAMES).reshape(FRAMES, 66)
PELVIS = walking(FRAMES)[:, 0]


def expected() -> np.ndarray:
    joints = z_up(walking(FRAMES))
    joints[..., 2] -= np.percentile(joints[..., 2].min(axis=1), 1)
    return joints


def centred(joints: np.ndarray) -> np.ndarray:
    """Joints with the first pelvis over the origin: where a model's own origin is, is another test's business."""
    return joints - joints[0, 0] * [1, 1, 0]


LAYOUTS = {
    "amass": {"poses": np.concatenate([TURNS, np.zeros((FRAMES, 90))], axis=1), "trans": PELVIS,
              "mocap_framerate": 120.0, "betas": np.zeros(16), "gender": "neutral"},
    "amass_x": {"root_orient": TURNS[:, :3], "pose_body": TURNS[:, 3:], "trans": PELVIS, "mocap_frame_rate": 120.0},
    "smplx": {"global_orient": TURNS[:, :3], "body_pose": TURNS[:, 3:].reshape(FRAMES, 21, 3), "transl": PELVIS,
              "fps": 120},
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_named_arrays(tmp_path: Path, layout: str) -> None:
    path = tmp_path / "body.npz"
    np.savez(path, **LAYOUTS[layout])
    motion = read_motion(path)
    assert motion_ids(path) == ("body",)
    assert motion.fps == 120
    assert np.abs(centred(motion.joints) - centred(expected())).max() < 1e-4
    assert f"{STATURE} m; its shape is not applied" in str(motion.provenance.findings[0])


@pytest.mark.parametrize("width", [69, 79, 85])
def test_rows_of_numbers(tmp_path: Path, width: int) -> None:
    rows = np.concatenate([TURNS, PELVIS, np.ones((FRAMES, width - 69))], axis=1)
    np.save(tmp_path / "body.npy", rows)
    motion = read_motion(tmp_path / "body.npy")
    assert np.abs(centred(motion.joints) - centred(expected())).max() < 1e-4


def test_a_world_with_z_up(tmp_path: Path) -> None:
    turn = Rotation.from_euler("x", 90, degrees=True)
    rows = np.concatenate([TURNS, PELVIS @ turn.as_matrix().T], axis=1)
    rows[:, :3] = (turn * Rotation.from_rotvec(TURNS[:, :3])).as_rotvec()
    np.save(tmp_path / "body.npy", rows)
    motion = read_motion(tmp_path / "body.npy")
    assert "axes: z up (detected" in " ".join(map(str, motion.provenance))
    assert np.abs(centred(motion.joints) - centred(expected())).max() < 1e-4


def test_the_pelvis_lies_below_the_translation(tmp_path: Path) -> None:
    rows = np.concatenate([TURNS, PELVIS], axis=1)
    np.save(tmp_path / "body.npy", rows)
    pelvis = read_motion(tmp_path / "body.npy", placed=True).joints[0, 0]
    assert np.allclose(pelvis - z_up(PELVIS[0]), [0, -0.012, -0.351], atol=1e-6)


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"poses": np.degrees(TURNS), "trans": PELVIS}, "radians, got values up to"),
        ({"poses": TURNS[:, :60], "trans": PELVIS}, r"66 or more numbers a frame.*\(60, 60\)"),
        ({"poses": TURNS, "trans": PELVIS[:-1]}, r"got \(60, 66\) and \(59, 3\)"),
        ({"poses": np.where(TURNS > 0.3, np.nan, TURNS), "trans": PELVIS}, "poses values that are NaN"),
        ({"poses": TURNS, "trans": PELVIS.astype(str)}, "body parameters as numbers"),
        ({"global_orient": TURNS[:9, :3], "body_pose": TURNS[:, 3:], "transl": PELVIS}, r"as many frames.*\[9, 60\]"),
        ({"global_orient": TURNS[:, :3], "body_pose": TURNS[:0, 3:], "transl": PELVIS}, r"as numbers.*\(0, 63\)"),
        ({"poses": TURNS[0], "trans": PELVIS}, r"as numbers \(frames, width\)"),
    ],
)
def test_wrong_parameters(tmp_path: Path, arrays: dict[str, np.ndarray], words: str) -> None:
    np.savez(tmp_path / "body.npz", **arrays)
    with pytest.raises(FileFormatError, match=words) as caught:
        read_motion(tmp_path / "body.npz")
    assert str(caught.value).startswith("body.npz: ")


@needs_data
def test_a_real_recording_stands_on_the_floor() -> None:
    motion = read_motion(next((DATA / "motion" / "trumans_sample").glob("*.npz")))
    assert len(motion) == 2660
    assert "y up (detected" in " ".join(map(str, motion.provenance))
    assert 0.3 < np.median(motion.joints[:, 0, 2]) < 1.1
