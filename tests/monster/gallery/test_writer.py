import tempfile

import numpy as np
import pytest
from fakes import FakeModel, item_of, motion_of, scene_of, text_of
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from monster.errors import GalleryError, InputError, ModelError, TaskError
from monster.gallery import AddReport, Gallery, writer
from monster.gallery.files import writer_lock
from monster.gallery.store import Store, connect
from monster.types import Item, Query


@pytest.fixture
def gallery(tmp_path):
    with Gallery.create(tmp_path / "gallery", FakeModel()) as made:
        made.add([item_of(1, scene=0), item_of(2, scene=0)])
        yield made


def state(gallery):
    files = sorted(path.relative_to(gallery.folder) for path in gallery.folder.glob("*/*.npz"))
    hits = [gallery.search(Query(text="person"), target, 99) for target in ("motion", "scene", "ms")]
    return gallery.counts(), gallery.ids(), gallery.ids("text"), files, hits


class Wrong(FakeModel):
    """A model that makes something else of the item 9."""

    def __init__(self, change):
        super().__init__()
        self.change = change

    def encode_items(self, items, *, progress=None):
        made = super().encode_items(items, progress=progress)
        return [
            {**values, **self.change} if item.id == "item-9" else values
            for item, values in zip(items, made, strict=True)
        ]


def test_the_report_counts_what_is_new(gallery):
    counts = []
    report = gallery.add(
        (item_of(n, scene=n // 50) for n in range(10, 140)),
        progress=lambda done, total=None, stage="": counts.append(done),
    )
    assert report == AddReport(items=130, motions=130, scenes=2, captions=130)
    assert counts == [64, 128, 130]
    assert gallery.add([]) == AddReport()


@pytest.mark.parametrize(
    ("items", "error", "text"),
    [
        ([item_of(8), item_of(1)], InputError, "duplicate item id 'item-1'"),
        ([item_of(8), item_of(8)], InputError, "duplicate item id 'item-8'"),
        ([item_of(n + 100) for n in range(70)] + [item_of(100)], InputError, "'item-100'"),
        ([item_of(8), Item("x", scene=scene_of(5), scene_id="room-0")], InputError, "scene 'room-0' .* other values"),
        ([item_of(8), Item("x", motion_of(5), motion_id="item-1")], InputError, "motion 'item-1' .* other values"),
        ([item_of(8), item_of(9, when=object())], InputError, "'item-9': expected metadata that JSON can hold"),
        ([item_of(8), item_of(9, size=float("nan"))], InputError, "'item-9': expected metadata"),
    ],
)
def test_a_failed_add_changes_nothing(gallery, items, error, text):
    before = state(gallery)
    with pytest.raises(error, match=text):
        gallery.add(items)
    assert state(gallery) == before


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"m": np.full((1, 32), np.nan, np.float32)}, "embedding m of length 1, got nan"),
        ({"m": np.ones((1, 32), np.float32)}, "embedding m of length 1"),
        ({"s": np.ones((1, 31), np.float32)}, r"embedding s of shape \(32,\), got shape \(31,\)"),
        ({"ms": None}, "embedding ms .* got none"),
        ({"t": np.empty((0, 32), np.float32)}, "embedding t .* got none"),
        ({"st": None}, "embedding st"),
        ({"m@s": None}, "embedding m@s .* got none"),
        ({"mt@s": np.ones((1, 32), np.float32)}, "embedding mt@s of length 1"),
    ],
)
def test_invalid_embeddings_of_a_model_are_refused(gallery, change, text):
    before = state(gallery)
    with Gallery.open(gallery.folder, Wrong(change)) as other, pytest.raises(ModelError, match=f"'item-9': .*{text}"):
        other.add([item_of(8), item_of(9)])
    assert state(gallery) == before


def test_an_error_of_the_item_iterator_changes_nothing(gallery):
    def items():
        yield from (item_of(n) for n in range(10, 80))
        raise OSError("the cable fell out")

    before = state(gallery)
    with pytest.raises(OSError, match="cable"):
        gallery.add(items())
    assert state(gallery) == before


def test_removing_deletes_unshared_entities(gallery):
    gallery.remove(["item-1"])
    assert gallery.counts() == {"items": 1, "motions": 1, "scenes": 1, "captions": 1}
    assert gallery.search(Query(text=text_of(1)), "motion", 9)[0].id == "item-2"
    gallery.remove(["item-2"])
    assert set(gallery.counts().values()) == {0} and not list(gallery.folder.glob("*/*.npz"))


def test_a_motion_has_one_row_for_each_of_its_scenes(tmp_path):
    walk = motion_of(1)
    items = [
        Item("a", walk, scene_of(1), ("one",), motion_id="walk", scene_id="hall"),
        Item("b", walk, scene_of(1), ("two",), motion_id="walk", scene_id="hall"),
        Item("c", walk, scene_of(2), motion_id="walk", scene_id="yard"),
        Item("d", walk, motion_id="walk"),
    ]

    def places():
        connection = connect(gallery.folder)
        store = Store(gallery.folder, connection, 32)
        with store.snapshot():
            keys = [key for part, _ in store.rows("m@s") for key in part]
            scenes = [store.placed(key)[1] for key in keys]
        connection.close()
        return sorted(scene.id if scene else "alone" for scene in scenes)

    with Gallery.create(tmp_path / "shared", FakeModel()) as gallery:
        gallery.add(items)
        assert places() == ["alone", "hall", "yard"]
        gallery.remove(["a", "c"])
        assert places() == ["alone", "hall"]
        gallery.remove(["b", "d"])
        assert places() == [] and gallery.counts()["motions"] == 0


def test_removing_is_all_or_nothing(gallery):
    before = state(gallery)
    with pytest.raises(TaskError, match="unknown item 'nobody'"):
        gallery.remove(["item-1", "nobody"])
    with pytest.raises(InputError, match="collection of item ids"):
        gallery.remove("item-1")
    assert state(gallery) == before


def test_a_shared_caption_is_kept_when_its_first_item_is_removed(gallery):
    gallery.add([Item("a", captions=("walk", "run")), Item("b", captions=("walk",))])
    gallery.remove(["a"])
    assert gallery.caption("a#0") == "walk" and gallery.search(Query(text="walk"), "text", 1)[0].items == ("b",)
    gallery.add([Item("a", captions=("jump", "hop"))])
    assert [gallery.caption(id) for id in ("a#0", "a#1", "a#2")] == ["walk", "jump", "hop"]
    assert gallery.item("a").captions == ("jump", "hop")


def test_items_of_a_gallery_can_be_added_to_another(gallery, tmp_path):
    with Gallery.create(tmp_path / "copy", FakeModel()) as copy:
        copy.add([gallery.item("item-1")])
        copy.add([gallery.item("item-2")])
        assert state(copy)[:3] == state(gallery)[:3]


def test_there_is_one_writer(gallery):
    before = state(gallery)
    with writer_lock(gallery.folder):
        for act in (lambda: gallery.add([item_of(8)]), lambda: gallery.remove(["item-1"])):
            with pytest.raises(GalleryError, match=r"another writer \(process \d+\)"):
                act()
    assert state(gallery) == before
    gallery.add([item_of(8)])


def test_a_full_disk_changes_nothing(gallery, monkeypatch):
    def full(path, motion):
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    before = state(gallery)
    monkeypatch.setattr("monster.gallery.writer.save_motion", full)
    with pytest.raises(GalleryError, match=r"cannot be changed .*No space left"):
        gallery.add([item_of(8)])
    assert state(gallery) == before


KEYS = st.integers(0, 9)


class Shelf(RuleBasedStateMachine):
    """Whatever is added and removed, a gallery holds what a dict would, and finds it."""

    def __init__(self):
        super().__init__()

        self.place = tempfile.TemporaryDirectory()
        self.gallery = Gallery.create(f"{self.place.name}/gallery", FakeModel())
        self.reader = Gallery.open(self.gallery.folder, FakeModel())
        self.items = {}

    def teardown(self):
        self.gallery.close()
        self.reader.close()
        self.place.cleanup()

    @rule(keys=st.lists(KEYS, max_size=3), captions=st.integers(0, 2))
    def add(self, keys, captions):
        texts = [f"word{n} thing {n}" for n in range(captions)]
        items = [item_of(key, scene=key // 4, captions=texts) for key in keys]
        if len(set(keys)) < len(keys) or any(item.id in self.items for item in items):
            with pytest.raises(InputError):
                self.gallery.add(items)
        else:
            self.gallery.add(items)
            self.items.update((item.id, item) for item in items)

    @precondition(lambda self: self.items)
    @rule(data=st.data())
    def remove(self, data):
        gone = data.draw(st.sets(st.sampled_from(sorted(self.items)), min_size=1))
        self.gallery.remove(gone)
        for id in gone:
            del self.items[id]

    @rule()
    def reopen(self):
        self.reader.close()
        self.reader = Gallery.open(self.gallery.folder, FakeModel())

    @rule(key=KEYS, wanted=st.sampled_from(["motion", "scene", "ms"]))
    def search(self, key, wanted):
        model, row = FakeModel(), FakeModel().encode_text(text_of(key))[0]
        made = {"motion": {}, "scene": {}, "ms": {}}
        for item in self.items.values():
            values = model.encode_items([item])[0]
            made["motion"][item.motion_id] = values["m"][0]
            made["scene"][item.scene_id] = values["s"][0]
            made["ms"][item.id] = values["ms"][0]
        expected = {id: (1 + float(values @ row)) / 2 for id, values in made[wanted].items()}
        for gallery in (self.gallery, self.reader):
            hits = gallery.search(Query(text=text_of(key)), wanted, 99)
            assert {hit.id: pytest.approx(hit.score, abs=1e-6) for hit in hits} == expected
            assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)

    @invariant()
    def holds_what_the_dict_holds(self):
        captions = {text for item in self.items.values() for text in item.captions}
        scenes = {item.scene_id for item in self.items.values()}
        for gallery in (self.gallery, self.reader):
            assert sorted(gallery.ids()) == sorted(self.items)
            assert {gallery.caption(id) for id in gallery.ids("text")} == captions
            assert set(gallery.ids("scene")) == scenes
        assert len(list(self.gallery.folder.glob("*/*.npz"))) == len(self.items) + len(scenes)


Shelf.TestCase.settings = settings(max_examples=25, stateful_step_count=15, deadline=None)
test_shelf = Shelf.TestCase


def test_a_scene_that_items_share_is_hashed_once(gallery, monkeypatch):
    hashed = []
    digest = writer._digest
    monkeypatch.setattr(writer, "_digest", lambda value: hashed.append(value) or digest(value))
    scene = scene_of(3)
    items = [Item(f"new-{number}", motion_of(number), scene, scene_id="shared") for number in range(4)]
    gallery.add(items)
    assert sum(value is scene for value in hashed) == 1
