"""A prepared corpus holds what the corpus holds: joints, captions, objects, splits, and what a caption fits."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from fakes import motion_of, scene_of
from tiny_corpus import POINTS, own_corpus, told

from monster.corpus.joined import JoinedCorpus
from monster.corpus.storage import SPLITS, Corpus
from monster.errors import CorpusError
from monster.text import TextTower
from monster.training.preparation import prepare
from monster.training.prepared import FILE, Prepared
from monster.types import Motion, Scene
from worlds.checker.claims import is_true
from worlds.corpus_checker import WorldsChecker, is_scene_free
from worlds.generate import generate


def test_every_item_keeps_its_motion_scene_captions_and_split(rooms: Corpus, prepared: Prepared) -> None:
    captions = sorted({caption for record in told(rooms) for caption in record.captions})
    assert prepared.meta["items"] == [record.id for record in rooms.records]
    for row, record in enumerate(told(rooms)):
        joints = prepared.part("joints", int(prepared["item_motion"][row])).numpy() / 1000
        np.testing.assert_allclose(joints, rooms.motion(str(record.motion)).joints, atol=6e-4)
        assert [captions[i] for i in prepared.part("item_captions", row).tolist()] == list(record.captions)
        assert SPLITS[int(prepared["split"][row])] == record.split
    assert prepared.ids([0, 3]) == [told(rooms)[0].id, told(rooms)[3].id]


def test_objects_have_the_boxes_and_labels_of_the_scene(rooms: Corpus, prepared: Prepared) -> None:
    for row, record in enumerate(told(rooms)):
        scene = int(prepared["item_scene"][row])
        things = rooms.scene(str(record.scene)).objects()
        boxes, classes = prepared.part("boxes", scene), prepared.part("classes", scene)
        np.testing.assert_allclose(boxes.numpy(), np.stack([thing.box for thing in things]), atol=1e-6)
        assert [prepared.categories[i] for i in classes.tolist()] == [thing.label for thing in things]
        reach = prepared.part("points", scene).float()[..., :3].norm(dim=-1).amax(dim=1)
        assert torch.allclose(reach, torch.ones(len(things)), atol=2e-3)


def test_token_states_are_those_of_the_tower(rooms: Corpus, prepared: Prepared, tower: TextTower) -> None:
    captions = sorted({caption for record in told(rooms) for caption in record.captions})
    exact = tower.tokens(captions)
    for row in range(len(captions)):
        stored, wanted = prepared.part("tokens", row).float(), torch.from_numpy(exact.states[row][exact.mask[row]])
        assert stored.shape == wanted.shape
        assert torch.cosine_similarity(stored, wanted).min() > 0.999
    assert torch.equal(prepared["class_vectors"], torch.from_numpy(tower.sentences(prepared.categories)))


def test_captions_without_objects_are_told_apart_by_what_they_say(rooms: Corpus, prepared: Prepared) -> None:
    """By the checker, pair by pair: no motion that a bare caption is true of may count as its negative."""
    numbers = {c: i for i, c in enumerate(sorted({c for record in told(rooms) for c in record.captions}))}
    bare, checker = 0, WorldsChecker.of(rooms)
    for record in told(rooms):
        for caption, claim in zip(record.captions, checker.claims(record), strict=True):
            number = int(prepared["signature"][numbers[caption]])
            assert (number < 0) == (not is_scene_free(claim))
            assert bool(prepared["caption_bare"][numbers[caption]]) == (number >= 0)
            for row, other in enumerate(told(rooms) if number >= 0 else ()):
                true = is_true(claim, checker.floor_plans[str(other.scene)], rooms.motion(str(other.motion)).joints)
                assert bool(prepared["compatible_of"][row, number]) == true, (caption, other.id)
                bare += 1
    assert bare > 50


def test_equal_plans_are_equal_deeds_in_one_room(rooms: Corpus, prepared: Prepared) -> None:
    keys = [repr((r.scene, r.metadata["action"], r.metadata["targets"])) for r in told(rooms)]
    plan = prepared["item_plan"].tolist()
    for i, one in enumerate(keys):
        for j, other in enumerate(keys):
            assert (plan[i] == plan[j]) == (one == other)


def test_splits_have_no_room_in_common(prepared: Prepared) -> None:
    scenes = [set(prepared["item_scene"][prepared.rows(split)].tolist()) for split in range(3)]
    assert scenes[0] and scenes[2]
    assert not scenes[0] & scenes[2] and not scenes[0] & scenes[1]


WHOLE = {"id": "a", "motion": "m", "scene": "s", "captions": ["someone walks"], "split": "train"}


def test_a_corpus_that_was_not_generated_has_no_bare_captions(tmp_path: Path, tower: TextTower) -> None:
    lone = {"id": "b", "motion": "m", "scene": None, "captions": ["walking", "someone walks"], "split": "train"}
    corpus = own_corpus(tmp_path / "c", [WHOLE, lone, {**WHOLE, "id": "c", "captions": []}], motion_of(1), scene_of(1))
    made = prepare(corpus, tmp_path / "p", tower=tower, points=8)
    assert not made["caption_bare"].any() and not made["compatible_of"].any()
    assert made.rows(0).tolist() == [0] and made.meta["items"] == ["a", "b", "c"]
    assert made["item_plan"].tolist() == [0, 1, 2]


def test_corpora_joined_are_prepared_as_one(
    rooms: Corpus, prepared: Prepared, tmp_path: Path, tower: TextTower
) -> None:
    """What the checker knows of captions without objects holds for the motions of the other generated corpus too."""
    other = generate(tmp_path / "other", rooms=1, items=2, seed=5, workers=1)
    joined = JoinedCorpus([rooms, other])
    made = prepare(joined, tmp_path / "p", tower=tower, points=POINTS)
    count = len(rooms)
    assert made.meta["items"] == [record.id for record in joined.records]
    assert made.meta["corpus"] == joined.info  # by which a run that goes on knows its corpora
    assert int(made["item_scene"].max()) == int(prepared["item_scene"].max()) + 1
    for row in range(count):
        for name, own in (("joints", "item_motion"), ("boxes", "item_scene")):
            assert torch.equal(made.part(name, int(made[own][row])), prepared.part(name, int(prepared[own][row])))
    captions = {c: i for i, c in enumerate(sorted({c for record in told(joined) for c in record.captions}))}
    held, checker = 0, WorldsChecker.of(other)
    for record in told(joined):
        for caption, claim in zip(record.captions, checker.claims(record), strict=True):
            number = int(made["signature"][captions[caption]])
            for row, item in enumerate(told(other) if number >= 0 and record.id.startswith("0/") else ()):
                true = is_true(claim, checker.floor_plans[str(item.scene)], other.motion(str(item.motion)).joints)
                assert bool(made["compatible_of"][count + row, number]) == true
                held += 1
    assert held > 10


@pytest.mark.parametrize(
    ("record", "motion", "scene", "word"),
    [
        ({**WHOLE, "captions": [], "motion": None, "scene": None}, motion_of(1), scene_of(1), "neither motion, scene"),
        ({**WHOLE, "motion": "other"}, motion_of(1), scene_of(1), "got none that is whole: .*other.npz"),
        (WHOLE, motion_of(400), scene_of(1), "motion m: expected joints within 32.767 m"),
        (WHOLE, motion_of(1), Scene(scene_of(1).points, instances=np.full(64, -1)), "s.npz: expected a scene with obj"),
    ],
)
def test_what_cannot_be_prepared_is_named(
    tmp_path: Path, tower: TextTower, record: dict[str, object], motion: Motion, scene: Scene, word: str
) -> None:
    with pytest.raises(CorpusError, match=word):
        prepare(own_corpus(tmp_path / "c", [record], motion, scene), tmp_path / "p", tower=tower)
    assert not (tmp_path / "p" / FILE).exists()


def test_the_same_corpus_gives_the_same_bytes(rooms: Corpus, tower: TextTower, tmp_path: Path) -> None:
    copy = shutil.copytree(rooms.folder, tmp_path / "copy")
    said: set[str] = set()
    for name, corpus in (("one", rooms), ("two", Corpus.open(copy))):
        prepare(
            corpus, tmp_path / name, tower=tower, points=16, progress=lambda done, total=None, stage="": said.add(stage)
        )
    assert (tmp_path / "one" / FILE).read_bytes() == (tmp_path / "two" / FILE).read_bytes()
    assert (tmp_path / "one" / FILE).stat().st_mode & 0o444 == 0o444
    assert said == {"items", "motions", "captions", "claims"}


def test_a_broken_item_is_left_out_by_name_and_the_others_are_prepared(tmp_path: Path, tower: TextTower) -> None:
    records = [WHOLE, {**WHOLE, "id": "b", "motion": "gone"}, {**WHOLE, "id": "c", "captions": ["x", "y"]}]
    corpus = own_corpus(tmp_path / "c", records, motion_of(1), scene_of(1))
    made = prepare(corpus, tmp_path / "p", tower=tower, points=8)
    assert made.meta["items"] == ["a", "c"] and [item for item, _ in made.left_out] == ["b"]
    assert "gone.npz" in made.left_out[0][1]


def test_what_is_held_out_of_training_is_left_out(tmp_path: Path, tower: TextTower) -> None:
    negatives = [
        {"kind": "other verb", "caption": "someone runs", "of_motion": True},
        {"kind": "another order", "caption": "the chair, then the lamp"},
        {"kind": "secret", "caption": "never seen", "held_out": True},
        {"kind": "shifted", "by": [1.0, 2.0]},
        {"kind": "turned", "about": [0.0, 0.0], "angle": 1.0, "held_out": True},
    ]
    told = {"captions": ["someone walks", "hidden"], "held_out": [False, True], "patterns": ["x/1", "x/2"]}
    record = {**WHOLE, **told, "counterfactuals": negatives}
    corpus = own_corpus(tmp_path / "c", [record], motion_of(1), scene_of(1))
    made = prepare(corpus, tmp_path / "p", tower=tower, points=8)
    assert len(made["caption_bare"]) == 3  # "someone walks" and two hard negatives
    assert made.part("negative_captions", 0).tolist() == [1, 2]
    kinds = [made.negative_kinds[kind] for kind in made["negative_kind"].tolist()]
    assert kinds == ["other verb", "another order"]
    assert made["negative_of_motion"].tolist() == [True, False]
    torch.testing.assert_close(made.part("motion_edits", 0), torch.tensor([[1.0, 0, 0, 0, 1, 2]]))
