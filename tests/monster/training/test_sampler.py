"""Batches hold what the prepared corpus holds, turned and shifted exactly, and say rightly what is no negative."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from tiny_corpus import told

from monster.corpus.storage import Corpus
from monster.errors import CorpusError
from monster.training.augment import quarter_rotation
from monster.training.dataset import SampleSpec, TrainingBatch
from monster.training.prepared import Prepared
from monster.training.sampler import BatchSettings, RoomBatchSampler
from worlds.checker.claims import is_true
from worlds.corpus_checker import WorldsChecker, is_scene_free

PLAIN = BatchSettings(rooms=2, items_per_room=3, shift=0.0, rotate=False)


def sampler(prepared: Prepared, settings: BatchSettings = PLAIN, *, split: int = 0) -> RoomBatchSampler:
    """Draws from the prepared corpus; an object's features tell its row and the turn."""
    count = len(prepared["boxes"])
    features = torch.stack([torch.arange(count).float(), torch.zeros(count)], dim=-1).repeat(4, 1, 1)
    features[..., 1] = torch.arange(4.0)[:, None]
    return RoomBatchSampler(prepared, features, settings, split=split)


def equal(one: TrainingBatch, other: TrainingBatch) -> bool:
    """Whether two batches hold the same values."""
    assert one.text and other.text and one.motion and other.motion and one.scene and other.scene
    pairs = [(one.room, other.room), (one.relations.text_true, other.relations.text_true)]
    pairs += [(one.text.tokens, other.text.tokens), (one.motion.joints, other.motion.joints)]
    pairs += [(one.scene.boxes, other.scene.boxes)]
    return all(a.shape == b.shape and torch.equal(a, b) for a, b in pairs) and list(one.items) == list(other.items)


def test_a_batch_holds_its_items_with_their_rooms(rooms: Corpus, prepared: Prepared) -> None:
    drawn = sampler(prepared).draw(np.random.default_rng(0))
    assert len(drawn.items) == 6 and drawn.scene.mask.shape[0] == 2
    for place, item in enumerate(drawn.items):
        record = told(rooms)[item]
        joints = drawn.motion.joints[place][drawn.motion.mask[place]]
        np.testing.assert_allclose(joints.numpy(), rooms.motion(str(record.motion)).joints, atol=6e-4)
        room = int(drawn.room[place])
        things = rooms.scene(str(record.scene)).objects()
        boxes = drawn.scene.boxes[room][drawn.scene.mask[room]]
        np.testing.assert_allclose(boxes.numpy(), np.stack([thing.box for thing in things]), atol=1e-5)
        tokens = drawn.text.tokens[place][drawn.text.mask[place]]
        own = [prepared.part("tokens", row).float() for row in prepared.part("item_captions", int(item)).tolist()]
        assert any(tokens.shape == states.shape and torch.equal(tokens, states) for states in own)


@pytest.mark.parametrize("turn", range(4))
def test_body_boxes_and_features_of_a_room_turn_together(prepared: Prepared, turn: int) -> None:
    """What a body stands next to, it stands next to after the turn: offsets turn, lengths stay."""
    made = sampler(prepared)
    items = [made.by_room[0]]
    captions = np.array([prepared.part("item_captions", int(item))[0] for item in items[0]])
    shift = np.array([[0.25, -0.5]], np.float32)
    before = made.build(items, captions, np.array([0]), np.zeros((1, 2), np.float32))
    after = made.build(items, captions, np.array([turn]), shift)
    rotation = torch.from_numpy(quarter_rotation(turn))
    offset = [b.motion.joints[:, :, None, 0, :2] - b.scene.boxes[0, :, :2] for b in (before, after)]
    real = before.motion.mask
    torch.testing.assert_close(offset[1][real], offset[0][real] @ rotation.T, atol=1e-4, rtol=0)
    torch.testing.assert_close(after.motion.joints[..., 2], before.motion.joints[..., 2])
    torch.testing.assert_close(after.scene.boxes[0, :, 3:].prod(-1), before.scene.boxes[0, :, 3:].prod(-1))
    assert after.scene.features is not None
    assert (after.scene.features[0, :, 1] == turn).all()
    start, end = prepared.span("boxes", int(prepared["item_scene"][items[0][0]]))
    assert after.scene.features[0, :, 0].tolist() == list(range(start, end))


def test_masks_are_what_pair_by_pair_comparison_gives(rooms: Corpus, prepared: Prepared) -> None:
    """A text without objects fits the motions that the checker finds it true of, one that names something fits none."""
    made, checker = sampler(prepared), WorldsChecker.of(rooms)
    items = made.by_room
    rows = np.concatenate(items)
    rng = np.random.default_rng(0)
    numbers = {c: i for i, c in enumerate(sorted({c for record in told(rooms) for c in record.captions}))}
    fitting = 0
    for _ in range(5):
        places = [int(rng.integers(len(told(rooms)[row].captions))) for row in rows]
        captions = [told(rooms)[row].captions[place] for row, place in zip(rows, places, strict=True)]
        said = [checker.claims(told(rooms)[row])[place] for row, place in zip(rows, places, strict=True)]
        chosen = np.array([numbers[caption] for caption in captions])
        drawn = made.build(items, chosen, np.zeros(3, np.int64), np.zeros((3, 2), np.float32))
        for i, claim in enumerate(said):
            bare = is_scene_free(claim)
            assert bool(drawn.relations.scene_free[i]) == bare
            for j, row in enumerate(rows):
                one, other = told(rooms)[rows[i]], told(rooms)[row]
                assert bool(drawn.relations.same_room[i, j]) == (one.scene == other.scene)
                deeds = [(r.scene, r.metadata["action"], r.metadata["targets"]) for r in (one, other)]
                assert bool(drawn.relations.same_actions[i, j]) == (deeds[0] == deeds[1])
                plan, joints = checker.floor_plans[str(other.scene)], rooms.motion(str(other.motion)).joints
                assert bool(drawn.relations.text_true[i, j]) == (bare and is_true(claim, plan, joints))
                fitting += int(drawn.relations.text_true[i, j])
    assert fitting > 20


def test_the_share_of_scene_free_captions_is_that_of_the_settings(prepared: Prepared) -> None:
    for share, expected in ((0.0, False), (1.0, True)):
        drawn = sampler(prepared, BatchSettings(rooms=3, scene_free_share=share)).draw(np.random.default_rng(1))
        has = [
            bool((prepared["caption_bare"][prepared.part("item_captions", int(item))] == expected).any())
            for item in drawn.items
        ]
        assert drawn.relations.scene_free[torch.tensor(has)].eq(expected).all() and any(has)


def test_every_kind_of_hard_negative_caption_is_equally_likely(prepared: Prepared) -> None:
    item = int(prepared.rows(0)[0])
    captions = prepared.part("item_captions", item)
    arrays = dict(prepared.arrays) | {
        "negative_captions": captions[:1].repeat(5),
        "negative_kind": torch.tensor([0, 0, 0, 0, 2]),
        "negative_of_motion": torch.tensor([False, False, False, False, True]),
        "negative_starts": torch.where(torch.arange(len(prepared["negative_starts"])) > item, 5, 0),
    }
    made = Prepared(arrays, prepared.meta)
    features = torch.zeros(4, len(prepared["boxes"]), 4)
    drawer, rng = RoomBatchSampler(made, features, BatchSettings(text_negatives=1)), np.random.default_rng(0)
    drawn = [drawer.with_hard_negatives(SampleSpec(item), rng).negative_captions for _ in range(400)]
    assert {len(texts) for texts in drawn} == {1}
    assert sum(text.of_motion for (text,) in drawn) == pytest.approx(200, abs=50)


def test_batches_depend_on_seed_and_number_alone(prepared: Prepared) -> None:
    made = sampler(prepared, BatchSettings(rooms=2, items_per_room=2))
    stream, later = made.batches(5), made.batches(5, skip=2)
    first = [next(stream) for _ in range(4)]
    assert equal(first[2], next(later)) and equal(first[3], next(later))
    assert not equal(first[0], first[1]) and not equal(first[0], next(made.batches(6)))


def test_a_corpus_of_few_rooms_gives_more_items_of_each(prepared: Prepared) -> None:
    made = sampler(prepared, BatchSettings(rooms=2 * len(sampler(prepared).by_room), items_per_room=1))
    items = set(made.draw(np.random.default_rng(0)).items.tolist())
    assert [len(items & set(rows.tolist())) for rows in made.by_room] == [min(2, len(rows)) for rows in made.by_room]
    assert any(len(rows) > 2 for rows in made.by_room)


def test_splits_are_never_mixed(rooms: Corpus, prepared: Prepared) -> None:
    for split, name in ((0, "train"), (2, "test")):
        made = sampler(prepared, split=split)
        seen = {int(i) for seed in range(4) for i in made.draw(np.random.default_rng(seed)).items}
        assert seen and {told(rooms)[i].split for i in seen} == {name}
    with pytest.raises(CorpusError, match="expected at least two items of the split"):
        sampler(prepared, split=1)


def test_a_batch_moves_as_a_whole(prepared: Prepared) -> None:
    drawn = sampler(prepared).draw(np.random.default_rng(0)).to("meta")
    moved = [drawn.room, drawn.relations.scene_free, drawn.motion.joints, drawn.text.mask, drawn.scene.boxes]
    assert {tensor.device.type for tensor in moved} == {"meta"}
    assert len(drawn.items) == 6


def test_another_body_is_off_by_the_same_in_every_frame(prepared: Prepared) -> None:
    settings = BatchSettings(rooms=2, items_per_room=3, shift=0.0, rotate=False, motion_negatives=1)
    plain = sampler(prepared, settings)
    other = sampler(prepared, replace(settings, joint_noise=0.05))
    items, captions = plain.by_room[0][:1], np.array([int(prepared.part("item_captions", int(plain.by_room[0][0]))[0])])
    drawn = [
        each.build([items], captions, np.zeros(1, np.int64), np.zeros((1, 2), np.float32), rng=np.random.default_rng(0))
        for each in (plain, other)
    ]
    assert drawn[0].motion is not None
    assert drawn[1].motion is not None
    off = (drawn[1].motion.joints - drawn[0].motion.joints)[0]
    assert torch.allclose(off, off[:1].expand_as(off), atol=1e-5)
    assert 0.02 < float(off[0].std()) < 0.09
