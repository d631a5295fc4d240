"""Array aliases name their element type; a progress callback may ignore what it does not need."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pytest

from monster import arrays
from monster.arrays import Progress


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
