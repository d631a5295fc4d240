"""Remarks on motions: a healthy walk has none, each damage has its own."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reader_files import DATA, needs_data, walking, z_up

from monster.checks import check_motion
from monster.checks.motion import longest_run
from monster.io import read_motions
from monster.skeleton import INDEX, MIRROR
from monster.types import Motion

Change = Callable[[np.ndarray], np.ndarray]


def walk(frames: int = 80) -> np.ndarray:
    """Somebody who walks on the floor, z up, the lower foot always staying where it is."""
    joints = z_up(walking(frames)) - z_up(walking(frames))[:, :1] * [1, 1, 0]
    feet = joints[:, [INDEX["left_foot"], INDEX["right_foot"]]]
    lower = feet[..., 2].argmin(axis=1)[:-1]
    slide = np.diff(feet, axis=0)[np.arange(frames - 1), lower] * [1, 1, 0]
    joints[1:] -= np.cumsum(slide, axis=0)[:, None]
    return joints - [0, 0, np.percentile(joints[..., 2].min(axis=1), 1)]


def codes(joints: np.ndarray, fps: float = 20.0) -> set[str]:
    """Codes of the warnings."""
    return {remark.code for remark in check_motion(Motion(joints, fps)) if remark.level == "warning"}


def test_a_healthy_walk_has_no_remark() -> None:
    assert check_motion(Motion(walk(), 20)) == ()


def changed(part: slice | list[str], axis: int, by: float) -> Change:
    """Shifts frames (a slice) or joints (names) along an axis."""

    def change(joints: np.ndarray) -> np.ndarray:
        if isinstance(part, slice):
            joints[part, :, axis] += by
        else:
            joints[:, [INDEX[name] for name in part], axis] += by
        return joints

    return change


def frozen_stretch(joints: np.ndarray) -> np.ndarray:
    joints[30:60] = joints[30]
    return joints


def stuck_wrist(joints: np.ndarray) -> np.ndarray:
    joints[:, INDEX["left_wrist"]] = joints[:, INDEX["left_elbow"]]
    return joints


def centimetre_place(joints: np.ndarray) -> np.ndarray:
    return joints + 99 * joints[:, :1] * [1, 1, 0]


def swinging_forearm(joints: np.ndarray) -> np.ndarray:
    joints[:, INDEX["left_wrist"]] += 0.15 * np.sin(np.arange(len(joints)))[:, None]
    return joints


def moonwalk(joints: np.ndarray) -> np.ndarray:
    """Stands on both feet and glides sideways."""
    still = np.repeat(joints[:1], len(joints), axis=0)
    still[..., 0] += 0.05 * np.arange(len(joints))[:, None]
    return still


def tumbled(joints: np.ndarray) -> np.ndarray:
    turned: np.ndarray = joints @ np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])
    return turned


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (changed(slice(20, 50), 2, -0.4), "below-floor"),
        (changed(slice(20, 70), 2, 0.6), "floating"),
        (changed(slice(40, None), 0, 1.5), "jump"),
        (lambda joints: joints * [-1, 1, 1], "mirrored"),
        (lambda joints: joints[:, list(MIRROR)], "mirrored"),
        (lambda joints: np.repeat(joints[:1], 30, axis=0), "frozen"),
        (frozen_stretch, "frozen"),
        (stuck_wrist, "constant"),
        (lambda joints: joints[:6], "short"),
        (lambda joints: joints * 0.45, "size"),
        (tumbled, "axes"),
        (centimetre_place, "too-fast"),
        (swinging_forearm, "bone-length"),
        (changed(["left_wrist"], 2, -0.2), "uneven"),
        (moonwalk, "foot-slide"),
    ],
)
def test_each_damage_is_named(damage: Change, code: str) -> None:
    assert code in codes(damage(walk().copy()))


def with_t_pose(frames: slice) -> np.ndarray:
    """The walk with both arms out and both legs straight in some frames."""
    joints = walk()
    for side, sign in (("left", 1), ("right", -1)):
        shoulder = joints[frames, INDEX[f"{side}_shoulder"]]
        out = joints[frames, INDEX["left_hip"]] - joints[frames, INDEX["right_hip"]]
        out = sign * out / np.linalg.norm(out, axis=1, keepdims=True)
        joints[frames, INDEX[f"{side}_elbow"]] = shoulder + 0.26 * out
        joints[frames, INDEX[f"{side}_wrist"]] = shoulder + 0.51 * out
        joints[frames, INDEX[f"{side}_knee"]] = joints[frames, INDEX[f"{side}_hip"]] - [0, 0, 0.4]
        joints[frames, INDEX[f"{side}_ankle"]] = joints[frames, INDEX[f"{side}_hip"]] - [0, 0, 0.8]
    return joints


@pytest.mark.parametrize(("count", "text"), [(1, "(1 frame)"), (2, "(2 frames)"), (7, "(7 frames)")])
def test_a_t_pose_at_the_start_has_its_length_in_the_remark(count: int, text: str) -> None:
    motion = Motion(with_t_pose(slice(count)), 20)
    assert text in next(remark for remark in check_motion(motion) if remark.code == "t-pose").text


def test_a_t_pose_after_the_start_is_none() -> None:
    motion = Motion(with_t_pose(slice(1, 7)), 20)
    assert "t-pose" not in [remark.code for remark in check_motion(motion)]


def test_a_jump_names_its_frame() -> None:
    joints = walk().copy()
    joints[41:, :, 0] += 1.0
    remark = next(remark for remark in check_motion(Motion(joints, 20)) if remark.code == "jump")
    assert "from frame 40 " in remark.text and "(once)" in remark.text


def test_long_motions_are_told_how_they_are_encoded() -> None:
    remarks = check_motion(Motion(walk(300), 20))
    assert [(remark.code, remark.level) for remark in remarks] == [("long", "note")]


@given(st.lists(st.booleans(), max_size=40))
def test_the_longest_run(flags: list[bool]) -> None:
    start, length = longest_run(np.array(flags, dtype=bool))
    assert all(flags[start : start + length])
    text = "".join("x" if flag else " " for flag in flags)
    assert length == max(map(len, text.split(" ")), default=0)


@given(st.integers(2, 12), st.integers(0, 2**32 - 1))
def test_whatever_is_a_motion_can_be_checked(frames: int, seed: int) -> None:
    noise = np.random.default_rng(seed).normal(0, 0.02, (frames, 22, 3))
    for remark in check_motion(Motion(walk(frames) + noise, 20)):
        assert remark.text and "\n" not in remark.text


@needs_data
def test_recorded_people_are_hardly_remarked_on() -> None:
    """Climbers float and one true jump is known; nobody is taken for mirrored, frozen or damaged."""
    found = [
        (clip, remark.code)
        for name in ("bandai", "cmu", "deepmimic")
        for clip, motion in read_motions(DATA / "motion" / name / "joints22.npz").items()
        for remark in check_motion(motion)
        if remark.level == "warning" and remark.code != "floating"
    ]
    assert found == [("01_07", "jump")]
