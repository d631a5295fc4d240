"""Requests use the model one at a time, with a limited wait."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest
from shelf import Shelf, app_of, failure
from starlette.testclient import TestClient

from monster import Query
from service.engine import Engine
from service.errors import ServiceError


def test_many_at_once_get_the_answers_of_one(client: TestClient, shelf: Shelf) -> None:
    questions = [{"motion_id": id, "target": "scene", "k": k} for id in ("walk", "sit") for k in (1, 2)] * 8

    def ask(question: Mapping[str, object]) -> object:
        return client.post("/v1/search", json=question).json()

    alone = [ask(question) for question in questions]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, questions)) == alone
    assert shelf.most_asking == 1


def test_a_request_that_waits_too_long_gets_a_503(make_client: Callable[..., TestClient]) -> None:
    client = make_client(wait_seconds=0.05)
    with app_of(client).state.engine.lock():
        answer = client.post("/v1/search", json={"text": "walk"})
        failure(answer, 503, "busy")
        assert answer.headers["retry-after"]
        assert client.get("/livez").status_code == client.get("/readyz").status_code == 200
    assert client.post("/v1/search", json={"text": "walk"}).status_code == 200


def test_a_failure_releases_the_lock(client: TestClient, shelf: Shelf) -> None:
    shelf.broken = RuntimeError()
    assert client.post("/v1/search", json={"text": "walk"}).status_code == 500
    shelf.broken = None
    assert client.post("/v1/search", json={"text": "walk"}).status_code == 200


def test_requests_fail_before_the_start(shelf: Shelf) -> None:
    engine = Engine(lambda: shelf, wait_seconds=1)
    with pytest.raises(ServiceError) as caught:
        engine.search(Query(text="walk"), "motion", 1)
    assert caught.value.status == 503
    engine.start().join()
    assert engine.search(Query(text="walk"), "motion", 1)[0].id == "walk"
