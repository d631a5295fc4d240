"""Array aliases name their element type; runs of True; a progress callback may ignore what it does not need."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monster import arrays
from monster.arrays import Progress, true_runs


@pytest.mark.parametrize(
    ("name", "element"),
    [
        ("AnyArray", Any),
        ("FloatArray", np.float32),
        ("DoubleArray", np.float64),
        ("IntArray", np.int64),
        ("BoolArray", np.bool_),
    ],
)
def test_an_alias_names_its_element_type(name: str, element: object) -> None:
    _, dtype = get_args(getattr(arrays, name))
    assert get_args(dtype) == (element,)


def test_a_function_with_defaults_is_a_progress() -> None:
    calls: list[tuple[int, int | None, str]] = []

    def progress(done: int, total: int | None = None, stage: str = "") -> None:
        calls.append((done, total, stage))

    callback: Progress = progress
    callback(1)
    callback(2, 5, "reading")
    assert calls == [(1, None, ""), (2, 5, "reading")]


@given(st.lists(st.booleans(), max_size=40))
def test_true_runs_cover_the_true_values_and_are_separated(values: list[bool]) -> None:
    mask = np.array(values, dtype=bool)
    runs = true_runs(mask)
    covered = np.zeros(len(mask), dtype=bool)
    for start, end in runs:
        assert start < end and mask[start:end].all()
        covered[start:end] = True
    assert (covered == mask).all() and (runs[1:, 0] > runs[:-1, 1]).all()
