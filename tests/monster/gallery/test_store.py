"""The database of a gallery: entities by number and id, embeddings by key, and what changed since a generation."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeModel, item_of, text_of

from monster.errors import GalleryError, InputError
from monster.gallery import Gallery
from monster.gallery.files import DATABASE
from monster.gallery.store import Entity, Owner, Store, connect, create_database

DIM = 32


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Items 1 and 2 share a room; 2 and 3 share a caption."""
    path = tmp_path / "gallery"
    with Gallery.create(path, FakeModel(DIM)) as gallery:
        gallery.add([item_of(1, scene=0, action="walk"), item_of(2, scene=0, captions=["both", "two"])])
        gallery.add([item_of(3, captions=["both"])])
    return path


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    connection = connect(folder)
    store = Store(folder, connection, DIM)
    with store.snapshot():
        yield store
    connection.close()


def test_counts_and_ids_in_the_order_they_were_added(store: Store) -> None:
    assert store.counts() == {"items": 3, "motions": 3, "scenes": 2, "captions": 3}
    assert store.item_ids() == ["item-1", "item-2", "item-3"]
    assert store.entity_ids("scene") == ["room-0", "room-3"]
    assert store.entity_ids("text") == ["item-1#0", "item-2#0", "item-2#1"]


def test_an_item_and_its_entities(store: Store) -> None:
    item = store.item("item-2")
    assert item is not None
    assert [caption.text for caption in item.captions] == ["both", "two"]
    assert item.scene == store.entity("scene", "room-0")
    assert item.metadata == {}
    assert store.item("item-9") is None
    assert store.entity("motion", "item-9") is None
    assert store.caption("nothing like it") is None


def test_an_entity_knows_the_items_that_share_it(store: Store) -> None:
    shared = store.caption("both")
    room = store.entity("scene", "room-0")
    assert shared is not None and room is not None
    assert store.owners("text", shared) == [Owner("item-2"), Owner("item-3")]
    assert store.owners("scene", room) == [Owner("item-1", {"action": "walk"}), Owner("item-2")]
    assert store.in_use("scene", room)
    assert not store.in_use("scene", Entity(99, "room-99", None, ""))


def test_embeddings_have_the_key_of_their_entity_item_or_caption(store: Store) -> None:
    keys = {kind: [key for part, _ in store.rows(kind) for key in part] for kind in ("t", "m", "s", "st", "mt", "ms")}
    assert keys["t"] == ["item-1#0", "item-2#0", "item-2#1"]
    assert keys["m"] == keys["ms"] == ["item-1", "item-2", "item-3"]
    assert keys["s"] == ["room-0", "room-3"]
    assert keys["st"] == keys["mt"] == ["item-1#0", "item-2#0", "item-2#1", "item-3#0"]
    placed = [key for part, _ in store.rows("m@s") for key in part]
    assert [[entity and entity.id for entity in store.placed(key)] for key in placed] == [
        ["item-1", "room-0"],
        ["item-2", "room-0"],
        ["item-3", "room-3"],
    ]
    assert [key for part, _ in store.rows("mt@s") for key in part] == keys["mt"]
    for kind, expected in keys.items():
        assert store.row_count(kind) == len(expected)  # type: ignore[arg-type]
    row = store.row("t", "item-1#0")
    assert row is not None and np.array_equal(row, FakeModel(DIM).encode_text(text_of(1))[0])
    assert store.row("t", "item-9#0") is None


def test_the_scenes_of_a_motion(folder: Path, store: Store) -> None:
    assert [scene.id for scene in store.scenes_of("item-2")] == ["room-0"]
    assert store.scenes_of("item-9") == []
    with pytest.raises(GalleryError, match="expected a motion of number 99, got none; is the file damaged"):
        store.placed("99@1")


def test_changes_since_a_generation(folder: Path) -> None:
    with Gallery.open(folder, FakeModel(DIM)) as gallery:
        gallery.remove(["item-1"])
    connection = connect(folder)
    store = Store(folder, connection, DIM)
    with store.snapshot():
        assert store.generation() == 3
        assert [key for part, _ in store.rows("m", since=1) for key in part] == ["item-3"]
        assert store.removed("m", 2) == ["item-1"] and store.removed("m", 3) == []
        assert store.removed("s", 0) == []  # item-2 keeps the room
        assert (store.changes("m", 1), store.changes("m", 2), store.changes("m", 3)) == (2, 1, 0)
    connection.close()


def test_a_snapshot_does_not_see_later_changes(folder: Path, store: Store) -> None:
    assert store.counts()["items"] == 3
    with Gallery.open(folder, FakeModel(DIM)) as gallery:
        gallery.add([item_of(7)])
    assert store.counts()["items"] == 3


def test_readers_cannot_write(folder: Path) -> None:
    connection = connect(folder)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("UPDATE state SET generation = 9")
    connection.close()
    connection = connect(folder, writable=True)
    connection.execute("UPDATE state SET generation = 9")
    connection.close()


def test_errors_name_the_database(tmp_path: Path, folder: Path, store: Store) -> None:
    with pytest.raises(GalleryError, match=f"{DATABASE}: expected the database of a gallery"):
        connect(tmp_path)
    (tmp_path / DATABASE).write_bytes(b"nothing of the kind" * 100)
    with pytest.raises(GalleryError, match=f"{DATABASE}: the gallery's database cannot be used"):
        connect(tmp_path)
    with pytest.raises(GalleryError, match="expected embeddings of width 7, got others"):
        Store(folder, store.connection, 7).row("m", "item-1")


def test_a_lone_surrogate_is_an_input_error(folder: Path) -> None:
    connection = connect(folder)
    with pytest.raises(InputError, match="lone surrogate"), Store(folder, connection, DIM).snapshot():
        connection.execute("SELECT * FROM entities WHERE text = ?", ("\ud83d",))
    connection.close()


def test_a_new_database_is_empty(tmp_path: Path) -> None:
    create_database(tmp_path)
    connection = connect(tmp_path)
    store = Store(tmp_path, connection, DIM)
    with store.snapshot():
        assert store.generation() == 0 and set(store.counts().values()) == {0}
        assert list(store.rows("m")) == []
    connection.close()
