"""Bending and cutting: the smallest change, with constant bone lengths and planted feet."""

from __future__ import annotations

import numpy as np
import pytest
from handmade import plain_room
from placed_clips import clip, standing

from monster.placement import fit
from monster.placement.fitting import MIN_SECONDS, MIN_SHARE, bent, slide
from monster.skeleton import BONES
from monster.types import Motion
from worlds.rooms.occupancy import occupancy_of_room
from worlds.types import Room


def corridor(length: float, width: float = 0.9) -> Room:
    x, y = length / 2, width / 2
    return Room("hallway", np.array([[-x, -y], [x, -y], [x, y], [-x, y]]), 2.5, (), ())


def straight() -> Motion:
    """A body that glides ahead by four metres in four seconds."""
    joints = np.repeat(standing().joints[:1], 80, axis=0)
    joints[..., 0] += np.linspace(0, 4, 80, dtype=np.float32)[:, None]
    return Motion(joints, 20.0)


def test_a_fitting_clip_is_unchanged() -> None:
    walk = clip("walk")
    found = fit(walk, occupancy_of_room(plain_room()), 2)
    assert len(found) == 2 and all(one.bent == 0.0 and one.cut is None for one in found)
    assert found[0].put().placed and len(found[0].put()) == len(walk)
    assert np.allclose(found[0].put().joints, found[0].place.put(walk.joints), atol=6e-4)


def test_a_clip_that_is_too_long_gets_the_smallest_cut() -> None:
    assert fit(straight(), occupancy_of_room(corridor(5.5)))[0].cut is None
    found = fit(straight(), occupancy_of_room(corridor(4.0)))
    assert found and found[0].cut is not None
    start, end = found[0].cut
    assert end - start == len(found[0].motion) >= max(MIN_SECONDS * 20, MIN_SHARE * 80)
    assert fit(straight(), occupancy_of_room(corridor(4.0)), change=False) == []
    assert fit(straight(), occupancy_of_room(corridor(2.0))) == []


def test_a_cut_keeps_the_seat() -> None:
    assert fit(clip("sit"), occupancy_of_room(corridor(6.0, 4.0))) == []


@pytest.mark.parametrize("angle", [0.3, -0.6])
def test_a_bent_walk_turns_and_keeps_its_bones_and_its_feet(angle: float) -> None:
    walk = clip("walk")
    turned = bent(walk, angle)
    assert slide(turned) < slide(walk) + 0.02
    for before, after in BONES:
        lengths = [np.linalg.norm(m.joints[:, before] - m.joints[:, after], axis=1) for m in (walk, turned)]
        assert np.allclose(*lengths, atol=1e-4)
    across = [m.joints[-1, 1, :2] - m.joints[-1, 2, :2] for m in (walk, turned)]
    change = np.arctan2(*across[1][::-1]) - np.arctan2(*across[0][::-1])
    assert (change - angle + np.pi) % (2 * np.pi) - np.pi == pytest.approx(0.0, abs=0.02)
    assert np.allclose(turned.joints[..., 2], walk.joints[..., 2], atol=1e-5)
