"""Parses captions from their words: actions in their order, each with the objects it names.

Part of `prove_captions.py`. It shares no code with the generator: its own lists of words, its own grammar.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

# Verb patterns of each action; the first that matches at a position is used, so longer ones come first.
_WALK = r"(?:walk|go|head|move|step)(?:es|s|ing)?"
ACTIONS: dict[str, tuple[str, ...]] = {
    "lying": (r"l(?:ie|ies|ying)\b(?: down)?(?: flat)?", r"stretch(?:es|ing)? out (?:on|lying)"),
    "seated": (
        r"s(?:it|its|itting)\b(?! up)(?!(?: down)? on the (?:floor|ground))(?: down)?",
        r"(?:take|takes|taking|have|has|having) a seat(?! on the (?:floor|ground))",
        r"settl(?:e|es|ing)\b(?: down)?",
    ),
    "risen": (
        r"(?:stand|stands|standing) up(?! (?:from|off) the (?:floor|ground))",
        r"(?:rise|rises|rising)\b(?! (?:from|off) the (?:floor|ground))(?: up)?",
        r"(?:get|gets|getting) (?:up|off)\b(?! (?:from |off )?the (?:floor|ground))",
    ),
    "arrived": (
        rf"{_WALK}(?: (?:over|up))? to(?:wards)?\b",
        r"approach(?:es|ing)?\b",
        r"mak(?:e|es|ing) for\b",
    ),
    "reached": (
        r"reach(?:es|ing)?(?: out)? (?:for|to)\b",
        r"touch(?:es|ing)?\b",
        r"put(?:s|ting)? a hand on",
        r"stretch(?:es|ing)? an arm out to\b",
    ),
    "kneeling": (
        r"kneel(?:s|ing)?\b(?: down)?",
        r"(?:go|goes|going|drop|drops|dropping)(?: down)? (?:on|to) (?:their|your) knees",
    ),
}
# Words of a relation, the number of anchors that follow, and its name; None if arrays cannot decide it.
RELATIONS: tuple[tuple[str, int, str | None], ...] = (
    (r"next to|beside|by|near", 1, "next to"),
    (r"(?:closest|nearest) to|nearest", 1, "closest"),
    (r"(?:farthest|furthest)(?: away)? from", 1, "farthest"),
    (r"between", 2, "between"),
    (r"(?:that is )?on(?: top of)?", 1, "on"),
    (r"(?:just )?in front of", 1, None),
    (r"facing|that faces|turned towards", 1, None),
    (r"(?:that is )?(?:against|at) the wall", 0, "at the wall"),
    (r"(?:that is )?in the corner(?: of the room)?", 0, "in the corner"),
    (r"(?:on|to) the left(?:-hand side)?", 0, "left"),
    (r"(?:on|to) the right(?:-hand side)?", 0, "right"),
)
# Patterns that state a later action first; the text before and after the marker is swapped.
REVERSED: tuple[str, ...] = (
    r"^(?P<late>.*) ends by (?P<more>.*), after (?P<early>.*)$",
    r"^by the time (?P<late>.*), the part in which (?P<early>.*) is over$",
    r"^before (?P<late>[^,]*?) at the end, (?P<early>.*)$",
    r"^before (?P<late>(?:a |the |some|an )?\w+ .*?), (?P<early>(?:a |the |some|an |he |she |they )\w* .*)$",
    r"^(?P<late>.*), but not before (?P<early>.*)$",
)


@dataclass(frozen=True)
class ReferringExpression:
    """A noun phrase: its category, its relation to others (None: arrays cannot decide it), and the nouns of those."""

    noun: str
    relation: str | None = "only"
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True)
class StatedAction:
    """An action of a caption and its object; None without an object."""

    state: str
    target: ReferringExpression | None


class Reader:
    """Reads captions in which these nouns may occur (a corpus's labels and their everyday synonyms)."""

    def __init__(self, nouns: Sequence[str]) -> None:
        noun = "|".join(re.escape(name) for name in sorted(set(nouns), key=len, reverse=True))
        ends = {0: "", 1: rf" the (?:{noun})\b", 2: rf" the (?:{noun})\b and the (?:{noun})\b"}
        relations = "|".join(f"(?P<r{i}>(?:{words}){ends[count]})" for i, (words, count, _) in enumerate(RELATIONS))
        self._nouns = re.compile(rf"the ({noun})\b")
        self._object = re.compile(rf"the (?P<noun>{noun})\b(?: (?:{relations}))?")
        actions = "|".join(f"(?P<{name}_{i}>{stem})" for name, stems in ACTIONS.items() for i, stem in enumerate(stems))
        self._action = re.compile(rf"\b(?:{actions})")

    def read(self, caption: str) -> list[StatedAction]:
        """The actions of a caption in the order of their time; unknown parts are left out."""
        text = _plain(caption.lower().rstrip("."))
        found = list(self._action.finditer(text))
        actions: list[StatedAction] = []
        for index, match in enumerate(found):
            end = found[index + 1].start() if index + 1 < len(found) else len(text)
            rest = text[match.end() : end]
            object_ = self._first_object(rest)
            if object_ is None and actions and re.match(r"(?: \w+){0,2} it\b", rest):
                object_ = actions[-1].target
            actions.append(StatedAction(str(match.lastgroup).rpartition("_")[0], object_))
        return actions

    def objects(self, caption: str) -> list[ReferringExpression]:
        """Every object that the caption names."""
        return [self._named(match) for match in self._object.finditer(_plain(caption.lower()))]

    def _first_object(self, text: str) -> ReferringExpression | None:
        """The object that directly follows a verb."""
        match = re.match(r"(?: (?:on|from|off|for|to|towards|beside|next to|by|(?:their|your) seat on|it))* ?", text)
        found = self._object.match(text, match.end() if match else 0)
        return None if found is None else self._named(found)

    def _named(self, found: re.Match[str]) -> ReferringExpression:
        for index, (_, _, name) in enumerate(RELATIONS):
            if found[f"r{index}"]:
                anchors = self._nouns.findall(found[f"r{index}"]) if RELATIONS[index][1] else ()
                return ReferringExpression(found["noun"], name, tuple(anchors))
        return ReferringExpression(found["noun"])


def _plain(text: str) -> str:
    """The caption with its actions in the order of time, and with one phrase for rising from a bed."""
    for pattern in REVERSED:
        match = re.match(pattern, text)
        if match:
            more = f" {match['more']}" if "more" in match.groupdict() else ""
            text = f"{match['early']}, then {match['late']}{more}"
            break
    text = re.sub(r"after lying (?:there|on it)|from sitting|from lying(?! on)|after lying(?: down)?(?! on)", "", text)
    return re.sub(r"(?:after|from) lying on", "from", text)
