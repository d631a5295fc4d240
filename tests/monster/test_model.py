"""The model's face with a small network of random weights: rows, pairs, sharing, windows, scores, labels, errors."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from fakes import motion_of, scene_of
from reader_files import needs_open3d, room
from tiny_corpus import TINY
from tiny_networks import TINY_SMALL, tiny_network

from monster.checkpoints import Metadata, save_weights
from monster.corpus.storage import Corpus
from monster.errors import InputError, ModelError, WeightsMissing
from monster.model import CHUNK, MonSTeR, load
from monster.networks.network import Network
from monster.tasks import KINDS, ROW_KINDS
from monster.text import TextTower
from monster.types import Item, Motion, Scene

TEXTS = ["someone sits down on the bed", "walk", "a person walks past the table and then lies down"]
MOTIONS = [motion_of(1, frames=30), motion_of(2, frames=9), motion_of(3, frames=55)]
SCENES = [scene_of(1), scene_of(2), Scene(scene_of(3).points, instances=np.arange(64) % 5)]
NAMES = ("bed", "chair", "table", "lamp", "floor", "wall", "door")


@pytest.fixture(scope="module")
def weights(tower: TextTower, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of random weights whose table holds the tower's vectors of seven categories."""
    network = tiny_network(dataclasses.replace(TINY, dropout=0.0))
    network.set_class_vectors(torch.from_numpy(tower.sentences(NAMES)))
    path = tmp_path_factory.mktemp("weights") / "tiny.safetensors"
    save_weights(path, network, Metadata(NAMES))
    return path


@pytest.fixture(scope="module")
def model(weights: Path) -> MonSTeR:
    """The model of those weights."""
    return load(weights)


def encodings(model: MonSTeR, rows: slice | int) -> list[np.ndarray]:
    """Every way to encode these rows of the examples, as arrays (n, dim)."""
    t, m, s = TEXTS[rows], MOTIONS[rows], SCENES[rows]
    return [
        model.encode_text(t), model.encode_motion(m), model.encode_scene(s),
        model.encode_pair(text=t, motion=m), model.encode_pair(text=t, scene=s), model.encode_pair(motion=m, scene=s),
    ]  # fmt: skip


def test_model_properties(model: MonSTeR, weights: Path) -> None:
    assert (model.dim, model.config.hidden, model.categories) == (TINY.dim, TINY.hidden, NAMES)
    assert len(bytes.fromhex(model.fingerprint)) == 8 and load(str(weights)).fingerprint == model.fingerprint


def test_rows_are_unit_rows_and_the_same_alone_and_in_a_batch(model: MonSTeR) -> None:
    together = encodings(model, slice(None))
    for index in range(3):
        for all_rows, alone in zip(together, encodings(model, index), strict=True):
            assert alone.shape == (1, model.dim) and alone.dtype == np.float32
            np.testing.assert_allclose(all_rows[index], alone[0], atol=1e-5)
    for rows in together:
        assert rows.shape == (3, model.dim)
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
        assert np.abs(rows[0] - rows[1]).max() > 1e-3


def test_more_than_a_chunk_keeps_its_order(model: MonSTeR) -> None:
    many = [motion_of(key) for key in range(CHUNK + 3)]
    rows = model.encode_motion(many)
    assert len(rows) == CHUNK + 3
    np.testing.assert_allclose(rows[[0, -1]], model.encode_motion([many[0], many[-1]]), atol=1e-5)


def test_nothing_gives_no_rows(model: MonSTeR) -> None:
    empty = [model.encode_text([]), model.encode_scene([]), model.encode_pair(text=[], motion=[])]
    assert [rows.shape for rows in empty] == [(0, model.dim)] * 3 and model.encode_items([]) == []


def test_pairs_and_parts_of_items_are_those_encoded_one_by_one(model: MonSTeR) -> None:
    items = [
        Item("a", MOTIONS[0], SCENES[0], (TEXTS[0], TEXTS[1])),
        Item("b", None, SCENES[1], (TEXTS[2],)),
        Item("c", MOTIONS[1], None, (TEXTS[0],)),
        Item("d", MOTIONS[2], SCENES[2]),
        Item("e", captions=(TEXTS[1],)),
    ]
    a, b, c, d, e = model.encode_items(items)
    for found, item in zip((a, b, c, d, e), items, strict=True):
        assert tuple(kind for kind in KINDS if kind in found) == item.kinds
        if item.captions:
            np.testing.assert_allclose(found["t"], model.encode_text(item.captions), atol=1e-5)
    same = [
        (a["m"], model.encode_motion(MOTIONS[0])),
        (a["s"], model.encode_scene(SCENES[0])),
        (a["st"], model.encode_pair(text=TEXTS[:2], scene=[SCENES[0]] * 2)),
        (a["mt"], model.encode_pair(text=TEXTS[:2], motion=[MOTIONS[0]] * 2)),
        (a["ms"], model.encode_pair(motion=MOTIONS[0], scene=SCENES[0])),
        (b["st"], model.encode_pair(text=TEXTS[2], scene=SCENES[1])),
        (c["mt"], model.encode_pair(text=TEXTS[0], motion=MOTIONS[1])),
        (d["ms"], model.encode_pair(motion=MOTIONS[2], scene=SCENES[2])),
    ]
    for found, expected in same:
        np.testing.assert_allclose(found, expected, atol=1e-5)
    assert [set(each) for each in (b, c, d, e)] == [{"t", "s", "st"}, {"t", "m", "mt"}, {"m", "m@s", "s", "ms"}, {"t"}]


class Counted(Network):
    """Counts the motions and scenes that it encodes."""

    motions = scenes = 0

    def encode_motion(self, joints: torch.Tensor, mask: torch.Tensor, *, placed: bool = False) -> Any:
        """As always, counted."""
        self.motions += len(joints)
        return super().encode_motion(joints, mask, placed=placed)

    def encode_scene(self, batch: Any, **options: Any) -> Any:
        """As always, counted."""
        self.scenes += len(batch.mask)
        return super().encode_scene(batch, **options)


def test_shared_entities_are_encoded_once(model: MonSTeR, rooms: Corpus, tower: TextTower) -> None:
    network = Counted(model.config)
    network.load_state_dict(model.network.state_dict())
    counting = MonSTeR(network, Metadata(NAMES, {}, "f"), tower=tower)
    items, calls = list(rooms.items()), []  # type: ignore[var-annotated]
    items += [dataclasses.replace(item, id=f"{item.id} again") for item in items[:6]]
    found = counting.encode_items(items, progress=lambda done, total=None, stage="": calls.append((done, total)))
    assert (network.motions, network.scenes, calls) == (12, 4, [(18, 18)])
    wanted = model.encode_items(items)
    for one, other in zip(found, wanted, strict=True):
        np.testing.assert_array_equal(one["s"], other["s"])
        np.testing.assert_array_equal(one["ms"], other["ms"])
    network.motions = network.scenes = 0
    counting.encode_pair(motion=[MOTIONS[0]] * 5, scene=[SCENES[0], SCENES[1]] * 2 + [SCENES[0]])
    assert (network.motions, network.scenes) == (1, 2)


def long_motion(seconds: float) -> Motion:
    """A body that walks to and fro."""
    frames = int(seconds * 20)
    steps = np.sin(np.arange(frames) / 30)[:, None, None] * np.array([1.0, 0.5, 0.0])
    return Motion(motion_of(0).joints[:1] + steps, placed=True)


def test_a_long_motion_is_the_mean_of_its_windows_and_says_so(model: MonSTeR) -> None:
    long = long_motion(24)
    parts = [Motion(long.joints[a : a + 200]) for a in (0, 93, 187, 280)]
    windows = model.encode_motion(parts)
    mean = windows.sum(axis=0) / np.linalg.norm(windows.sum(axis=0))
    np.testing.assert_allclose(model.encode_motion([MOTIONS[0], long])[1], mean, atol=1e-5)
    pairs = model.encode_pair(motion=parts, scene=[SCENES[0]] * 4)
    pooled = pairs.sum(axis=0) / np.linalg.norm(pairs.sum(axis=0))
    np.testing.assert_allclose(model.encode_pair(motion=long, scene=SCENES[0])[0], pooled, atol=1e-5)
    two = model.encode_items([Item("x", long, None, tuple(TEXTS[:2])), Item("y", MOTIONS[1], None, (TEXTS[2],))])
    assert two[0]["mt"].shape == (2, model.dim)
    np.testing.assert_allclose(two[1]["mt"], model.encode_pair(text=TEXTS[2], motion=MOTIONS[1]), atol=1e-5)
    assert model.score(text="walk", motion=long).notes == (
        "the motion lasts 24.0 s and was encoded in 4 windows of at most 10 s",
    )


def test_other_rates_are_resampled(model: MonSTeR) -> None:
    slow = long_motion(4)
    fast = slow.resampled(60)
    np.testing.assert_allclose(model.encode_motion(fast), model.encode_motion(slow), atol=1e-4)


def test_scores_of_all_three_and_of_two(model: MonSTeR) -> None:
    found = model.score(text=TEXTS[0], motion=MOTIONS[0], scene=SCENES[0])
    t, m, s, mt, st, ms = (rows[0] for rows in encodings(model, 0))
    wanted = {"tm2s": mt @ s, "st2m": st @ m, "ms2t": ms @ t, "t2m": t @ m, "t2s": t @ s, "m2s": m @ s}
    assert found.given() == pytest.approx({name: (1 + cosine) / 2 for name, cosine in wanted.items()}, abs=1e-5)
    assert found.notes == ()
    assert set(model.score(text=TEXTS[0], motion=MOTIONS[0]).given()) == {"t2m"}
    assert set(model.score(text=TEXTS[0], scene=SCENES[0]).given()) == {"t2s"}
    assert set(model.score(motion=MOTIONS[0], scene=SCENES[0]).given()) == {"m2s"}


def test_a_motion_that_is_not_placed_is_noted(model: MonSTeR) -> None:
    loose = dataclasses.replace(MOTIONS[0], placed=False)
    assert "not placed in the scene" in model.score(motion=loose, scene=SCENES[0]).notes[0]
    assert model.score(motion=loose, text="walk").notes == ()


@needs_open3d
def test_a_scene_without_instances_is_split_and_noted(model: MonSTeR) -> None:
    scene = Scene(room()[0].astype(np.float32))
    assert model.score(text="walk", scene=scene).notes == ("the scene has no instances: it was split into objects",)
    np.testing.assert_array_equal(model.encode_scene(scene), model.encode_scene([scene]))


def relabelled(*names: str) -> Scene:
    """One scene under other names."""
    return dataclasses.replace(scene_of(1), labels=dict(enumerate(names)))


def test_labels_count_also_those_outside_the_table(model: MonSTeR, tower: TextTower) -> None:
    plain, other, none = (
        model.encode_scene(scene)[0]
        for scene in (relabelled("bed", "chair", "table"), relabelled("bed", "zeppelin", "table"), relabelled())
    )
    assert np.abs(plain - other).max() > 1e-4 and np.abs(plain - none).max() > 1e-4
    blind = MonSTeR(model.network, Metadata(NAMES, {}, "f"), tower=None)
    np.testing.assert_array_equal(blind.encode_scene(relabelled("bed", "chair", "table"))[0], plain)
    unknown = blind.encode_scene(relabelled("bed", "zeppelin", "table"))
    np.testing.assert_array_equal(
        unknown, blind.encode_scene(dataclasses.replace(scene_of(1), labels={0: "bed", 2: "table"}))
    )


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda model: model.encode_text("  "), "nothing but white space"),
        (lambda model: model.encode_text(["walk", "x" * 100_000]), "at most 10000 characters, got 100000"),
        (lambda model: model.encode_text([b"walk"]), "expected a text as str, got bytes"),
        (lambda model: model.encode_text(3), "expected a text as str, got int"),
        (
            lambda model: model.encode_motion("walk.bvh"),
            r"expected a Motion, got str 'walk.bvh'; .*read_motion\('walk.bvh'\)",
        ),
        (lambda model: model.encode_motion([MOTIONS[0], SCENES[0]]), "expected a Motion, got Scene"),
        (
            lambda model: model.encode_motion(MOTIONS[0].joints),
            r"got ndarray of shape \(22, 3\); Motion\(joints, fps=...\)",
        ),
        (lambda model: model.encode_scene(None), "expected a Scene, got NoneType"),
        (lambda model: model.encode_pair(text=3, motion=MOTIONS[0]), "expected a text as str, got int"),
        (
            lambda model: model.score(text="walk", motion=Path("walk.bvh")),
            "expected a Motion, got PosixPath; .*read_motion",
        ),
        (lambda model: model.score(text=["walk"], motion=MOTIONS[0]), "expected a text as str, got list"),
        (lambda model: model.encode_pair(text="walk"), "exactly two of text, motion and scene, got 1"),
        (lambda model: model.encode_pair(text="", motion=MOTIONS[0], scene=SCENES[0]), "exactly two .* got 3"),
        (lambda model: model.encode_pair(text=TEXTS, motion=MOTIONS[:2]), "equally many of both, got 3 and 2"),
        (lambda model: model.encode_pair(text=[], motion=MOTIONS[:2]), "equally many of both, got 0 and 2"),
        (lambda model: model.score(text="walk"), "at least two of text, motion and scene"),
        (lambda model: model.score(text="", motion=MOTIONS[0]), "nothing but white space"),
        (
            lambda model: model.encode_scene(dataclasses.replace(scene_of(1), instances=np.full(64, -1), labels=None)),
            "objects of at least 2 points",
        ),
    ],
)
def test_invalid_input_is_an_error(model: MonSTeR, call: Any, word: str) -> None:
    with pytest.raises(InputError, match=word):
        call(model)


def test_missing_weights_are_an_error(tmp_path: Path, weights: Path) -> None:
    with pytest.raises(WeightsMissing, match=r"nowhere\.safetensors: expected weights"):
        load(tmp_path / "nowhere.safetensors")
    with pytest.raises(WeightsMissing, match="text model 'nobody'"):
        load(weights, text_model="nobody")
    (tmp_path / "old.ckpt").write_bytes(b"x")
    with pytest.raises(ModelError, match=r"old\.ckpt: a \.ckpt needs categories=FILE"):
        load(tmp_path / "old.ckpt")


def test_weights_name_their_text_model(tmp_path: Path) -> None:
    network = tiny_network(TINY)
    save_weights(tmp_path / "w.safetensors", network, Metadata(NAMES, {"text_model": "/gone/tower"}))
    with pytest.raises(WeightsMissing, match="text model '/gone/tower'"):
        load(tmp_path / "w.safetensors")


def test_texts_need_a_tower_of_the_right_width(tower: TextTower) -> None:
    narrow = MonSTeR(tiny_network(TINY_SMALL), Metadata(NAMES, {}, "f"), tower=tower)
    with pytest.raises(ModelError, match="expected token states 10 wide, the text model gives 384"):
        narrow.encode_text("walk")
    assert narrow.encode_scene(relabelled("zeppelin")).shape == (1, narrow.dim)
    without = MonSTeR(tiny_network(TINY_SMALL), Metadata(NAMES, {}, "f"), tower=None)
    with pytest.raises(ModelError, match="no text tower: load it with text_model=FOLDER"):
        without.score(text="walk", motion=MOTIONS[0])
    assert without.score(motion=MOTIONS[0], scene=SCENES[0]).m2s is not None


def moved(item: Item, shift: tuple[float, float, float]) -> Item:
    """The item with its motion and its scene moved together."""
    assert item.motion is not None
    assert item.scene is not None
    by = np.array(shift, dtype=np.float32)
    return dataclasses.replace(
        item,
        motion=dataclasses.replace(item.motion, joints=item.motion.joints + by),
        scene=dataclasses.replace(item.scene, points=item.scene.points + by),
    )


@pytest.fixture(scope="module")
def framed(model: MonSTeR) -> MonSTeR:
    """A model of the same weights that encodes motions and scenes in their own frames."""
    network = tiny_network(dataclasses.replace(TINY, dropout=0.0, frames="own"))
    with torch.no_grad():
        network.motion.frame.normal_()  # so that the two frames of a motion differ
    return MonSTeR(network, Metadata(NAMES), tower=model._tower)


PLACED_ITEM = Item("a", MOTIONS[0], Scene(room()[0], instances=room()[1]), (TEXTS[0],))


@pytest.mark.parametrize("shift", [(10.0, -5.0, 0.0), (50.0, 80.0, 0.0), (0.0, 0.0, 2.0)])
def test_no_embedding_and_no_score_depends_on_the_origin(framed: MonSTeR, shift: tuple[float, float, float]) -> None:
    (here,), (there,) = framed.encode_items([PLACED_ITEM]), framed.encode_items([moved(PLACED_ITEM, shift)])
    for kind in ROW_KINDS:
        np.testing.assert_allclose(there[kind], here[kind], atol=1e-3, err_msg=kind)
    other = moved(PLACED_ITEM, shift)
    first = framed.score(text=TEXTS[0], motion=PLACED_ITEM.motion, scene=PLACED_ITEM.scene).given()
    second = framed.score(text=TEXTS[0], motion=other.motion, scene=other.scene).given()
    assert set(first) == {"tm2s", "st2m", "ms2t", "t2m", "t2s", "m2s"}
    assert second == pytest.approx(first, abs=1e-3)


def test_a_motion_raised_or_moved_in_its_scene_scores_otherwise_but_not_by_text(framed: MonSTeR) -> None:
    raised = dataclasses.replace(moved(PLACED_ITEM, (0.5, 0.0, 1.0)), scene=PLACED_ITEM.scene)
    (here,), (there,) = framed.encode_items([PLACED_ITEM]), framed.encode_items([raised])
    for kind in ("m", "mt"):
        np.testing.assert_allclose(there[kind], here[kind], atol=1e-5)
    for kind in ("m@s", "mt@s", "ms"):
        assert np.abs(there[kind] - here[kind]).max() > 1e-3, kind


def test_t2m_does_not_depend_on_the_scene(framed: MonSTeR) -> None:
    alone = framed.score(text=TEXTS[0], motion=PLACED_ITEM.motion).t2m
    assert framed.score(text=TEXTS[0], motion=PLACED_ITEM.motion, scene=SCENES[1]).t2m == pytest.approx(alone, abs=1e-5)


def test_encode_motion_in_a_scene_is_the_row_of_the_item(framed: MonSTeR) -> None:
    assert PLACED_ITEM.motion is not None
    rows = framed.encode_motion([PLACED_ITEM.motion] * 2, scene=PLACED_ITEM.scene)
    np.testing.assert_allclose(rows[1:], framed.encode_items([PLACED_ITEM])[0]["m@s"], atol=1e-5)
    with pytest.raises(InputError, match="one scene or one for each motion, got 2 for 1 motions"):
        framed.encode_motion(MOTIONS[:1], scene=SCENES[:2])


def test_weights_without_frames_have_one_row_of_a_motion(model: MonSTeR) -> None:
    rows = model.encode_items([PLACED_ITEM])[0]
    np.testing.assert_array_equal(rows["m@s"], rows["m"])
