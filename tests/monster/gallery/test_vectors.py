import json

import numpy as np
import pytest
from fakes import FakeModel, item_of, text_of

from indexes import read_head
from monster.gallery import Gallery, vectors
from monster.gallery.vectors import item_of as item_of_key
from monster.types import Query


@pytest.fixture
def gallery_folder(tmp_path, monkeypatch):
    """A gallery of 30 items that saves its indexes from 10 changes on, closed."""
    monkeypatch.setattr(vectors, "_WORTH_SAVING", 10)
    with Gallery.create(tmp_path / "gallery", FakeModel()) as gallery:
        gallery.add(item_of(key, scene=key // 10) for key in range(30))
    return tmp_path / "gallery"


def found(folder, key=7, target="motion"):
    with Gallery.open(folder, FakeModel()) as gallery:
        return [hit.id for hit in gallery.search(Query(text=text_of(key)), target, 99)]


def test_indexes_are_saved_after_many_changes(gallery_folder):
    assert {path.name for path in (gallery_folder / "indexes").iterdir()} == {"t", "m", "m@s", "st", "mt@s", "ms"}
    assert (read_head(gallery_folder / "indexes" / "m").count, read_head(gallery_folder / "indexes" / "m").tag) == (
        30,
        "1",
    )


def test_a_saved_index_is_used_and_brought_up_to_date(gallery_folder, monkeypatch):
    with Gallery.open(gallery_folder, FakeModel()) as gallery:
        gallery.remove(["item-3"])
        gallery.add([item_of(40), item_of(3)])
    assert read_head(gallery_folder / "indexes" / "m").tag == "1"
    read = []
    monkeypatch.setattr(vectors.Store, "rows", spied(vectors.Store.rows, read))
    ids = found(gallery_folder)
    assert ids[0] == "item-7" and len(ids) == 31 and "item-40" in ids
    assert read == [("m", 1)]


def spied(rows, read):
    def spy(store, kind, since=0):
        read.append((kind, since))
        return rows(store, kind, since)

    return spy


def test_a_saved_index_is_replaced_when_much_has_changed(gallery_folder):
    with Gallery.open(gallery_folder, FakeModel()) as gallery:
        gallery.add(item_of(key) for key in range(40, 55))
    assert (read_head(gallery_folder / "indexes" / "m").count, read_head(gallery_folder / "indexes" / "m").tag) == (
        45,
        "2",
    )


def replace(**values):
    return lambda folder: (folder / "index.json").write_text(
        json.dumps({**json.loads((folder / "index.json").read_text()), **values})
    )


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "index.json").write_text("{"),
        lambda folder: (folder / "rows-1.npy").write_bytes(b"x"),
        replace(tag="99"),
        replace(tag="what"),
        lambda folder: (
            np.save(folder / "rows-1.npy", np.ones((29, 32), np.float32)),
            (folder / "ids-1.json").write_text(json.dumps([f"item-{n}" for n in range(29)])),
            replace(count=29)(folder),
        ),
    ],
)
def test_an_invalid_saved_index_is_rebuilt(gallery_folder, damage):
    whole = found(gallery_folder)
    damage(gallery_folder / "indexes" / "m")
    assert found(gallery_folder) == whole and len(whole) == 30


def test_a_change_is_kept_if_its_index_cannot_be_saved(gallery_folder, monkeypatch):
    def full(*values, **more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("indexes.storage._sync", full)
    monkeypatch.setattr("monster.gallery.files.write_head", full)
    with Gallery.open(gallery_folder, FakeModel()) as gallery:
        gallery.add(item_of(key) for key in range(40, 55))
    assert len(found(gallery_folder)) == 45


def test_keys_name_items():
    assert [item_of_key(kind, key) for kind, key in (("st", "a#b#3"), ("ms", "a#b"), ("t", "a#0"))] == [
        "a#b",
        "a#b",
        "a#0",
    ]
