"""Parametric furniture: every category with several shapes, real sizes, seats, lying places, handles and tops."""

from __future__ import annotations

from typing import Final

import numpy as np

from monster.errors import InputError
from worlds.objects import beds, decor, fixtures, household, public, seating, small, sports, tables
from worlds.objects import storage_furniture as storage
from worlds.objects.parts import CATEGORY_OF, SHAPES
from worlds.types import PlacedObject

MODULES: Final = (
    seating,
    beds,
    tables,
    storage,
    fixtures,
    decor,
    small,
    household,
    public,
    sports,
)  # fill the register
KINDS: Final[tuple[str, ...]] = tuple(SHAPES)
CATEGORIES: Final[tuple[str, ...]] = tuple(dict.fromkeys(CATEGORY_OF[kind] for kind in KINDS))

__all__ = ["CATEGORIES", "KINDS", "make_object"]


def make_object(kind: str, rng: np.random.Generator) -> PlacedObject:
    """A random piece of that category at the origin (id 0, yaw 0), facing own +y.

    ``kind`` is a category or a special kind of one ("school desk" makes a desk). Raises InputError when unknown.
    """
    if kind not in SHAPES:
        raise InputError(f"unknown category {kind!r}: expected one of {', '.join(KINDS)}")
    return SHAPES[kind](rng).finish(CATEGORY_OF[kind])
