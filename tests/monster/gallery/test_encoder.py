"""The model and the test model have every member of the interface that galleries use."""

from __future__ import annotations

import inspect

import pytest
from fakes import FakeModel

from monster.gallery.encoder import Encoder
from monster.model import MonSTeR

METHODS = [name for name, member in vars(Encoder).items() if inspect.isfunction(member) and not name.startswith("_")]


@pytest.mark.parametrize("model", [MonSTeR, FakeModel])
@pytest.mark.parametrize("name", METHODS)
def test_a_model_has_the_methods_of_an_encoder(model: type, name: str) -> None:
    expected = inspect.signature(getattr(Encoder, name)).parameters
    found = inspect.signature(getattr(model, name)).parameters
    for parameter in expected.values():
        assert found[parameter.name].kind == parameter.kind
        assert found[parameter.name].default == parameter.default
    extra = set(found) - set(expected)
    assert all(found[parameter].default is not inspect.Parameter.empty for parameter in extra)


def test_the_interface_is_what_galleries_use() -> None:
    properties = {name for name, member in vars(Encoder).items() if isinstance(member, property)}
    assert properties == {"dim", "fingerprint"}
    assert {"encode_text", "encode_motion", "encode_scene", "encode_pair", "encode_items", "score"} <= set(METHODS)
