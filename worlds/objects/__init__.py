"""Parametric furniture: categories with random shapes and realistic sizes, seats, lying places, handles and tops."""

from __future__ import annotations

from typing import Final

import numpy as np

from monster.errors import InputError
from worlds.objects import (
    beds,
    decor,
    fixtures,
    household,
    public,
    seating,
    small,
    sports,
    storage_furniture,
    tables,
)  # fmt: skip
from worlds.objects.parts import CATEGORY_OF, SHAPES
from worlds.types import PlacedObject

# Importing a module registers its shapes.
MODULES: Final = (seating, beds, tables, storage_furniture, fixtures, decor, small, household, public, sports)
OBJECT_KINDS: Final[tuple[str, ...]] = tuple(SHAPES)
CATEGORIES: Final[tuple[str, ...]] = tuple(dict.fromkeys(CATEGORY_OF[kind] for kind in OBJECT_KINDS))

__all__ = ["CATEGORIES", "OBJECT_KINDS", "make_object"]


def make_object(kind: str, rng: np.random.Generator) -> PlacedObject:
    """A random object at the origin (id 0, yaw 0) that faces +y.

    ``kind`` is a category, or a variant of one ("school desk" makes a desk). Raises InputError if it is unknown.
    """
    if kind not in SHAPES:
        raise InputError(f"unknown category {kind!r}: expected one of {', '.join(OBJECT_KINDS)}")
    return SHAPES[kind](rng).finish(CATEGORY_OF[kind])
