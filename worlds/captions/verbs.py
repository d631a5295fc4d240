"""Inflection of verb phrases; their marks are described in `worlds.actions.spec.Phrases`."""

from __future__ import annotations

import re
from typing import Final, Literal

Form = Literal["third", "base", "order", "gerund"]  # "walks", "(they) walk", "walk!", "walking"

_THIRD: Final = {"have": "has"}
_PRONOUN: Final[dict[Form, str]] = {"third": "they", "base": "they", "order": "you", "gerund": "they"}
_SIBILANT: Final = ("ch", "sh", "ss", "x", "z", "o")  # endings that take "es": "touches", "goes"
# One syllable that ends in a single vowel and a single consonant: "sit", "squat", "jog".
_DOUBLES_CONSONANT: Final = re.compile(r"(qu|[^aeiou])*[aeiou][^aeiouwxy]")


def inflected(phrase: str, form: Form, possessive: str = "their") -> str:
    """A verb phrase with its marked verbs in that form; the placeholders of targets stay.

    ``possessive`` is the subject's: "his"; an order has "your".
    """
    words = re.sub(r"~(\w+)", lambda match: _verb(match[1], form), phrase)
    return words.replace("{your}", "your" if form == "order" else possessive).replace("{they}", _PRONOUN[form])


def _verb(verb: str, form: Form) -> str:
    if form == "third":
        return third_person(verb)
    return gerund(verb) if form == "gerund" else verb


def third_person(verb: str) -> str:
    """ "walk": "walks"."""
    if verb in _THIRD:
        return _THIRD[verb]
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(_SIBILANT) else "s")


def gerund(verb: str) -> str:
    """ "walk": "walking"."""
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if _DOUBLES_CONSONANT.fullmatch(verb):
        return verb + verb[-1] + "ing"
    return (verb[:-1] if verb.endswith("e") and not verb.endswith(("ee", "oe")) else verb) + "ing"
