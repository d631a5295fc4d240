"""Axes are turned, never mirrored; names of axes and units are read or refused."""

import numpy as np
import pytest

from monster.errors import InputError
from monster.geometry.axes import UPS, parsed_unit, parsed_up, to_z_up, unit_name, up_vector


@pytest.mark.parametrize("up", UPS)
def test_up_becomes_z_by_a_rotation(up: str) -> None:
    assert np.allclose(to_z_up(up_vector(up), up), [0, 0, 1])
    turn = to_z_up(np.eye(3), up)
    assert np.linalg.det(turn) == pytest.approx(1)
    assert np.allclose(turn @ turn.T, np.eye(3))


def test_y_up_is_the_convention_of_the_project() -> None:
    assert np.allclose(to_z_up(np.array([1.0, 2, 3]), "y"), [1, -3, 2])


@pytest.mark.parametrize(
    ("text", "up"), [("y", "y"), ("+Z", "z"), ("Y-up", "y"), ("z up", "z"), ("-y", "-y"), ("zup", "z")]
)
def test_names_of_axes(text: str, up: str) -> None:
    assert parsed_up(text) == up


@pytest.mark.parametrize("text", ["", "up", "w", "yz", "--z"])
def test_unknown_axes_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="one of z, y, -y"):
        parsed_up(text)


def test_units() -> None:
    assert parsed_unit("cm") == (0.01, "centimetres")
    assert parsed_unit(0.5) == (0.5, "0.5 m")
    assert unit_name(0.0254) == "inches"
    for wrong in ("parsec", 0, -1.0):
        with pytest.raises(InputError, match="unknown unit"):
            parsed_unit(wrong)
