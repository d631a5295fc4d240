"""What happened, in words: claims that the checker has proven, told in several styles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from monster.corpus.checker import Claim, Step, is_true
from monster.corpus.relations import ObjectPhrase, Plan, Relation
from monster.corpus.seen import Seen
from monster.corpus.world import Action, Performance

Voice = Literal["told", "ordered", "terse"]  # "a person walks", "walk", "walking"
Random = np.random.Generator

# Verb phrases of each action, base form first; {o} is the object phrase.
_VERBS: Final[dict[Action, tuple[str, ...]]] = {
    "walk to": (
        "walk to {o}", "walk over to {o}", "go to {o}", "go over to {o}", "head to {o}", "walk up to {o}",
        "move to {o}", "step over to {o}", "approach {o}", "make for {o}",
    ),
    "sit on": (
        "sit on {o}", "sit down on {o}", "take a seat on {o}", "go and sit on {o}", "walk to {o} and sit down",
        "walk over and sit on {o}", "settle on {o}", "have a seat on {o}",
    ),
    "lie on": (
        "lie on {o}", "lie down on {o}", "go and lie down on {o}", "walk to {o} and lie down", "stretch out on {o}",
        "walk over and lie on {o}",
    ),
    "stand up from": (
        "stand up from {o}", "get up from {o}", "rise from {o}", "get off {o}", "leave {o}", "stand up off {o}",
    ),
    "reach for": (
        "reach for {o}", "reach out to {o}", "touch {o}", "put a hand on {o}", "walk to {o} and reach for it",
        "stretch an arm out to {o}", "go and touch {o}",
    ),
}  # fmt: skip
_BARE: Final[dict[Action, tuple[str, ...]]] = {
    "walk to": ("walk across the room", "walk through the room", "walk somewhere and stop", "walk a few steps"),
    "sit on": ("sit down", "take a seat", "walk a little and sit down", "go and sit down"),
    "lie on": ("lie down", "go and lie down", "walk a little and lie down"),
    "stand up from": ("stand up", "get up", "rise from sitting", "get up and walk away"),
    "reach for": ("reach out with one hand", "reach for something", "touch something", "stretch an arm out"),
}
_RELATIONS: Final[dict[Relation, tuple[str, ...]]] = {
    "only": ("",),
    "next to": (" next to the {0}", " beside the {0}", " by the {0}", " near the {0}"),
    "closest to": (" closest to the {0}", " nearest to the {0}", " nearest the {0}"),
    "farthest from": (" farthest from the {0}", " furthest from the {0}", " furthest away from the {0}"),
    "in front of": (" in front of the {0}", " just in front of the {0}"),
    "between": (" between the {0} and the {1}", " between the {1} and the {0}"),
}
_WEIGHT: Final[dict[Relation, float]] = {
    "only": 0.6, "next to": 1.0, "closest to": 1.0, "farthest from": 0.6, "in front of": 1.0, "between": 1.0,
}  # fmt: skip
_SYNONYMS: Final[dict[str, tuple[str, ...]]] = {
    "sofa": ("sofa", "couch"),
    "nightstand": ("nightstand", "bedside table", "night stand"),
    "refrigerator": ("refrigerator", "fridge"),
    "bookshelf": ("bookshelf", "bookcase"),
    "wardrobe": ("wardrobe", "closet"),
    "tv stand": ("tv stand", "television stand"),
    "dresser": ("dresser", "chest of drawers"),
    "counter": ("counter", "kitchen counter"),
    "stove": ("stove", "cooker"),
}
_PACE: Final = {
    "slowly": ("slowly", "at a slow pace", "unhurriedly"),
    "quickly": ("quickly", "hurriedly", "at a fast pace"),
}
_TURN: Final = {
    "left": ("turning left on the way", "bearing to the left", "in a turn to the left"),
    "right": ("turning right on the way", "bearing to the right", "in a turn to the right"),
    "straight": ("in a straight line", "going straight ahead"),
}
_SUBJECTS: Final = ("a person", "someone", "the person", "a human")
_JOINERS: Final[dict[Voice, tuple[str, ...]]] = {
    "told": (" and then ", ", then ", " and after that "),
    "ordered": (" and then ", ", then ", " and after that "),
    "terse": (", then ", " then ", ", "),
}
_GERUNDS: Final = {"lie": "lying", "sit": "sitting", "get": "getting", "put": "putting", "step": "stepping"}


def describe(performance: Performance, plan: Plan, rng: Random, count: int = 3) -> list[tuple[str, Claim]]:
    """Up to ``count`` captions in different styles, each with the claim that the checker found true.

    The first is in the third person and names its objects so that they are singled out; the last leaves the scene out.
    Empty when the checker does not confirm what was meant to be performed.
    """
    full = _full_claim(performance, plan, rng)
    if full is None:
        return []
    voices: list[Voice] = ["told", "ordered", "terse"]
    told = [(realise(full, voices[0], rng), full)]
    for voice in voices[1 : max(1, count - 1)]:
        claim = _varied(full, plan, performance.joints, rng)
        told.append((realise(claim, voice, rng), claim))
    if count > 1:
        bare = Claim(tuple(Step(step.action) for step in full.steps), pace=full.pace, turn=full.turn)
        told.append((realise(bare, "told", rng), bare))
    return [(text, claim) for text, claim in told if is_true(claim, plan, performance.joints)]


def _full_claim(performance: Performance, plan: Plan, rng: Random) -> Claim | None:
    steps = []
    for event in performance.events:
        phrases = [_phrase(plan, target, rng) for target in event.targets]
        known = tuple(phrase for phrase in phrases if phrase is not None)
        if len(known) < len(phrases):
            return None
        steps.append(Step(event.action, known))
    claim = Claim(tuple(steps))
    if not is_true(claim, plan, performance.joints):
        return None
    seen = Seen.of(performance.joints)
    pace, turn = seen.pace, seen.turn
    return replace(
        claim,
        pace=pace if rng.random() < 0.8 else None,
        turn=turn if rng.random() < 0.4 else None,
        room=plan.room.kind if rng.random() < 0.3 else None,
    )


def _varied(full: Claim, plan: Plan, joints: NDArray[np.float32], rng: Random) -> Claim:
    steps = []
    for step in full.steps:
        again = [_phrase(plan, plan.resolve(phrase)[0], rng) for phrase in step.objects]
        steps.append(Step(step.action, tuple(phrase for phrase in again if phrase is not None)))
    seen = Seen.of(joints)
    return Claim(
        tuple(steps),
        pace=seen.pace if rng.random() < 0.5 else None,
        turn=seen.turn if rng.random() < 0.2 else None,
        room=plan.room.kind if rng.random() < 0.3 else None,
    )


def _phrase(plan: Plan, instance: int, rng: Random) -> ObjectPhrase | None:
    phrases = plan.phrases(instance)
    if not phrases:
        return None
    weights = np.array([_WEIGHT[phrase.relation] for phrase in phrases])
    kinds = {relation: sum(p.relation == relation for p in phrases) for relation in _WEIGHT}
    weights /= np.array([kinds[phrase.relation] for phrase in phrases])
    return phrases[int(rng.choice(len(phrases), p=weights / weights.sum()))]


def realise(claim: Claim, voice: Voice, rng: Random) -> str:
    """The claim as one sentence in that voice."""
    doings = [_doing(step, voice, rng) for step in claim.steps]
    if claim.pace:
        doings[0] = _with_pace(doings[0], _pick(_PACE[claim.pace], rng))
    sentence = doings[0] + (f", {_pick(_TURN[claim.turn], rng)}" if claim.turn else "")
    for doing in doings[1:]:
        joiner = _pick(_JOINERS[voice], rng)
        sentence += ("," if claim.turn and not joiner.startswith(",") else "") + joiner + doing
    if voice == "told":
        sentence = f"{_pick(_SUBJECTS, rng)} {sentence}"
    if claim.room:
        sentence = f"in the {claim.room}, {sentence}" if rng.random() < 0.5 else f"{sentence} in the {claim.room}"
    return sentence


def _doing(step: Step, voice: Voice, rng: Random) -> str:
    patterns = _VERBS if step.objects else _BARE
    pattern = _pick(patterns[step.action], rng)
    inflected = " and ".join(_inflected(part, voice) for part in pattern.split(" and "))
    return inflected.format(o=noun_phrase(step.objects[0], rng)) if step.objects else inflected


def _inflected(part: str, voice: Voice) -> str:
    verb, separator, rest = part.partition(" ")
    if voice == "told":
        verb = _third_person(verb)
    elif voice == "terse":
        verb = _gerund(verb)
    return verb + separator + rest


def _third_person(verb: str) -> str:
    if verb.endswith(("ch", "sh", "o")):
        return verb + "es"
    return "has" if verb == "have" else verb + "s"


def _gerund(verb: str) -> str:
    known = _GERUNDS.get(verb)
    if known is not None:
        return known
    return (verb[:-1] if verb.endswith("e") else verb) + "ing"


def _with_pace(doing: str, pace: str) -> str:
    return f"{doing} {pace}" if " " in pace else f"{pace} {doing}"


def noun_phrase(phrase: ObjectPhrase, rng: Random) -> str:
    """The object phrase in words: "the chair next to the desk"."""
    relation = _pick(_RELATIONS[phrase.relation], rng).format(*(category_word(name, rng) for name in phrase.anchors))
    return f"the {category_word(phrase.category, rng)}{relation}"


def category_word(category: str, rng: Random) -> str:
    """One of the words for a category."""
    return _pick(_SYNONYMS.get(category, (category,)), rng)


def _pick(options: Sequence[str], rng: Random) -> str:
    return options[int(rng.integers(len(options)))]
