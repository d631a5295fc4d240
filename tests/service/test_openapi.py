"""The published document: every request model, both forms of a body, every error, no dangling reference."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.openapi import ERRORS, body_of
from service.schemas import ScoreRequest, SearchRequest


@pytest.fixture
def document(client: TestClient) -> dict[str, Any]:
    answer = client.get("/openapi.json")
    assert answer.status_code == 200
    return dict(answer.json())


def test_references_resolve(document: dict[str, Any]) -> None:
    names = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))
    assert {"SearchRequest", "ScoreRequest", "ErrorResponse"} <= names
    assert names <= set(document["components"]["schemas"])


@pytest.mark.parametrize(("route", "model"), [("search", SearchRequest), ("score", ScoreRequest)])
def test_a_route_takes_json_or_a_form_with_files(document: dict[str, Any], route: str, model: type) -> None:
    post = document["paths"][f"/v1/{route}"]["post"]
    content = post["requestBody"]["content"]
    assert content["application/json"]["schema"] == {"$ref": f"#/components/schemas/{model.__name__}"}
    form = content["multipart/form-data"]["schema"]["properties"]
    assert form["motion"] == form["scene"] == {"type": "string", "format": "binary"}
    assert {"text", "motion_id", "scene_id", "placed", "key", "fps", "unit", "axes"} <= set(form)
    assert ("k" in form) == (route == "search")
    assert {str(status) for status in ERRORS} <= set(post["responses"])


def test_fields_without_a_default_are_required() -> None:
    form = body_of(SearchRequest)["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert form["required"] == [] and form["additionalProperties"] is False


def test_the_document_is_the_same_each_time(client: TestClient, document: dict[str, Any]) -> None:
    assert client.get("/openapi.json").json() == document
