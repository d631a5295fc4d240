"""What is refused before its body is read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import SecretStr
from shelf import Shelf, failure
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from service import limits
from service.app import create_app
from service.errors import ServiceError
from service.limits import BodyLimit, counted
from service.settings import ServiceSettings

KEY = "correct horse battery"


@pytest.mark.parametrize(
    "headers", [{"Authorization": f"Bearer {KEY}"}, {"authorization": f"bearer {KEY}"}, {"X-API-Key": KEY}]
)
def test_a_valid_key_is_accepted(make_client: Callable[..., TestClient], headers: dict[str, str]) -> None:
    client = make_client(api_key=KEY)
    assert client.post("/v1/search", json={"text": "walk"}, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": KEY},
        {"Authorization": f"Basic {KEY}"},
        {"Authorization": "Bearer"},
        {"X-API-Key": KEY[:-1]},
        {"X-API-Key": ""},
        {"X-API-Key": b"\xff\xfe"},
    ],
)
@pytest.mark.parametrize("path", ["/v1/search", "/v1/info", "/openapi.json", "/nothing", "//livez", "/livez/"])
def test_without_the_key_requests_are_refused(make_client: Callable[..., TestClient], path: str, headers: Any) -> None:
    answer = make_client(api_key=KEY).post(path, headers=headers)
    failure(answer, 401, "unauthorized")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_health_checks_need_no_key(make_client: Callable[..., TestClient]) -> None:
    client = make_client(api_key=KEY)
    assert [client.get(path).status_code for path in ("/livez", "/readyz")] == [200, 200]


def test_the_key_is_checked_before_the_body(make_client: Callable[..., TestClient]) -> None:
    app = make_client(api_key=KEY).app

    async def must_not_be_called() -> Message:
        raise AssertionError("the body was asked for")

    assert asyncio.run(status_of(app, must_not_be_called, [])) == 401


@pytest.mark.parametrize("length", [b"2049", b"9" * 5000])
def test_a_declared_length_is_refused_before_the_body(make_client: Callable[..., TestClient], length: bytes) -> None:
    app = make_client(max_json_bytes=2048).app

    async def must_not_be_called() -> Message:
        raise AssertionError("the body was asked for")

    headers = [(b"content-type", b"application/json"), (b"content-length", length), (b"expect", b"100-continue")]
    assert asyncio.run(status_of(app, must_not_be_called, headers)) == 413


def test_sent_bytes_are_read_before_the_answer(
    make_client: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_client(max_json_bytes=2048).app
    monkeypatch.setattr(limits, "DISCARD_BYTES", 10_000)
    taken = 0

    async def endless() -> Message:
        nonlocal taken
        taken += 1000
        return {"type": "http.request", "body": b"x" * 1000, "more_body": True}

    assert asyncio.run(status_of(app, endless, [(b"content-length", b"1000000")])) == 413
    assert taken == 10_000


async def status_of(app: Any, receive: Receive, headers: list[tuple[bytes, bytes]]) -> int:
    """The status that ``app`` answers a POST with."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": "/v1/search", "raw_path": b"/v1/search", "query_string": b"", "headers": headers, "root_path": "",
    }  # fmt: skip
    await app(scope, receive, send)
    return int(sent[0]["status"])


@pytest.mark.parametrize(("kind", "limit"), [(b"application/json", 4096), (b"multipart/form-data; boundary=b", 8192)])
def test_an_endless_body_is_cut(make_client: Callable[..., TestClient], kind: bytes, limit: int) -> None:
    client = make_client(max_json_bytes=4096, max_upload_bytes=8192)
    form = b'--b\r\nContent-Disposition: form-data; name="motion"; filename="a.npy"\r\n\r\n'
    received = 0

    async def endless() -> Message:
        nonlocal received
        chunk = b"x" * 1024 if received or b"json" in kind else form
        received += len(chunk)
        return {"type": "http.request", "body": chunk, "more_body": True}

    assert asyncio.run(status_of(client.app, endless, [(b"content-type", kind)])) == 413
    assert received <= limit + 1024
    assert client.post("/v1/search", json={"text": "walk"}).status_code == 200


def test_a_form_may_be_larger_than_json(make_client: Callable[..., TestClient]) -> None:
    client = make_client(max_json_bytes=1024, max_upload_bytes=1 << 20)
    long = "walk " * 400
    failure(client.post("/v1/search", json={"text": long}), 413, "too_large")
    assert client.post("/v1/search", data={"text": long}, files={"none": ""}).status_code in (200, 422)


def test_a_slow_body_times_out() -> None:
    async def never() -> Message:
        await asyncio.sleep(60)
        return {"type": "http.request", "body": b"", "more_body": True}

    with pytest.raises(ServiceError) as caught:
        asyncio.run(_all_of(counted(never, 1000, 0.05)))
    assert caught.value.status == 408


def test_receive_after_the_body_waits_for_the_disconnect() -> None:
    messages: list[Message] = [{"type": "http.request", "body": b"abc"}, {"type": "http.disconnect"}]

    async def one_by_one() -> Message:
        if len(messages) == 1:
            await asyncio.sleep(0.2)
        return messages.pop(0)

    async def both() -> str:
        receive = counted(one_by_one, 1000, 0.05)
        await receive()
        return str((await receive())["type"])

    assert asyncio.run(both()) == "http.disconnect"


async def _all_of(receive: Receive) -> None:
    while (await receive()).get("more_body"):
        pass


def test_other_protocols_pass() -> None:
    async def run() -> list[str]:
        seen: list[str] = []

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            seen.append(scope["type"])

        async def nothing(*_: Any) -> Any:
            return {}

        await BodyLimit(app, ServiceSettings())({"type": "lifespan"}, nothing, nothing)
        return seen

    assert asyncio.run(run()) == ["lifespan"]


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 8"):
        create_app(Shelf(), ServiceSettings(api_key=SecretStr("short")))
