"""Types check their arguments and report errors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monster.errors import InputError
from monster.io.motion.kinematics import REST_POSE
from monster.tasks import KINDS
from monster.types import (
    MAX_OBJECTS,
    Finding,
    Item,
    Motion,
    Provenance,
    Query,
    Scene,
    as_query,
    check_encodable,
    checked_text,
    person_size,
)


def standing(frames: int = 10) -> np.ndarray:
    return np.repeat(REST_POSE[None], frames, axis=0).astype(np.float32)


@pytest.mark.parametrize(
    ("joints", "message"),
    [
        (np.zeros((5, 21, 3)), r"\(frames, 22, 3\), got \(5, 21, 3\)"),
        (np.zeros((5, 66)), r"got \(5, 66\)"),
        (standing(1), "at least 2 frames of motion, got 1"),
        (np.full((5, 22, 3), np.nan), "330 values that are not finite"),
        (standing() * 100, "is the unit metres"),
        (np.zeros((5, 22, 3)), "0.5 to 2.5 m, got 0 m"),
        ("walk.bvh", "joints as an array of numbers, got str 'walk.bvh'"),
        ([[1, 2], [3]], "joints as an array of numbers, got list"),
    ],
)
def test_a_motion_of_the_wrong_kind_is_refused(joints: np.ndarray, message: str) -> None:
    with pytest.raises(InputError, match=message):
        Motion(joints)


@pytest.mark.parametrize("fps", [0, -20, 5000, "20", None, float("nan")])
def test_an_impossible_rate_is_refused(fps: float) -> None:
    with pytest.raises(InputError, match="1 to 1000 frames a second"):
        Motion(standing(), fps=fps)


@given(st.integers(2, 300), st.sampled_from([12.5, 16.0, 24.0, 25.0, 29.97, 30.0, 60.0, 120.0]))
def test_resampling_keeps_start_and_never_outlasts_the_motion(frames: int, fps: float) -> None:
    drift = np.arange(frames)[:, None, None] * np.array([0.01, 0.0, 0.0])
    motion = Motion(standing(frames) + drift, fps=fps)
    again = motion.resampled(20)
    assert again.fps == 20
    assert np.allclose(again.joints[0], motion.joints[0], atol=1e-6)
    assert len(again) == 2 or (len(again) - 1) / 20 <= (frames - 1) / fps + 1e-5
    # Even speed stays even: joints lie on the line that the frames lie on.
    along = again.joints[:, 0, 0] - motion.joints[0, 0, 0]
    wanted = np.minimum(np.arange(len(again)) * fps / 20, frames - 1) * 0.01
    assert np.allclose(along, wanted, atol=1e-4)


def test_resampling_to_the_same_rate_is_the_same_motion() -> None:
    motion = Motion(standing(), provenance=Provenance("walk.bvh", (Finding("fps", "20", "given"),)))
    assert motion.resampled(20) is motion
    assert motion.resampled(10).provenance is motion.provenance


def test_values_cannot_be_changed_and_the_callers_array_is_left_alone() -> None:
    joints = standing()
    motion = Motion(joints)
    with pytest.raises(ValueError, match="read-only"):
        motion.joints[0] = 0
    joints[0, 0, 0] = 5.0  # still writable for its owner


def test_the_size_of_a_person_does_not_depend_on_the_pose() -> None:
    upright = person_size(standing())
    lying = standing()[..., [2, 1, 0]]
    assert upright == pytest.approx(person_size(lying))
    assert 1.2 < upright < 1.9


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"points": np.zeros((5, 2))}, r"shape \(n, 3\), got \(5, 2\)"),
        ({"points": np.zeros((1, 3))}, "at least 2 points"),
        ({"points": np.zeros((4, 3))}, "got 0 m across"),
        ({"points": np.eye(3) * 500}, "under 200 m, got 500 m across"),
        ({"points": np.full((3, 3), np.inf)}, "9 values that are not finite"),
        ({"points": np.eye(3), "colors": np.zeros((2, 3))}, r"colors of shape \(3, 3\)"),
        ({"points": np.eye(3), "colors": np.full((3, 3), 200.0)}, "colors in 0..1, got 200"),
        ({"points": np.eye(3), "instances": np.zeros(2, dtype=int)}, "instances as 3 integers"),
        ({"points": np.eye(3), "instances": np.zeros(3)}, "instances as 3 integers, got float64"),
        ({"points": np.eye(3), "labels": {0: "chair"}}, "has no instances"),
        ({"points": "room.ply"}, "points as an array of numbers, got str 'room.ply'"),
        (
            {"points": np.eye(3), "instances": np.zeros(3, int), "labels": ["chair"]},
            "labels as {instance: name}, got list",
        ),
    ],
)
def test_a_scene_of_the_wrong_kind_is_refused(values: dict, message: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(InputError, match=message):
        Scene(**values)


@given(
    st.lists(st.integers(-1, 70), min_size=2, max_size=300)
    | st.lists(st.sampled_from([-1, 3, 127, 128, 200, 200 + 256, 32_767, 32_768, 40_000, 2**31, 2**40]), min_size=2)
)
@example([-1, -1])
@example([200, 3, 200 + 256, 200])  # equal in eight bits
@example([40_000, 3, 40_000])
def test_objects_are_sorted_by_size_and_complete(instances: list[int]) -> None:
    points = np.arange(len(instances) * 3, dtype=np.float32).reshape(-1, 3) * 0.01
    scene = Scene(points, instances=np.array(instances), labels={3: "chair"})
    objects = scene.objects()
    counts = {i: instances.count(i) for i in set(instances) - {-1}}
    assert [len(thing.points) for thing in objects] == sorted(counts.values(), reverse=True)[:MAX_OBJECTS]
    for thing in objects:
        assert np.array_equal(thing.points, points[np.array(instances) == thing.id])
        assert thing.label == ("chair" if thing.id == 3 else None)


def test_a_box_is_the_mean_and_the_extent() -> None:
    scene = Scene(np.array([[0, 0, 0], [2, 0, 0], [1, 3, 1]]), instances=np.zeros(3, dtype=int))
    assert scene.objects()[0].box == pytest.approx([1, 1, 1 / 3, 2, 3, 1])
    assert Scene(np.eye(3)).objects() == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("  \n", "white space"),
        ("\u200b\ufeff \u2800\u3164", "invisible signs"),
        ("\u0301\ufe0f", "invisible"),
        ("walk \ud83d", r"lone surrogate \(U\+D83D\), which UTF-8 cannot encode"),
        ("x" * 100_000, "at most 10000"),
        (3, "as str"),
    ],
)
def test_a_text_of_the_wrong_kind_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        checked_text(text)


def test_a_query_holds_one_or_two() -> None:
    scene, motion = Scene(np.eye(3)), Motion(standing())
    assert Query(text=" sit ").text == "sit"
    assert Query(text="sit", scene=scene).kind == "st"
    assert Query(motion=motion, scene=scene).kind == "ms"
    for wrong in ({}, {"text": "sit", "motion": motion, "scene": scene}):
        with pytest.raises(InputError, match="one or two"):
            Query(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"text": 5}, "expected a text as str, got int"),
        (
            {"motion": "walk.bvh"},
            r"expected a Motion, got str 'walk.bvh'; monster.read_motion\('walk.bvh'\) reads a file",
        ),
        ({"motion": standing()}, r"expected a Motion, got ndarray of shape \(10, 22, 3\); Motion\(joints, fps=...\)"),
        ({"scene": np.eye(3)}, r"expected a Scene, got ndarray of shape \(3, 3\); Scene\(points\) takes an array"),
        ({"scene": Path("room.ply")}, r"monster.read_scene\('room.ply'\) reads a file"),
    ],
)
def test_values_of_another_type_are_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Query(**values)
    if "text" not in values:
        with pytest.raises(InputError, match=message):
            Item("a", **values)


def test_a_single_value_is_a_query() -> None:
    scene, motion = Scene(np.eye(3)), Motion(standing())
    assert as_query(" sit ") == Query(text="sit")
    assert as_query(motion).motion is motion
    assert as_query(scene).parts == {"scene": scene}
    query = Query(text="sit", scene=scene)
    assert as_query(query) is query
    assert list(query.parts) == list(query.modalities) == ["text", "scene"]
    with pytest.raises(InputError, match="expected a query as Query, str, Motion or Scene, got int"):
        as_query(3)


def test_an_item_knows_its_kinds() -> None:
    motion, scene = Motion(standing()), Scene(np.eye(3))
    assert Item("a", motion, scene, ("walk",)).kinds == KINDS
    assert Item("a", motion, scene).kinds == ("m", "s", "ms")
    assert Item("a", captions=("walk",)).kinds == ("t",)


def test_a_single_str_is_not_accepted_as_captions() -> None:
    with pytest.raises(InputError, match="expected captions as a tuple of str, got str 'walk'"):
        Item("a", captions="walk")  # type: ignore[arg-type]


def test_an_item_holds_something_and_names_it() -> None:
    item = Item("a", motion=Motion(standing()), captions=(" walk ",))
    assert (item.motion_id, item.scene_id, item.captions) == ("a", None, ("walk",))
    with pytest.raises(InputError, match="holds no motion"):
        Item("b")
    with pytest.raises(InputError, match="not empty"):
        Item("", captions=("walk",))


def test_a_code_that_is_no_character_is_refused() -> None:
    damaged = str(np.frombuffer(np.array([0x41, 0x7FFFFFFF], dtype=np.uint32).tobytes(), dtype="<U2")[0])
    with pytest.raises(InputError, match=r"beyond U\+10FFFF"):
        check_encodable(damaged)
