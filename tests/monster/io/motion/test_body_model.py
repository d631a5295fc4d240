"""Body models that the test makes: exact joints for a shape, all layouts of parameters, never an unpickled array."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reader_files import walking, walking_turns, z_up

from monster.errors import FileFormatError
from monster.io import read_motion
from monster.io.motion.body_model import read_body_model
from monster.io.motion.kinematics import REST_POSE, axis_angle_matrices, forward
from monster.skeleton import PARENTS

FRAMES, VERTICES = 40, 60
TURNS = walking_turns(FRAMES)
MOVED = walking(FRAMES)[:, 0]
BETAS = np.array([0.5, -1.2, 0.3, 0.0])


def model_arrays(joints: int = 24) -> dict[str, Any]:
    """A body of 60 vertices whose first 22 joints are the neutral ones, each the mean of a few vertices."""
    rng = np.random.default_rng(4)
    regressor = rng.random((joints, VERTICES))
    regressor /= regressor.sum(axis=1, keepdims=True)
    template = np.linalg.lstsq(regressor[:22], REST_POSE + np.array((0.01, -0.3, 0.02)), rcond=None)[0]
    tree = np.array([list(PARENTS) + [20] * (joints - 22), range(joints)], dtype=np.int64)
    tree[0, 0] = 4294967295  # as SMPL has it
    shapes = rng.normal(0, 0.02, (VERTICES, 3, 10))
    return {"J_regressor": regressor, "v_template": template, "shapedirs": shapes, "kintree_table": tree}


def expected(betas: np.ndarray) -> np.ndarray:
    """Posed joints, the slow way: regress from the shaped vertices."""
    arrays = model_arrays()
    vertices = arrays["v_template"] + sum(arrays["shapedirs"][..., k] * beta for k, beta in enumerate(betas))
    rest = (arrays["J_regressor"] @ vertices)[:22]
    offsets = np.array([rest[joint] - (rest[parent] if parent >= 0 else 0.0) for joint, parent in enumerate(PARENTS)])
    offsets = np.tile(offsets, (FRAMES, 1, 1))
    offsets[:, 0] += MOVED
    joints = z_up(forward(PARENTS, offsets, axis_angle_matrices(TURNS)))
    return joints - [0, 0, np.percentile(joints[..., 2].min(axis=1), 1)]


def saved(folder: Path, **changes: Any) -> Path:
    np.savez(folder / "model.npz", **(model_arrays() | changes))
    return folder / "model.npz"


def parameters(layout: str) -> dict[str, Any]:
    flat = TURNS.reshape(FRAMES, 66)
    if layout == "smplx":
        return {"global_orient": flat[:, :3], "body_pose": flat[:, 3:], "transl": MOVED, "betas": BETAS}
    widths = {"smpl": 72, "smplh": 156, "amass_x": 165}
    poses = np.zeros((FRAMES, widths[layout]))
    poses[:, :66] = flat
    rate = "mocap_frame_rate" if layout == "amass_x" else "mocap_framerate"
    return {"poses": poses, "trans": MOVED, "betas": BETAS, rate: 120.0, "gender": "female"}


@pytest.mark.parametrize("layout", ["smpl", "smplh", "amass_x", "smplx"])
def test_exact_joints_of_all_layouts(tmp_path: Path, layout: str) -> None:
    model = saved(tmp_path)
    np.savez(tmp_path / "walk.npz", **parameters(layout))
    motion = read_motion(tmp_path / "walk.npz", body_model=model)
    assert np.abs(motion.joints - expected(BETAS)).max() < 1e-5
    assert "computed (given; with the body model model.npz, shape of the file)" in str(motion.provenance.findings[0])
    assert motion.fps == (20 if layout == "smplx" else 120)
    without = read_motion(tmp_path / "walk.npz")
    assert np.abs(without.joints - motion.joints).max() > 0.01


def test_rows_of_numbers_and_no_shape(tmp_path: Path) -> None:
    model = saved(tmp_path)
    flat = np.concatenate([TURNS.reshape(FRAMES, 66), MOVED], axis=1)
    shape = np.zeros(10)  # as files have it, of which the model knows the first
    shape[: len(BETAS)] = BETAS
    np.save(tmp_path / "walk.npy", np.concatenate([flat, np.tile(shape, (FRAMES, 1))], axis=1))
    assert np.abs(read_motion(tmp_path / "walk.npy", body_model=model).joints - expected(BETAS)).max() < 1e-5
    np.save(tmp_path / "walk.npy", flat)
    motion = read_motion(tmp_path / "walk.npy", body_model=model)
    assert np.abs(motion.joints - expected(np.zeros(1))).max() < 1e-5
    assert "mean shape" in str(motion.provenance.findings[0])


def test_a_gender_that_is_pickled_is_not_in_the_way(tmp_path: Path) -> None:
    np.savez(tmp_path / "walk.npz", **parameters("smplh") | {"gender": np.array("female", dtype=object)})
    assert read_motion(tmp_path / "walk.npz").fps == 120


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"J_regressor": np.array({"a": 1}, dtype=object)}, "pickled array"),
        ({"v_template": np.zeros((10, 3))}, "expected joints by vertices"),
        ({"J_regressor": np.zeros((5, VERTICES))}, "expected joints by vertices"),
        ({"kintree_table": np.tile(np.arange(24), (2, 1))}, "another tree of joints"),
        ({"shapedirs": np.full((VERTICES, 3, 10), np.nan)}, "NaN"),
    ],
)
def test_models_that_are_none(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(FileFormatError, match=rf"^model\.npz: .*{words}"):
        read_body_model(saved(tmp_path, **changes))


def test_files_that_are_no_models(tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", v_template=np.zeros((3, 3)))
    with pytest.raises(FileFormatError, match=r"other\.npz: expected a body model with .* got no J_regressor"):
        read_body_model(tmp_path / "other.npz")
    (tmp_path / "model.pkl").write_bytes(b"\x80\x04N.")
    with pytest.raises(FileFormatError, match=r"model\.pkl: expected a body model as \.npz"):
        read_body_model(tmp_path / "model.pkl")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(betas=st.lists(st.floats(-5, 5), max_size=14))
def test_any_shape(tmp_path: Path, betas: list[float]) -> None:
    arrays = model_arrays()
    found = read_body_model(saved(tmp_path)).rest_joints(np.array(betas))
    shaped = arrays["v_template"] + arrays["shapedirs"][..., : len(betas)] @ np.array(betas[:10])
    assert np.abs(found - (arrays["J_regressor"] @ shaped)[:22]).max() < 1e-9
