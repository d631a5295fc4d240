"""Parametric furniture: every category with several shapes, real sizes, seats, lying places and handles."""

from __future__ import annotations

from typing import Final

import numpy as np

from monster.corpus.objects import beds, decor, fixtures, seating, storage, tables
from monster.corpus.objects.parts import SHAPES
from monster.corpus.world import PlacedObject
from monster.errors import InputError

CATEGORIES: Final[tuple[str, ...]] = tuple(SHAPES)
MODULES: Final = (seating, beds, tables, storage, fixtures, decor)  # importing them fills the register

__all__ = ["CATEGORIES", "make_object"]


def make_object(category: str, rng: np.random.Generator) -> PlacedObject:
    """A random piece of that category at the origin (id 0, yaw 0), facing own +y. Raises InputError when unknown."""
    if category not in SHAPES:
        raise InputError(f"unknown category {category!r}: expected one of {', '.join(CATEGORIES)}")
    return SHAPES[category](rng).finish(category)
