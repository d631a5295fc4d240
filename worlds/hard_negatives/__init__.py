"""Near misses: an item with one thing changed, so that its caption is false; made here, carried out by `apply`."""

from worlds.hard_negatives.find import counterfactuals_of, other_room
from worlds.hard_negatives.original import Original
from worlds.hard_negatives.recipes import (
    COUNTERFACTUALS,
    HELD_OUT_COUNTERFACTUALS,
    MOTION_KINDS,
    SCENE_KINDS,
    TEXT_KINDS,
    Changed,
    apply,
    moved,
    without,
)

__all__ = [
    "COUNTERFACTUALS",
    "HELD_OUT_COUNTERFACTUALS",
    "MOTION_KINDS",
    "SCENE_KINDS",
    "TEXT_KINDS",
    "Changed",
    "Original",
    "apply",
    "counterfactuals_of",
    "moved",
    "other_room",
    "without",
]
