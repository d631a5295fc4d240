"""Recipes change the network they need, name the kinds they train, and read their terms from tasks."""

from __future__ import annotations

import pytest
from tiny_corpus import TINY

from monster.errors import InputError
from monster.tasks import Kind, Task
from monster.training.losses import SIX_TERMS
from monster.training.recipes import RECIPES, Recipe, parse_recipe, parse_terms


def test_a_recipe_changes_the_configuration_as_it_needs() -> None:
    five = RECIPES["five-term"].configured(TINY)
    assert five.decoder is not None and five.pair.fusion == "separate"
    ours = RECIPES["ours"].configured(TINY)
    assert ours.decoder is None and ours.pair.fusion == "beside"
    assert ours.frames == "own" and ours.text.residual
    world = RECIPES["ours-world"].configured(ours)
    assert world.frames == "world" and not world.text.residual
    assert Recipe("head", head=16).configured(TINY).head == 16
    assert RECIPES["late-fusion"].configured(TINY).pair.fusion == "late"


def test_the_kinds_of_a_recipe_include_the_parts_of_its_pairs() -> None:
    assert RECIPES["text-motion"].kinds == {"t", "m"}
    assert RECIPES["ours"].kinds == {"t", "m", "m@s", "s", "st", "mt@s", "ms"}


@pytest.mark.parametrize("term", SIX_TERMS)
def test_a_term_with_a_scene_needs_the_motion_in_the_frame_of_the_scene(term: tuple[Kind, Kind]) -> None:
    letters = {letter for kind in term for letter in kind}
    kinds = Recipe("one", terms=(term,)).kinds
    assert ("m@s" in kinds) == ({"m", "s"} <= letters)
    assert ("m" in kinds) == (term == ("m", "t"))
    assert set(Task(*term).rows) <= kinds


def test_every_term_is_read_from_the_names_of_both_its_tasks() -> None:
    for query, target in SIX_TERMS:
        for name in (f"{query}2{target}", f"{target}2{query}"):
            assert parse_terms(name, "terms") == ((query, target),)
    for name in ("", "t2x", "m2m"):
        with pytest.raises(InputError, match="terms: "):
            parse_terms(name, "terms")


def test_a_recipe_by_name_with_changed_fields() -> None:
    made = parse_recipe("six-term", {"text_negatives": "2"})
    assert made.text_negatives == 2 and made.temperature == RECIPES["six-term"].temperature
    assert parse_recipe(None, {}) == RECIPES["ours"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"terms": ()}, "expected at least one term"),
        ({"pair_negatives": 1.5}, r"expected pair_negatives in 0\.\.1, got 1\.5"),
        ({"temperature": 0.0}, "expected a temperature above 0"),
        ({"kl_weight": -1.0}, r"setting recipe\.kl_weight: expected a number from 0 on"),
    ],
)
def test_recipes_that_are_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        Recipe("x", **changes)  # type: ignore[arg-type]
