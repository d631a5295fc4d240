"""Sentence patterns: enough of them, different from one another, some held out."""

from __future__ import annotations

import re

import pytest

from worlds.captions import HELD_OUT_PATTERNS, PATTERNS, STYLES
from worlds.captions.patterns import patterns_of

DEED = re.compile(r"\{[abig]\d\}")


def skeleton(text: str) -> str:
    """A pattern with everything that a caption fills in taken out, the deeds in whatever form."""
    return re.sub(r"\{\w+\}", "", DEED.sub("_", text))


def test_over_two_hundred_skeletons_differ_once_all_that_is_filled_in_is_taken_out() -> None:
    plain = [pattern for pattern in PATTERNS.values() if pattern.style not in ("bare", "plain")]
    assert len({(pattern.deeds, pattern.text) for pattern in plain}) == len(plain)
    # With words of pace, of the way and of who acts left in, as what is taken out is object, action and relation.
    assert len({DEED.sub("_", pattern.text) for pattern in PATTERNS.values()}) >= 200


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("deeds", [1, 2, 3])
def test_each_style_tells_one_to_three_deeds_each_once(style: str, deeds: int) -> None:
    patterns = patterns_of(style, deeds)  # type: ignore[arg-type]
    assert len(patterns) >= 9
    for pattern in patterns:
        told = [slot[1] for slot in pattern.slots if DEED.fullmatch(f"{{{slot}}}")]
        assert sorted(told) == [str(number + 1) for number in range(deeds)], pattern
        assert DEED.sub("", pattern.text).count("{a") == pattern.text.count("{aroom}") + pattern.text.count("{adj}")
        assert (
            not pattern.slots
            - {"s", "s2", "s3", "pace", "slow", "adj", "turn", "room", "aroom"}
            - {f"{form}{number}" for form in "abig" for number in "123"}
        )


def test_bare_patterns_leave_the_room_out() -> None:
    assert not any(pattern.tells_room for pattern in PATTERNS.values() if pattern.style in ("bare", "plain"))


def test_every_style_has_patterns_that_need_neither_pace_nor_turn() -> None:
    for style in STYLES:
        for deeds in (1, 2, 3):
            assert any(not (p.tells_pace or p.tells_turn or p.tells_room) for p in patterns_of(style, deeds))


def test_twelve_are_held_out_one_of_each_style_for_one_and_two_deeds() -> None:
    held = sorted((PATTERNS[name].style, PATTERNS[name].deeds) for name in HELD_OUT_PATTERNS)
    assert held == sorted((style, deeds) for style in STYLES for deeds in (1, 2))


def test_ids_are_style_and_number() -> None:
    assert all(re.fullmatch(rf"{pattern.style}/{pattern.deeds}\d\d", pattern.id) for pattern in PATTERNS.values())
