"""What a robot's file leaves open is decided by the body; what it cannot decide is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from robot_files import quaternions, slow_joints, walking

from monster.errors import FileFormatError
from monster.io.motion.robots.recording import Recording, raw_recording
from monster.io.motion.robots.robot import Robot
from monster.io.motion.robots.tables import G1, H1

PATH = Path("walk.csv")
ROBOTS = pytest.mark.parametrize("robot", [G1, H1], ids=["g1", "h1"])


def recorded(robot: Robot = G1) -> Recording:
    places, yaw, angles = walking(robot)
    return Recording(robot, places, quaternions(yaw), angles, "made here")


def note(recording: Recording, what: str) -> tuple[str, str]:
    """Value and certainty of a finding; ("", "") without one."""
    findings = raw_recording(recording, PATH).findings
    return next(((found.value, found.how) for found in findings if found.what == what), ("", ""))


@ROBOTS
@pytest.mark.parametrize("order", ["wxyz", "xyzw"])
def test_either_order_of_a_quaternion_is_found_by_the_body(robot: Robot, order: str) -> None:
    recording = recorded(robot)
    if order == "xyzw":
        recording = replace(recording, turn=np.roll(recording.turn, -1, axis=1))
    raw = raw_recording(recording, PATH)
    assert np.allclose(raw.joints, slow_joints(robot, *walking(robot)), atol=1e-6)
    assert note(recording, "quaternion") == (" ".join(order), "detected")
    assert (raw.up, raw.unit, raw.fps, raw.usual_fps) == ("z", 1.0, None, 30.0)


def test_a_robot_that_faces_along_x_all_the_time_is_guessed_and_said() -> None:
    places, _, angles = walking()
    for way, order in ((1.0, "x y z w"), (-1.0, "w x y z"), (0.0, "x y z w")):
        position = places * [0, 0, 1] + np.linspace(0, 1, len(places))[:, None] * [way, 0, 0]
        recording = Recording(G1, position, np.array([[0.0, 0, 0, 1]] * len(places)), angles, "made here")
        assert note(recording, "quaternion") == (order, "guessed")
        said = next(found for found in raw_recording(recording, PATH).findings if found.what == "quaternion")
        assert "a first line of names" in said.note and ("faces x" if way == 0 else "walks ahead") in said.note
        assert note(replace(recording, order="wxyz"), "quaternion") == ("w x y z", "given")


@settings(max_examples=30, deadline=None)
@given(st.floats(-3, 3), st.sampled_from(["wxyz", "xyzw"]), st.sampled_from([G1, H1]))
def test_any_heading_but_along_x_tells_the_order(heading: float, order: str, robot: Robot) -> None:
    places, yaw, angles = walking(robot)
    turns = quaternions(yaw - yaw.mean() + heading)
    recording = Recording(robot, places, turns if order == "wxyz" else np.roll(turns, -1, axis=1), angles, "made here")
    found = note(recording, "quaternion")
    misread_tilt = abs(heading) if order == "xyzw" else np.pi - abs(heading)
    if misread_tilt > 0.3:
        assert found == (" ".join(order), "detected")


def test_a_declared_order_holds_unless_the_body_contradicts_it_clearly() -> None:
    recording = recorded()
    assert note(replace(recording, order="wxyz"), "quaternion") == ("w x y z", "given")
    assert note(replace(recording, order="xyzw"), "quaternion") == ("w x y z", "detected")


@settings(max_examples=15, deadline=None)
@given(st.sampled_from([1.0, 0.01, 0.001]), st.sampled_from([G1, H1]))
def test_the_floor_tells_the_unit_of_the_root(unit: float, robot: Robot) -> None:
    recording = recorded(robot)
    raw = raw_recording(replace(recording, position=recording.position / unit), PATH)
    assert np.allclose(raw.joints * raw.unit, slow_joints(robot, *walking(robot)), atol=1e-6)
    found = next((found.how for found in raw.findings if found.what == "root unit"), "")
    assert found == ("" if unit == 1 else "detected")


def test_a_given_unit_overrules_it() -> None:
    recording = recorded()
    raw = raw_recording(replace(recording, position=recording.position * 100), PATH, unit=0.01)
    assert np.allclose(raw.joints * 0.01, slow_joints(G1, *walking()), atol=1e-6)
    assert not any(found.what == "root unit" for found in raw.findings)


def test_angles_about_fixed_axes_are_turned_x_first() -> None:
    recording = recorded()
    turn = np.array([[90.0, 0.0, 90.0]] * len(recording.angles))
    raw = raw_recording(replace(recording, turn=turn), PATH)
    hips = raw.joints[0, 1] - raw.joints[0, 2]  # left hip as seen from the right: y, turned about x to z, then about z
    assert np.allclose(hips / np.linalg.norm(hips), [0, 0, 1], atol=1e-6)


def test_degrees_where_radians_are_expected_are_detected() -> None:
    recording = recorded()
    degrees = replace(recording, angles=np.degrees(recording.angles))
    assert np.allclose(raw_recording(degrees, PATH).joints, raw_recording(recording, PATH).joints, atol=1e-9)
    assert note(degrees, "angles") == ("degrees", "detected")


@pytest.mark.parametrize(("in_degrees", "most"), [(False, 800.0), (True, 5000.0)])
def test_angles_that_no_hinge_turns_are_refused(in_degrees: bool, most: float) -> None:
    recording = recorded()
    angles = recording.angles.copy()
    angles[3, 3] = most
    with pytest.raises(FileFormatError, match=r"walk\.csv: expected joint angles of Unitree G1 in .* left_knee"):
        raw_recording(replace(recording, angles=angles, in_degrees=in_degrees), PATH)


def test_a_hinge_beyond_its_limits_is_remarked_and_one_just_beyond_is_not() -> None:
    recording = recorded()
    for over, said in ((0.1, ("", "")), (0.5, ("1 joints beyond", "detected"))):
        angles = recording.angles.copy()
        angles[5, 3] = 2.8798 + over
        assert note(replace(recording, angles=angles), "limits") == said


@pytest.mark.parametrize("part", ["position", "turn", "angles"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_values_that_are_no_numbers_are_named(part: str, value: float) -> None:
    recording = recorded()
    values = getattr(recording, part).copy()
    values[7, 1] = value
    with pytest.raises(FileFormatError, match="frame 7"):
        raw_recording(replace(recording, **{part: values}), PATH)


@pytest.mark.parametrize("size", [0.0, 0.5, 3.0])
def test_quaternions_of_another_length_are_refused(size: float) -> None:
    recording = recorded()
    with pytest.raises(FileFormatError, match="expected quaternions of length 1"):
        raw_recording(replace(recording, turn=recording.turn * size), PATH)


def test_quaternions_of_nearly_length_1_are_normalised() -> None:
    recording = recorded()
    raw = raw_recording(replace(recording, turn=recording.turn * 1.01), PATH)
    assert np.allclose(raw.joints, raw_recording(recording, PATH).joints, atol=1e-9)


def test_one_frame_and_far_places_are_refused() -> None:
    recording = recorded()
    with pytest.raises(FileFormatError, match="at least 2 frames"):
        raw_recording(
            replace(recording, angles=recording.angles[:1], position=recording.position[:1], turn=recording.turn[:1]),
            PATH,
        )
    with pytest.raises(FileFormatError, match="expected the root's position, got 1e"):
        raw_recording(replace(recording, position=recording.position + 1e9), PATH)
