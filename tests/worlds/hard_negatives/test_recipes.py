"""Recipes carried out: what changes, and what stays."""

from __future__ import annotations

import numpy as np
import pytest

from monster.corpus.storage import Corpus
from monster.errors import InputError
from monster.skeleton import BONES, MIRROR
from monster.types import Item, Scene
from worlds.hard_negatives import COUNTERFACTUALS, HELD_OUT_COUNTERFACTUALS, apply, moved, without


@pytest.fixture(scope="module")
def item(rooms: Corpus) -> Item:
    return rooms.item(rooms.records[0])


def bones(joints: np.ndarray) -> np.ndarray:
    return np.stack([np.linalg.norm(joints[:, a] - joints[:, b], axis=1) for a, b in BONES])


RECIPES = [
    {"kind": "turned", "about": [0.3, -0.2], "angle": 2.1},
    {"kind": "shifted", "by": [0.7, -1.1]},
    {"kind": "mirrored", "about": [0.3, -0.2], "angle": 0.4},
    {"kind": "reversed"},
    {"kind": "through", "by": [1.0, 0.5], "angle": -0.9, "about": [0.1, 0.2]},
]


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe["kind"])
def test_a_moved_body_is_another_motion_of_the_same_body(recipe: dict[str, object], item: Item) -> None:
    assert item.motion is not None
    joints = item.motion.joints
    changed = apply(recipe, item, lambda scene: pytest.fail("no scene is needed"))
    assert changed.caption == item.captions[0] and changed.scene is item.scene
    assert changed.joints.dtype == np.float32 and np.abs(changed.joints - joints).max() > 0.05
    np.testing.assert_array_equal(np.round(changed.joints.astype(np.float64), 3).astype(np.float32), changed.joints)
    order = list(MIRROR) if recipe["kind"] == "mirrored" else slice(None)
    heights = joints[::-1] if recipe["kind"] == "reversed" else joints
    np.testing.assert_allclose(changed.joints[..., 2], heights[:, order, 2], atol=1e-3)
    np.testing.assert_allclose(np.sort(bones(changed.joints), axis=0), np.sort(bones(heights), axis=0), atol=3e-3)


@pytest.mark.parametrize(
    ("recipe", "back"),
    [
        (RECIPES[0], RECIPES[0] | {"angle": -2.1}),
        (RECIPES[1], {"kind": "shifted", "by": [-0.7, 1.1]}),
        (RECIPES[2], RECIPES[2]),
        (RECIPES[3], RECIPES[3]),
    ],
    ids=["turned", "shifted", "mirrored", "reversed"],
)
def test_back_again(recipe: dict[str, object], back: dict[str, object], item: Item) -> None:
    assert item.motion is not None
    np.testing.assert_allclose(moved(back, moved(recipe, item.motion.joints)), item.motion.joints, atol=2e-3)


def test_turning_and_mirroring_by_a_known_angle() -> None:
    joints = np.zeros((2, 22, 3), np.float32)
    joints[:, :] = [2.0, 1.0, 0.5]
    turned = moved({"kind": "turned", "about": [1.0, 1.0], "angle": np.pi / 2}, joints)
    np.testing.assert_allclose(turned[0, 0], [1.0, 2.0, 0.5], atol=1e-3)
    mirrored = moved({"kind": "mirrored", "about": [1.0, 1.0], "angle": np.pi / 2}, joints)
    np.testing.assert_allclose(mirrored[0, 0], [0.0, 1.0, 0.5], atol=1e-3)


def test_texts_and_scenes_are_put_in_place(item: Item, rooms: Corpus) -> None:
    assert item.scene is not None and item.motion is not None
    told = apply({"kind": "other pace", "caption": "someone runs"}, item, rooms.scene)
    assert (told.caption, told.scene) == ("someone runs", item.scene) and told.joints is item.motion.joints
    other = rooms.records[-1].scene
    elsewhere = apply({"kind": "other room", "scene": other}, item, rooms.scene)
    assert elsewhere.caption == item.captions[0]
    np.testing.assert_array_equal(elsewhere.scene.points, rooms.scene(str(other)).points)


def test_a_removed_object_has_no_points_and_no_label_and_the_rest_stays(item: Item) -> None:
    scene = item.scene
    assert scene is not None and scene.instances is not None and scene.labels is not None and scene.colors is not None
    gone = next(iter(scene.labels))
    left = without(scene, gone)
    kept = scene.instances != gone
    assert left.labels is not None and left.colors is not None and left.instances is not None
    assert gone not in left.labels and not (left.instances == gone).any() and not kept.all()
    np.testing.assert_array_equal(left.points, scene.points[kept])
    np.testing.assert_array_equal(left.colors, scene.colors[kept])


def test_what_cannot_be_changed_is_told(item: Item) -> None:
    with pytest.raises(InputError, match="kind other object"):
        apply({"kind": "upside down"}, item, lambda scene: pytest.fail("not asked"))
    with pytest.raises(InputError, match="got fewer"):
        apply({"kind": "reversed"}, Item("a", captions=("someone walks",)), lambda scene: pytest.fail("not asked"))
    with pytest.raises(InputError, match="with instances"):
        without(Scene(np.eye(3)), 4)


def test_two_kinds_are_held_out() -> None:
    assert len(COUNTERFACTUALS) == len(set(COUNTERFACTUALS)) == 11
    assert len(HELD_OUT_COUNTERFACTUALS) == 2 and set(HELD_OUT_COUNTERFACTUALS) < set(COUNTERFACTUALS)
