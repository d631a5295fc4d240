"""Alive, ready, and what is behind it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from shelf import Shelf, app_of, failure, wait_until_ready
from starlette.testclient import TestClient

import monster
from monster.errors import FingerprintMismatch
from service.app import create_app
from service.settings import ServiceSettings


def test_ready_only_once_the_gallery_is_open(shelf: Shelf) -> None:
    may_open = threading.Event()

    def slowly() -> Shelf:
        assert may_open.wait(30)
        return shelf

    with TestClient(create_app(slowly, ServiceSettings())) as client:
        assert client.get("/livez").json() == {"status": "alive"}
        for answer in (client.get("/readyz"), client.get("/v1/info"), client.post("/v1/search", json={"text": "walk"})):
            failure(answer, 503, "loading")
            assert answer.headers["retry-after"]
        may_open.set()
        wait_until_ready(client)
        assert client.get("/readyz").json() == {"status": "ready"}
        assert client.post("/v1/search", json={"text": "walk"}).status_code == 200


def test_a_gallery_that_cannot_be_opened() -> None:
    failed = threading.Event()

    def fails() -> Shelf:
        raise FingerprintMismatch("/srv/gallery: made with weights abc, these are def")

    with TestClient(create_app(fails, ServiceSettings(), on_failure=failed.set)) as client:
        assert failed.wait(30)
        message = failure(client.get("/readyz"), 503, "failed")["message"]
        assert "/srv" not in message
        assert client.get("/livez").status_code == 200
        assert isinstance(app_of(client).state.engine.failure, FingerprintMismatch)


def test_info_has_gallery_model_and_limits(make_client: Callable[..., TestClient]) -> None:
    info = make_client(max_k=7, max_frames=99).get("/v1/info").json()
    assert info["version"] == monster.__version__
    assert info["fingerprint"] == Shelf.fingerprint
    assert info["dim"] == Shelf.dim
    assert info["counts"]["motions"] == 2
    assert (info["limits"]["k"], info["limits"]["frames"], info["limits"]["text_characters"]) == (7, 99, 10_000)
    assert {"text", "motion", "scene"} < set(info["targets"])


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_unexpected_error_while_opening_ends_the_wait() -> None:
    failed = threading.Event()

    def fails() -> Shelf:
        raise ZeroDivisionError

    with TestClient(create_app(fails, ServiceSettings(), on_failure=failed.set)) as client:
        assert failed.wait(30)
        failure(client.get("/readyz"), 503, "failed")
        for thread in threading.enumerate():
            if thread.name == "open-gallery":
                thread.join(30)  # wait: the thread prints its traceback after the callback
