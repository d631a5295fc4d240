import numpy as np
import pytest

from monster.skeleton import BONES, INDEX, MIRROR
from worlds.people.body import (
    ANKLES,
    ELBOWS,
    HEAD,
    HIPS,
    KNEES,
    SHORTEST,
    SHOULDERS,
    TALLEST,
    WRISTS,
    Body,
    Pose,
    bone_lengths,
    make_body,
    orientation,
    random_body,
    rotation,
    solve,
    two_bone_ik,
)


def standing(body: Body, frames: int = 1) -> Pose:
    """Upright over the origin, facing +y, arms down."""
    ankles = np.zeros((frames, 2, 3))
    ankles[:, 0], ankles[:, 1] = (-0.09, 0, body.ankle_height), (0.09, 0, body.ankle_height)
    pelvis = np.tile([0, 0, body.standing_height], (frames, 1))
    zeros = np.zeros((frames, 3))
    arms, reach = np.zeros((frames, 2, 4)), np.zeros((frames, 2))
    return Pose(
        pelvis, zeros, zeros, np.zeros(frames), ankles, np.zeros((frames, 2, 2)), arms, reach, np.zeros((frames, 2, 3))
    )


def test_proportions_match_the_published_tables() -> None:
    body = make_body(1.8)
    joints = solve(body, standing(body))[0]
    assert body.leg / 1.8 == pytest.approx(0.245 + 0.246)
    assert body.arm / 1.8 == pytest.approx(0.186 + 0.146)
    assert joints[SHOULDERS[0], 2] / 1.8 == pytest.approx(0.818, abs=0.02)
    assert joints[KNEES[0], 2] / 1.8 == pytest.approx(0.285, abs=0.01)
    assert 0.87 < joints[HEAD, 2] / 1.8 < 0.93


def test_a_standing_body_faces_forward_with_left_on_the_left() -> None:
    body = make_body()
    joints = solve(body, standing(body))[0]
    assert joints[HIPS[0], 0] < 0 < joints[HIPS[1], 0]
    assert joints[INDEX["left_foot"], 1] > joints[ANKLES[0], 1] + 0.1
    mirrored = joints[list(MIRROR)] * (-1, 1, 1)
    assert joints == pytest.approx(mirrored, abs=1e-9)
    assert joints[:, 2].min() > 0


def test_bones_keep_their_lengths_in_any_pose() -> None:
    body, rng = random_body(np.random.default_rng(3)), np.random.default_rng(4)
    n = 200
    pose = Pose(
        *(rng.normal(size=shape) for shape in ((n, 3), (n, 3), (n, 3), (n,), (n, 2, 3), (n, 2, 2), (n, 2, 4))),
        rng.uniform(size=(n, 2)), rng.normal(size=(n, 2, 3)),
    )  # fmt: skip
    lengths = bone_lengths(solve(body, pose))
    children = [child for _, child in BONES]
    assert lengths == pytest.approx(np.tile([body.length(child) for child in children], (n, 1)), abs=1e-9)


def test_random_bodies_are_adults_and_differ() -> None:
    rng = np.random.default_rng(0)
    statures = [random_body(rng).stature for _ in range(100)]
    assert SHORTEST <= min(statures) < 1.62 < 1.78 < max(statures) <= TALLEST
    first, second = random_body(rng), random_body(rng)
    assert first.leg / first.stature != pytest.approx(second.leg / second.stature, abs=1e-6)


def test_two_bone_ik_reaches_and_bends_towards_the_pole() -> None:
    root = np.zeros((3, 3))
    target = np.array([[0, 0, -0.6], [0, 0, -5.0], [0, 0, -0.01]])
    middle, end = two_bone_ik(root, target, np.tile([0, 1.0, 0], (3, 1)), (0.4, 0.3))
    assert end[0] == pytest.approx(target[0])
    assert np.linalg.norm(end, axis=1) == pytest.approx([0.6, 0.7, 0.1], abs=1e-3)
    assert middle[0, 1] > 0.1
    assert np.linalg.norm(middle, axis=1) == pytest.approx(0.4)
    assert np.linalg.norm(end - middle, axis=1) == pytest.approx(0.3)


def test_a_reaching_hand_is_at_its_target() -> None:
    body = make_body()
    pose = standing(body, 2)
    place = np.array([0.2, 0.35, 1.2])
    pose.reach[1, 1] = 1.0
    pose.hands[:, 1] = place
    joints = solve(body, pose)
    assert joints[1, WRISTS[1]] == pytest.approx(place, abs=1e-6)
    assert np.linalg.norm(joints[0, WRISTS[1]] - place) > 0.3
    assert joints[1, WRISTS[0]] == pytest.approx(joints[0, WRISTS[0]])


def test_arms_swing_forward_raise_outward_and_bend_inward() -> None:
    body = make_body()
    pose = standing(body, 4)
    pose.arms[1, :, 0] = pose.arms[2, :, 1] = 0.5
    pose.arms[3, :, 3], pose.arms[3, :, 2] = 1.2, 0.6
    joints = solve(body, pose)
    rest, forward, raised, bent = joints
    for side, sign in enumerate((-1, 1)):
        assert forward[ELBOWS[side], 1] > rest[ELBOWS[side], 1] + 0.1
        assert sign * raised[ELBOWS[side], 0] > sign * rest[ELBOWS[side], 0] + 0.1
        assert bent[WRISTS[side], 1] > rest[WRISTS[side], 1] + 0.1
        assert sign * bent[WRISTS[side], 0] < sign * rest[WRISTS[side], 0] - 0.05


def test_orientation_leans_forward_and_turns_left() -> None:
    up = orientation(np.array([0.0]), np.array([0.3]), np.array([0.0]))[0] @ [0, 0, 1]
    assert up == pytest.approx([0, np.sin(0.3), np.cos(0.3)])
    ahead = rotation(2, np.array([np.pi / 2]))[0] @ [0, 1, 0]
    assert ahead == pytest.approx([-1, 0, 0], abs=1e-9)
