"""Requests are checked field by field; answers have the fields of what they were made from."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError
from shelf import standing

from monster import Hit, Scores
from monster.tasks import Task
from service.schemas import HitBody, MotionBody, ScoreRequest, ScoreResponse, SearchRequest

JOINTS = standing(2).tolist()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"tetx": "walk"}, "tetx"),
        ({"text": ""}, "text"),
        ({"text": "x" * 10_001}, "text"),
        ({"k": 0}, "k"),
        ({"k": 2.5}, "k"),
        ({"fps": 0.5}, "fps"),
        ({"motion_id": ""}, "motion_id"),
        ({"target": "m" * 101}, "target"),
        ({"motion": {"joints": JOINTS[:1]}}, "motion.joints"),
        ({"motion": {"joints": [JOINTS[0], JOINTS[1][:21]]}}, "motion.joints.1"),
        ({"motion": {"joints": JOINTS, "fps": 2000}}, "motion.fps"),
    ],
)
def test_a_wrong_field_is_named(values: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        SearchRequest.model_validate(values)
    assert [".".join(map(str, error["loc"])) for error in caught.value.errors()] == [field]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_coordinates_are_finite(value: float) -> None:
    joints = standing(2).tolist()
    joints[1][3][2] = value
    with pytest.raises(ValidationError, match="finite"):
        MotionBody(joints=joints)


def test_requests_have_defaults_and_cannot_be_changed() -> None:
    request = SearchRequest(text="walk")
    assert (request.target, request.k, request.placed) == ("motion", 10, False)
    assert MotionBody(joints=JOINTS).fps == 20
    with pytest.raises(ValidationError, match="frozen"):
        request.k = 3
    with pytest.raises(ValidationError, match="target"):
        ScoreRequest(text="walk", target="motion")  # type: ignore[call-arg]


def test_a_hit_keeps_its_fields() -> None:
    hit = Hit(2, "walk", 0.75, "m", text="a walk", items=("item-1",), metadata={"subject": 3}, scene="hall")
    assert HitBody.of(hit).model_dump() == {
        "rank": 2, "id": "walk", "score": 0.75, "kind": "m", "text": "a walk", "items": ["item-1"],
        "metadata": {"subject": 3}, "scene": "hall",
    }  # fmt: skip


def test_scores_that_do_not_exist_are_none() -> None:
    scores = Scores({Task.parse("t2m"): 0.5, Task.parse("tm2s"): 0.25}, notes=("placed",))
    body = ScoreResponse.of(scores, {"motion": ["fps: 20"]})
    assert body.model_dump(exclude_none=True) == {
        "t2m": 0.5, "tm2s": 0.25, "notes": ["placed"], "read": {"motion": ["fps: 20"]},
    }  # fmt: skip
