"""The stage: subsampling, floor, hidden walls, key frames."""

from __future__ import annotations

import numpy as np
import pytest
from viz_samples import box_room, walker

from monster.errors import InputError
from monster.types import Scene
from monster.viz.stage import key_frames, stage_of


def test_thins_evenly_and_keeps_real_points() -> None:
    room = box_room(40_000)
    stage = stage_of(room, [("walk", walker())], most=5_000)
    assert 2_500 < len(stage.points) <= 5_000
    known = {tuple(point) for point in room.points.tolist()}
    assert all(tuple(point) in known for point in stage.points.tolist())
    assert stage.floor == pytest.approx(0.0, abs=0.03)


def test_small_cloud_is_kept_whole() -> None:
    room = box_room(900)
    assert len(stage_of(room, []).points) == len(room.points)


def test_only_the_near_wall_is_cut_away() -> None:
    stage = stage_of(box_room(20_000), [("walk", walker())])
    at_azimuth_zero = stage.visible(0.0)  # the viewer stands on the side of +x
    near = (stage.points[:, 0] > 1.95) & (stage.points[:, 2] > 0.3) & (np.abs(stage.points[:, 1]) < 1.0)
    far = (stage.points[:, 0] < -1.95) & (stage.points[:, 2] > 0.3) & (stage.points[:, 2] < 2.0)
    floor = stage.points[:, 2] < 0.05
    assert near.sum() > 100
    assert not at_azimuth_zero[near].any()
    assert at_azimuth_zero[far].all()
    assert at_azimuth_zero[floor].all()
    assert not at_azimuth_zero[stage.points[:, 2] > stage.top].any()


def test_without_a_scene_the_floor_is_under_the_feet() -> None:
    stage = stage_of(None, [("walk", walker())])
    joints = walker().joints
    assert stage.points[:, 2].max() <= joints[..., 2].min()
    assert (stage.points[:, :2].min(axis=0) < joints[..., :2].min(axis=(0, 1))).all()
    assert len(stage.points) <= 30_000


def test_nothing_to_show_is_refused() -> None:
    with pytest.raises(InputError, match="a scene or at least one motion"):
        stage_of(None, [])


@pytest.mark.parametrize("kind", ["colors", "instances", "plain"])
def test_colours_are_in_range_for_every_kind_of_cloud(kind: str) -> None:
    room = box_room(2_000)
    ids = np.arange(len(room.points)) % 5 - 1
    scene = {
        "colors": room,
        "instances": Scene(room.points, instances=ids),
        "plain": Scene(room.points),
    }[kind]
    colors = stage_of(scene, []).colors
    assert colors.shape == room.points.shape
    assert colors.min() >= 0 and colors.max() <= 1
    assert len(np.unique(colors.round(3), axis=0)) > 1


def test_key_frames_follow_the_movement() -> None:
    motion = walker(frames=60, still=30)
    frames = key_frames(motion)
    assert frames[0] == 0 and frames[-1] == len(motion) - 1
    assert (np.diff(frames) > 0).all()
    assert (frames[:-1] <= 60).all()  # the last half stands still and gets the last frame only
