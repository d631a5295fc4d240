"""Changes to a gallery: one transaction of the database, in which items come or go, all of them or none."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from monster.errors import GalleryError, InputError, ModelError, TaskError
from monster.gallery import files
from monster.gallery.store import Entity, Store, StoredItem, connect, naming
from monster.io.npz import save_motion, save_scene
from monster.tasks import Kind, Modality
from monster.types import FloatArray, Item, ItemEmbeddings, Motion, Scene

_KIND_OF: Final[dict[Modality, Kind]] = {"text": "t", "motion": "m", "scene": "s"}
_UNIT_TOLERANCE: Final = 1e-3


@dataclass(frozen=True)
class AddReport:
    """What an ``add`` brought: items, and entities that were not there before."""

    items: int = 0
    motions: int = 0
    scenes: int = 0
    captions: int = 0


@contextmanager
def change(folder: Path, dim: int, *, after: Callable[[Store], None]) -> Iterator[Writer]:
    """A change as the one writer: kept when the block ends, undone when it raises or the process is killed.

    ``after`` is called with the new state, still as the one writer. Raises GalleryError when there is another writer,
    or the database or disk does not take the change.
    """
    with files.writer_lock(folder), naming(folder / files.DATABASE):
        connection = connect(folder, writable=True)
        writer = Writer(folder, connection, dim)
        try:
            yield from _transaction(writer)
            with writer.store.snapshot():
                after(writer.store)
        finally:
            connection.close()


def _transaction(writer: Writer) -> Iterator[Writer]:
    connection = writer.store.connection
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield writer
        writer.sync_originals()
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        writer.discard_originals()
        raise
    writer.delete_originals()


class Writer:
    """Adds and removes inside one transaction; made by ``change``."""

    def __init__(self, folder: Path, connection: sqlite3.Connection, dim: int) -> None:
        self.store = Store(folder, connection, dim)
        self._folder = folder
        self._execute = connection.execute
        self._generation: int | None = None
        self._written: list[Path] = []
        self._gone: list[Path] = []

    def check_new(self, items: list[Item]) -> None:
        """Raises InputError when one of these items cannot be stored, before anything is computed for it."""
        seen: set[str] = set()
        for item in items:
            for text in (item.id, item.motion_id or "", item.scene_id or "", *item.captions):
                _check_storable(text)
            if item.id in seen or self.store.item(item.id) is not None:
                raise InputError(f"item {item.id!r} is already in the gallery, or comes twice; ids are given once")
            seen.add(item.id)
            _metadata(item)

    def add(self, item: Item, embeddings: ItemEmbeddings) -> None:
        """Store an item, what it holds and its embeddings."""
        self._change()
        motion = None if item.motion is None else self._original(item, item.motion, embeddings.motion)
        scene = None if item.scene is None else self._original(item, item.scene, embeddings.scene)
        captions = [self._caption(item, place, embeddings) for place in range(len(item.captions))]
        number = self._execute(
            "INSERT INTO items (id, motion, scene, metadata) VALUES (?, ?, ?, ?)",
            (item.id, motion and motion.number, scene and scene.number, _metadata(item)),
        ).lastrowid
        for place, caption in enumerate(captions):
            self._execute("INSERT INTO item_captions VALUES (?, ?, ?)", (number, place, caption.number))
        self._pair_rows(item, embeddings)

    def remove(self, id: str) -> None:
        """Forget an item and what no other item needs. Raises TaskError when it is unknown."""
        item = self.store.item(id)
        if item is None:
            raise TaskError(f"unknown item {id!r}: it is not in the gallery")
        self._change()
        self._execute("DELETE FROM item_captions WHERE item = ?", (item.number,))
        self._execute("DELETE FROM items WHERE number = ?", (item.number,))
        for kind in ("st", "mt"):
            for place in range(len(item.captions)):
                self._drop_row(kind, f"{id}#{place}")
        self._drop_row("ms", id)
        self._drop_unused(item)

    def sync_originals(self) -> None:
        """Return once every array that was written is on the disk."""
        with _disk(self._folder):
            files.sync(self._written)
            files.sync({path.parent for path in self._written})

    def discard_originals(self) -> None:
        """Delete the arrays that were written: the change did not come about."""
        for path in self._written:
            path.unlink(missing_ok=True)

    def delete_originals(self) -> None:
        """Delete the arrays of what was removed: the change has come about."""
        for path in self._gone:
            path.unlink(missing_ok=True)

    def _change(self) -> None:
        if self._generation is None:
            self._generation = self.store.generation() + 1
            self._execute("UPDATE state SET generation = ?", (self._generation,))

    def _original(self, item: Item, value: Motion | Scene, row: FloatArray | None) -> Entity:
        modality: Modality = "motion" if isinstance(value, Motion) else "scene"
        id = (item.motion_id if modality == "motion" else item.scene_id) or item.id
        digest = _digest(value)
        known = self.store.entity(modality, id)
        if known is not None:
            if known.digest != digest:
                raise InputError(f"item {item.id!r}: {modality} {id!r} is in the gallery with other values")
            return known
        entity = self._entity(modality, id, digest=digest)
        path = files.original_path(self._folder, modality, entity.number)
        self._written.append(path)
        with _disk(self._folder):
            if isinstance(value, Motion):
                save_motion(path, value)
            else:
                save_scene(path, value)
        self._put_row(_KIND_OF[modality], id, row, item.id)
        return entity

    def _caption(self, item: Item, place: int, embeddings: ItemEmbeddings) -> Entity:
        text = item.captions[place]
        known = self.store.caption(text)
        if known is not None:
            return known
        free = place
        # The id may still be held by a caption of an item that is gone, which another item shares.
        while self.store.entity("text", f"{item.id}#{free}") is not None:
            free += 1
        entity = self._entity("text", f"{item.id}#{free}", text=text)
        self._put_row("t", entity.id, _at(embeddings.captions, place), item.id)
        return entity

    def _entity(self, modality: Modality, id: str, *, text: str | None = None, digest: str = "") -> Entity:
        number = self._execute(
            "INSERT INTO entities (modality, id, text, digest) VALUES (?, ?, ?, ?)", (modality, id, text, digest)
        ).lastrowid
        return Entity(int(number or 0), id, text, digest)

    def _pair_rows(self, item: Item, embeddings: ItemEmbeddings) -> None:
        pairs: tuple[tuple[Kind, object, FloatArray | None], ...] = (
            ("st", item.scene, embeddings.st),
            ("mt", item.motion, embeddings.mt),
        )
        for kind, value, rows in pairs:
            for place in range(len(item.captions)) if value is not None else ():
                self._put_row(kind, f"{item.id}#{place}", _at(rows, place), item.id)
        if item.motion is not None and item.scene is not None:
            self._put_row("ms", item.id, embeddings.ms, item.id)

    def _put_row(self, kind: Kind, key: str, row: FloatArray | None, item: str) -> None:
        values = None if row is None else np.asarray(row)
        if values is None or values.shape != (self.store.dim,):
            got = "nothing" if values is None else f"shape {values.shape}"
            raise ModelError(f"item {item!r}: expected an embedding {kind} of shape ({self.store.dim},), got {got}")
        if not abs(float(np.linalg.norm(values.astype(np.float64))) - 1) < _UNIT_TOLERANCE:
            raise ModelError(
                f"item {item!r}: expected an embedding {kind} of length 1, got {np.linalg.norm(values):.3g}"
            )
        self._execute(
            f"INSERT INTO rows_{kind} (key, generation, embedding) VALUES (?, ?, ?)",
            (key, self._generation, values.astype("<f4").tobytes()),
        )

    def _drop_row(self, kind: str, key: str) -> None:
        if self._execute(f"DELETE FROM rows_{kind} WHERE key = ?", (key,)).rowcount:
            self._execute("INSERT INTO removed VALUES (?, ?, ?)", (kind, key, self._generation))

    def _drop_unused(self, item: StoredItem) -> None:
        held: list[tuple[Modality, Entity | None]] = [("motion", item.motion), ("scene", item.scene)]
        held += [("text", caption) for caption in dict.fromkeys(item.captions)]
        for modality, entity in held:
            if entity is None or self.store.in_use(modality, entity):
                continue
            self._execute("DELETE FROM entities WHERE number = ?", (entity.number,))
            self._drop_row(_KIND_OF[modality], entity.id)
            if modality != "text":
                self._gone.append(files.original_path(self._folder, modality, entity.number))


@contextmanager
def _disk(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise GalleryError(f"{folder}: the gallery cannot be changed ({error.strerror or error})") from error


def _at(rows: FloatArray | None, place: int) -> FloatArray | None:
    return rows[place] if rows is not None and place < len(rows) else None


def _check_storable(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError(f"{text[:40]!r}: expected text that is valid Unicode, got half a character") from error


def _metadata(item: Item) -> str:
    try:
        return json.dumps(dict(item.metadata), ensure_ascii=True, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise InputError(f"item {item.id!r}: expected metadata that JSON can hold ({error})") from error


def _digest(value: Motion | Scene) -> str:
    """What tells two originals apart; scenes are compared as they are stored, to a millimetre."""
    made = hashlib.sha256()
    if isinstance(value, Motion):
        made.update(repr((value.joints.shape, value.fps, value.placed)).encode())
        made.update(np.ascontiguousarray(value.joints).tobytes())
        return made.hexdigest()
    made.update(repr((value.points.shape, sorted((value.labels or {}).items()))).encode())
    made.update(np.round(value.points.astype(np.float64) * 1000).astype(np.int64).tobytes())
    for array in (None if value.colors is None else np.round(value.colors * 255).astype(np.uint8), value.instances):
        made.update(b"none" if array is None else np.ascontiguousarray(array).tobytes())
    return made.hexdigest()
