"""Hard negatives: an item with one thing changed, so that its caption is false; made here, carried out by `apply`."""

from worlds.hard_negatives.edits import (
    HELD_OUT_KINDS,
    KINDS,
    MOTION_KINDS,
    SCENE_KINDS,
    TEXT_KINDS,
    apply,
    moved,
    without,
)
from worlds.hard_negatives.find import hard_negatives_of, is_false, negatives_of_record, other_room
from worlds.hard_negatives.flags import flagged, flagged_negative
from worlds.hard_negatives.original import Original

__all__ = [
    "HELD_OUT_KINDS",
    "KINDS",
    "MOTION_KINDS",
    "SCENE_KINDS",
    "TEXT_KINDS",
    "Original",
    "apply",
    "flagged",
    "flagged_negative",
    "hard_negatives_of",
    "is_false",
    "moved",
    "negatives_of_record",
    "other_room",
    "without",
]
