"""Which axis points up in a body, whatever it does."""

from __future__ import annotations

import numpy as np
import pytest
from reader_files import walking, z_up

from monster.geometry.axes import UPS, to_z_up
from monster.geometry.body import SURE_UP, detect_up


@pytest.mark.parametrize("up", UPS)
@pytest.mark.parametrize("frames", [2, 60, 900])
def test_a_walking_body_shows_its_up_axis(up: str, frames: int) -> None:
    joints = z_up(walking(frames)) @ to_z_up(np.eye(3), up).T
    found, lead = detect_up(joints)
    assert found == up and lead > SURE_UP


def test_joints_without_a_body_show_none() -> None:
    ball = np.random.default_rng(0).normal(size=(40, 22, 3)) * 0.13
    assert detect_up(ball)[1] < SURE_UP
