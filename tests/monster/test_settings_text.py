"""Settings from text and from mappings: every type, dotted keys, and what is refused with the nearest known name."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monster.errors import InputError, ModelError
from monster.settings_text import (
    parse_literal,
    parse_value,
    refuse_negative_numbers,
    settings_from_mapping,
    settings_from_text,
    split_assignments,
    unknown_name,
)


@dataclass(frozen=True)
class Inner:
    """A nested group."""

    width: int = 4
    name: str = "a"


def parse_upper(text: str, where: str) -> str:
    """A parser of a field of its own."""
    return f"{where}={text.upper()}"


def parse_group(name: str | None, texts: Mapping[str, str]) -> dict[str, Any]:
    """Free arguments."""
    return {"name": name, **texts}


@dataclass(frozen=True)
class Outer:
    """Settings with a field of every kind."""

    inner: Inner = Inner()
    rate: float = 0.5
    count: int | None = 3
    switch: bool = False
    mode: Literal["fast", "slow"] = "fast"
    sizes: tuple[int, ...] = (1, 2)
    upper: str = field(default="", metadata={"parse": parse_upper})
    free: dict[str, Any] = field(default_factory=dict, metadata={"parse_group": parse_group})


def test_every_type_is_parsed_and_the_rest_keeps_its_value() -> None:
    texts = {
        "inner.width": "7",
        "rate": "1e-3",
        "count": "none",
        "switch": "On",
        "mode": "slow",
        "sizes": "3,4,5",
        "upper": "x",
        "free": "name",
        "free.a": "1",
    }
    assert settings_from_text(Outer, texts) == Outer(
        Inner(7), 0.001, None, True, "slow", (3, 4, 5), "setting upper=X", {"name": "name", "a": "1"}
    )
    base = Outer(Inner(9, "b"), rate=0.25)
    assert settings_from_text(Outer, {"inner.width": "7"}, base=base) == dataclasses.replace(base, inner=Inner(7, "b"))
    assert settings_from_text(Outer, {}, base=base) == base


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ({"rat": "1"}, "unknown setting 'rat': expected one of inner, rate, .*; did you mean rate"),
        ({"inner.widht": "1"}, r"unknown setting 'inner\.widht': .*; did you mean inner\.width"),
        ({"rate.x": "1"}, r"setting rate: has no nested settings, got 'rate\.x'"),
        ({"rate": "fast"}, "setting rate: expected float, got 'fast'"),
        ({"rate": "inf"}, "setting rate: expected a finite number, got 'inf'"),
        ({"inner.width": "1.5"}, r"setting inner\.width: expected int, got '1\.5'"),
        ({"switch": "perhaps"}, "setting switch: expected true or false, got 'perhaps'"),
        ({"mode": "medium"}, "setting mode: expected one of fast, slow, got 'medium'"),
        ({"sizes": "1,b"}, "setting sizes: expected int, got 'b'"),
        ({"inner": "x"}, "setting inner: expected a mapping of settings, got str"),
    ],
)
def test_texts_that_are_refused(texts: dict[str, str], words: str) -> None:
    with pytest.raises(InputError, match=words):
        settings_from_text(Outer, texts)


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(), st.booleans())
def test_numbers_survive_their_text(number: float, count: int, switch: bool) -> None:
    for kind, value in ((float, number), (int, count), (bool, switch)):
        assert parse_value(kind, str(value), "x") == value
        assert parse_literal(str(value)) == value


def test_a_literal_is_a_number_a_word_or_text() -> None:
    assert [parse_literal(text) for text in ("3", "0.5", "True", "none", "all")] == [3, 0.5, True, None, "all"]


@pytest.mark.parametrize("given", ["steps", "=3", ""])
def test_an_assignment_needs_a_key_and_a_value(given: str) -> None:
    with pytest.raises(InputError, match="expected a setting as key=value"):
        split_assignments([given])
    assert split_assignments(["a=1", "b.c=x=y", "d="]) == {"a": "1", "b.c": "x=y", "d": ""}


def test_a_name_far_from_all_others_gets_no_suggestion() -> None:
    assert unknown_name("loss", "zzz", ["alpha", "beta"]) == "unknown loss 'zzz': expected one of alpha, beta"
    assert unknown_name("loss", "decay", ["weight_decay", "ema_decay"]).endswith("weight_decay or ema_decay?")


@dataclass(frozen=True)
class Stored:
    """Settings as a file has them."""

    inner: Inner
    ratio: float
    sizes: tuple[int, ...]
    later: str = field(default="x", metadata={"optional": True})


STORED = {"inner": {"width": 1, "name": "b"}, "ratio": 1, "sizes": [1, 2]}


def test_a_mapping_becomes_the_dataclass() -> None:
    made = settings_from_mapping(Stored, json.loads(json.dumps(STORED)), "file")
    assert made == Stored(Inner(1, "b"), 1.0, (1, 2)) and isinstance(made.ratio, float)
    assert settings_from_mapping(Stored, STORED | {"later": "y"}, "file").later == "y"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"color": 1}, "file: unknown settings color; known are inner, ratio, sizes, later"),
        ({"inner": {"width": 1}}, r"file\.inner: missing settings name"),
        ({"inner": {"width": True, "name": "b"}}, r"file\.inner\.width: expected int, got True"),
        ({"ratio": "1"}, r"file\.ratio: expected float, got '1'"),
        ({"sizes": [1, "2"]}, r"file\.sizes\[1\]: expected int, got '2'"),
        ({"sizes": 3}, r"file\.sizes: expected a list, got 3"),
        ({"inner": [1]}, r"file\.inner: expected a mapping of settings, got list"),
    ],
)
def test_mappings_that_are_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ModelError, match=words):
        settings_from_mapping(Stored, STORED | changes, "file", error=ModelError)


def test_negative_numbers_are_refused() -> None:
    refuse_negative_numbers(Outer())
    for value in (-1.0, float("nan")):
        with pytest.raises(InputError, match=r"setting x\.rate: expected a number from 0 on"):
            refuse_negative_numbers(Outer(rate=value), prefix="x.")
