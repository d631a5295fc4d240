"""Whatever a file calls its rate and however it writes it, it is read; what is no rate is an error."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from monster.errors import InputError
from monster.io.stated_fps import FPS_NAMES, stated_fps


@pytest.mark.parametrize("name", FPS_NAMES)
@pytest.mark.parametrize(
    "value",
    [30, 30.0, "30", b"30", " 30.0 ", [30.0], (30,), np.array(30), np.array([30.0]), np.array("30"), np.array([[30]]),
     np.float32(30), np.full(7, 30.0)],
)  # fmt: skip
def test_every_name_and_form(name: str, value: Any) -> None:
    assert stated_fps({"joints": np.zeros(3), name: value}) == 30.0


def test_seconds_a_frame_are_turned_over() -> None:
    assert stated_fps({"frame_time": "0.04"}) == 25.0
    assert stated_fps({"dt": np.array([0.02])}) == 50.0
    assert stated_fps({}) is None
    assert stated_fps({"fps": None}) is None


@pytest.mark.parametrize("value", [0, -30, "fast", np.nan, np.inf, np.array([]), np.array([30.0, 60.0]), {}, 1e6])
def test_what_is_no_rate_is_an_error(value: Any) -> None:
    with pytest.raises(InputError, match=r"expected a frame rate as 'fps'"):
        stated_fps({"fps": value})
