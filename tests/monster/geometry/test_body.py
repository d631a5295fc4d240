"""The up axis of a body in any pose."""

from __future__ import annotations

import numpy as np
import pytest
from reader_files import walking, z_up

from monster.geometry.axes import UPS, to_z_up
from monster.geometry.body import SURE_UP, changing_bone, detect_up, skipped_start
from monster.io.motion.kinematics import REST_POSE
from monster.skeleton import INDEX


@pytest.mark.parametrize("up", UPS)
@pytest.mark.parametrize("frames", [2, 60, 900])
def test_a_walking_body_shows_its_up_axis(up: str, frames: int) -> None:
    joints = z_up(walking(frames)) @ to_z_up(np.eye(3), up).T
    found, lead = detect_up(joints)
    assert found == up and lead > SURE_UP


def test_joints_without_a_body_show_none() -> None:
    ball = np.random.default_rng(0).normal(size=(40, 22, 3)) * 0.13
    assert detect_up(ball)[1] < SURE_UP


def test_calibration_frames_before_a_jump_are_skipped() -> None:
    body = walking(60)
    for count in (1, 2, 3):
        pose = body[:1] + np.array([0.0, 0.0, 3.0])
        start = skipped_start(np.concatenate([pose.repeat(count, axis=0), body]), 30.0)
        assert start[0] == count and "jumps" in start[1]
    assert skipped_start(body, 30.0) == (0, "")


@pytest.mark.parametrize("fps", [90.0, 120.0])
def test_a_t_pose_that_blends_into_the_motion_is_left_out(fps: float) -> None:
    body = walking(2)[:1] + np.linspace(0, 0.5, 120)[:, None, None] * [0.0, 0.0, 1.0]
    for side in ("left", "right"):  # arms that hang
        shoulder = body[:, INDEX[f"{side}_shoulder"]]
        body[:, INDEX[f"{side}_elbow"]] = shoulder - [0.0, 0.3, 0.0]
        body[:, INDEX[f"{side}_wrist"]] = shoulder - [0.0, 0.55, 0.0]
    spread = REST_POSE + (body[0, 0] - REST_POSE[0])
    share = np.linspace(0, 1, 6)[:, None, None]
    blend = spread * (1 - share) + body[:1] * share
    skipped, why = skipped_start(np.concatenate([blend[:-1], body]), fps)
    assert 4 <= skipped <= 5 and "T-pose" in why


def test_fast_starts_of_real_motions_are_kept() -> None:
    """A punch: a hand at 6 m/s from the first frame on, from arms that hang."""
    body = walking(60).copy()
    body[:6, INDEX["right_wrist"], 2] += np.linspace(0, 1.0, 6)
    assert skipped_start(body, 30.0) == (0, "")


def test_points_with_changing_bones_are_not_joints() -> None:
    body = walking(60).copy()
    assert changing_bone(body) is None
    body[30:, INDEX["left_wrist"]] += [0.0, 0.4, 0.0]  # one broken limb is still a body
    assert changing_bone(body) is None
    assert changing_bone(np.random.default_rng(0).normal(size=(40, 22, 3))) is not None


def test_bones_beyond_measure_are_left_to_the_check_of_the_range(recwarn: pytest.WarningsRecorder) -> None:
    body = walking(60).copy()
    body[3, 4, 1] = 1e300
    assert changing_bone(body) is None and not recwarn.list
