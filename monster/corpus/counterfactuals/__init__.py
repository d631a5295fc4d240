"""Near misses: an item with one thing changed, so that its caption is false; made here, carried out by `apply`."""

from monster.corpus.counterfactuals.find import counterfactuals_of, other_room
from monster.corpus.counterfactuals.original import Original
from monster.corpus.counterfactuals.recipes import (
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
