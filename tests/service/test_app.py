"""The application as a whole: what it describes is what it does, and importing it does nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from shelf import Shelf, wait_until_ready
from starlette.testclient import TestClient

from service.app import create_app
from service.settings import ServiceSettings

ROUTES = {"/livez": "get", "/readyz": "get", "/v1/info": "get", "/v1/search": "post", "/v1/score": "post"}


@pytest.fixture
def document(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/openapi.json").json()
    return found


def test_every_route_is_described(document: dict[str, Any]) -> None:
    assert {path: next(iter(methods)) for path, methods in document["paths"].items()} == ROUTES


def test_every_reference_resolves(document: dict[str, Any]) -> None:
    def references(node: Any) -> set[str]:
        if isinstance(node, dict):
            own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
            return own.union(*map(references, node.values()))
        return set().union(*map(references, node)) if isinstance(node, list) else set()

    found = references(document)
    assert "#/components/schemas/SearchRequest" in found
    assert found <= {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}


@pytest.mark.parametrize("route", ["/v1/search", "/v1/score"])
def test_both_kinds_of_body_are_described(document: dict[str, Any], route: str) -> None:
    content = document["paths"][route]["post"]["requestBody"]["content"]
    assert set(content) == {"application/json", "multipart/form-data"}
    form = content["multipart/form-data"]["schema"]["properties"]
    assert form["motion"] == form["scene"] == {"type": "string", "format": "binary"}
    assert {"text", "motion_id", "scene_id", "placed"} < set(form)


def test_failures_are_described_in_their_one_shape(document: dict[str, Any]) -> None:
    answers = document["paths"]["/v1/search"]["post"]["responses"]
    shape = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorResponse"}}}
    assert all(answers[str(status)]["content"] == shape for status in (400, 401, 404, 413, 415, 422, 503))


def test_the_document_is_the_same_twice(client: TestClient) -> None:
    assert client.get("/openapi.json").json() == client.get("/openapi.json").json()


def test_two_applications_share_nothing() -> None:
    first, second = (create_app(Shelf(), ServiceSettings(max_k=k)) for k in (1, 2))
    with TestClient(first) as one, TestClient(second) as two:
        wait_until_ready(one)
        wait_until_ready(two)
        answers = [client.post("/v1/search", json={"text": "walk", "k": 2}).status_code for client in (one, two)]
    assert answers == [422, 200]


def test_importing_reads_no_settings_and_loads_no_model() -> None:
    code = "import sys, service.app as _; sys.exit(any(name in sys.modules for name in ('torch', 'faiss', 'open3d')))"
    environment = {"MONSTER_MAX_K": "nonsense"}
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], env=environment, check=False)
    assert done.returncode == 0
