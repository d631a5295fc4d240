import os
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from fakes import FakeModel, item_of, motion_of, scene_of, text_of

from monster.errors import FingerprintMismatch, GalleryError, InputError, MonsterError, TaskError
from monster.gallery import AddReport, Gallery
from monster.tasks import TASKS
from monster.types import Item, Query


@pytest.fixture
def gallery(tmp_path):
    with Gallery.create(tmp_path / "gallery", FakeModel()) as made:
        yield made


@pytest.fixture
def full(gallery):
    """Twelve items in four rooms; items 0 to 2 lie in room 0 and so on."""
    gallery.add([item_of(key, scene=key // 3, action="walk", key=key) for key in range(12)])
    return gallery


def query_of(kind: str, key: int) -> Query:
    values = {"text": text_of(key), "motion": motion_of(key), "scene": scene_of(key)}
    return Query(**{name: value for name, value in values.items() if name[0] in kind})


@pytest.mark.parametrize("task", TASKS, ids=str)
def test_all_twelve_tasks_find_the_matching_item(gallery, task):
    gallery.add(item_of(key) for key in range(40))
    for key in (0, 17, 39):
        hits = gallery.search_task(str(task), query_of(task.query, key), k=3)
        expected = {"t": f"item-{key}#0", "m": f"item-{key}", "s": f"room-{key}"}.get(task.target, f"item-{key}")
        assert [hit.rank for hit in hits] == [1, 2, 3]
        assert hits[0].id == expected and hits[0].kind == task.target and hits[0].items == (f"item-{key}",)
        assert hits[0].score > 0.95 > hits[1].score


def test_a_search_is_the_brute_force_search(full):
    model = FakeModel()
    query = Query(text=text_of(5), scene=scene_of(1))
    row = model.encode_pair(text=query.text, scene=query.scene)[0]
    cosines = {f"item-{key}": float(model.encode_motion(motion_of(key))[0] @ row) for key in range(12)}
    expected = sorted(cosines, key=lambda id: (-cosines[id], id))
    hits = full.search(query, "motion", k=12)
    assert [hit.id for hit in hits] == expected
    np.testing.assert_allclose([hit.score for hit in hits], [(1 + cosines[id]) / 2 for id in expected], atol=1e-6)


def test_a_shared_entity_is_stored_once(full):
    assert full.counts() == {"items": 12, "motions": 12, "scenes": 4, "captions": 12}
    hits = full.search(Query(text=text_of(2)), "scene", k=99)
    assert hits[0].id == "room-2" and len(hits) == 4
    assert hits[0].items == ("item-6", "item-7", "item-8")


def test_a_hit_has_the_metadata_common_to_its_items(full):
    assert full.search(Query(text=text_of(1)), "scene", k=1)[0].metadata == {"action": "walk"}
    assert full.search(Query(text=text_of(1)), "motion", k=1)[0].metadata == {"action": "walk", "key": 1}


def test_a_pair_target_finds_items_once_by_their_best_caption(gallery):
    gallery.add([item_of(1, captions=["walk to it", text_of(1), "go there"]), item_of(2, captions=["walk", "walk"])])
    hits = gallery.search(Query(motion=motion_of(1)), "text+scene", k=5)
    assert [hit.id for hit in hits] == ["item-1", "item-2"]
    assert hits[0].text == text_of(1) and hits[0].kind == "st" and hits[0].items == ("item-1",)


def test_many_captions_of_one_item_hide_no_other_item(gallery):
    crowd = item_of(1, captions=[f"a b c {n} d thing 1" for n in range(60)])
    gallery.add([crowd, item_of(2), item_of(3)])
    hits = gallery.search(Query(motion=motion_of(1)), "st", k=3)
    assert hits[0].id == "item-1" and {hit.id for hit in hits} == {"item-1", "item-2", "item-3"}


def test_search_within_one_modality(full):
    assert full.search(Query(motion=motion_of(4)), "motion", k=1)[0].id == "item-4"
    assert full.search(Query(text=text_of(4)), "t", k=1)[0].text == text_of(4)


def test_a_single_value_is_a_query(full):
    for value, query in ((text_of(4), Query(text=text_of(4))), (scene_of(1), Query(scene=scene_of(1)))):
        assert full.search(value, target="motion", k=3) == full.search(query, target="motion", k=3)
    assert full.search(motion_of(4), "motion", k=1)[0].id == "item-4"
    assert full.search_task("t2s", text_of(2), k=1)[0].id == "room-2"
    with pytest.raises(InputError, match="expected a query as Query, str, Motion or Scene, got int"):
        full.search(3, "motion")


def test_items_and_ids_of_another_type_are_refused(full):
    for wrong in (item_of(20), 3, [motion_of(20)]):
        with pytest.raises(InputError, match=r"expected .*items, got"):
            full.add(wrong)
    with pytest.raises(InputError, match="expected a collection of item ids, got int"):
        full.remove(3)
    assert len(full) == 12


@pytest.mark.parametrize(
    ("kind", "target"), [("t", "st"), ("st", "st"), ("ms", "m"), ("st", "text"), ("m", "motion+text")]
)
def test_a_target_that_overlaps_the_query_is_refused(full, kind, target):
    with pytest.raises(TaskError, match="overlaps the query"):
        full.search(query_of(kind, 1), target)


def test_a_task_needs_a_query_of_its_kind(full):
    with pytest.raises(TaskError, match="task st2m: expected a query of scene and text, got text"):
        full.search_task("st2m", Query(text="walk"))
    with pytest.raises(TaskError, match="unknown task"):
        full.search_task("t2x", Query(text="walk"))


@pytest.mark.parametrize("k", [0, -3, True, 2.5])
def test_k_counts_from_one(full, k):
    with pytest.raises(InputError, match="of at least 1, got"):
        full.search(Query(text="walk"), "motion", k)


def test_k_above_the_size_finds_all_and_an_empty_gallery_nothing(full, tmp_path):
    assert len(full.search(Query(text="walk"), "motion", 1000)) == 12
    with Gallery.create(tmp_path / "empty", FakeModel()) as empty:
        assert empty.search(Query(text="walk"), "motion+scene") == [] and len(empty) == 0


def test_items_come_back_with_their_originals(full):
    item = full.item("item-7")
    assert item.captions == (text_of(7),) and item.metadata == {"action": "walk", "key": 7}
    assert (item.motion_id, item.scene_id) == ("item-7", "room-2")
    assert np.array_equal(item.motion.joints, motion_of(7).joints) and item.motion.placed
    np.testing.assert_allclose(item.scene.points, scene_of(2).points, atol=5e-4)
    assert item.scene.labels == scene_of(2).labels
    assert full.caption("item-7#0") == text_of(7)


def test_items_may_hold_one_or_two_modalities(gallery):
    report = gallery.add([
        Item("m", motion_of(1)),
        Item("s", scene=scene_of(2)),
        Item("t", captions=("one", "two")),
        Item("mt", motion_of(3), captions=(text_of(3),)),
    ])  # fmt: skip
    assert report == AddReport(items=4, motions=2, scenes=1, captions=3)
    assert [hit.id for hit in gallery.search(Query(scene=scene_of(3)), "text+motion")] == ["mt"]
    assert gallery.search(Query(text="x"), "motion+scene") == []
    assert gallery.item("t").motion is None and gallery.item("s").captions == ()


def test_a_stored_original_is_not_encoded_again(full):
    full.model.encoded.clear()
    for query in (full.entity_query(motion_id="item-3"), full.entity_query(scene_id="room-1"), Query(text=text_of(3))):
        full.search(query, "mt" if query.scene else "scene", k=2)
    assert full.model.encoded == []
    query = full.entity_query(text=text_of(3), scene_id="room-1")
    assert (
        full.search(query, "motion", k=1)[0].id == full.search(Query(text_of(3), None, scene_of(1)), "motion", 1)[0].id
    )


def test_stored_embeddings_are_the_models(full):
    model = FakeModel()
    assert np.array_equal(full.embedding("m", "item-3"), model.encode_motion(motion_of(3))[0])
    assert np.array_equal(full.embedding("ms", "item-3"), model.encode_pair(motion=motion_of(3), scene=scene_of(1))[0])
    assert full.search_embedding(full.embedding("m", "item-3"), "motion", 1)[0].score == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("row", [np.ones(31), np.full(32, np.nan), np.ones((1, 32))])
def test_an_invalid_embedding_is_refused(full, row):
    with pytest.raises(InputError, match="finite embedding"):
        full.search_embedding(row, "motion")


def test_score_is_the_models(full):
    values = {"text": text_of(3), "motion": motion_of(3), "scene": scene_of(3)}
    assert full.score(**values) == FakeModel().score(**values)


@pytest.fixture
def framed(tmp_path):
    """A gallery of a model with frames: a walk in two rooms, a jump in one, a clip without a room."""
    with Gallery.create(tmp_path / "framed", FakeModel(apart=0.5)) as made:
        walk = motion_of(1)
        made.add([
            Item("a", walk, scene_of(1), (text_of(1),), motion_id="walk", scene_id="hall"),
            Item("b", walk, scene_of(2), ("walk",), motion_id="walk", scene_id="yard"),
            Item("c", motion_of(3), scene_of(3), (text_of(3),), motion_id="jump", scene_id="gym"),
            Item("clip", motion_of(4), captions=(text_of(4),)),
        ])  # fmt: skip
        yield made


def by_id(hits):
    return {hit.id: (pytest.approx(hit.score, abs=1e-6), hit.scene) for hit in hits}


def score_of(one, other):
    return (1 + float(one @ other)) / 2


def test_text_finds_motions_in_their_own_frame(framed):
    model, row = framed.model, framed.model.encode_text(text_of(1))[0]
    own = {"walk": motion_of(1), "jump": motion_of(3), "clip": motion_of(4)}
    rows = {id: model.encode_motion(motion)[0] for id, motion in own.items()}
    assert by_id(framed.search(text_of(1), "motion")) == {id: (score_of(row, m), None) for id, m in rows.items()}
    assert by_id(framed.search(motion_of(3), "motion"))["jump"] == (1.0, None)


@pytest.mark.parametrize("text", [None, text_of(3)])
def test_a_scene_finds_motions_in_the_frame_of_their_scene_and_clips_in_their_own(framed, text):
    model, query = framed.model, Query(text=text, scene=scene_of(3))
    row = framed.embed(query)
    jump = model.encode_items([item_of(3)])[0]["m@s"][0]
    clip = model.encode_motion(motion_of(4))[0]
    hits = by_id(framed.search(query, "motion"))
    assert hits["jump"] == (score_of(row, jump), "gym") and hits["clip"] == (score_of(row, clip), None)
    assert hits["walk"][1] in ("hall", "yard") and len(hits) == 3


def test_a_scene_finds_items_of_text_and_motion_in_the_frame_of_their_scene(framed):
    row, model = framed.embed(Query(scene=scene_of(3))), framed.model
    expected = model.encode_items([item_of(3)])[0]["mt@s"][0]
    clip = model.encode_pair(text=text_of(4), motion=motion_of(4))[0]
    for hits in (framed.search(scene_of(3), "motion+text"), framed.search_embedding(row, "mt")):
        assert by_id(hits)["c"] == (score_of(row, expected), "gym")
        assert by_id(hits)["clip"] == (score_of(row, clip), None)
    assert framed.search(text_of(3), "motion+scene", 1)[0].scene == "gym"


def test_a_motion_of_the_gallery_with_one_scene_is_in_its_frame_where_a_scene_is_searched(framed):
    model, jump = framed.model, framed.motion("jump")
    placed = model.encode_items([item_of(3)])[0]
    for target in ("scene", "text+scene"):
        np.testing.assert_allclose(framed.embed(Query(motion=jump), target), placed["m@s"][0], atol=1e-6)
    np.testing.assert_allclose(framed.embed(Query(text_of(3), jump), "scene"), placed["mt@s"][0], atol=1e-6)
    own = model.encode_motion(jump)[0]
    assert np.array_equal(framed.embed(Query(motion=jump), "text"), own)
    # In two scenes, in none of this gallery, or read from elsewhere: the frame of its scene is not known.
    for motion in (framed.motion("walk"), framed.motion("clip"), motion_of(3)):
        row = framed.embed(Query(motion=motion), "scene")
        assert np.array_equal(row, model.encode_motion(motion)[0])


def test_unknown_ids_are_named(full):
    for ask in (full.item, full.motion, full.scene, full.caption, lambda id: full.embedding("m", id)):
        with pytest.raises(TaskError, match="'nobody'"):
            ask("nobody")
    with pytest.raises(TaskError, match="unknown modality"):
        full.ids("smell")


def test_ids_and_membership(full):
    assert full.ids()[:2] == ["item-0", "item-1"] and full.ids("scene") == [f"room-{n}" for n in range(4)]
    assert full.ids("text")[0] == "item-0#0"
    assert "item-3" in full and "item-99" not in full and 3 not in full


def test_a_lone_surrogate_is_refused(full):
    with pytest.raises(InputError, match="lone surrogate"):
        full.item("\ud800")
    with pytest.raises(InputError, match="lone surrogate"):
        full.search(Query(text="walk \ud800"), "motion")


def test_reopened_it_is_the_same(full):
    query = Query(text=text_of(5), scene=scene_of(1))
    before = full.search(query, "motion", 12)
    full.close()
    with Gallery.open(full.folder, FakeModel()) as again:
        assert again.search(query, "motion", 12) == before
        assert again.counts()["items"] == 12 and again.fingerprint == "fa4e"
    with pytest.raises(GalleryError, match="closed"):
        full.counts()


def test_the_default_model_is_loaded_when_a_query_needs_it(full, monkeypatch):
    monkeypatch.setitem(sys.modules, "monster.model", SimpleNamespace(load=FakeModel))
    with Gallery.open(full.folder) as again:
        assert len(again) == 12
        assert again.search(Query(text="walk"), "motion", 1)[0].rank == 1
    monkeypatch.setitem(sys.modules, "monster.model", SimpleNamespace(load=lambda: FakeModel(fingerprint="bad0")))
    with Gallery.open(full.folder) as again, pytest.raises(FingerprintMismatch, match=r"fa4e.*bad0"):
        again.search(Query(text="walk"), "motion", 1)


def test_other_weights_are_refused_with_both_fingerprints(full):
    with pytest.raises(FingerprintMismatch, match=r"fa4e.*0b1e"):
        Gallery.open(full.folder, FakeModel(fingerprint="0b1e"))
    with pytest.raises(FingerprintMismatch):
        Gallery.open(full.folder, FakeModel(dim=16))


def test_a_gallery_needs_a_new_or_empty_folder(tmp_path):
    (tmp_path / "empty").mkdir()
    Gallery.create(tmp_path / "empty", FakeModel()).close()
    (tmp_path / "file").write_text("mine")
    for folder in (tmp_path, tmp_path / "empty", tmp_path / "file"):
        with pytest.raises(GalleryError, match="it is not empty"):
            Gallery.create(folder, FakeModel())
    with pytest.raises(GalleryError, match="cannot be written"):
        Gallery.create(tmp_path / "file" / "below", FakeModel())
    assert (tmp_path / "file").read_text() == "mine"


def cut(path):
    os.truncate(path, 500)


@pytest.mark.parametrize(
    ("name", "damage", "text"),
    [
        ("gallery.json", lambda path: path.unlink(), "expected a gallery .* got a folder without it"),
        ("gallery.json", lambda path: path.write_text("{"), "gallery.json: .* cannot be read"),
        ("gallery.json", lambda path: path.write_text('{"format": 9}'), "format 2 or older, got 9"),
        ("items.sqlite", lambda path: path.unlink(), "items.sqlite: .* no such file"),
        ("items.sqlite", lambda path: path.write_text("no database" * 100), "items.sqlite: .* cannot be used"),
        ("items.sqlite", cut, "items.sqlite: .* cannot be used"),
    ],
)
def test_a_corrupt_gallery_names_its_file(full, name, damage, text):
    full.close()
    damage(full.folder / name)
    with pytest.raises(GalleryError, match=text):
        Gallery.open(full.folder, FakeModel())


def test_a_corrupt_original_names_its_file(full):
    cut(full.folder / "scenes" / "00000002.npz")
    with pytest.raises(MonsterError, match=r"00000002\.npz"):
        full.scene("room-0")
