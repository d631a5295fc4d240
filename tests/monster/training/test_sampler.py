"""Batches hold what the prepared corpus holds, turned and shifted exactly, and say rightly what is no negative."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from tiny_corpus import training_items, with_sentences

from monster.corpus.storage import Corpus
from monster.errors import CorpusError
from monster.frames import own_frame, scene_origin
from monster.training.augment import mirrored_in_own_frame, quarter_rotation
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
    drawn, (records, motions) = sampler(prepared).draw(np.random.default_rng(0)), training_items(rooms)
    assert len(drawn.items) == 6 and drawn.scene.mask.shape[0] == 2
    for place, item in enumerate(drawn.items):
        record = records[item]
        expected = motions.joints(str(record.motion))
        origin = scene_origin(rooms.scene(str(record.scene)).points).astype(np.float32)
        joints = drawn.motion.joints[place][drawn.motion.mask[place]].numpy()
        np.testing.assert_allclose(joints + origin, expected, atol=6e-4)
        own = drawn.own_motion.joints[place][drawn.own_motion.mask[place]].numpy()
        np.testing.assert_allclose(own, own_frame(expected), atol=2e-2)
        room = int(drawn.room[place])
        boxes = drawn.scene.boxes[room][drawn.scene.mask[room]].numpy()
        boxes[:, :3] += origin
        objects = rooms.scene(str(record.scene)).objects()
        np.testing.assert_allclose(boxes, np.stack([object_.box for object_ in objects]), atol=1e-5)
        tokens = drawn.text.tokens[place][drawn.text.mask[place]]
        captions = prepared.part("item_captions", int(item)).tolist()
        states = [prepared.part("tokens", row).float() for row in captions]
        assert any(tokens.shape == each.shape and torch.equal(tokens, each) for each in states)


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


def test_masks_are_those_of_the_checker_pair_by_pair(rooms: Corpus, prepared: Prepared) -> None:
    """A scene-free caption fits the motions that the checker proves it of; one that names an object fits none."""
    made, checker = sampler(prepared), WorldsChecker.of(rooms)
    records, motions = training_items(rooms)
    rows = np.concatenate(made.by_room)
    numbers = {c: i for i, c in enumerate(sorted({c for record in records for c in record.captions}))}
    drawn_records, rng = [records[row] for row in rows], np.random.default_rng(0)
    joints = [motions.joints(str(record.motion)) for record in drawn_records]
    true_pairs = 0
    for _ in range(2):
        places = [int(rng.integers(len(record.captions))) for record in drawn_records]
        chosen = [numbers[record.captions[place]] for record, place in zip(drawn_records, places, strict=True)]
        shifts = np.zeros((len(made.by_room), 2), np.float32)
        batch = made.build(made.by_room, np.array(chosen), np.zeros(len(shifts), np.int64), shifts)
        for i, one in enumerate(drawn_records):
            claim = checker.claims(one)[places[i]]
            assert bool(batch.relations.scene_free[i]) == is_scene_free(claim)
            for j, other in enumerate(drawn_records):
                assert bool(batch.relations.same_room[i, j]) == (one.scene == other.scene)
                actions = [(r.scene, r.metadata["action"], r.metadata["targets"]) for r in (one, other)]
                assert bool(batch.relations.same_actions[i, j]) == (actions[0] == actions[1])
                expected = is_scene_free(claim) and is_true(claim, checker.floor_plans[str(other.scene)], joints[j])
                assert bool(batch.relations.text_true[i, j]) == expected
                true_pairs += expected
    assert true_pairs > 20


def test_the_share_of_scene_free_captions_is_that_of_the_settings(prepared: Prepared) -> None:
    for share, expected in ((0.0, False), (1.0, True)):
        drawn = sampler(prepared, BatchSettings(rooms=3, scene_free_share=share)).draw(np.random.default_rng(1))
        has = [
            bool((prepared["scene_free"][prepared.part("item_captions", int(item))] == expected).any())
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
    records, _ = training_items(rooms)
    for split, name in ((0, "train"), (2, "test")):
        made = sampler(prepared, split=split)
        items = {int(i) for seed in range(4) for i in made.draw(np.random.default_rng(seed)).items}
        assert items and {records[i].split for i in items} == {name}
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


@pytest.mark.parametrize(
    ("names_side", "scene_free", "has_claim", "expected"),
    [
        (True, True, True, True),
        (True, False, False, True),
        (True, False, True, False),  # "left" may be a side of an object
        (False, True, True, False),
        (False, False, False, False),
    ],
)
def test_motions_are_mirrored_for_captions_that_name_a_side_of_the_body(
    prepared: Prepared, names_side: bool, scene_free: bool, has_claim: bool, expected: bool
) -> None:
    item = int(prepared.rows(0)[0])
    caption = int(prepared.part("item_captions", item)[0])
    changes = {"names_side": names_side, "scene_free": scene_free, "has_claim": has_claim}
    arrays = {name: torch.full_like(prepared[name], value) for name, value in changes.items()}
    changed = Prepared({**prepared.arrays, **arrays}, prepared.meta)
    rng = np.random.default_rng(0)
    for mirror_negatives in (True, False):
        made = sampler(changed, BatchSettings(mirror_negatives=mirror_negatives))
        spec = made.with_hard_negatives(SampleSpec(item, caption), rng)
        assert spec.mirror_negative == (expected and mirror_negatives)
        assert not made.with_hard_negatives(SampleSpec(item), rng).mirror_negative


def test_a_batch_holds_the_mirrored_motions_with_the_items_that_they_belong_to(prepared: Prepared) -> None:
    arrays = {"names_side": prepared["scene_free"]}
    changed = Prepared({**prepared.arrays, **arrays}, prepared.meta)
    made = sampler(changed, replace(PLAIN, mirror_negatives=True, scene_free_share=0.5))
    batches = (made.draw(np.random.default_rng(seed)) for seed in range(20))
    drawn = next(batch for batch in batches if not batch.relations.scene_free.all())
    assert drawn.mirrored_motion_item.tolist() == torch.nonzero(drawn.relations.scene_free).flatten().tolist()
    assert 0 < len(drawn.mirrored_motion_item) < len(drawn.items)
    assert drawn.mirrored_motion is not None and drawn.own_motion is not None
    for row, item in enumerate(drawn.mirrored_motion_item.tolist()):
        own = drawn.own_motion.joints[item][drawn.own_motion.mask[item]].numpy()
        mirrored = drawn.mirrored_motion.joints[row][drawn.mirrored_motion.mask[row]].numpy()
        np.testing.assert_array_equal(mirrored_in_own_frame(mirrored), own)


def test_only_motions_with_unproven_captions_are_cropped_while_drawing(prepared: Prepared) -> None:
    for has_claim in (True, False):
        arrays = {"has_claim": torch.full_like(prepared["has_claim"], has_claim)}
        changed = Prepared({**prepared.arrays, **arrays}, prepared.meta)
        drawn, cropped = (
            sampler(changed, replace(PLAIN, crop_unproven=crop)).draw(np.random.default_rng(0)).motion
            for crop in (False, True)
        )
        assert drawn is not None and cropped is not None
        assert (drawn.mask.shape == cropped.mask.shape and torch.equal(drawn.joints, cropped.joints)) == has_claim


def test_in_its_own_frame_a_motion_is_scaled_and_turned_a_little(prepared: Prepared) -> None:
    item = int(prepared.rows(0)[0])
    places = (
        np.array([int(prepared.part("item_captions", item)[0])]),
        np.zeros(1, np.int64),
        np.zeros((1, 2), np.float32),
    )
    plain, changed = (
        sampler(prepared, settings).build([np.array([item])], *places, rng=np.random.default_rng(0))
        for settings in (PLAIN, replace(PLAIN, own_scale=0.1, own_turn=0.3))
    )
    assert plain.own_motion is not None and changed.own_motion is not None
    assert plain.motion is not None and changed.motion is not None
    torch.testing.assert_close(changed.motion.joints, plain.motion.joints)
    before, after = plain.own_motion.joints[0], changed.own_motion.joints[0]
    scale = float(after[..., 2].max() / before[..., 2].max())
    assert 0.9 <= scale <= 1.1 and abs(scale - 1) > 1e-4
    torch.testing.assert_close(after.norm(dim=-1), scale * before.norm(dim=-1), atol=1e-4, rtol=1e-4)
    cosines = torch.cosine_similarity(after[:, 1, :2], before[:, 1, :2], dim=-1)  # of a hip, seen from the start
    torch.testing.assert_close(cosines, cosines[:1].expand_as(cosines), atol=1e-3, rtol=0)
    assert np.cos(0.3) - 1e-4 <= float(cosines[0]) < 1 - 1e-6


SENTENCES = replace(PLAIN, sentences=6)


def test_sentence_batches_hold_two_sentences_of_random_groups(prepared: Prepared) -> None:
    items = [int(item) for item in prepared.rows(0)[:4]]
    made = sampler(with_sentences(prepared, items), SENTENCES)
    numbers = set()
    for seed in range(4):
        sentences = made.draw(np.random.default_rng(seed)).sentences
        assert sentences is not None
        assert sentences.group.tolist() == [0, 0, 1, 1, 2, 2]
        lines = [tokens[mask] for tokens, mask in zip(sentences.text.tokens, sentences.text.mask, strict=True)]
        groups = [group_of(prepared, items, line) for line in lines]
        assert groups[::2] == groups[1::2] and len(set(groups)) == 3
        assert not any(a.shape == b.shape and torch.equal(a, b) for a, b in zip(lines[::2], lines[1::2], strict=True))
        numbers |= set(groups)
    assert numbers == set(items)


def group_of(prepared: Prepared, items: list[int], line: torch.Tensor) -> int:
    """The item that has the caption with these token states."""
    for item in items:
        for caption in prepared.part("item_captions", item).tolist():
            tokens = prepared.part("tokens", caption).float()
            if tokens.shape == line.shape and torch.equal(tokens, line):
                return item
    raise AssertionError("expected a caption of the groups")


def test_without_two_groups_in_the_training_split_there_are_no_sentences(prepared: Prepared) -> None:
    train, test = prepared.rows(0), prepared.rows(2)
    rng = np.random.default_rng(0)
    one_group = with_sentences(prepared, [int(train[0])])
    of_test = with_sentences(prepared, [int(item) for item in test])
    for corpus in (prepared, one_group, of_test):
        assert sampler(corpus, SENTENCES).draw(rng).sentences is None
    two_groups = with_sentences(prepared, [int(item) for item in train[:2]])
    assert sampler(two_groups, SENTENCES).draw(rng).sentences is not None
    assert sampler(two_groups, PLAIN).draw(rng).sentences is None
