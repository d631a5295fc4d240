"""Near misses that a generated item's record holds: captions proven false of it, changes that make its caption false.

What is held out of all training, sentence patterns and kinds of counterfactuals, is left out here, in one place.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from monster.corpus.storage import ItemRecord
from monster.training.augment import EDITS
from worlds.captions import HELD_OUT_PATTERNS
from worlds.hard_negatives import HELD_OUT_COUNTERFACTUALS, TEXT_KINDS

_ABOUT_THE_MOTION: Final = ("other action", "other order")  # kinds that may be false whatever the scene


@dataclass(frozen=True)
class WrongCaption:
    """A caption proven false of an item, its row of `TEXT_KINDS`, whether it is false of the motion in any scene."""

    caption: str
    kind: int
    of_motion: bool


@dataclass(frozen=True)
class NearMisses:
    """Of one item: wrong captions; changes to the motion (6,)."""

    captions: tuple[WrongCaption, ...]
    edits: tuple[tuple[float, ...], ...]


def without_held_out(record: ItemRecord) -> ItemRecord:
    """The record without captions of patterns that are held out of training, claims beside them likewise."""
    patterns = record.metadata.get("patterns", ())
    if len(patterns) != len(record.captions):
        return record
    kept = [row for row, pattern in enumerate(patterns) if pattern not in HELD_OUT_PATTERNS]
    lists = {
        name: [values[row] for row in kept]
        for name in ("claims", "patterns")
        if len(values := record.metadata.get(name, ())) == len(patterns)
    }
    captions = tuple(record.captions[row] for row in kept)
    return dataclasses.replace(record, captions=captions, metadata={**record.metadata, **lists})


def near_misses(record: ItemRecord) -> NearMisses:
    """What the record says is false of the item and near it, the held-out kinds left out."""
    told = record.metadata.get("counterfactuals", ())
    recipes = [recipe for recipe in told if recipe["kind"] not in HELD_OUT_COUNTERFACTUALS]
    captions = [_wrong(recipe, record) for recipe in recipes if "caption" in recipe]
    edits = [_edit(recipe) for recipe in recipes if recipe["kind"] in EDITS]
    return NearMisses(tuple(captions), tuple(edits))


def _wrong(recipe: Mapping[str, Any], record: ItemRecord) -> WrongCaption:
    """One action done to two things in another order is the same motion: only the scene tells them apart."""
    own = [_actions(claim) for claim in record.metadata.get("claims", ())]
    of_motion = recipe["kind"] in _ABOUT_THE_MOTION and _actions(recipe["claim"]) not in own
    return WrongCaption(recipe["caption"], TEXT_KINDS.index(recipe["kind"]), of_motion)


def _actions(claim: Mapping[str, Any]) -> list[str]:
    return [action for action, *_ in claim.get("steps", ())]


def _edit(recipe: Mapping[str, Any]) -> tuple[float, ...]:
    about, by = recipe.get("about", (0.0, 0.0)), recipe.get("by", (0.0, 0.0))
    return (float(EDITS.index(recipe["kind"])), *map(float, about), float(recipe.get("angle", 0.0)), *map(float, by))
