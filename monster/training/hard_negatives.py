"""Hard negatives that an item's record holds: captions proven false of it, changes that make its caption false.

What a record marks as held out of training, captions and hard negatives, is left out here, in one place.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from monster.corpus.storage import ItemRecord
from monster.training.augment import EDITS

_PARALLEL: Final = ("claims", "patterns", "held_out")  # lists with an entry for each caption


@dataclass(frozen=True)
class WrongCaption:
    """A caption proven false of an item, its row of the kinds, whether it is false of the motion in any scene."""

    caption: str
    kind: int
    of_motion: bool


@dataclass(frozen=True)
class HardNegatives:
    """Of one item: wrong captions; changes to the motion (6,)."""

    captions: tuple[WrongCaption, ...]
    edits: tuple[tuple[float, ...], ...]


def without_held_out(record: ItemRecord) -> ItemRecord:
    """The record without the captions that are held out of training, and without what belongs to them."""
    held_out = record.held_out
    if not any(held_out) or len(held_out) != len(record.captions):
        return record
    return with_captions(record, [row for row, held in enumerate(held_out) if not held])


def with_captions(record: ItemRecord, rows: Sequence[int]) -> ItemRecord:
    """The record with some of its captions, by number, and what belongs to them."""
    lists = {
        name: [values[row] for row in rows]
        for name in _PARALLEL
        if len(values := record.metadata.get(name, ())) == len(record.captions)
    }
    captions = tuple(record.captions[row] for row in rows)
    return dataclasses.replace(record, captions=captions, metadata={**record.metadata, **lists})


def hard_negatives(record: ItemRecord, kinds: Sequence[str]) -> HardNegatives:
    """The hard negatives of a record that training may use; ``kinds`` names the kinds that wrong captions can have."""
    used = [negative for negative in record.hard_negatives if not negative.get("held_out")]
    captions = [
        WrongCaption(negative["caption"], kinds.index(negative["kind"]), bool(negative.get("of_motion")))
        for negative in used
        if "caption" in negative
    ]
    edits = [_edit(negative) for negative in used if negative["kind"] in EDITS]
    return HardNegatives(tuple(captions), tuple(edits))


def _edit(negative: Mapping[str, Any]) -> tuple[float, ...]:
    about, by = negative.get("about", (0.0, 0.0)), negative.get("by", (0.0, 0.0))
    kind = float(EDITS.index(negative["kind"]))
    return (kind, *map(float, about), float(negative.get("angle", 0.0)), *map(float, by))
