"""The unit of a room: by the height of its storey where sizes leave several."""

from __future__ import annotations

import numpy as np
import pytest
from reader_files import room

from monster.errors import InputError
from monster.geometry.axes import UNITS, to_z_up
from monster.geometry.room_unit import likely_unit


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("up", ["z", "y"])
@pytest.mark.parametrize("share", [1.0, 0.45])
def test_a_room_of_one_storey_is_known_in_every_unit(unit: str, up: str, share: float) -> None:
    """A room, and a bathroom that is higher than it is wide, whose up axis has to be known."""
    metres = room(0.05)[0] * [share, share, 1.0]
    metres[:, 2] *= 2.6 / np.ptp(metres[:, 2])
    points = metres if up == "z" else to_z_up(to_z_up(to_z_up(metres, "y"), "y"), "y")
    scale, found = likely_unit(points / UNITS[unit], None if share == 1.0 else up)
    assert scale == UNITS[unit]
    assert found.how == "detected" or "--unit" in found.note


def test_feet_are_a_guess_if_metres_give_a_hall() -> None:
    metres = room(0.05)[0]
    metres[:, 2] *= 2.6 / np.ptp(metres[:, 2])
    _, found = likely_unit(metres / UNITS["ft"])
    assert (found.value, found.how) == ("feet", "guessed") and "in metres it is 8.5" in found.note


def test_a_scan_without_a_ceiling_and_a_table_keep_the_usual_unit() -> None:
    metres = room(0.05)[0]
    metres[:, 2] *= 1.5 / np.ptp(metres[:, 2])
    assert likely_unit(metres)[0] == 1.0
    assert likely_unit(metres * 100)[0] == 0.01


@pytest.mark.parametrize("size", [0.001, 1e6])
def test_implausible_sizes_are_refused(size: float) -> None:
    with pytest.raises(InputError, match=r"fits no unit.*--unit"):
        likely_unit(np.array([[0, 0, 0], [size, size, size]], dtype=float))
