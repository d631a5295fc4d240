"""A claim as a sentence of a given pattern."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from worlds.actions.general import GENERAL, phrases_of, sided_phrases
from worlds.captions.nouns import PLURAL, Random, noun_phrase, pick
from worlds.captions.patterns import Pattern
from worlds.captions.verbs import Form, inflected
from worlds.checker.claims import Claim, Step

_GOING: Final = re.compile(r"~(walk|go) (to \{o\} |over |up to \{o\} |)and ")  # not for a body that is there already
_FORMS: Final[dict[str, Form]] = {"a": "third", "b": "base", "i": "order", "g": "gerund"}
_SUBJECTS: Final = (
    ("a person", "the person"), ("someone", "the person"), ("the person", "the person"),
    ("a human", "the human"), ("somebody", "the person"), ("an individual", "the individual"),
)  # fmt: skip
_PLAIN_SUBJECTS: Final = (
    ("a person", "the person", "their"), ("a person", "the person", "their"), ("the person", "the person", "their"),
    ("a man", "he", "his"), ("the man", "he", "his"), ("a woman", "she", "her"), ("the woman", "she", "her"),
    ("someone", "the person", "their"), ("he", "he", "his"), ("she", "she", "her"), ("a figure", "the figure", "its"),
    ("a person", "the person", "his"), ("this person", "the person", "their"), ("a human", "the human", "their"),
)  # fmt: skip
_WHOSE: Final = {False: ("the", "{your}", "{your}"), True: ("both", "both", "both {your}")}
_TO_SIDE: Final = ("{0}", "to the {0}", "to {{your}} {0}", "to the {0}")
_PLURAL_LIMBS: Final = {"foot": "feet"}
_NUMBERS: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight")
_TIMES: Final = {1: ("once",), 2: ("twice", "two times")}
_PACE: Final = {
    "slowly": ("slowly", "slowly", "at a slow pace", "unhurriedly", "without any hurry"),
    "quickly": ("quickly", "fast", "hurriedly", "at a fast pace", "in a hurry"),
}
_ADVERBS: Final = {"slowly": ("slowly", "unhurriedly"), "quickly": ("quickly", "hurriedly", "briskly")}
_ADJECTIVES: Final = {"slowly": ("slow", "leisurely", "gentle"), "quickly": ("quick", "fast", "brisk")}
_TURN: Final = {
    "left": ("turning left on the way", "bearing to the left", "curving to the left"),
    "right": ("turning right on the way", "bearing to the right", "curving to the right"),
    "straight": ("going straight ahead", "keeping to a straight line"),
}


def realise(claim: Claim, pattern: Pattern, rng: Random) -> str:
    """The claim in the words of the pattern, which tells as many deeds as the claim has steps.

    What the claim says of pace, turn and room has to be what the pattern has slots for.
    """
    first, again, possessive = _subject(pattern, rng)
    words = {"s": first, "s2": again, "s3": again} | _manner(claim, rng)
    chosen = [_chosen(step, before, rng) for before, step in _pairs(claim.steps)]
    for slot in sorted(pattern.slots):
        if slot[0] in _FORMS and slot[1:].isdigit():
            words[slot] = inflected(chosen[int(slot[1:]) - 1], _FORMS[slot[0]], possessive)
    return re.sub(r"\{(\w+)\}", lambda match: words[match[1]], pattern.text)


def _subject(pattern: Pattern, rng: Random) -> tuple[str, str, str]:
    """The subject: its first mention, its later ones, and its possessive."""
    if pattern.style == "plain" and "s" in pattern.slots:
        return _PLAIN_SUBJECTS[int(rng.integers(len(_PLAIN_SUBJECTS)))]
    first, again = _SUBJECTS[int(rng.integers(len(_SUBJECTS)))]
    return first, again, "their"


def _manner(claim: Claim, rng: Random) -> dict[str, str]:
    words: dict[str, str] = {}
    if claim.pace is not None:
        words |= {
            "pace": pick(_PACE[claim.pace], rng),
            "slow": pick(_ADVERBS[claim.pace], rng),
            "adj": pick(_ADJECTIVES[claim.pace], rng),
        }
    if claim.turn is not None:
        words["turn"] = pick(_TURN[claim.turn], rng)
    if claim.room is not None:
        words |= {"room": claim.room, "aroom": f"{'an' if claim.room[0] in 'aeiou' else 'a'} {claim.room}"}
    return words


def _pairs(steps: tuple[Step, ...]) -> Iterator[tuple[Step | None, Step]]:
    yield from zip((None, *steps), steps, strict=False)


def _chosen(step: Step, before: Step | None, rng: Random) -> str:
    """The verb phrase with its objects named; what the deed before was done to alone becomes "it"."""
    again = before is not None and bool(step.objects) and before.objects == step.objects and len(step.objects) == 1
    phrase = pick([phrase for phrase in _phrases(step) if not (again and _GOING.match(phrase))], rng)
    phrase = _with_marks(phrase, step, rng)
    if not step.objects:
        return phrase
    pronoun = "them" if step.objects[0].category in PLURAL else "it"
    phrase = re.sub(r"\bit\b", pronoun, phrase)
    names = [pronoun] if again else [noun_phrase(object_, rng) for object_ in step.objects]
    return phrase.replace("{o}", names[0]).replace("{p}", names[-1])


def _phrases(step: Step) -> list[str]:
    """The phrases that say what the step says, besides its count."""
    phrases = phrases_of(step.action)
    if step.way is not None:
        options = (GENERAL[step.action].moving or {})[step.way]
        return [phrase for phrase in options if step.side is not None or phrase != "~move {side}"]
    if step.side is not None:
        return [phrase for phrase in sided_phrases(step.action) if ("{o}" in phrase) == bool(step.objects)]
    if step.count is not None:
        return [phrase for phrase in phrases.counted if step.count > 1 or "{n}" not in phrase]
    return list(phrases.named if step.objects else phrases.bare)


def _with_marks(phrase: str, step: Step, rng: Random) -> str:
    """The phrase with the words for its limb or side and for how often."""
    if step.count is not None:
        phrase += " {times}" if step.side is not None else ""
        number = _NUMBERS[step.count - 1]
        times = pick(_TIMES.get(step.count, (f"{number} times",)), rng)
        phrase = phrase.replace("{times}", times).replace("{n}", number)
    if step.side is None:
        return phrase.replace(" {side}", "")
    whose = pick(_WHOSE[step.side == "both"], rng)
    phrase = phrase.replace("{side}", pick(_TO_SIDE, rng).format(step.side))
    return re.sub(r"\{(hand|arm|foot|leg|fist|knee|shoulder)\}", lambda match: _limb(match[1], step, whose), phrase)


def _limb(name: str, step: Step, whose: str) -> str:
    if step.side == "both":
        return f"{whose} {_PLURAL_LIMBS.get(name, name + 's')}"
    return f"{whose} {step.side} {name}"
