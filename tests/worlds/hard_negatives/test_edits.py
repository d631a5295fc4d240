"""Applying hard negatives."""

from __future__ import annotations

import numpy as np
import pytest

from monster.corpus.storage import Corpus
from monster.errors import InputError
from monster.skeleton import BONES, MIRROR
from monster.types import Item, Scene
from worlds.hard_negatives import HELD_OUT_KINDS, KINDS, apply, moved, without


@pytest.fixture(scope="module")
def item(rooms: Corpus) -> Item:
    return rooms.item(rooms.records[0])


def bones(joints: np.ndarray) -> np.ndarray:
    return np.stack([np.linalg.norm(joints[:, a] - joints[:, b], axis=1) for a, b in BONES])


NEGATIVES = [
    {"kind": "turned", "about": [0.3, -0.2], "angle": 2.1},
    {"kind": "shifted", "by": [0.7, -1.1]},
    {"kind": "mirrored", "about": [0.3, -0.2], "angle": 0.4},
    {"kind": "reversed"},
    {"kind": "through", "by": [1.0, 0.5], "angle": -0.9, "about": [0.1, 0.2]},
]


@pytest.mark.parametrize("negative", NEGATIVES, ids=lambda negative: negative["kind"])
def test_motion_kinds_keep_bones_and_heights(negative: dict[str, object], item: Item) -> None:
    assert item.motion is not None
    joints = item.motion.joints
    other = apply(negative, item, lambda scene: pytest.fail("no scene is needed"))
    assert other.captions == item.captions[:1] and other.scene is item.scene and other.motion is not None
    changed = other.motion.joints
    assert changed.dtype == np.float32 and np.abs(changed - joints).max() > 0.05
    np.testing.assert_array_equal(np.round(changed.astype(np.float64), 3).astype(np.float32), changed)
    order = list(MIRROR) if negative["kind"] == "mirrored" else slice(None)
    heights = joints[::-1] if negative["kind"] == "reversed" else joints
    np.testing.assert_allclose(changed[..., 2], heights[:, order, 2], atol=1e-3)
    np.testing.assert_allclose(np.sort(bones(changed), axis=0), np.sort(bones(heights), axis=0), atol=3e-3)


@pytest.mark.parametrize(
    ("negative", "back"),
    [
        (NEGATIVES[0], NEGATIVES[0] | {"angle": -2.1}),
        (NEGATIVES[1], {"kind": "shifted", "by": [-0.7, 1.1]}),
        (NEGATIVES[2], NEGATIVES[2]),
        (NEGATIVES[3], NEGATIVES[3]),
    ],
    ids=["turned", "shifted", "mirrored", "reversed"],
)
def test_the_inverse_change_restores_the_motion(
    negative: dict[str, object], back: dict[str, object], item: Item
) -> None:
    assert item.motion is not None
    np.testing.assert_allclose(moved(back, moved(negative, item.motion.joints)), item.motion.joints, atol=2e-3)


def test_turn_and_mirror_by_a_known_angle() -> None:
    joints = np.zeros((2, 22, 3), np.float32)
    joints[:, :] = [2.0, 1.0, 0.5]
    turned = moved({"kind": "turned", "about": [1.0, 1.0], "angle": np.pi / 2}, joints)
    np.testing.assert_allclose(turned[0, 0], [1.0, 2.0, 0.5], atol=1e-3)
    mirrored = moved({"kind": "mirrored", "about": [1.0, 1.0], "angle": np.pi / 2}, joints)
    np.testing.assert_allclose(mirrored[0, 0], [0.0, 1.0, 0.5], atol=1e-3)


def test_text_and_scene_kinds_replace_caption_and_scene(item: Item, rooms: Corpus) -> None:
    assert item.scene is not None and item.motion is not None
    changed = apply({"kind": "other pace", "caption": "someone runs"}, item, rooms.scene)
    assert (changed.captions, changed.scene, changed.motion) == (("someone runs",), item.scene, item.motion)
    other = rooms.records[-1].scene
    elsewhere = apply({"kind": "other room", "scene": other}, item, rooms.scene)
    assert elsewhere.captions == item.captions[:1] and elsewhere.scene is not None
    np.testing.assert_array_equal(elsewhere.scene.points, rooms.scene(str(other)).points)


def test_a_removed_object_has_no_points_and_no_label(item: Item) -> None:
    scene = item.scene
    assert scene is not None and scene.instances is not None and scene.labels is not None and scene.colors is not None
    gone = next(iter(scene.labels))
    left = without(scene, gone)
    kept = scene.instances != gone
    assert left.labels is not None and left.colors is not None and left.instances is not None
    assert gone not in left.labels and not (left.instances == gone).any() and not kept.all()
    np.testing.assert_array_equal(left.points, scene.points[kept])
    np.testing.assert_array_equal(left.colors, scene.colors[kept])


def test_apply_errors(item: Item) -> None:
    with pytest.raises(InputError, match="kind other object"):
        apply({"kind": "upside down"}, item, lambda scene: pytest.fail("not asked"))
    with pytest.raises(InputError, match="got fewer"):
        apply({"kind": "reversed"}, Item("a", captions=("someone walks",)), lambda scene: pytest.fail("not asked"))
    with pytest.raises(InputError, match="with instances"):
        without(Scene(np.eye(3)), 4)


def test_every_kind_is_trained_on() -> None:
    assert len(KINDS) == len(set(KINDS)) == 14
    assert HELD_OUT_KINDS == ()
