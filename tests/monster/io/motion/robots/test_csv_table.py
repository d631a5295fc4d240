"""Tables of robots' motions: layouts, headers, and refusals that name the columns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from robot_files import qpos, seed_header, seed_rows, slow_joints, walking, write_rows

from monster.errors import FileFormatError
from monster.io import file_kind, is_motion_file, read_motion
from monster.io.motion.robots.csv_table import is_robot_table, raw_robot_table
from monster.io.motion.robots.robot import Robot
from monster.io.motion.robots.tables import G1, H1


@pytest.mark.parametrize("robot", [G1, H1], ids=["g1", "h1"])
@pytest.mark.parametrize("order", ["wxyz", "xyzw"])
@pytest.mark.parametrize("mark", [",", ";", "\t", " "])
def test_rows_without_a_header(tmp_path: Path, robot: Robot, order: str, mark: str) -> None:
    path = write_rows(tmp_path / "walk.csv", qpos(robot, order=order))
    path.write_text(path.read_text().replace(",", mark))
    assert is_robot_table(path)
    raw = raw_robot_table(path)
    assert np.allclose(raw.joints, slow_joints(robot, *walking(robot)), atol=1e-6)
    assert raw.fps is None and raw.usual_fps == 30


def test_a_table_of_bones_seed_is_in_centimetres_and_degrees_at_120(tmp_path: Path) -> None:
    raw = raw_robot_table(write_rows(tmp_path / "seed.csv", seed_rows(), seed_header()))
    assert np.allclose(raw.joints / 100, slow_joints(G1, *walking()), atol=1e-6)
    assert (raw.unit, raw.fps) == (0.01, 120.0) and "declared by the format" in raw.fps_source
    assert is_robot_table(tmp_path / "seed.csv")


def test_columns_are_taken_by_name_in_any_order(tmp_path: Path) -> None:
    order = [*range(7, 36), 6, 3, 4, 5, 2, 1, 0]
    names = ["root_x", "root_y", "root_z", "root_qw", "root_qx", "root_qy", "root_qz"]
    names += [f"{name}_joint" for name in G1.joint_names]
    values = np.concatenate([np.arange(40)[:, None] * 0.02, qpos()[:, order]], axis=1)
    header = ",".join(f'"{name}"' for name in ["time", *(names[place] for place in order)])
    raw = raw_robot_table(write_rows(tmp_path / "walk.csv", values, header))
    assert np.allclose(raw.joints, slow_joints(G1, *walking()), atol=1e-6)
    assert (raw.fps, raw.fps_source) == (50.0, "the column of times")


def test_a_header_settles_the_order_of_a_robot_that_faces_backwards(tmp_path: Path) -> None:
    values = qpos()
    values[:, 3:7] = [0, 0, 0, 1]
    names = ["x", "y", "z", "qx", "qy", "qz", "qw", *G1.joint_names]
    for header, how in (("", "guessed"), (",".join(names), "given")):
        raw = raw_robot_table(write_rows(tmp_path / "walk.csv", values, header))
        assert next(found.how for found in raw.findings if found.what == "quaternion") == how


@pytest.mark.parametrize(("width", "reason"), [(29, "without its root"), (37, "frame number"), (50, "at all")])
def test_another_number_of_columns_names_the_known_ones(tmp_path: Path, width: int, reason: str) -> None:
    path = write_rows(tmp_path / "walk.csv", np.zeros((5, width)))
    with pytest.raises(FileFormatError, match=rf"36 \(Unitree G1\), 26 \(Unitree H1\), got {width}; .*{reason}"):
        raw_robot_table(path)


def test_a_header_with_other_names_names_what_is_missing(tmp_path: Path) -> None:
    header = seed_header().replace("left_knee_joint_dof", "left_shin").replace("root_rotateY", "roll")
    path = write_rows(tmp_path / "walk.csv", seed_rows(), header)
    with pytest.raises(FileFormatError, match=r"columns of Unitree G1, got none for left_knee, root rotation"):
        raw_robot_table(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "empty file"),
        ("\n\n", "no line of numbers"),
        ("# nothing\n", "no line of numbers"),
        (seed_header() + "\n", "rows of numbers after the header"),
        (",".join(["1"] * 36) + "\n" + ",".join(["1"] * 35) + "\n", "table of numbers"),
        (",".join(["1"] * 35 + ["x"]) + "\n", "table of numbers"),
        (seed_header() + "\n" + ",".join(["1"] * 35) + "\n", "a number for each of 36 names, got 35"),
        ("\x00" * 40, "binary"),
    ],
)
def test_other_content_is_refused(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "walk.csv"
    path.write_text(content)
    with pytest.raises(FileFormatError, match=message):
        raw_robot_table(path)


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (seed_header(), True),
        (",".join(["0.1"] * 36), True),
        (",".join(["0.1"] * 6), False),
        ("id,motion,caption", False),
        (",".join(f"column{number}" for number in range(40)), False),
        ("", False),
    ],
)
def test_a_robots_table_is_known_by_its_first_line(tmp_path: Path, first: str, expected: bool) -> None:
    path = tmp_path / "table.csv"
    path.write_text(f"# made here\n{first}\n")
    assert is_robot_table(path) is expected


@pytest.mark.parametrize("robot", [G1, H1], ids=["g1", "h1"])
def test_a_table_is_read_as_any_motion(tmp_path: Path, robot: Robot) -> None:
    path = write_rows(tmp_path / "walk.csv", qpos(robot))
    assert file_kind(path) == "motion"
    motion = read_motion(path)
    slow = slow_joints(robot, *walking(robot))
    assert np.abs(motion.joints[..., :2] - slow[..., :2]).max() < 1e-4
    assert np.ptp(motion.joints[..., 2] - slow[..., 2]) < 1e-4  # but for the height of the floor
    said = {found.what: (found.value, found.how) for found in motion.provenance}
    assert said["fps"] == ("30", "guessed") and said["axes"] == ("z up", "given")
    assert read_motion(path, fps=50).fps == 50


def test_a_given_unit_is_that_of_the_root(tmp_path: Path) -> None:
    values = qpos()
    values[:, :3] *= 10
    path = write_rows(tmp_path / "walk.csv", values)
    motion = read_motion(path, unit=0.1)
    assert np.ptp(motion.joints[..., 2] - slow_joints(G1, *walking())[..., 2]) < 1e-4


def test_other_tables_are_no_motions_and_say_why_when_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_text("id,motion,caption\na,walk.bvh,somebody walks\n")
    assert file_kind(path) is None and not is_motion_file(path)
    with pytest.raises(FileFormatError, match=r"items\.csv: expected columns of Unitree .* among id, motion, caption"):
        read_motion(path)
