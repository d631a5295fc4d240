"""Declarations about the files of one request."""

import pytest

from monster.errors import InputError
from monster.io.declared import Declared


def test_one_value_is_about_every_file() -> None:
    declared = Declared(30.0, "y", "cm")
    assert declared.motion() == {"fps": 30.0, "axes": "y", "unit": "cm"}
    assert declared.scene() == {"axes": "y", "unit": "cm"}
    assert not declared.is_empty and Declared().is_empty


def test_a_value_may_name_the_kind_that_it_is_about() -> None:
    declared = Declared(unit="motion=cm, scene=mm", axes="scene=z")
    assert (declared.motion()["unit"], declared.scene()["unit"]) == ("cm", "mm")
    assert (declared.motion()["axes"], declared.scene()["axes"]) == (None, "z")


@pytest.mark.parametrize("text", ["room=cm", "motion=cm,mm", "motion=cm,=", "=cm"])
def test_another_kind_is_an_error(text: str) -> None:
    with pytest.raises(InputError, match="motion=VALUE,scene=VALUE"):
        Declared(unit=text)
