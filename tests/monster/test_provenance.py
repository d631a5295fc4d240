"""Remarks: one line each, ordered by level."""

from __future__ import annotations

import pytest

from monster.provenance import Level, Remark, worst


def test_a_remark_is_one_line_with_its_level_and_code() -> None:
    assert str(Remark("feet", "warning", "feet slide")) == "warning: feet slide [feet]"


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ((), None),
        (("note",), "note"),
        (("note", "warning", "note"), "warning"),
        (("error", "warning"), "error"),
        (("warning", "error", "note"), "error"),
    ],
)
def test_the_worst_level_is_found(levels: tuple[Level, ...], expected: Level | None) -> None:
    assert worst(Remark("code", level, "text") for level in levels) == expected
