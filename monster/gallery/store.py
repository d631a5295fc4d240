"""The database of a gallery: items, entities and embeddings in SQLite, read in snapshots of one committed state.

An entity is a motion, a scene or a caption; it is stored once, however many items share it. Each kind has a table of
embeddings by key: the entity's id for t, m and s; the item's id for ms; ``<item id>#<n>`` for st, mt and mt@s, where n
is the position of the caption in the item, from 0; `placed_key` for m@s. An item without a scene has its rows m and mt
as m@s and mt@s, so that a search with a scene finds it. ``generation`` counts the changes; each row has the generation
that added it, and ``removed`` lists removed keys, so that a reader with an older state in memory reads only the
difference.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from monster.arrays import FloatArray
from monster.errors import GalleryError, InputError
from monster.gallery.files import DATABASE
from monster.tasks import ROW_KINDS, UNPLACED, Kind, Modality

_CHUNK: Final = 4096  # embeddings read at a time
_LOCK_TIMEOUT: Final = 30.0  # seconds to wait for another process that has the database locked
_ITEMS_OF: Final[dict[Modality, str]] = {
    "motion": "SELECT id, metadata FROM items WHERE motion = ? ORDER BY number",
    "scene": "SELECT id, metadata FROM items WHERE scene = ? ORDER BY number",
    "text": "SELECT id, metadata FROM items WHERE number IN (SELECT item FROM item_captions WHERE caption = ?)"
    " ORDER BY number",
}
_PLACED_ITEMS: Final = "SELECT id FROM items WHERE motion = ? AND scene IS ? LIMIT 1"


def _table(kind: Kind) -> str:
    return "rows_" + kind.replace("@", "_in_")


_TABLES: Final = """
CREATE TABLE state (generation INTEGER NOT NULL);
INSERT INTO state VALUES (0);
CREATE TABLE entities (
    number INTEGER PRIMARY KEY AUTOINCREMENT, modality TEXT NOT NULL, id TEXT NOT NULL, text TEXT, digest TEXT NOT NULL,
    UNIQUE (modality, id));
CREATE INDEX entities_text ON entities (text) WHERE text IS NOT NULL;
CREATE TABLE items (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, motion INTEGER REFERENCES entities,
    scene INTEGER REFERENCES entities, metadata TEXT NOT NULL);
CREATE INDEX items_motion ON items (motion);
CREATE INDEX items_scene ON items (scene);
CREATE TABLE item_captions (
    item INTEGER NOT NULL REFERENCES items, position INTEGER NOT NULL, caption INTEGER NOT NULL REFERENCES entities,
    PRIMARY KEY (item, position)) WITHOUT ROWID;
CREATE INDEX item_captions_caption ON item_captions (caption);
CREATE TABLE removed (kind TEXT NOT NULL, key TEXT NOT NULL, generation INTEGER NOT NULL);
CREATE INDEX removed_generation ON removed (kind, generation);
""" + "".join(
    f"CREATE TABLE {name} (number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, generation INTEGER NOT NULL,"
    f" embedding BLOB NOT NULL);\nCREATE INDEX {name}_generation ON {name} (generation);\n"
    for name in map(_table, ROW_KINDS)
)


@dataclass(frozen=True)
class Entity:
    """A stored motion, scene or caption; ``text`` is the text of a caption."""

    number: int
    id: str
    text: str | None
    digest: str


@dataclass(frozen=True)
class Owner:
    """An item that an entity belongs to."""

    id: str
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class StoredItem:
    """An item in the database; the arrays of its motion and scene are in files."""

    number: int
    id: str
    metadata: dict[str, Any]
    motion: Entity | None
    scene: Entity | None
    captions: tuple[Entity, ...]


class Store:
    """Reads the database of a gallery. Call its methods inside ``snapshot``; not thread-safe.

    ``kinds`` are those that it has embeddings of: in format 1 a motion has no rows m@s and mt@s.
    """

    def __init__(self, folder: Path, connection: sqlite3.Connection, dim: int) -> None:
        self.path = folder / DATABASE
        self.connection = connection
        self.dim = dim
        with database_errors(self.path):
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        self.kinds: tuple[Kind, ...] = tuple(kind for kind in ROW_KINDS if _table(kind) in tables)

    def stored(self, kind: Kind) -> Kind:
        """The kind of the rows to search for rows of this kind: another one in format 1."""
        return kind if kind in self.kinds else UNPLACED.get(kind, kind)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All reads in the block see one committed state. Raises GalleryError if the database is corrupt."""
        with database_errors(self.path):
            self.connection.execute("BEGIN")
            try:
                yield
            except UnicodeEncodeError as error:
                raise InputError(f"text contains a lone surrogate, which UTF-8 cannot encode ({error})") from error
            finally:
                self.connection.execute("ROLLBACK")

    def generation(self) -> int:
        """The number of changes so far."""
        return int(self.connection.execute("SELECT generation FROM state").fetchone()[0])

    def counts(self) -> dict[str, int]:
        """How many items, motions, scenes and captions there are."""
        by_modality = dict(self.connection.execute("SELECT modality, COUNT(*) FROM entities GROUP BY modality"))
        items = self.connection.execute("SELECT COUNT(*) FROM items").fetchone()[0]
        captions, motions, scenes = (int(by_modality.get(name, 0)) for name in ("text", "motion", "scene"))
        return {"items": int(items), "motions": motions, "scenes": scenes, "captions": captions}

    def item_ids(self) -> list[str]:
        """Ids of all items in the order they were added."""
        return [row[0] for row in self.connection.execute("SELECT id FROM items ORDER BY number")]

    def entity_ids(self, modality: Modality) -> list[str]:
        """Ids of all motions, scenes or captions in the order they were added."""
        rows = self.connection.execute("SELECT id FROM entities WHERE modality = ? ORDER BY number", (modality,))
        return [row[0] for row in rows]

    def item(self, id: str) -> StoredItem | None:
        """An item, or None if the id is unknown."""
        row = self.connection.execute(
            "SELECT number, motion, scene, metadata FROM items WHERE id = ?", (id,)
        ).fetchone()
        if row is None:
            return None
        number, motion, scene, metadata = row
        captions = self.connection.execute(
            "SELECT e.number, e.id, e.text, e.digest FROM item_captions c JOIN entities e ON e.number = c.caption"
            " WHERE c.item = ? ORDER BY c.position",
            (number,),
        )
        texts = tuple(Entity(*caption) for caption in captions)
        return StoredItem(number, id, json.loads(metadata), self._numbered(motion), self._numbered(scene), texts)

    def entity(self, modality: Modality, id: str) -> Entity | None:
        """A motion, scene or caption by id."""
        return self._one("WHERE modality = ? AND id = ?", (modality, id))

    def caption(self, text: str) -> Entity | None:
        """The caption with exactly this text."""
        return self._one("WHERE text = ?", (text,))

    def owners(self, modality: Modality, entity: Entity) -> list[Owner]:
        """The items that an entity belongs to, in the order they were added."""
        rows = self.connection.execute(_ITEMS_OF[modality], (entity.number,))
        return [Owner(id, json.loads(metadata)) for id, metadata in rows]

    def in_use(self, modality: Modality, entity: Entity) -> bool:
        """Whether an item has the entity."""
        return self.connection.execute(f"{_ITEMS_OF[modality]} LIMIT 1", (entity.number,)).fetchone() is not None

    def has_placed(self, motion: Entity, scene: Entity | None) -> bool:
        """Whether an item has this motion in this scene, or without one."""
        values = (motion.number, scene and scene.number)
        return self.connection.execute(_PLACED_ITEMS, values).fetchone() is not None

    def scenes_of(self, motion_id: str) -> list[Entity]:
        """The scenes that a motion has, in the order they were added."""
        return self._all(
            "WHERE number IN (SELECT i.scene FROM items i JOIN entities m ON m.number = i.motion WHERE m.id = ?)"
            " ORDER BY number",
            (motion_id,),
        )

    def placed(self, key: str) -> tuple[Entity, Entity | None]:
        """The motion and the scene of a `placed_key`. Raises GalleryError if the gallery has no such motion."""
        motion, _, scene = key.partition("@")
        entity = self._numbered(int(motion))
        if entity is None:
            raise GalleryError(f"{self.path}: expected a motion of number {motion}, got none; is the file damaged?")
        return entity, self._numbered(int(scene)) if scene else None

    def row(self, kind: Kind, key: str) -> FloatArray | None:
        """The embedding (dim,) under a key."""
        row = self.connection.execute(f"SELECT embedding FROM {_table(kind)} WHERE key = ?", (key,)).fetchone()
        return None if row is None else self._array([row[0]])[0]

    def row_count(self, kind: Kind) -> int:
        """How many embeddings of a kind there are."""
        return int(self.connection.execute(f"SELECT COUNT(*) FROM {_table(kind)}").fetchone()[0])

    def rows(self, kind: Kind, since: int = 0) -> Iterator[tuple[list[str], FloatArray]]:
        """Keys and embeddings (n, dim) that were added after a generation, in chunks, in the order they were added."""
        where = f"WHERE generation > {int(since)} " if since else ""
        cursor = self.connection.execute(f"SELECT key, embedding FROM {_table(kind)} {where}ORDER BY number")
        while part := cursor.fetchmany(_CHUNK):
            yield [key for key, _ in part], self._array([embedding for _, embedding in part])

    def changes(self, kind: Kind, since: int) -> int:
        """How many embeddings were added or removed after a generation."""
        tables = (f"{_table(kind)} WHERE generation > ?", "removed WHERE generation > ? AND kind = ?")
        added = self.connection.execute(f"SELECT COUNT(*) FROM {tables[0]}", (since,)).fetchone()[0]
        return int(added + self.connection.execute(f"SELECT COUNT(*) FROM {tables[1]}", (since, kind)).fetchone()[0])

    def removed(self, kind: Kind, since: int) -> list[str]:
        """Keys that were removed after a generation (some may have been added again)."""
        rows = self.connection.execute("SELECT key FROM removed WHERE kind = ? AND generation > ?", (kind, since))
        return [row[0] for row in rows]

    def put(self, kind: Kind, key: str, row: FloatArray, *, generation: int) -> None:
        """Store an embedding (dim,) under a key."""
        self.connection.execute(
            f"INSERT INTO {_table(kind)} (key, generation, embedding) VALUES (?, ?, ?)",
            (key, generation, row.astype("<f4").tobytes()),
        )

    def drop(self, kind: Kind, key: str, *, generation: int) -> None:
        """Delete the embedding under a key, if there is one."""
        if self.connection.execute(f"DELETE FROM {_table(kind)} WHERE key = ?", (key,)).rowcount:
            self.connection.execute("INSERT INTO removed VALUES (?, ?, ?)", (kind, key, generation))

    def _one(self, where: str, values: tuple[object, ...]) -> Entity | None:
        found = self._all(where, values)
        return found[0] if found else None

    def _all(self, where: str, values: tuple[object, ...]) -> list[Entity]:
        found = self.connection.execute(f"SELECT number, id, text, digest FROM entities {where}", values)
        return [Entity(*row) for row in found]

    def _numbered(self, number: int | None) -> Entity | None:
        return None if number is None else self._one("WHERE number = ?", (number,))

    def _array(self, blobs: list[bytes]) -> FloatArray:
        joined = b"".join(blobs)
        if len(joined) != 4 * self.dim * len(blobs):
            raise GalleryError(
                f"{self.path}: expected embeddings of width {self.dim}, got others; is the file damaged?"
            )
        return np.frombuffer(joined, dtype="<f4").astype(np.float32, copy=False).reshape(-1, self.dim)


def placed_key(motion: Entity, scene: Entity | None) -> str:
    """The key of a motion in a scene, ``<number of the motion>@<number of the scene>``; ``<number>@`` without one."""
    return f"{motion.number}@{scene.number if scene else ''}"


def create_database(folder: Path) -> None:
    """Make the empty database of a new gallery."""
    connection = sqlite3.connect(folder / DATABASE, isolation_level=None)
    try:
        # With a write-ahead log readers keep the last state while the writer works.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(_TABLES)
    finally:
        connection.close()


def connect(folder: Path, *, writable: bool = False) -> sqlite3.Connection:
    """Open the database. Raises GalleryError if it is missing or not a database."""
    path = folder / DATABASE
    if not path.is_file():
        raise GalleryError(f"{path}: expected the database of a gallery, but there is no such file")
    mode = "rw"  # for readers too: the last connection that closes merges the log into the file
    if not writable and not os.access(folder, os.W_OK):
        mode = "ro" if path.with_name(f"{path.name}-wal").exists() else "ro&immutable=1"
    with database_errors(path):
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}",
            uri=True,
            isolation_level=None,
            timeout=_LOCK_TIMEOUT,
            check_same_thread=False,
        )
        try:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(f"PRAGMA query_only = {'OFF' if writable else 'ON'}")
            connection.execute("SELECT generation FROM state").fetchone()
        except sqlite3.Error:
            connection.close()
            raise
    return connection


@contextmanager
def database_errors(path: Path) -> Iterator[None]:
    """Turn errors of SQLite into GalleryError with the path of the database."""
    try:
        yield
    except sqlite3.Error as error:
        raise GalleryError(f"{path}: the gallery's database cannot be used ({error})") from error
