"""Named arrays of robots' motions: MuJoCo's state, GMR's parts, BeyondMimic's body poses in either order of links."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from robot_files import qpos, quaternions, slow_joints, slow_pose, turn_about, walking

from monster.errors import FileFormatError
from monster.io import file_kind, read_motion
from monster.io.motion.robots.arrays import is_robot_arrays, raw_robot_arrays
from monster.io.motion.robots.robot import Robot
from monster.io.motion.robots.tables import G1, H1

PATH = Path("walk.npz")
ROBOTS = pytest.mark.parametrize("robot", [G1, H1], ids=["g1", "h1"])


def bodies(robot: Robot = G1) -> dict[str, Any]:
    """Poses of all links in MuJoCo's order, w first."""
    places, yaw, angles = walking(robot)
    positions, turns = [], []
    for frame in range(len(places)):
        root = turn_about("z", yaw[frame])
        root[:3, 3] = places[frame]
        poses = slow_pose(robot, root, angles[frame])
        positions.append([poses[name][:3, 3] for name in robot.link_names])
        turns.append([quaternion(poses[name][:3, :3]) for name in robot.link_names])
    return {"fps": np.array([50]), "body_pos_w": np.array(positions), "body_quat_w": np.array(turns)}


def quaternion(matrix: np.ndarray) -> np.ndarray:
    """The quaternion, w first, of a rotation matrix: the eigenvector of its quadratic form."""
    k = np.empty((4, 4))
    for column in range(4):
        q = np.eye(4)[column]
        k[:, column] = _form(matrix) @ q
    return np.linalg.eigh(k)[1][:, -1]


def _form(m: np.ndarray) -> np.ndarray:
    return np.array([
        [m[0, 0] + m[1, 1] + m[2, 2], m[2, 1] - m[1, 2], m[0, 2] - m[2, 0], m[1, 0] - m[0, 1]],
        [m[2, 1] - m[1, 2], m[0, 0] - m[1, 1] - m[2, 2], m[0, 1] + m[1, 0], m[0, 2] + m[2, 0]],
        [m[0, 2] - m[2, 0], m[0, 1] + m[1, 0], m[1, 1] - m[0, 0] - m[2, 2], m[1, 2] + m[2, 1]],
        [m[1, 0] - m[0, 1], m[0, 2] + m[2, 0], m[1, 2] + m[2, 1], m[2, 2] - m[0, 0] - m[1, 1]],
    ])  # fmt: skip


@ROBOTS
def test_qpos_is_read_with_the_rate_that_the_file_states(robot: Robot) -> None:
    raw = raw_robot_arrays({"qpos": qpos(robot), "frequency": np.array(50)}, PATH)
    assert np.allclose(raw.joints, slow_joints(robot, *walking(robot)), atol=1e-6) and raw.fps == 50
    assert next(found.how for found in raw.findings if found.what == "quaternion") == "given"


@ROBOTS
@pytest.mark.parametrize("rate", [30, 30.0, "30", [30.0], np.array([[30.0]]), np.array("30")])
def test_the_parts_of_gmr_are_read_and_any_spelling_of_their_rate(robot: Robot, rate: object) -> None:
    places, yaw, angles = walking(robot)
    turns = np.roll(quaternions(yaw), -1, axis=1)
    arrays = {"fps": rate, "root_pos": places, "root_rot": turns, "dof_pos": angles, "local_body_pos": None}
    raw = raw_robot_arrays(arrays, PATH)
    assert np.allclose(raw.joints, slow_joints(robot, *walking(robot)), atol=1e-6) and raw.fps == 30


def test_angles_are_ordered_by_the_names_of_the_file() -> None:
    places, yaw, angles = walking()
    order = np.random.default_rng(0).permutation(29)
    arrays = {"root_pos": places, "root_rot": np.roll(quaternions(yaw), -1, axis=1), "dof_pos": angles[:, order]}
    names = [f"{G1.joint_names[place]}_joint" for place in order]
    raw = raw_robot_arrays(arrays | {"joint_names": np.array(names)}, PATH)
    assert np.allclose(raw.joints, slow_joints(G1, *walking()), atol=1e-6) and raw.fps is None
    with pytest.raises(FileFormatError, match="expected a joint named left_hip_pitch"):
        raw_robot_arrays(arrays | {"joint_names": ["a"] * 29}, PATH)


@ROBOTS
def test_either_order_of_links_is_found_by_their_distances(robot: Robot) -> None:
    arrays = bodies(robot)
    isaac = {name: arrays[name][:, robot.breadth_first] for name in ("body_pos_w", "body_quat_w")}
    for given, order in ((arrays, "MuJoCo's"), (arrays | isaac, "Isaac Lab's")):
        raw = raw_robot_arrays(given, PATH)
        assert np.allclose(raw.joints, slow_joints(robot, *walking(robot)), atol=1e-6) and raw.fps == 50
        assert [found.value for found in raw.findings if found.how == "detected"] == [order]


def test_links_are_taken_by_name_in_any_order() -> None:
    arrays, order = bodies(), np.random.default_rng(0).permutation(30)
    shuffled = {name: arrays[name][:, order] for name in ("body_pos_w", "body_quat_w")}
    names = np.array([G1.link_names[place] for place in order])
    raw = raw_robot_arrays(shuffled | {"body_names": names}, PATH)
    assert np.allclose(raw.joints, slow_joints(G1, *walking()), atol=1e-6)
    with pytest.raises(FileFormatError, match=r"whose distances differ .* body_names"):
        raw_robot_arrays(shuffled, PATH)


def test_what_is_a_robot_is_known_by_names() -> None:
    assert is_robot_arrays(["qpos"]) and is_robot_arrays(["body_pos_w", "fps"])
    assert is_robot_arrays(["root_pos", "root_rot", "dof_pos"]) and not is_robot_arrays(["root_pos", "dof_pos"])
    assert not is_robot_arrays(["poses", "trans"])


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"body_quat_w": None}, r"body_quat_w of shape \(40, 30, 4\)"),
        ({"body_quat_w": np.zeros((40, 30, 4))}, "length 1"),
        ({"body_pos_w": np.zeros((40, 30))}, "body_pos_w of shape"),
        ({"body_pos_w": np.full((40, 30, 3), np.nan)}, "NaN"),
        ({"fps": "fast"}, "one number of frames a second in fps, got 'fast'"),
        ({"fps": np.array([30, 60])}, "one number of frames"),
    ],
)
def test_broken_body_poses_are_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(FileFormatError, match=message):
        raw_robot_arrays(bodies() | changed, PATH)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"qpos": np.zeros((4, 30))}, r"qpos of 36 \(Unitree G1\) or 26 \(Unitree H1\) columns, got 30"),
        ({"qpos": np.zeros(36)}, "qpos of shape"),
        ({"qpos": "x"}, "qpos of shape"),
        ({"root_pos": np.zeros((4, 3)), "root_rot": np.zeros((4, 4)), "dof_pos": np.zeros((4, 23))}, "got 23"),
        ({"root_pos": np.zeros((4, 2)), "root_rot": np.zeros((4, 4)), "dof_pos": np.zeros((4, 29))}, "root's place"),
        ({"body_pos_w": np.zeros((4, 12, 3)), "body_quat_w": np.ones((4, 12, 4)) / 2}, "links of 30"),
    ],
)
def test_other_shapes_are_refused(arrays: dict[str, Any], message: str) -> None:
    with pytest.raises(FileFormatError, match=message):
        raw_robot_arrays(arrays, PATH)


def test_a_pickle_of_gmr_and_an_archive_of_beyondmimic_are_read_as_any_motion(tmp_path: Path) -> None:
    places, yaw, angles = walking()
    turns = np.roll(quaternions(yaw), -1, axis=1)
    gmr = {"fps": 30, "root_pos": places, "root_rot": turns, "dof_pos": angles, "link_body_list": list(G1.link_names)}
    (tmp_path / "walk.pkl").write_bytes(pickle.dumps(gmr, 4))
    np.savez(tmp_path / "walk.npz", **bodies())
    slow = slow_joints(G1, *walking())
    for name, fps in (("walk.pkl", 30), ("walk.npz", 50)):
        assert file_kind(tmp_path / name) == "motion"
        motion = read_motion(tmp_path / name)
        assert np.ptp(motion.joints[..., 2] - slow[..., 2]) < 1e-4 and motion.fps == fps


def test_a_pickle_that_would_run_code_is_not_opened(tmp_path: Path) -> None:
    class Hostile:
        def __reduce__(self) -> tuple[Any, ...]:
            return (print, ("root_pos",))

    path = tmp_path / "walk.pkl"
    path.write_bytes(pickle.dumps({"root_pos": Hostile(), "root_rot": 0, "dof_pos": 0}))
    with pytest.raises(FileFormatError, match="which may run code and is not opened"):
        read_motion(path)
