"""Searching over HTTP: what is found, and what is refused with which words."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from shelf import Shelf, failure, standing
from starlette.testclient import TestClient


def ask(client: TestClient, **body: Any) -> Any:
    return client.post("/v1/search", json=body)


def test_text_finds_motions(client: TestClient) -> None:
    hits = ask(client, text="walk", target="motion", k=2).json()["hits"]
    assert [(hit["rank"], hit["id"], hit["kind"]) for hit in hits] == [(1, "walk", "m"), (2, "sit", "m")]
    assert hits[0]["text"] == "walk"


def test_target_and_k_have_defaults(client: TestClient) -> None:
    assert [hit["id"] for hit in ask(client, text="walk").json()["hits"]] == ["walk", "sit"]


def test_k_above_the_size_gives_all(client: TestClient) -> None:
    assert len(ask(client, text="walk", k=100).json()["hits"]) == 2


@pytest.mark.parametrize(("id", "score"), [("walk", 0.25), ("sit", 0.75)])
def test_a_stored_motion_is_the_query(client: TestClient, id: str, score: float) -> None:
    assert ask(client, motion_id=id, target="scene").json()["hits"][0]["score"] == score


def test_a_motion_may_be_written_out(client: TestClient) -> None:
    motion = {"joints": standing(x=0.5).tolist(), "fps": 30}
    assert ask(client, motion=motion, target="scene").json()["hits"][0]["score"] == 0.5


def test_text_and_scene_together(client: TestClient) -> None:
    assert ask(client, text="walk", scene_id="office", k=1).json()["hits"][0]["id"] == "walk"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": "walk", "k": 0}, "k"),
        ({"text": "walk", "k": -3}, "k"),
        ({"text": "walk", "k": 101}, "k"),
        ({"text": "walk", "k": 10**30}, "k"),
        ({"text": "walk", "k": 1.5}, "k"),
        ({"text": "walk", "k": True}, "k"),
        ({"text": "walk", "k": "many"}, "k"),
        ({"text": ""}, "text"),
        ({"text": "a" * 100_000}, "text"),
        ({"text": 7}, "text"),
        ({"text": ["walk"]}, "text"),
        ({"text": "walk", "tekst": "typo"}, "tekst"),
        ({"motion_id": ""}, "motion_id"),
        ({"text": "walk", "target": 5}, "target"),
        ({"motion": {"joints": []}}, "motion.joints"),
        ({"motion": {"joints": [[[0, 0, 0]]] * 3}}, "motion.joints.0"),
        ({"motion": {"joints": [[[0, 0]] * 22] * 3}}, "motion.joints.0.0"),
        ({"motion": {"joints": standing().tolist(), "fps": 0}}, "motion.fps"),
        ({"motion": {"fps": 20}}, "motion.joints"),
        ({"motion": "walk.bvh"}, "motion"),
        ({"motion_id": "walk", "motion": {"joints": standing().tolist()}}, "motion"),
    ],
)
def test_wrong_fields_are_named(client: TestClient, body: dict[str, Any], field: str) -> None:
    assert failure(ask(client, **body), 422, "invalid_request")["field"] == field


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "one or two of text, motion and scene"),
        ({"text": "walk", "motion_id": "walk", "scene_id": "office"}, "one or two of text, motion and scene"),
        ({"text": " \n\t "}, "white space"),
        ({"text": "walk", "target": "smell"}, "unknown target 'smell'"),
        ({"motion": {"joints": (standing() * 100).tolist()}}, "is the unit metres?"),
    ],
)
def test_incompatible_arguments_are_explained(client: TestClient, body: dict[str, Any], words: str) -> None:
    assert words in failure(ask(client, **body), 422, "invalid_input")["message"]


@pytest.mark.parametrize("field", ["motion_id", "scene_id"])
@pytest.mark.parametrize("id", ["nobody", "../../etc/passwd", "walk' OR 1=1 --", "\u0000"])
def test_an_unknown_id_is_not_found(client: TestClient, field: str, id: str) -> None:
    assert failure(ask(client, **{field: id}), 404, "unknown_id")["field"] == field


def test_a_motion_with_invalid_numbers(client: TestClient) -> None:
    joints = standing()
    joints[0, 0, 0] = float("nan")
    text = json.dumps({"motion": {"joints": joints.tolist()}})
    assert "NaN" in text
    answer = client.post("/v1/search", content=text, headers={"Content-Type": "application/json"})
    assert failure(answer, 422, "invalid_request")["field"] == "motion.joints.0.0.0"


def test_a_motion_that_is_too_long(make_client: Callable[..., TestClient]) -> None:
    client = make_client(max_frames=5)
    assert ask(client, motion={"joints": standing(5).tolist()}, target="scene").status_code == 200
    answer = ask(client, motion={"joints": standing(6).tolist()}, target="scene")
    assert "at most 5 frames, got 6" in failure(answer, 422, "invalid_request")["message"]


def test_the_maximum_number_of_hits_can_be_set(make_client: Callable[..., TestClient]) -> None:
    client = make_client(max_k=1)
    assert ask(client, text="walk", k=1).status_code == 200
    assert failure(ask(client, text="walk", k=2), 422, "invalid_request")["field"] == "k"


def test_an_unexpected_error_reveals_no_internals(client: TestClient, shelf: Shelf) -> None:
    shelf.broken = RuntimeError("secret /srv/path")
    assert "secret" not in failure(ask(client, text="walk"), 500, "internal")["message"]
    shelf.broken = None
    assert ask(client, text="walk").status_code == 200
