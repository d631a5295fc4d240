"""Changes to a gallery: one database transaction that adds or removes items, all of them or none."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np

from monster.arrays import FloatArray
from monster.errors import GalleryError, InputError, ModelError, TaskError
from monster.files import sync
from monster.gallery import files
from monster.gallery.store import Entity, Store, StoredItem, connect, database_errors, placed_key
from monster.io.npz import save_motion, save_scene
from monster.results import ItemEmbeddings
from monster.tasks import LETTER_OF, PAIR_KINDS, PLACED, Kind, Modality
from monster.types import Item, Motion, Scene

_UNIT_TOLERANCE: Final = 1e-3
_BY_CAPTION: Final[tuple[Kind, ...]] = ("st", "mt", "mt@s")  # kinds with a row for each caption of an item


@dataclass(frozen=True)
class AddReport:
    """How many items an ``add`` stored, and how many of their motions, scenes and captions were new."""

    items: int = 0
    motions: int = 0
    scenes: int = 0
    captions: int = 0


@contextmanager
def change(folder: Path, dim: int, *, after: Callable[[Store], None]) -> Iterator[Writer]:
    """Change a gallery under the writer lock: commit when the block ends, roll back if it raises or is killed.

    ``after`` is called with the committed state, under the same lock. Raises GalleryError if another process holds the
    lock, or if the database or the disk refuses the change.
    """
    with files.writer_lock(folder), database_errors(folder / files.DATABASE):
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
    """Adds and removes items inside one transaction; made by ``change``."""

    def __init__(self, folder: Path, connection: sqlite3.Connection, dim: int) -> None:
        self.store = Store(folder, connection, dim)
        self._folder = folder
        self._execute = connection.execute
        self._generation: int | None = None
        self._written: list[Path] = []
        self._obsolete: list[Path] = []
        self._digests: WeakKeyDictionary[Motion | Scene, str] = WeakKeyDictionary()  # items share scenes

    def check_new(self, items: list[Item]) -> None:
        """Raises InputError if one of the items cannot be stored, before anything is computed for it."""
        ids: set[str] = set()
        for item in items:
            if not isinstance(item, Item):
                raise InputError(f"expected items, got {type(item).__name__}")
            for text in (item.id, item.motion_id or "", item.scene_id or "", *item.captions):
                _check_utf8(text)
            if item.id in ids or self.store.item(item.id) is not None:
                raise InputError(f"duplicate item id {item.id!r}")
            ids.add(item.id)
            _metadata(item)

    def add(self, item: Item, embeddings: ItemEmbeddings) -> None:
        """Store an item, its motion, scene and captions, and its embeddings."""
        self._start_change()
        motion = None if item.motion is None else self._original(item, item.motion, embeddings)
        scene = None if item.scene is None else self._original(item, item.scene, embeddings)
        captions = [self._caption(item, position, embeddings) for position in range(len(item.captions))]
        number = self._execute(
            "INSERT INTO items (id, motion, scene, metadata) VALUES (?, ?, ?, ?)",
            (item.id, motion and motion.number, scene and scene.number, _metadata(item)),
        ).lastrowid
        for position, caption in enumerate(captions):
            self._execute("INSERT INTO item_captions VALUES (?, ?, ?)", (number, position, caption.number))
        if motion is not None:
            self._place(motion, scene, item, embeddings)
        for kind in item.kinds:
            if kind in PAIR_KINDS:
                self._put_pair(kind, item, embeddings)

    def remove(self, id: str) -> None:
        """Delete an item, and its motion, scene and captions if no other item has them.

        Raises TaskError if the id is unknown.
        """
        item = self.store.item(id)
        if item is None:
            raise TaskError(f"unknown item {id!r}: it is not in the gallery")
        self._start_change()
        self._execute("DELETE FROM item_captions WHERE item = ?", (item.number,))
        self._execute("DELETE FROM items WHERE number = ?", (item.number,))
        for kind in _BY_CAPTION:
            for position in range(len(item.captions)):
                self._drop_row(kind, f"{id}#{position}")
        self._drop_row("ms", id)
        if item.motion is not None and not self.store.has_placed(item.motion, item.scene):
            self._drop_row("m@s", placed_key(item.motion, item.scene))
        self._drop_unused(item)

    def sync_originals(self) -> None:
        """Return once every array that was written is on the disk."""
        with _write_errors(self._folder):
            sync(self._written)
            sync({path.parent for path in self._written})

    def discard_originals(self) -> None:
        """Delete the arrays that a failed change has written."""
        for path in self._written:
            path.unlink(missing_ok=True)

    def delete_originals(self) -> None:
        """Delete the arrays of removed motions and scenes, after the commit."""
        for path in self._obsolete:
            path.unlink(missing_ok=True)

    def _start_change(self) -> int:
        """The generation of this change, which the first call records."""
        if self._generation is None:
            self._generation = self.store.generation() + 1
            self._execute("UPDATE state SET generation = ?", (self._generation,))
        return self._generation

    def _original(self, item: Item, value: Motion | Scene, embeddings: ItemEmbeddings) -> Entity:
        modality: Modality = "motion" if isinstance(value, Motion) else "scene"
        id = (item.motion_id if modality == "motion" else item.scene_id) or item.id
        digest = self._digests.get(value) or self._digests.setdefault(value, _digest(value))
        existing = self.store.entity(modality, id)
        if existing is not None:
            if existing.digest != digest:
                raise InputError(f"item {item.id!r}: {modality} {id!r} is in the gallery with other values")
            return existing
        entity = self._entity(modality, id, digest=digest)
        path = files.original_path(self._folder, modality, entity.number)
        self._written.append(path)
        with _write_errors(self._folder):
            if isinstance(value, Motion):
                save_motion(path, value)
            else:
                save_scene(path, value)
        kind = LETTER_OF[modality]
        self._put_row(kind, id, _row(embeddings, kind, 0), item.id)
        return entity

    def _caption(self, item: Item, position: int, embeddings: ItemEmbeddings) -> Entity:
        text = item.captions[position]
        existing = self.store.caption(text)
        if existing is not None:
            return existing
        free = position
        # A removed item of this id may have left a caption that another item shares; its caption id is taken.
        while self.store.entity("text", f"{item.id}#{free}") is not None:
            free += 1
        entity = self._entity("text", f"{item.id}#{free}", text=text)
        self._put_row("t", entity.id, _row(embeddings, "t", position), item.id)
        return entity

    def _entity(self, modality: Modality, id: str, *, text: str | None = None, digest: str = "") -> Entity:
        number = self._execute(
            "INSERT INTO entities (modality, id, text, digest) VALUES (?, ?, ?, ?)", (modality, id, text, digest)
        ).lastrowid
        return Entity(int(number or 0), id, text, digest)

    def _place(self, motion: Entity, scene: Entity | None, item: Item, embeddings: ItemEmbeddings) -> None:
        """Store the row m@s of a motion in a scene, once; without a scene its row in its own frame."""
        key = placed_key(motion, scene)
        if "m@s" in self.store.kinds and self.store.row("m@s", key) is None:
            self._put_row("m@s", key, _row(embeddings, "m@s" if scene else "m", 0), item.id)

    def _put_pair(self, kind: Kind, item: Item, embeddings: ItemEmbeddings) -> None:
        if "t" not in kind:
            self._put_row(kind, item.id, _row(embeddings, kind, 0), item.id)
            return
        placed = PLACED.get(kind, kind)
        for position in range(len(item.captions)):
            key = f"{item.id}#{position}"
            self._put_row(kind, key, _row(embeddings, kind, position), item.id)
            if placed != kind and placed in self.store.kinds:
                row = _row(embeddings, placed if item.scene else kind, position)
                self._put_row(placed, key, row, item.id)

    def _put_row(self, kind: Kind, key: str, row: FloatArray | None, item: str) -> None:
        if row is None or row.shape != (self.store.dim,):
            got = "none" if row is None else f"shape {row.shape}"
            raise ModelError(f"item {item!r}: expected an embedding {kind} of shape ({self.store.dim},), got {got}")
        length = float(np.linalg.norm(row.astype(np.float64)))
        if not abs(length - 1) < _UNIT_TOLERANCE:
            raise ModelError(f"item {item!r}: expected an embedding {kind} of length 1, got {length:.3g}")
        self.store.put(kind, key, row, generation=self._start_change())

    def _drop_row(self, kind: Kind, key: str) -> None:
        if kind in self.store.kinds:
            self.store.drop(kind, key, generation=self._start_change())

    def _drop_unused(self, item: StoredItem) -> None:
        entities: list[tuple[Modality, Entity | None]] = [("motion", item.motion), ("scene", item.scene)]
        entities += [("text", caption) for caption in dict.fromkeys(item.captions)]
        for modality, entity in entities:
            if entity is None or self.store.in_use(modality, entity):
                continue
            self._execute("DELETE FROM entities WHERE number = ?", (entity.number,))
            self._drop_row(LETTER_OF[modality], entity.id)
            if modality != "text":
                self._obsolete.append(files.original_path(self._folder, modality, entity.number))


@contextmanager
def _write_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise GalleryError(f"{folder}: the gallery cannot be changed ({error.strerror or error})") from error


def _row(embeddings: ItemEmbeddings, kind: Kind, position: int) -> FloatArray | None:
    rows = embeddings.get(kind)
    return rows[position] if rows is not None and position < len(rows) else None


def _check_utf8(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        surrogate = ord(text[error.start])
        raise InputError(
            f"{text[:40]!r}: text contains a lone surrogate (U+{surrogate:04X}), which UTF-8 cannot encode"
        ) from error


def _metadata(item: Item) -> str:
    try:
        return json.dumps(dict(item.metadata), ensure_ascii=True, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise InputError(f"item {item.id!r}: expected metadata that JSON can hold ({error})") from error


def _digest(value: Motion | Scene) -> str:
    """Hash of an original; scenes are hashed as they are stored, to a millimetre."""
    digest = hashlib.sha256()
    if isinstance(value, Motion):
        digest.update(repr((value.joints.shape, value.fps, value.placed)).encode())
        digest.update(np.ascontiguousarray(value.joints).tobytes())
        return digest.hexdigest()
    digest.update(repr((value.points.shape, sorted((value.labels or {}).items()))).encode())
    digest.update(np.round(value.points.astype(np.float64) * 1000).astype(np.int64).tobytes())
    for array in (None if value.colors is None else np.round(value.colors * 255).astype(np.uint8), value.instances):
        digest.update(b"none" if array is None else np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()
