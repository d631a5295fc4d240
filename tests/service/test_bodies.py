"""Bodies with wrong declarations, and incomplete forms."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shelf import failure
from starlette.testclient import TestClient

FORM = {"Content-Type": "multipart/form-data; boundary=b"}


def part(name: str, value: bytes, filename: str | None = None) -> bytes:
    file = f'; filename="{filename}"' if filename is not None else ""
    return f'--b\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + value + b"\r\n"


END = b"--b--\r\n"


def post(client: TestClient, content: bytes, headers: dict[str, str]) -> Any:
    return client.post("/v1/search", content=content, headers=headers)


def test_a_form_without_files(client: TestClient) -> None:
    answer = post(client, part("text", "gehe zur Tür".encode()) + part("k", b"1") + END, FORM)
    assert [hit["text"] for hit in answer.json()["hits"]] == ["gehe zur Tür"]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"walk", b'{"text": "walk"', b"\xff\xfe", b'{"text": "\xff"}', b"[" * 100_000, b'{"text": "\\ud800"}'],
)
def test_invalid_json(client: TestClient, content: bytes) -> None:
    failure(post(client, content, {"Content-Type": "application/json"}), 400, "invalid_json")


def test_a_lone_surrogate_is_named(client: TestClient) -> None:
    answer = post(client, b'{"text": "a person walks \\ud83d"}', {"Content-Type": "application/json"})
    message = "text contains a lone surrogate (U+D83D), which UTF-8 cannot encode"
    assert answer.status_code == 400 and answer.json()["error"]["message"] == message
    form = post(client, part("text", b"walk \xed\xa0\xbd") + END, FORM)
    assert form.status_code == 400, form.text


@pytest.mark.parametrize("content", [b"[]", b"null", b"7", b'"walk"'])
def test_json_of_another_shape(client: TestClient, content: bytes) -> None:
    failure(post(client, content, {"Content-Type": "application/json; charset=utf-8"}), 422, "invalid_request")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "application/octet-stream", "json", ""]
)
def test_another_content_type(client: TestClient, kind: str) -> None:
    failure(post(client, b'{"text": "walk"}', {"Content-Type": kind}), 415, "unsupported_media_type")


def test_no_content_type(client: TestClient) -> None:
    failure(client.post("/v1/search", content=b'{"text": "walk"}'), 415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        (part("text", b"walk") + END, {"Content-Type": "multipart/form-data"}),
        (b"", FORM),
        (b"not a form at all", FORM),
        (part("text", b"walk"), FORM),
        (part("text", b"walk") + part("motion", b"abc", "walk.npy")[:-20], FORM),
        (b"--b\r\nContent-Disposition: form-data\r\n\r\nwalk\r\n" + END, FORM),
        (b"".join(part(f"f{n}", b"") for n in range(40)) + END, FORM),
        (part("motion", b"", "a.npy") + part("scene", b"", "a.ply") + part("more", b"", "b") + END, FORM),
        (part("text", b"a" * 300_000) + END, FORM),
    ],
)
def test_forms_that_cannot_be_read(client: TestClient, content: bytes, headers: dict[str, str]) -> None:
    failure(post(client, content, headers), 400, "invalid_form")


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (part("text", b"walk") + part("text", b"sit"), "text"),
        (part("text", b"walk", "text.txt"), "text"),
        (part("motion", b"walk"), "motion"),
        (part("text", b"walk") + part("k", b"many"), "k"),
        (part("text", b"walk") + part("k", b"0"), "k"),
        (part("text", b"walk") + part("kk", b"1"), "kk"),
        (part("text", b""), "text"),
    ],
)
def test_fields_that_make_no_sense(client: TestClient, content: bytes, field: str) -> None:
    assert failure(post(client, content + END, FORM), 422, "invalid_request")["field"] == field


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 230), junk=st.binary(max_size=40))
def test_a_damaged_form_never_breaks_the_service(client: TestClient, cut: int, junk: bytes) -> None:
    whole = part("text", b"walk") + part("target", b"motion") + part("k", b"1") + END
    answer = post(client, whole[:cut] + junk + whole[cut + len(junk) :], FORM)
    assert answer.status_code in (200, 400, 404, 422)
    assert ("error" in answer.json()) == (answer.status_code != 200)


def test_a_broken_upload_leaves_no_file(client: TestClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    failure(post(client, part("motion", b"abc" * 1_000_000, "walk.npy"), FORM), 400, "invalid_form")
    assert list(tmp_path.iterdir()) == []
