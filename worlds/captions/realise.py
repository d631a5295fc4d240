"""A claim as a sentence of a given pattern."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from worlds.actions.registry import ACTIONS
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
_PACE: Final = {
    "slowly": ("slowly", "at a slow pace", "unhurriedly", "without any hurry"),
    "quickly": ("quickly", "hurriedly", "at a fast pace", "in a hurry"),
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
    words = _subjects(rng) | _manner(claim, rng)
    chosen = [_chosen(step, before, rng) for before, step in _pairs(claim.steps)]
    for slot in sorted(pattern.slots):
        if slot[0] in _FORMS and slot[1:].isdigit():
            words[slot] = inflected(chosen[int(slot[1:]) - 1], _FORMS[slot[0]])
    return re.sub(r"\{(\w+)\}", lambda match: words[match[1]], pattern.text)


def _subjects(rng: Random) -> dict[str, str]:
    """The subject: its first mention, and its later ones (``s2``, ``s3``)."""
    first, again = _SUBJECTS[int(rng.integers(len(_SUBJECTS)))]
    return {"s": first, "s2": again, "s3": again}


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
    phrases = ACTIONS[step.action].phrases
    if not step.objects:
        return pick(phrases.bare, rng)
    again = before is not None and before.objects == step.objects and len(step.objects) == 1
    phrase = pick([phrase for phrase in phrases.named if not (again and _GOING.match(phrase))], rng)
    pronoun = "them" if step.objects[0].category in PLURAL else "it"
    phrase = re.sub(r"\bit\b", pronoun, phrase)
    names = [pronoun] if again else [noun_phrase(object_, rng) for object_ in step.objects]
    return phrase.replace("{o}", names[0]).replace("{p}", names[-1])
