"""A prepared corpus holds what the corpus holds: joints, captions, objects, splits, and what a caption fits."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from fakes import motion_of, scene_of
from tiny_corpus import POINTS, own_corpus, training_items

from monster.corpus.joined import JoinedCorpus
from monster.corpus.storage import SPLITS, Corpus, ItemRecord
from monster.errors import CorpusError
from monster.frames import scene_origin
from monster.text import TextTower
from monster.training.preparation import names_one_side, prepare
from monster.training.prepared import FILE, Prepared
from monster.types import Motion, Scene
from worlds.checker.claims import is_true
from worlds.corpus_checker import WorldsChecker, is_scene_free
from worlds.generate import generate


def row_numbers(records: list[ItemRecord]) -> dict[str, int]:
    """The rows of the captions in the prepared corpus."""
    return {caption: row for row, caption in enumerate(sorted({c for each in records for c in each.captions}))}


def test_every_item_keeps_its_motion_scene_captions_and_split(rooms: Corpus, prepared: Prepared) -> None:
    records, motions = training_items(rooms)
    rows = row_numbers(records)
    assert prepared.meta["items"] == [record.id for record in records] and len(records) > len(rooms)
    for item, record in enumerate(records):
        motion = int(prepared["item_motion"][item])
        joints = prepared.part("joints", motion).numpy() / 1000 + prepared["motion_start"][motion].numpy()
        np.testing.assert_allclose(joints, motions.joints(str(record.motion)), atol=6e-4)
        assert prepared.part("item_captions", item).tolist() == [rows[caption] for caption in record.captions]
        assert SPLITS[int(prepared["split"][item])] == record.split
    assert prepared.ids([0, 3]) == [records[0].id, records[3].id]


def test_objects_have_the_boxes_and_labels_of_the_scene(rooms: Corpus, prepared: Prepared) -> None:
    in_file = prepared.in_file_coordinates()
    for item, record in enumerate(training_items(rooms, crops=0)[0]):
        scene = int(prepared["item_scene"][item])
        objects = rooms.scene(str(record.scene)).objects()
        boxes = np.stack([object_.box for object_ in objects])
        np.testing.assert_allclose(in_file.part("boxes", scene).numpy(), boxes, atol=1e-5)
        boxes[:, :3] -= scene_origin(rooms.scene(str(record.scene)).points)
        np.testing.assert_allclose(prepared.part("boxes", scene).numpy(), boxes, atol=1e-5)
        classes = prepared.part("classes", scene).tolist()
        assert [prepared.categories[row] for row in classes] == [object_.label for object_ in objects]
        reach = prepared.part("points", scene).float()[..., :3].norm(dim=-1).amax(dim=1)
        assert torch.allclose(reach, torch.ones(len(objects)), atol=2e-3)
    assert not in_file["scene_origin"].any() and prepared["scene_origin"].any()


def test_token_states_are_those_of_the_tower(rooms: Corpus, prepared: Prepared, tower: TextTower) -> None:
    captions = list(row_numbers(training_items(rooms)[0]))
    exact = tower.tokens(captions)
    for row in range(len(captions)):
        stored = prepared.part("tokens", row).float()
        expected = torch.from_numpy(exact.states[row][exact.mask[row]])
        assert stored.shape == expected.shape
        assert torch.cosine_similarity(stored, expected).min() > 0.999
    assert torch.equal(prepared["class_vectors"], torch.from_numpy(tower.sentences(prepared.categories)))


def test_scene_free_captions_are_true_of_the_motions_that_the_checker_proves(rooms: Corpus, prepared: Prepared) -> None:
    """Pair by pair: no motion that a scene-free caption is true of counts as its negative."""
    (records, motions), checker = training_items(rooms), WorldsChecker.of(rooms)
    rows, compared = row_numbers(records), 0
    for record in records:
        for caption, claim in zip(record.captions, checker.claims(record), strict=True):
            signature = int(prepared["signature"][rows[caption]])
            assert (signature >= 0) == is_scene_free(claim)
            assert bool(prepared["scene_free"][rows[caption]]) == is_scene_free(claim)
            assert bool(prepared["has_claim"][rows[caption]])
            for item, other in enumerate(records if signature >= 0 else ()):
                floor_plan = checker.floor_plans[str(other.scene)]
                expected = is_true(claim, floor_plan, motions.joints(str(other.motion)))
                assert bool(prepared["true_of"][item, signature]) == expected, (caption, other.id)
                compared += 1
    assert compared > 50


def test_items_have_the_same_actions_if_scene_actions_and_targets_are_equal(rooms: Corpus, prepared: Prepared) -> None:
    records = training_items(rooms)[0]
    keys = [repr((r.scene, r.metadata["action"], r.metadata["targets"])) for r in records]
    actions = prepared["item_actions"].tolist()
    for i, one in enumerate(keys):
        for j, other in enumerate(keys):
            assert (actions[i] == actions[j]) == (one == other)


def test_splits_have_no_room_in_common(prepared: Prepared) -> None:
    scenes = [set(prepared["item_scene"][prepared.rows(split)].tolist()) for split in range(3)]
    assert scenes[0] and scenes[2]
    assert not scenes[0] & scenes[2] and not scenes[0] & scenes[1]


@pytest.mark.parametrize(
    ("caption", "expected"),
    [
        ("a person waves the Left hand", True),
        ("turns right", True),
        ("steps left, then right", False),
        ("is bright", False),
        ("", False),
    ],
)
def test_a_caption_names_a_side_if_it_says_left_or_right_and_not_both(caption: str, expected: bool) -> None:
    assert names_one_side(caption) == expected


FAR = Motion(motion_of(1).joints + np.linspace(0, 40, 8, dtype=np.float32)[:, None, None], placed=True)
WHOLE = {"id": "a", "motion": "m", "scene": "s", "captions": ["someone walks"], "split": "train"}


def test_a_corpus_without_a_checker_has_no_scene_free_captions(tmp_path: Path, tower: TextTower) -> None:
    lone = {"id": "b", "motion": "m", "scene": None, "captions": ["walking", "someone walks"], "split": "train"}
    corpus = own_corpus(tmp_path / "c", [WHOLE, lone, {**WHOLE, "id": "c", "captions": []}], motion_of(1), scene_of(1))
    made = prepare(corpus, tmp_path / "p", tower=tower, points=8)
    for name in ("scene_free", "true_of", "has_claim", "names_side"):
        assert not made[name].any()
    assert made.rows(0).tolist() == [0] and made.meta["items"] == ["a", "b", "c"]
    assert made["item_actions"].tolist() == [0, 1, 2]


def test_joined_corpora_are_prepared_as_one(
    rooms: Corpus, prepared: Prepared, tmp_path: Path, tower: TextTower
) -> None:
    """What the checker knows of scene-free captions also holds for the motions of the other generated corpus."""
    other = generate(tmp_path / "other", rooms=1, items=2, seed=5, workers=1)
    joined = JoinedCorpus([rooms, other])
    made = prepare(joined, tmp_path / "p", tower=tower, points=POINTS, crops=0)
    count = len(rooms)
    records, _ = training_items(joined, crops=0)
    assert made.meta["items"] == [record.id for record in records]
    assert made.meta["corpus"] == joined.info  # a resumed run compares it
    assert int(made["item_scene"].max()) == int(prepared["item_scene"].max()) + 1
    for item in range(count):
        for name, rows in (("joints", "item_motion"), ("boxes", "item_scene")):
            assert torch.equal(made.part(name, int(made[rows][item])), prepared.part(name, int(prepared[rows][item])))
    captions, checker = row_numbers(records), WorldsChecker.of(other)
    compared = 0
    for record in records[:count]:
        for caption, claim in zip(record.captions, checker.claims(record), strict=True):
            signature = int(made["signature"][captions[caption]])
            for item in range(count, len(records) if signature >= 0 else 0):
                item_record = other.records[item - count]
                joints = other.motion(str(item_record.motion)).joints
                expected = is_true(claim, checker.floor_plans[str(item_record.scene)], joints)
                assert bool(made["true_of"][item, signature]) == expected
                compared += 1
    assert compared > 10


@pytest.mark.parametrize(
    ("record", "motion", "scene", "word"),
    [
        ({**WHOLE, "captions": [], "motion": None, "scene": None}, motion_of(1), scene_of(1), "neither motion, scene"),
        ({**WHOLE, "motion": "other"}, motion_of(1), scene_of(1), "got none that is whole: .*other.npz"),
        (WHOLE, FAR, scene_of(1), "motion m: expected joints within 32.767 m of its start"),
        (WHOLE, motion_of(1), Scene(scene_of(1).points, instances=np.full(64, -1)), "s.npz: expected a scene with obj"),
    ],
)
def test_what_cannot_be_prepared_is_named(
    tmp_path: Path, tower: TextTower, record: dict[str, object], motion: Motion, scene: Scene, word: str
) -> None:
    with pytest.raises(CorpusError, match=word):
        prepare(own_corpus(tmp_path / "c", [record], motion, scene), tmp_path / "p", tower=tower)
    assert not (tmp_path / "p" / FILE).exists()


def test_the_same_corpus_gives_the_same_bytes(
    rooms: Corpus, prepared_folder: Path, tower: TextTower, tmp_path: Path
) -> None:
    copy = Corpus.open(shutil.copytree(rooms.folder, tmp_path / "copy"))
    stages: set[str] = set()

    def progress(done: int, total: int | None = None, stage: str = "") -> None:
        stages.add(stage)

    prepare(copy, tmp_path / "again", tower=tower, points=POINTS, progress=progress)
    assert (tmp_path / "again" / FILE).read_bytes() == (prepared_folder / FILE).read_bytes()
    assert (tmp_path / "again" / FILE).stat().st_mode & 0o444 == 0o444
    assert stages == {"items", "crops", "motions", "captions", "claims"}


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
    captions = {"captions": ["someone walks", "hidden"], "held_out": [False, True], "patterns": ["x/1", "x/2"]}
    record = {**WHOLE, **captions, "counterfactuals": negatives}
    corpus = own_corpus(tmp_path / "c", [record], motion_of(1), scene_of(1))
    made = prepare(corpus, tmp_path / "p", tower=tower, points=8)
    assert len(made["scene_free"]) == 3  # "someone walks" and two hard negatives
    assert made.part("negative_captions", 0).tolist() == [1, 2]
    kinds = [made.negative_kinds[kind] for kind in made["negative_kind"].tolist()]
    assert kinds == ["other verb", "another order"]
    assert made["negative_of_motion"].tolist() == [True, False]
    torch.testing.assert_close(made.part("motion_edits", 0), torch.tensor([[1.0, 0, 0, 0, 1, 2]]))
