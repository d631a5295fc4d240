import numpy as np
import pytest
from handmade import act

from monster.skeleton import INDEX
from worlds.actions.performing.keyframes import ArmAngles, FootPose, Keyframe, Posture, one_arm, one_foot, one_hand
from worlds.actions.performing.timeline import Timeline
from worlds.people.body import ANKLES, ELBOWS, WRISTS, make_body
from worlds.people.gait import Stand, shuffle, walk
from worlds.people.paths import make_path

BODY = make_body(1.75)


def walking(speed: float = 1.2) -> Timeline:
    line = Timeline(BODY, Stand(0, 0, 0))
    line.wait(0.3)
    end = Stand(0, 4, 0)
    steps = walk(make_path(np.array([[0.0, 0.0], [0.0, 4.0]])), BODY, speed=speed, start=line.now, first=0)
    line.take(steps, end, gait=1.0)
    line.take(shuffle(end, end, BODY, start=line.now, period=0.5, first=1 - steps.side), end, gait=0.2)
    line.wait(0.5)
    return line


def test_keys_hold_until_they_move() -> None:
    line = Timeline(BODY, Stand(0, 0, 0))
    line.move("lean", 1.0, 2.0, 0.5)
    line.move("lean", 3.0, 4.0, 0.0)
    line.now = 5.0
    lean = line._sampled("lean", np.arange(line.frames) / 20)[:, 0]
    assert lean[[10, 30, 50, 70, 90]] == pytest.approx([0, 0.25, 0.5, 0.25, 0], abs=0.01)
    line.set("lean", 1.5, 0.1)
    assert line.last("lean") == (0.1,)


def test_actions_follow_one_another_to_the_last_frame() -> None:
    line = Timeline(BODY, Stand(0, 0, 0))
    line.wait(1.0)
    line.record(act("walk to", 3))
    line.wait(1.5)
    line.record(act("sit on", 4))
    first, second = line.performed()
    assert (first.targets, first.frames, second.targets, second.frames) == ((3,), range(20), (4,), range(20, 51))
    assert line.frames == 51


def test_a_timeline_without_actions_performed_none() -> None:
    assert Timeline(BODY, Stand(0, 0, 0)).performed() == ()


def test_keyframes_are_keys_of_all_their_tracks() -> None:
    arm = ArmAngles(swing=1.0)
    timeline = Timeline(BODY, Stand(0, 0, 0))
    timeline.wait(1.0)
    timeline.play(
        [Keyframe(Posture(lean=0.4, arms=arm), start=0.5, at=1.0), Keyframe(Posture(nod=0.2), at=0.25)], seconds=2.0
    )
    assert timeline.now == 1.0
    assert (timeline.last("lean"), timeline.last("left_arm"), timeline.last("right_arm")) == ((0.4,), arm, arm)
    timeline.now = 3.0
    times = np.arange(timeline.frames) / 20
    lean = timeline._sampled("lean", times)[:, 0]
    assert lean[[35, 60]] == pytest.approx([0.0, 0.4], abs=0.01)  # held until a second from the start of the play
    assert timeline._sampled("nod", times)[[15, 30], 0] == pytest.approx([0.1, 0.2], abs=0.03)  # from the first key on


def test_a_posture_sets_what_it_names() -> None:
    assert dict(Posture().tracks()) == {}
    assert dict(one_arm(1, ArmAngles(elbow=0.5)).tracks()) == {"right_arm": (0.0, 0.0, 0.0, 0.5)}
    assert dict(one_hand(0, (1.0, 2.0, 3.0)).tracks()) == {"left_hand": (1.0, 2.0, 3.0)}
    assert dict(one_foot(0, FootPose(1, 2, 3, 4, 5)).tracks()) == {"left_foot": (1, 2, 3, 4, 5)}


def test_walking_swings_arms_against_legs_and_looks_ahead() -> None:
    joints = walking().render(np.random.default_rng(0)).astype(float)
    stride = slice(30, 60)
    legs = (joints[:, ANKLES[0]] - joints[:, ANKLES[1]])[stride, 1]
    arms = (joints[:, WRISTS[0]] - joints[:, WRISTS[1]])[stride, 1]
    assert np.corrcoef(legs, arms)[0, 1] < -0.8
    assert (joints[:, WRISTS[0], 1] - joints[:, ELBOWS[0], 1])[stride].max() > 0.05
    across = joints[stride, INDEX["right_hip"]] - joints[stride, INDEX["left_hip"]]
    assert np.degrees(np.arctan2(across[:, 1], across[:, 0])).mean() == pytest.approx(0.0, abs=4.0)


@pytest.mark.parametrize(("speed", "bob"), [(1.18, 0.071), (1.63, 0.094)])  # CMU 02_01 and 02_02
def test_the_pelvis_rises_and_falls_about_as_in_real_walks(speed: float, bob: float) -> None:
    height = walking(speed).render(np.random.default_rng(0))[30:60, 0, 2]
    assert 0.5 * bob < np.ptp(height) < 1.4 * bob


def test_the_same_noise_makes_the_same_joints() -> None:
    first, again, other = (walking().render(np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert np.abs(first - other).max() < 0.08
