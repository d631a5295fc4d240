"""Claims in the words of a pattern: all that is claimed is said, in good English."""

from __future__ import annotations

import re

import numpy as np
import pytest

from worlds.actions.registry import ACTIONS
from worlds.captions import PATTERNS, Pattern, realise
from worlds.checker.claims import Claim, Step
from worlds.geometry.relations import ReferringExpression

CHAIR = ReferringExpression("chair", "next to", ("desk",))
STEPS = (Step("walk to", (CHAIR,)), Step("sit on", (CHAIR,)), Step("walk between", (ReferringExpression("bed"), CHAIR)))


def claim_for(pattern: Pattern, steps: tuple[Step, ...] = STEPS) -> Claim:
    return Claim(
        steps[: pattern.deeds],
        "slowly" if pattern.tells_pace else None,
        "left" if pattern.tells_turn else None,
        "office" if pattern.tells_room else None,
    )


def blanked(pattern: Pattern) -> str:
    """A caption with its verb phrases and object phrases taken out; other choices are the first that there are."""
    words = Pattern(pattern.id, pattern.style, pattern.deeds, re.sub(r"\{[abig]\d\}", "_", pattern.text))
    return realise(claim_for(words), words, np.random.default_rng(0))


def test_two_hundred_captions_differ_without_the_words_for_object_action_and_relation() -> None:
    assert len({blanked(pattern) for pattern in PATTERNS.values()}) >= 200


@pytest.mark.parametrize("name", PATTERNS)
def test_sentences_are_whole(name: str) -> None:
    rng = np.random.default_rng(1)
    free = tuple(Step(action) for action in ("wave", "clap", "jump"))
    for steps in (STEPS, free):
        pattern = PATTERNS[name]
        for _ in range(4):
            text = realise(claim_for(pattern, steps), pattern, rng)
            assert not re.search(r"[{}~_]|  | ,|,,|then then|\ba [aeiou]", text), text
            assert not re.search(r"\b(\w+) \1\b", text), text
            if pattern.tells_pace:
                assert re.search(r"slow|hurr|leisure|gentle", text)
            if pattern.tells_turn:
                assert "left" in text
            if pattern.tells_room:
                assert "office" in text and "a office" not in text


def test_what_is_named_twice_on_end_becomes_a_pronoun() -> None:
    claim = Claim(STEPS[:2])
    texts = {realise(claim, PATTERNS["third/201"], np.random.default_rng(seed)) for seed in range(30)}
    assert all(text.count("the chair") == 1 and re.search(r"\bit\b", text) for text in texts)
    assert not any(re.search(r"to it and|goes and sits on it", text) for text in texts)


def test_both_things_of_a_deed_between_two_are_named() -> None:
    claim = Claim(STEPS[2:])
    for seed in range(10):
        text = realise(claim, PATTERNS["third/101"], np.random.default_rng(seed))
        assert re.search(r"between the bed and the chair (next to|beside|by|near) the desk", text)


def test_an_order_speaks_of_your_hands_and_a_report_of_theirs() -> None:
    claim = Claim((Step("wash hands at", (ReferringExpression("sink"),)),))
    orders = {realise(claim, PATTERNS["order/101"], np.random.default_rng(seed)) for seed in range(20)}
    reports = {realise(claim, PATTERNS["third/101"], np.random.default_rng(seed)) for seed in range(20)}
    assert any("your" in text for text in orders) and not any("their" in text for text in orders)
    assert any("their" in text for text in reports) and not any("your" in text for text in reports)


def test_free_actions_need_no_thing() -> None:
    for action in (spec.name for spec in ACTIONS if not spec.arity):
        assert " the chair" not in realise(Claim((Step(action),)), PATTERNS["third/101"], np.random.default_rng(0))
