"""Every action has verb phrases, with its objects and without, in every form."""

from __future__ import annotations

import re

import pytest

from worlds.captions.verbs import BARE, NAMED, gerund, inflected, third_person
from worlds.types import ACTIONS, FREE_ACTIONS, Action, arity


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_can_be_told_with_its_things_and_without(action: Action) -> None:
    assert len(set(BARE[action])) >= 3 and not any("{o}" in phrase or "{p}" in phrase for phrase in BARE[action])
    assert (action in NAMED) == (action not in FREE_ACTIONS)
    for phrase in NAMED.get(action, ()):
        assert phrase.count("{o}") == 1 and phrase.count("{p}") == arity(action) - 1
    assert len(set(NAMED.get(action, BARE[action]))) >= (6 if action in NAMED else 5)


@pytest.mark.parametrize("action", ACTIONS)
def test_forms(action: Action) -> None:
    for phrase in (*NAMED.get(action, ()), *BARE[action]):
        assert phrase.startswith("~")
        third, base, order, going = (inflected(phrase, form) for form in ("third", "base", "order", "gerund"))
        assert re.match(r"\w+s\b", third) and re.match(r"\w+ing\b", going), (third, going)
        assert base != going and base.replace("their", "your").replace("they", "you") == order
        assert not re.search(r"~|\{your|\{they", third + base + order + going)


@pytest.mark.parametrize(
    ("verb", "third", "going"),
    [
        ("walk", "walks", "walking"), ("go", "goes", "going"), ("have", "has", "having"), ("do", "does", "doing"),
        ("lie", "lies", "lying"), ("sit", "sits", "sitting"), ("pass", "passes", "passing"),
        ("wipe", "wipes", "wiping"), ("study", "studies", "studying"), ("touch", "touches", "touching"),
        ("box", "boxes", "boxing"), ("squat", "squats", "squatting"), ("gaze", "gazes", "gazing"),
        ("open", "opens", "opening"),
        ("lay", "lays", "laying"), ("put", "puts", "putting"), ("lean", "leans", "leaning"),
    ],
)  # fmt: skip
def test_inflection(verb: str, third: str, going: str) -> None:
    assert (third_person(verb), gerund(verb)) == (third, going)
