"""One shape for every failure."""

from __future__ import annotations

import logging

import pytest
from fastapi import FastAPI
from shelf import Shelf, failure
from starlette.testclient import TestClient

from monster.errors import FileFormatError, GalleryError, InputError, MissingExtra, MonsterError, WeightsMissing
from service import errors


def test_an_unknown_route(client: TestClient) -> None:
    failure(client.get("/v1/nothing"), 404, "not_found")


def test_a_wrong_method(client: TestClient) -> None:
    answer = client.get("/v1/search")
    failure(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == "POST"


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (FileFormatError("walk.bvh: expected frames"), 422, "invalid_file"),
        (InputError("expected a text"), 422, "invalid_input"),
        (MissingExtra("splitting", "scene"), 501, "missing_extra"),
        (GalleryError("/srv/gallery: broken"), 503, "unavailable"),
        (WeightsMissing("/srv/weights"), 503, "unavailable"),
    ],
)
def test_each_error_of_the_package_has_its_status(error: MonsterError, status: int, code: str) -> None:
    found = errors.of_monster(error)
    assert (found.status, found.code) == (status, code)
    assert ("/srv" in found.message) is False


def test_server_errors_are_logged(client: TestClient, shelf: Shelf, caplog: pytest.LogCaptureFixture) -> None:
    shelf.broken = GalleryError("/srv/gallery: broken")
    with caplog.at_level(logging.ERROR, logger="service"):
        failure(client.post("/v1/search", json={"text": "walk"}), 503, "unavailable")
    assert "/srv/gallery: broken" in caplog.text


def test_a_foreign_route_fails_in_the_same_shape() -> None:
    app = FastAPI()
    errors.install(app)

    @app.get("/fails")
    def fails() -> None:
        raise ZeroDivisionError

    with TestClient(app, raise_server_exceptions=False) as client:
        failure(client.get("/fails"), 500, "internal")
