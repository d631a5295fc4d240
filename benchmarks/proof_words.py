"""What a caption says, read from its words alone: deeds in their order, each with the things it names.

Part of `prove_captions.py`. It shares no code with the generator: its own lists of words, its own grammar.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

# Stems by which a deed is known; the first that fits at a place wins, so longer ones come first.
_WALK = r"(?:walk|go|head|move|step)(?:es|s|ing)?"
DEEDS: dict[str, tuple[str, ...]] = {
    "lying": (r"l(?:ie|ies|ying)\b(?: down)?(?: flat)?", r"stretch(?:es|ing)? out (?:on|lying)"),
    "seated": (
        r"s(?:it|its|itting)\b(?! up)(?: down)?",
        r"(?:take|takes|taking|have|has|having) a seat",
        r"settl(?:e|es|ing)\b(?: down)?",
    ),
    "risen": (
        r"(?:stand|stands|standing) up",
        r"(?:rise|rises|rising)\b(?: up)?",
        r"(?:get|gets|getting) (?:up|off)\b",
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
# Words of a relation, what follows them (an anchor or nothing), and its name here; None where arrays cannot tell.
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
# Ways of saying a later deed first: what stands before and after the marker changes places.
REVERSED: tuple[str, ...] = (
    r"^(?P<late>.*) ends by (?P<more>.*), after (?P<early>.*)$",
    r"^by the time (?P<late>.*), the part in which (?P<early>.*) is over$",
    r"^before (?P<late>[^,]*?) at the end, (?P<early>.*)$",
    r"^before (?P<late>(?:a |the |some|an )?\w+ .*?), (?P<early>(?:a |the |some|an |he |she |they )\w* .*)$",
    r"^(?P<late>.*), but not before (?P<early>.*)$",
)


@dataclass(frozen=True)
class Thing:
    """A noun phrase: the category's word, how it stands to others (None: arrays cannot tell), and their words."""

    noun: str
    relation: str | None = "only"
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Deed:
    """What is said to be done, and to what; None where nothing is named."""

    state: str
    thing: Thing | None


class Reader:
    """Reads captions in which these nouns may occur (a corpus's labels and their everyday synonyms)."""

    def __init__(self, nouns: Sequence[str]) -> None:
        noun = "|".join(re.escape(name) for name in sorted(set(nouns), key=len, reverse=True))
        ends = {0: "", 1: rf" the (?:{noun})\b", 2: rf" the (?:{noun})\b and the (?:{noun})\b"}
        told = "|".join(f"(?P<r{i}>(?:{words}){ends[count]})" for i, (words, count, _) in enumerate(RELATIONS))
        self._nouns = re.compile(rf"the ({noun})\b")
        self._thing = re.compile(rf"the (?P<noun>{noun})\b(?: (?:{told}))?")
        deeds = "|".join(f"(?P<{name}_{i}>{stem})" for name, stems in DEEDS.items() for i, stem in enumerate(stems))
        self._deed = re.compile(rf"\b(?:{deeds})")

    def read(self, caption: str) -> list[Deed]:
        """The deeds of a caption in the order in which they are said to happen; what is not understood is left out."""
        text = _plain(caption.lower().rstrip("."))
        found = list(self._deed.finditer(text))
        deeds: list[Deed] = []
        for index, match in enumerate(found):
            end = found[index + 1].start() if index + 1 < len(found) else len(text)
            rest = text[match.end() : end]
            thing = self._first_thing(rest)
            if thing is None and deeds and re.match(r"(?: \w+){0,2} it\b", rest):
                thing = deeds[-1].thing
            deeds.append(Deed(str(match.lastgroup).rpartition("_")[0], thing))
        return deeds

    def things(self, caption: str) -> list[Thing]:
        """Every thing that the caption names as one that something is done to, whatever it is."""
        return [self._named(match) for match in self._thing.finditer(_plain(caption.lower()))]

    def _first_thing(self, text: str) -> Thing | None:
        """The thing that directly follows a verb."""
        match = re.match(r"(?: (?:on|from|off|for|to|towards|beside|next to|by|(?:their|your) seat on|it))* ?", text)
        found = self._thing.match(text, match.end() if match else 0)
        return None if found is None else self._named(found)

    def _named(self, found: re.Match[str]) -> Thing:
        for index, (_, _, name) in enumerate(RELATIONS):
            if found[f"r{index}"]:
                anchors = self._nouns.findall(found[f"r{index}"]) if RELATIONS[index][1] else ()
                return Thing(found["noun"], name, tuple(anchors))
        return Thing(found["noun"])


def _plain(text: str) -> str:
    """The caption with its deeds in the order of time, and rising from a bed said in one way."""
    for pattern in REVERSED:
        match = re.match(pattern, text)
        if match:
            more = f" {match['more']}" if "more" in match.groupdict() else ""
            text = f"{match['early']}, then {match['late']}{more}"
            break
    text = re.sub(r"after lying (?:there|on it)|from sitting|from lying(?! on)|after lying(?: down)?(?! on)", "", text)
    return re.sub(r"(?:after|from) lying on", "from", text)
