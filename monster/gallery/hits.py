"""Hits from index keys, and the checks of the arguments of a search."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from monster.errors import InputError, TaskError
from monster.gallery.store import Entity, Owner, Store
from monster.gallery.vectors import item_of
from monster.results import Hit
from monster.tasks import LETTER_OF, MODALITY_OF, PAIR_KINDS, SINGLE_KINDS, UNPLACED, Kind, Modality, kind_of

_LETTERS: Final[dict[str, str]] = {
    **{modality: letter for letter, modality in MODALITY_OF.items()},
    **{letter: letter for letter in MODALITY_OF},
}


def parse_target(target: str) -> Kind:
    """The kind of ``"motion"``, ``"m"``, ``"motion+scene"`` or ``"ms"``. Raises TaskError for anything else."""
    names = target.lower().replace(" ", "").split("+") if isinstance(target, str) else []
    if all(name in _LETTERS for name in names):
        names = [_LETTERS[name] for name in names]
    try:
        return kind_of("".join(names))
    except TaskError:
        raise TaskError(
            f"unknown target {target!r}: expected text, motion, scene, or two of them such as motion+scene"
        ) from None


def check_direction(query: Kind, target: Kind) -> None:
    """Raises TaskError if target and query overlap, except when one modality is searched in itself."""
    if set(query) & set(target) and not (query == target and query in SINGLE_KINDS):
        names = "+".join(MODALITY_OF[letter] for letter in query)
        raise TaskError(f"target {target!r} overlaps the query ({names})")


def checked_k(k: int) -> int:
    """The number of hits. Raises InputError if it is not an integer of at least 1."""
    if isinstance(k, bool) or not isinstance(k, int | np.integer) or k < 1:
        raise InputError(f"expected k, the number of hits, of at least 1, got {k!r}")
    return int(k)


def checked_modality(name: str) -> Modality:
    """The modality of that name. Raises TaskError unless it is ``"text"``, ``"motion"`` or ``"scene"``."""
    for modality in LETTER_OF:
        if modality == name:
            return modality
    raise TaskError(f"unknown modality {name!r}: expected text, motion or scene")


def known(store: Store, modality: Modality, id: str) -> Entity:
    """A stored motion, scene or caption. Raises TaskError if the id is unknown."""
    entity = store.entity(modality, id)
    if entity is None:
        raise TaskError(f"unknown {'caption' if modality == 'text' else modality} {id!r}: it is not in the gallery")
    return entity


def hit_of(store: Store, kind: Kind, key: str, *, rank: int, cosine: float) -> Hit:
    """The hit of an index key, with its items and metadata."""
    score = min(max((1 + cosine) / 2, 0.0), 1.0)
    shown = UNPLACED.get(kind, kind)
    if shown in PAIR_KINDS:
        return _item_hit(store, kind, key, rank=rank, score=score)
    modality, scene = MODALITY_OF[shown], None
    if kind == "m@s":
        entity, scene = store.placed(key)
    else:
        entity = known(store, modality, key)
    owners = store.owners(modality, entity)
    ids = tuple(owner.id for owner in owners)
    return Hit(
        rank,
        entity.id,
        score,
        shown,
        text=entity.text,
        items=ids,
        metadata=_shared(owners),
        scene=scene.id if scene else None,
    )


def _item_hit(store: Store, kind: Kind, key: str, *, rank: int, score: float) -> Hit:
    id = item_of(kind, key)
    item = store.item(id)
    if item is None:
        raise TaskError(f"unknown item {id!r}: it is not in the gallery")
    text = None if kind == "ms" else item.captions[int(key.rpartition("#")[2])].text
    scene = item.scene.id if item.scene is not None and kind in ("mt@s", "ms") else None
    shown = UNPLACED.get(kind, kind)
    return Hit(rank, id, score, shown, text=text, items=(id,), metadata=item.metadata, scene=scene)


def _shared(owners: list[Owner]) -> dict[str, Any]:
    """The metadata that all items of an entity have in common, which holds for the entity itself."""
    first, *others = [owner.metadata for owner in owners]
    return {key: value for key, value in first.items() if all(each.get(key, _ABSENT) == value for each in others)}


_ABSENT: Final = object()
