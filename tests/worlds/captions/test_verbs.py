"""Every action has verb phrases, with its objects and without, in every form."""

from __future__ import annotations

import re

import pytest

from worlds.actions.registry import ACTIONS
from worlds.captions.verbs import gerund, inflected, third_person


@pytest.mark.parametrize("action", ACTIONS.names)
def test_every_action_has_phrases_with_targets_and_without(action: str) -> None:
    spec = ACTIONS[action]
    named, bare = spec.phrases.named, spec.phrases.bare
    assert len(set(bare)) >= 3 and not any("{o}" in phrase or "{p}" in phrase for phrase in bare)
    assert bool(named) == bool(spec.arity)
    for phrase in named:
        assert phrase.count("{o}") == 1 and phrase.count("{p}") == spec.arity - 1
    assert len(set(named or bare)) >= (6 if named else 5)


@pytest.mark.parametrize("action", ACTIONS.names)
def test_forms(action: str) -> None:
    for phrase in (*ACTIONS[action].phrases.named, *ACTIONS[action].phrases.bare):
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
        ("jog", "jogs", "jogging"), ("crawl", "crawls", "crawling"), ("see", "sees", "seeing"),
        ("bow", "bows", "bowing"), ("limp", "limps", "limping"), ("swing", "swings", "swinging"),
    ],
)  # fmt: skip
def test_inflection(verb: str, third: str, going: str) -> None:
    assert (third_person(verb), gerund(verb)) == (third, going)
