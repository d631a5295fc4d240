"""Object phrases in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from worlds.geometry.relations import ReferringExpression, Relation

Random = np.random.Generator

_RELATIONS: Final[dict[Relation, tuple[str, ...]]] = {
    "only": ("",),
    "next to": (" next to the {0}", " beside the {0}", " by the {0}", " near the {0}"),
    "closest to": (" closest to the {0}", " nearest to the {0}", " nearest the {0}"),
    "farthest from": (" farthest from the {0}", " furthest from the {0}", " furthest away from the {0}"),
    "in front of": (" in front of the {0}", " just in front of the {0}"),
    "facing": (" facing the {0}", " that faces the {0}", " turned towards the {0}"),
    "on": (" on the {0}", " on top of the {0}", " that is on the {0}"),
    "between": (" between the {0} and the {1}", " between the {1} and the {0}"),
    "against the wall": (" against the wall", " that is against the wall", " at the wall"),
    "in the corner": (" in the corner", " in the corner of the room", " that is in the corner"),
    "on the left": (" on the left", " to the left", " on the left-hand side"),
    "on the right": (" on the right", " to the right", " on the right-hand side"),
}
PLURAL: Final = frozenset({"books", "blinds", "stairs"})
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
    "television": ("television", "tv"),
    "trash can": ("trash can", "bin"),
}


def noun_phrase(phrase: ReferringExpression, rng: Random) -> str:
    """The object phrase in words: "the chair next to the desk"."""
    relation = pick(_RELATIONS[phrase.relation], rng).format(*(category_word(name, rng) for name in phrase.anchors))
    if phrase.category in PLURAL:
        relation = relation.replace("that is", "that are").replace("that faces", "that face")
    return f"the {category_word(phrase.category, rng)}{relation}"


def category_word(category: str, rng: Random) -> str:
    """One of the words for a category."""
    return pick(_SYNONYMS.get(category, (category,)), rng)


def pick(options: Sequence[str], rng: Random) -> str:
    """One of the options."""
    return options[int(rng.integers(len(options)))]
