"""Scores over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from shelf import failure, standing
from starlette.testclient import TestClient


def ask(client: TestClient, **body: Any) -> Any:
    return client.post("/v1/score", json=body)


def test_only_the_scores_that_exist_are_given(client: TestClient) -> None:
    assert ask(client, text="walk", motion_id="walk").json() == {"t2m": 0.5, "notes": [], "read": {}}


def test_three_parts_give_the_score_of_the_three(client: TestClient) -> None:
    answer = ask(client, text="walk", motion_id="walk", scene_id="office").json()
    assert answer["tm2s"] == 0.75


def test_notes_are_passed_on(client: TestClient) -> None:
    assert ask(client, motion_id="walk", scene_id="office").json()["notes"] == ["no text"]


@pytest.mark.parametrize(("placed", "notes"), [(True, ["placed"]), (False, [])])
def test_a_motion_is_placed_when_the_client_says_so(client: TestClient, placed: bool, notes: list[str]) -> None:
    motion = {"joints": standing().tolist()}
    assert ask(client, text="walk", motion=motion, placed=placed).json()["notes"] == notes


@pytest.mark.parametrize("body", [{}, {"text": "walk"}, {"motion_id": "walk"}, {"scene_id": "office"}])
def test_fewer_than_two_parts_are_refused(client: TestClient, body: dict[str, str]) -> None:
    assert "two or three" in failure(ask(client, **body), 422, "invalid_request")["message"]


def test_a_search_is_not_a_score(client: TestClient) -> None:
    answer = ask(client, text="walk", motion_id="walk", k=5)
    assert failure(answer, 422, "invalid_request")["field"] == "k"


def test_an_unknown_id_is_not_found(client: TestClient) -> None:
    assert failure(ask(client, text="walk", motion_id="nobody"), 404, "unknown_id")["field"] == "motion_id"
