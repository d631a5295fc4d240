"""Outputs of Kimodo, made here: joints of every skeleton, prompts, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monster.errors import FileFormatError
from monster.io import file_kind, motion_captions, motion_ids, read_motion
from monster.io.motion.kimodo import G1_34, is_kimodo, kimodo_captions, raw_kimodo
from monster.io.motion.robots.tables import G1
from monster.io.normalise.soma import SOMA_30, SOMA_77, soma_places
from monster.skeleton import JOINTS

PATH = Path("motion.npz")


def g1_joints(seed: int, frames: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """The 34 joints (frames, 34, 3), y up, of a G1 in random poses, and our 22 of the same."""
    random = np.random.default_rng(seed)
    angles = random.uniform(G1.limits[:, 0], G1.limits[:, 1], (frames, 29)) * 0.5
    turns, _ = np.linalg.qr(random.normal(size=(frames, 3, 3)))
    turns[:, 0] *= np.linalg.det(turns)[:, None]
    place = random.normal(size=(frames, 3))
    links = dict(zip(G1.link_names, G1.link_poses(place, turns, angles).transpose(1, 0, 2), strict=True))
    ours = G1.body_joints(place, turns, angles)
    names = {"waist_pitch": "torso_link", "pelvis": "pelvis"}
    found = []
    for name in G1_34:
        side = name.partition("_")[0]
        if name.endswith("toe_base"):
            found.append(ours[:, JOINTS.index(f"{side}_foot")])
        elif name.endswith("hand_roll"):
            found.append(links[f"{side}_wrist_yaw_link"])
        else:
            found.append(links[names.get(name, f"{name}_link")])
    y_up = np.array([[0.0, 1, 0], [0, 0, 1], [1, 0, 0]])  # x ahead, y left, z up -> x left, y up, z ahead
    return np.stack(found, axis=1) @ y_up.T, ours @ y_up.T


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_links_of_g1_give_the_joints_of_its_kinematics(seed: int) -> None:
    posed, ours = g1_joints(seed)
    raw = raw_kimodo(posed, PATH)
    assert np.allclose(raw.joints, ours, atol=1e-6)
    assert (raw.up, raw.unit, raw.fps) == ("y", 1.0, 30.0)
    assert "declared by the format" in raw.fps_source and "Unitree G1" in raw.findings[0].note


@pytest.mark.parametrize(("names", "count"), [(SOMA_77, 77), (SOMA_30, 30)])
def test_soma_is_read_by_its_order(names: tuple[str, ...], count: int) -> None:
    posed = np.random.default_rng(0).normal(size=(4, count, 3)).astype(np.float32)
    assert np.array_equal(raw_kimodo(posed, PATH).joints, posed[:, soma_places(names)].astype(np.float64))


def test_smplx_joints_are_ours_and_a_batch_of_one_is_taken_out() -> None:
    posed = np.random.default_rng(0).normal(size=(1, 4, 22, 3))
    assert np.array_equal(raw_kimodo(posed, PATH).joints, posed[0])


@pytest.mark.parametrize("shape", [(4, 24, 3), (4, 77), (2, 4, 77, 3), (4, 30, 4)])
def test_other_shapes_are_refused_with_the_known_counts(shape: tuple[int, ...]) -> None:
    with pytest.raises(FileFormatError, match=r"77 \(SOMA\), 30 .* 34 \(Unitree G1\), 22 \(SMPL-X\), got"):
        raw_kimodo(np.zeros(shape), PATH)


def test_a_value_that_is_no_number_is_named() -> None:
    posed = np.zeros((4, 77, 3))
    posed[2, 5, 1] = np.nan
    with pytest.raises(FileFormatError, match="frame 2"):
        raw_kimodo(posed, PATH)


@pytest.mark.parametrize(
    ("meta", "captions"),
    [
        ({"text": " a person walks "}, ("a person walks",)),
        ({"text": ["a person walks.", "a person sits."]}, ("a person walks. a person sits.",)),
        ({"duration": 5}, ()),
        ({"text": ""}, ()),
        ([1], ()),
    ],
)
def test_the_prompt_beside_is_the_caption(tmp_path: Path, meta: object, captions: tuple[str, ...]) -> None:
    (tmp_path / "meta.json").write_text(json.dumps(meta))
    assert kimodo_captions(tmp_path / "motion.npz") == captions


def test_without_a_prompt_there_is_no_caption_and_a_broken_one_is_an_error(tmp_path: Path) -> None:
    assert kimodo_captions(tmp_path / "motion.npz") == ()
    (tmp_path / "meta.json").write_text("{")
    with pytest.raises(FileFormatError, match=r"meta\.json: expected a JSON object"):
        kimodo_captions(tmp_path / "motion.npz")


def test_outputs_are_known_by_their_array() -> None:
    assert is_kimodo(["posed_joints", "global_rot_mats"]) and not is_kimodo(["joints"])


def test_an_output_is_read_as_any_motion_with_its_prompt(tmp_path: Path) -> None:
    posed, ours = g1_joints(0, frames=5)
    posed[:], ours[:] = posed[:1], ours[:1]
    path = tmp_path / "motion.npz"
    np.savez(path, posed_joints=posed, foot_contacts=np.zeros((5, 4), bool), global_rot_mats=np.zeros((5, 34, 3, 3)))
    (tmp_path / "meta.json").write_text(json.dumps({"text": "a robot stands"}))
    assert file_kind(path) == "motion" and motion_ids(path) == ("motion",)
    assert motion_captions(path) == {"motion": ("a robot stands",)}
    motion = read_motion(path)
    z_up = ours @ np.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]])
    assert np.allclose(np.diff(motion.joints, axis=1), np.diff(z_up, axis=1), atol=1e-5) and motion.fps == 30
    (tmp_path / "captions.jsonl").write_text(json.dumps({"id": "motion", "captions": ["of the user"]}))
    assert motion_captions(path) == {"motion": ("of the user",)}


def test_half_precision_is_measured_without_overflow() -> None:
    posed, ours = g1_joints(3)
    assert np.abs(raw_kimodo(posed.astype(np.float16), PATH).joints - ours).max() < 0.01


def test_an_output_without_frames_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "motion.npz", posed_joints=np.zeros((0, 77, 3)))
    with pytest.raises(FileFormatError, match="at least 2 frames"):
        read_motion(tmp_path / "motion.npz")
