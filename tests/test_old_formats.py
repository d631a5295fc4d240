"""Weights, corpora and galleries of earlier versions open as before (``tests/data/format-1.zip``)."""

from __future__ import annotations

import json
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from fakes import FakeModel, item_of, motion_of, scene_of, text_of

import monster
from monster.checkpoints import load_weights
from worlds.audit.audit import audit

ARCHIVE = Path(__file__).parent / "data" / "format-1.zip"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The files of version 0.1.0: weights.safetensors, corpus, gallery, and embeddings.json by those weights."""
    with ZipFile(ARCHIVE) as archive:
        archive.extractall(tmp_path)
    return tmp_path


def test_old_weights_give_the_same_embeddings(old: Path) -> None:
    expected = json.loads((old / "embeddings.json").read_text(encoding="utf-8"))
    model = monster.load(old / "weights.safetensors")
    assert model.fingerprint == expected["fingerprint"]
    assert model.categories == ("bed", "chair", "table")
    assert load_weights(old / "weights.safetensors")[1].notes == {"steps": 3}
    found = {
        "m": model.encode_motion([motion_of(1), motion_of(2)]),
        "s": model.encode_scene([scene_of(1), scene_of(4)]),
        "ms": model.encode_pair(motion=motion_of(1), scene=scene_of(1)),
    }
    for kind, rows in found.items():
        np.testing.assert_allclose(rows, expected[kind], atol=1e-6, err_msg=kind)


def test_an_old_corpus_opens_and_its_claims_are_still_proven(old: Path) -> None:
    corpus = monster.Corpus.open(old / "corpus")
    assert corpus.info["name"] == "generated rooms, seed 4"
    items = list(corpus.items())
    assert sorted(item.id for item in items) == ["room-00000-00", "room-00000-01"]
    for item in items:
        assert item.kinds == ("t", "m", "s", "st", "mt", "ms")
        assert len(item.captions) == 4 and item.motion is not None and item.motion.placed
        assert item.scene is not None and "cabinet" in (item.scene.labels or {}).values()
    first = next(item for item in items if item.id == "room-00000-01")
    assert first.captions[2].startswith("knocking at the cabinet next to the clock")
    checked = audit(corpus, workers=1)
    assert checked.claims == 8
    # The points of the scene were thinned out to keep the archive small; nothing else is wrong.
    assert set(checked.counts) == {"scene-few-points", "scene-few-points-an-object"}


def test_an_old_gallery_answers_as_before_and_takes_new_items(old: Path) -> None:
    with monster.Gallery.open(old / "gallery", FakeModel()) as gallery:
        assert gallery.counts() == {"items": 3, "motions": 3, "scenes": 2, "captions": 4}
        hits = gallery.search(monster.Query(text=text_of(1)), "motion", 3)
        assert [hit.id for hit in hits] == ["item-1", "item-2", "item-3"]
        assert [hit.score for hit in hits] == pytest.approx([0.9875457, 0.4919642, 0.4799641], abs=1e-6)
        item = gallery.item("item-3")
        assert item.captions == ("wave", text_of(3)) and item.metadata == {"action": "wave"}
        assert item.motion is not None and np.array_equal(item.motion.joints, motion_of(3).joints)
        hits = gallery.search(monster.Query(scene=scene_of(2)), "motion", 3)
        assert {hit.id for hit in hits} == {"item-1", "item-2", "item-3"} and {hit.scene for hit in hits} == {None}
        assert len(gallery.search(monster.Query(scene=scene_of(2)), "text+motion", 3)) == 3
        assert gallery.search(monster.Query(motion=gallery.motion("item-1")), "scene", 1)
        gallery.add([item_of(4, scene=2)])
        gallery.remove(["item-1"])
        assert json.loads((old / "gallery" / "gallery.json").read_text())["format"] == 1
        assert gallery.search(monster.Query(scene=scene_of(4)), "motion", 1)[0].id == "item-4"
        assert gallery.counts() == {"items": 3, "motions": 3, "scenes": 1, "captions": 4}
