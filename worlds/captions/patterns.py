"""Sentence patterns: skeletons with slots, in six styles, for one, two or three deeds.

Slots: ``{s}`` the subject; ``{a1}`` the first deed in the third person, ``{b1}`` in the base form, ``{i1}`` as an
order, ``{g1}`` as a gerund, and so on for the others; ``{pace}`` an adverb or more, ``{slow}`` one adverb, ``{adj}`` an
adjective of pace; ``{turn}`` how the way bends; ``{room}`` the kind of room, ``{aroom}`` with its article.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from worlds.captions.skeletons import SKELETONS, Style


@dataclass(frozen=True)
class Pattern:
    """A sentence's skeleton: its id ("third/017"), style, how many deeds it tells, and the text with its slots."""

    id: str
    style: Style
    deeds: int
    text: str

    @cached_property
    def slots(self) -> frozenset[str]:
        """The names of its slots."""
        return frozenset(re.findall(r"\{(\w+)\}", self.text))

    @property
    def tells_pace(self) -> bool:
        """Whether it says how fast the body goes."""
        return bool(self.slots & {"pace", "slow", "adj"})

    @property
    def tells_turn(self) -> bool:
        """Whether it says how the way bends."""
        return "turn" in self.slots

    @property
    def tells_room(self) -> bool:
        """Whether it names the kind of room."""
        return bool(self.slots & {"room", "aroom"})


def _numbered() -> dict[str, Pattern]:
    found: dict[str, Pattern] = {}
    for (style, deeds), texts in SKELETONS.items():
        for number, text in enumerate(filter(None, map(str.strip, texts.splitlines())), start=1):
            name = f"{style}/{deeds}{number:02d}"
            found[name] = Pattern(name, style, deeds, text)
    return found


PATTERNS: Final[dict[str, Pattern]] = _numbered()
# Left out of all training, so that evaluation can tell what an unknown way of putting things costs.
HELD_OUT_PATTERNS: Final[frozenset[str]] = frozenset(
    {
        "third/112", "third/207", "order/107", "order/214", "terse/110", "terse/207",
        "long/109", "long/206", "bare/109", "bare/208", "plain/107", "plain/209",
    }
)  # fmt: skip


def patterns_of(style: Style, deeds: int) -> list[Pattern]:
    """The patterns of a style that tell so many deeds, in their order."""
    return [pattern for pattern in PATTERNS.values() if (pattern.style, pattern.deeds) == (style, deeds)]
