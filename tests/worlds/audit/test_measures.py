"""Statistics of motions and rooms on bodies and boxes with known values."""

from __future__ import annotations

import numpy as np
import pytest
from handmade import CHAIR, SHELF, act, plain_room

from monster.types import Motion, Scene
from worlds.actions.perform import perform
from worlds.audit.measures import motion_statistics, room_statistics, shares_by_category, sizes_by_category, summary
from worlds.rooms.scan import scan


def walk(seed: int = 1) -> Motion:
    performance = perform(plain_room(), [act("walk to", SHELF)], np.random.default_rng(seed))
    assert performance is not None
    return Motion(performance.joints)


def test_a_walk_has_steps_and_little_foot_slide() -> None:
    table = summary([motion_statistics(walk(seed)) for seed in range(4)])
    assert table["foot slide a step, median (cm)"] < 1.0
    assert 1.0 < table["cadence, median (steps/s)"] < 3.0
    assert 0.3 < table["step length, median (m)"] < 0.9
    assert table["stretches of walking"] >= 3


def test_speeds_and_accelerations_of_a_known_track() -> None:
    """The whole body on a parabola: speed 2 a t, acceleration 2 a."""
    body = walk().joints[:1]
    time = np.arange(60) / 20
    track = np.zeros((60, 1, 3), np.float32)
    track[:, 0, 0] = 0.5 * time**2
    statistics = motion_statistics(Motion(body + track))
    assert np.median(statistics.speeds["head"]) == pytest.approx(time[30], abs=0.06)
    assert np.median(statistics.accelerations["left_wrist"]) == pytest.approx(1.0, abs=0.01)


def test_foot_slide_is_measured() -> None:
    joints = np.repeat(walk().joints[:1], 40, axis=0)
    joints[..., 1] += (np.arange(40) * 0.01)[:, None]
    slides = motion_statistics(Motion(joints)).slides
    assert len(slides) == 2
    assert slides == pytest.approx(0.37, abs=0.03)


def test_statistics_do_not_depend_on_the_frame_rate() -> None:
    slow = walk()
    fast = slow.resampled(60)
    one, other = (summary([motion_statistics(motion)]) for motion in (slow, fast))
    assert other["pelvis speed, median (m/s)"] == pytest.approx(one["pelvis speed, median (m/s)"], rel=0.1)


def test_standing_still_has_no_steps() -> None:
    table = summary([motion_statistics(Motion(np.repeat(walk().joints[:1], 40, axis=0)))])
    assert np.isnan(table["cadence, median (steps/s)"])
    assert table["stretches of walking"] == 0


def test_sizes_and_shares_of_objects() -> None:
    room = plain_room()
    scene = scan(room, np.random.default_rng(0), points=8000)
    statistics = room_statistics(scene)
    assert statistics.objects == len(room.objects)
    sizes = sizes_by_category([statistics, statistics])
    count, (wide, deep, high) = sizes["bookshelf"]
    assert count == 2
    assert (wide, deep) == pytest.approx((0.9, 0.3), abs=0.06)
    assert high == pytest.approx(1.8, abs=0.12)
    shares = shares_by_category([statistics])
    assert sum(shares.values()) == pytest.approx(1.0, abs=1e-9)
    assert "wall" not in shares and "floor" not in sizes
    assert room.by_id(CHAIR).category in shares


def test_a_scene_without_labels_has_objects() -> None:
    points = np.random.default_rng(0).random((100, 3)).astype(np.float32)
    statistics = room_statistics(Scene(points, instances=np.zeros(100, dtype=np.int64)))
    assert [label for label, _ in statistics.sizes] == ["object"]
