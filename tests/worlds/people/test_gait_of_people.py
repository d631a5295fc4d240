"""Generated walks compared with the CMU clips, where they are present."""

from pathlib import Path

import numpy as np
import pytest

from monster.types import Motion
from worlds.actions.performing.timeline import Timeline
from worlds.people.body import ANKLES, BALLS, ELBOWS, HEAD, KNEES, SHOULDERS, WRISTS, make_body
from worlds.people.gait import Stand, walk
from worlds.people.paths import make_path

CLIPS = Path(__file__).parents[4] / "shared" / "data" / "motion" / "cmu" / "joints22.npz"
WALKS = {"02_01": 1.18, "02_02": 1.63}

pytestmark = pytest.mark.skipif(not CLIPS.exists(), reason="the CMU clips are not at ../shared/data/motion/cmu")


def real(clip: str) -> np.ndarray:
    """Joints at 20 fps, z up, walking along +y."""
    with np.load(CLIPS) as clips:
        joints = clips[clip]
    upright = Motion(np.stack([joints[..., 0], -joints[..., 2], joints[..., 1]], axis=-1), 30.0).resampled(20.0).joints
    way = (upright[-1, 0] - upright[0, 0])[:2]
    cos, sin = way[::-1] / np.linalg.norm(way)
    return np.asarray(upright @ np.array([[cos, sin, 0], [-sin, cos, 0], [0, 0, 1]]), dtype=np.float64)


def generated(speed: float) -> np.ndarray:
    body = make_body(1.73)
    line = Timeline(body, Stand(0, 0, 0))
    line.wait(0.2)
    steps = walk(make_path(np.array([[0.0, 0.0], [0.0, 7.0]])), body, speed=speed, start=line.now, first=0)
    line.take(steps, Stand(0, 7, 0), gait=1.0)
    return line.render(np.random.default_rng(0)).astype(np.float64)[30:-20]


@pytest.mark.parametrize(("clip", "speed"), WALKS.items())
def test_joint_speeds_and_accelerations_match_real_walks(clip: str, speed: float) -> None:
    people, made = real(clip), generated(speed)
    for joint in (0, HEAD, ANKLES[0], WRISTS[0], KNEES[1]):
        velocities = [np.linalg.norm(np.diff(joints[:, joint], axis=0), axis=1) * 20 for joints in (people, made)]
        assert np.percentile(velocities[1], 95) == pytest.approx(np.percentile(velocities[0], 95), rel=0.3)
    jolts = [
        np.percentile(np.linalg.norm(np.diff(j[:, ANKLES[0]], 2, axis=0), axis=1) * 400, 95) for j in (people, made)
    ]
    assert jolts[1] < 2 * jolts[0]  # generated feet brake harder as they land


@pytest.mark.parametrize(("clip", "speed"), WALKS.items())
def test_leg_swing_and_foot_height_match_real_walks(clip: str, speed: float) -> None:
    people, made = real(clip), generated(speed)
    reach = [(joints[:, ANKLES[0]] - joints[:, 0])[:, 1] for joints in (people, made)]
    assert np.ptp(reach[1]) == pytest.approx(np.ptp(reach[0]), rel=0.15)
    assert made[:, ANKLES[0], 2].max() == pytest.approx(people[:, ANKLES[0], 2].max(), abs=0.05)
    assert made[:, BALLS[0], 2].max() == pytest.approx(people[:, BALLS[0], 2].max(), abs=0.05)
    assert np.ptp(made[:, 0, 2]) == pytest.approx(np.ptp(people[:, 0, 2]), abs=0.035)


@pytest.mark.parametrize(("clip", "speed"), WALKS.items())
def test_knee_bend_and_arm_swing_match_real_walks(clip: str, speed: float) -> None:
    bends, phases = [], []
    for joints in (real(clip), generated(speed)):
        thigh, shank = joints[:, KNEES[0]] - joints[:, 1], joints[:, ANKLES[0]] - joints[:, KNEES[0]]
        cosine = (thigh * shank).sum(axis=1) / np.linalg.norm(thigh, axis=1) / np.linalg.norm(shank, axis=1)
        bends.append(np.degrees(np.arccos(np.clip(cosine, -1, 1))).max())
        arm, leg = (
            (joints[:, ELBOWS[0]] - joints[:, SHOULDERS[0]])[:, 1],
            (joints[:, ANKLES[0]] - joints[:, ANKLES[1]])[:, 1],
        )
        phases.append(np.corrcoef(arm, leg)[0, 1])
    assert bends[1] == pytest.approx(bends[0], abs=15)
    assert phases[0] < -0.5
    assert phases[1] < -0.5
