"""Retargeting: lengths to a millimetre, directions kept, steps and jumps in proportion, feet on the floor."""

from __future__ import annotations

import inspect
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reader_files import DATA, needs_data, walking, z_up

from monster.io import motion_ids, read_motion
from monster.io.motion.kinematics import REST_OFFSETS
from monster.io.normalise.retarget import BONE_LENGTHS, bone_directions, proportions_of, retargeted
from monster.skeleton import INDEX, PARENTS
from monster.types import Motion

BONES = list(range(1, 22))


def motion_of(joints: np.ndarray, **options: bool) -> Motion:
    joints = z_up(joints)
    return Motion((joints - [0, 0, joints[..., 2].min()]).astype(np.float32), 20.0, **options)


def lengths(motion: Motion) -> np.ndarray:
    joints = motion.joints.astype(np.float64)
    return np.linalg.norm(joints - joints[:, list(PARENTS)], axis=-1)[:, 1:]


def turned(before: Motion, after: Motion) -> np.ndarray:
    """Angles in degrees (frames, 21) between the bones of both."""
    one, other = (bone_directions(m.joints.astype(np.float64))[:, BONES] for m in (before, after))
    return np.asarray(np.degrees(np.arccos(np.clip((one * other).sum(-1), -1, 1))))


def stretched(scales: list[float]) -> np.ndarray:
    """The walk of a body whose bones are longer or shorter, each by its own factor (both sides alike)."""
    joints = walking(40)
    bones = joints - joints[:, list(PARENTS)]
    bones[:, 0] = joints[:, 0]
    by_depth = {0: 1.0, 1: scales[0], 2: scales[0], 4: scales[1], 5: scales[1], 7: scales[2], 8: scales[2]}
    made = np.zeros_like(joints)
    for joint, parent in enumerate(PARENTS):
        factor = by_depth.get(joint, scales[3 + joint % 3])
        made[:, joint] = bones[:, joint] * factor + (made[:, parent] if parent >= 0 else 0)
    return made


@settings(max_examples=40, deadline=None)
@given(scales=st.lists(st.floats(0.7, 1.4), min_size=6, max_size=6), placed=st.booleans())
def test_any_proportions(scales: list[float], placed: bool) -> None:
    before = motion_of(stretched(scales), placed=placed)
    after = retargeted(before)
    assert np.abs(lengths(after) - BONE_LENGTHS[1:]).max() < 1e-3
    assert np.median(turned(before, after)) < 0.1
    assert np.abs(after.joints[0, 0, :2] - before.joints[0, 0, :2]).max() < 1e-5
    assert abs(np.percentile(after.joints[..., 2].min(axis=1), 1)) < 0.01
    assert (after.fps, after.placed, len(after)) == (before.fps, before.placed, len(before))


def test_a_neutral_body_stays_as_it_is() -> None:
    before = motion_of(walking(40))
    assert np.abs(retargeted(before).joints - before.joints).max() < 1e-4


def test_a_giant_takes_shorter_steps_unless_placed() -> None:
    giant = motion_of(walking(40) * 1.25)
    step = np.linalg.norm(giant.joints[-1, 0, :2] - giant.joints[0, 0, :2])
    small = retargeted(giant)
    assert np.linalg.norm(small.joints[-1, 0, :2] - small.joints[0, 0, :2]) == pytest.approx(step / 1.25, rel=1e-3)
    placed = retargeted(motion_of(walking(40) * 1.25, placed=True))
    assert np.linalg.norm(placed.joints[-1, 0, :2] - placed.joints[0, 0, :2]) == pytest.approx(step, rel=1e-3)


def test_jumps_stay_jumps() -> None:
    joints = walking(40) * 1.2
    joints[10:20, :, 1] += 0.6
    lowest = retargeted(motion_of(joints)).joints[..., 2].min(axis=1)
    assert lowest[10:20].min() > 0.45 and np.delete(lowest, range(10, 20)).max() < 0.15


def test_bones_without_a_length_point_where_they_would(recwarn: pytest.WarningsRecorder) -> None:
    joints = walking(40)
    joints[:, INDEX["left_collar"]] = joints[:, INDEX["spine3"]]
    joints[:, INDEX["head"]] = joints[:, INDEX["neck"]]
    after = retargeted(motion_of(joints))
    assert np.abs(lengths(after) - BONE_LENGTHS[1:]).max() < 1e-3
    collar = bone_directions(after.joints.astype(np.float64))[:, INDEX["left_collar"]]
    wanted = z_up(REST_OFFSETS[INDEX["left_collar"]])
    assert (collar @ (wanted / np.linalg.norm(wanted))).min() > 0.99
    assert not recwarn.list


def test_on_the_body_of_another_motion() -> None:
    child = motion_of(walking(40) * 0.8)
    after = retargeted(motion_of(stretched([1.1, 0.9, 1.2, 1.0, 1.3, 0.8])), proportions_of(child, "a child"))
    assert np.abs(lengths(after) - lengths(child)).max() < 1e-3
    assert str(after.provenance.findings[-1]).startswith("proportions: a child (given; bone directions kept")
    same = retargeted(child, proportions_of(child))
    assert np.abs(same.joints - child.joints).max() < 1e-4


def test_readers_keep_the_bones_of_the_file(tmp_path: Path) -> None:
    np.save(tmp_path / "walk.npy", walking(40) * 1.2)
    assert np.abs(lengths(read_motion(tmp_path / "walk.npy")) - 1.2 * BONE_LENGTHS[1:]).max() < 1e-3
    assert "retarget" not in inspect.signature(read_motion).parameters


@needs_data
@pytest.mark.parametrize("name", ["cmu", "deepmimic", "bandai"])
def test_recorded_motions(name: str) -> None:
    path = DATA / "motion" / name / "joints22.npz"
    for clip in motion_ids(path)[::12]:
        before = read_motion(path, key=clip)
        after = retargeted(before)
        assert np.abs(lengths(after) - BONE_LENGTHS[1:]).max() < 1e-3
        assert np.median(turned(before, after)) < 10
        assert after.joints[..., 2].min() > -0.1
