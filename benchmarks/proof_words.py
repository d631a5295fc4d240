"""What a caption says, read from its words alone: deeds in their order, each with the things it names.

Part of `prove_captions.py`. It shares no code with the generator: its own lists of words, its own grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# Stems by which a deed is known; the first that fits at a place wins, so longer ones come first.
_WALK = r"(?:walk|go|head|move|step|stroll|wander|come|stride|pace)(?:s|es|ing)?"
DEEDS: dict[str, tuple[str, ...]] = {
    "lying": (r"l(?:ie|ies|ying)\b(?: down)?", r"stretch(?:es|ing)? out on"),
    "seated": (
        r"s(?:it|its|itting)\b(?: down)?",
        r"(?:take|takes|taking|have|has|having) a seat",
        r"settl(?:e|es|ing)\b(?: down)?",
    ),
    "risen": (
        r"(?:stand|stands|standing) up",
        r"(?:rise|rises|rising)\b(?: up)?",
        r"(?:get|gets|getting) (?:up|off|out of)\b",
        r"(?:leave|leaves|leaving) (?=the (?:chair|sofa|couch|stool|bench|bed|armchair|ottoman|toilet|office chair))",
    ),
    "arrived": (
        rf"{_WALK}(?: (?:over|up|across|straight|directly|on|along))? to(?:wards?)?\b",
        r"approach(?:es|ing)?\b",
        r"mak(?:e|es|ing) (?:for|(?:one's|their|the) way (?:over )?to)\b",
        r"head(?:s|ing)? for\b",
    ),
    "reached": (
        r"reach(?:es|ing)?(?: out)? (?:for|to|towards?)\b",
        r"touch(?:es|ing)?\b",
        r"(?:put|lay|place)(?:s|ting|ing)? (?:a|one) hand on",
        r"(?:stretch|extend)(?:es|s|ing)? (?:an|one) arm (?:out )?(?:to|towards?)",
    ),
}
RELATIONS: dict[str, str] = {
    "next to": r"next to|beside|by|near|close to", "closest": r"(?:closest|nearest) to|nearest",
    "farthest": r"(?:farthest|furthest)(?: away)? from", "between": r"between",
}  # fmt: skip
LATER = r"\bafter (?=\w+ing\b)|\bhaving\b|\bonce\b"  # "after walking to the bed, ...": what follows comes first


@dataclass(frozen=True)
class Thing:
    """A noun phrase: the category's word, how it stands to others, and their words."""

    noun: str
    relation: str | None = None
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Deed:
    """What is said to be done, and to what; None where nothing is named."""

    state: str
    thing: Thing | None


class Reader:
    """Reads captions in which these nouns may occur (a corpus's labels and their everyday synonyms)."""

    def __init__(self, nouns: Sequence[str]) -> None:
        noun = "|".join(re.escape(name) for name in sorted(nouns, key=len, reverse=True))
        relation = "|".join(f"(?P<{_plain(name)}>{words})" for name, words in RELATIONS.items())
        self._thing = re.compile(
            rf"the (?P<noun>{noun})\b(?: (?:that is |which is |standing )?(?:just )?(?:{relation}) "
            rf"the (?P<one>{noun})\b(?: and the (?P<two>{noun})\b)?)?(?P<more>[^,.;]*)"
        )
        deeds = "|".join(
            f"(?P<{name}_{number}>{stem})" for name, stems in DEEDS.items() for number, stem in enumerate(stems)
        )
        self._deed = re.compile(rf"\b(?:{deeds})")

    def read(self, caption: str) -> list[Deed]:
        """The deeds of a caption in the order in which they are said to happen; what is not understood is left out."""
        text = caption.lower()
        found = list(self._deed.finditer(text))
        deeds = []
        for index, match in enumerate(found):
            end = found[index + 1].start() if index + 1 < len(found) else len(text)
            thing = next(self._things(text[match.end() : end]), None)
            deeds.append((match.start(), Deed(str(match.lastgroup).rpartition("_")[0], thing)))
        return [deed for _, deed in deeds]

    def _things(self, text: str) -> Iterator[Thing]:
        for match in self._thing.finditer(text):
            relation = next((name for name in RELATIONS if match[_plain(name)]), None)
            anchors = tuple(match[name] for name in ("one", "two") if match[name]) if relation else ()
            yield Thing(match["noun"], relation, anchors)


def _plain(name: str) -> str:
    return name.replace(" ", "_")
