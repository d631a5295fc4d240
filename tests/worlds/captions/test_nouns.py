"""Object phrases name their category and their anchors."""

from __future__ import annotations

import numpy as np
import pytest

from worlds.captions import category_word, noun_phrase
from worlds.geometry.relations import RELATIONS, ReferringExpression, Relation, anchor_count

ANCHORS = ("desk", "lamp")


@pytest.mark.parametrize("relation", RELATIONS)
def test_relations_name_their_anchors(relation: Relation) -> None:
    anchors = ANCHORS[: anchor_count(relation)]
    for seed in range(8):
        text = noun_phrase(ReferringExpression("chair", relation, anchors), np.random.default_rng(seed))
        assert text.startswith("the chair") and "{" not in text
        assert all(f"the {name}" in text for name in anchors)


def test_relations_differ_in_words() -> None:
    rng = np.random.default_rng(0)
    said = [
        {noun_phrase(ReferringExpression("chair", relation, ANCHORS[: anchor_count(relation)]), rng) for _ in range(40)}
        for relation in RELATIONS
    ]
    assert len(set.union(*said)) == sum(map(len, said))


def test_a_category_may_have_several_words() -> None:
    rng = np.random.default_rng(0)
    assert {category_word("sofa", rng) for _ in range(20)} == {"sofa", "couch"}
    assert {category_word("bathtub", rng) for _ in range(20)} == {"bathtub"}
