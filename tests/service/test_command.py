"""``monster serve`` as a user runs it: a process, a port, an answer, an end."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import pytest
from fakes import FakeModel, item_of, text_of

from monster import Gallery
from monster.errors import InputError, MissingExtra, MonsterError
from service.command import serve

ROOT = Path(__file__).parents[2]
# The command itself, with a model that needs no weights.
PROGRAM = """
import sys, types, typer
from fakes import FakeModel
model = FakeModel(fingerprint=sys.argv.pop())
sys.modules["monster.model"] = types.SimpleNamespace(load=lambda *_, **__: model)
from monster.errors import MonsterError
from service.command import serve
try:
    typer.run(serve)
except MonsterError as error:
    sys.exit(f"error: {error}")
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("galleries") / "gallery"
    with Gallery.create(folder, FakeModel()) as made:
        made.add(item_of(key) for key in range(5))
    return folder


def start(folder: Path, *arguments: str, fingerprint: str = "fa4e", **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(folder), *arguments, fingerprint],
        env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}", "PYTHONUNBUFFERED": "1"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """Where a server answers; it must end when it is stopped."""
    server = start(folder, "--port", "0")
    try:
        assert server.stdout is not None
        found = address_in(server.stdout.readline())
        wait_until_ready(found)
        yield found
    finally:
        server.send_signal(signal.SIGTERM)
        _, printed = server.communicate(timeout=30)
    assert server.returncode in (0, -signal.SIGTERM)
    assert "Traceback" not in printed


def address_in(line: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:\d+", line)
    assert found, line
    return found.group()


def wait_until_ready(address: str) -> None:
    end = time.monotonic() + 30
    while True:
        try:
            if httpx.get(f"{address}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_server_answers(address: str) -> None:
    answer = httpx.post(f"{address}/v1/search", json={"text": text_of(3), "k": 1})
    assert answer.json()["hits"][0]["items"] == ["item-3"]
    assert httpx.get(f"{address}/openapi.json").json()["info"]["title"] == "MonSTeR"


def test_a_body_that_is_too_large_gets_a_413_over_the_network(address: str) -> None:
    answer = httpx.post(f"{address}/v1/search", content=b" " * (9 << 20), headers={"Content-Type": "application/json"})
    assert answer.json()["error"]["code"] == "too_large"


def test_an_aborted_upload_does_not_affect_other_clients(address: str) -> None:
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(
            b"POST /v1/search HTTP/1.1\r\nHost: here\r\nContent-Length: 100000\r\n"
            b"Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n"
        )
    assert httpx.post(f"{address}/v1/search", json={"text": text_of(2)}).status_code == 200


def test_other_weights_end_the_server(folder: Path) -> None:
    server = start(folder, "--port", "0", fingerprint="0ther")
    _, printed = server.communicate(timeout=60)
    assert server.returncode == 1
    assert "error: " in printed
    assert "fa4e" in printed and "0ther" in printed


@pytest.mark.parametrize("name", ["missing", "."])
def test_a_folder_that_is_not_a_gallery_is_an_error_at_once(tmp_path: Path, name: str) -> None:
    with pytest.raises(MonsterError, match=re.escape(str(tmp_path))):
        serve(tmp_path / name, port=0)


def test_a_port_that_is_taken(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=f"cannot listen on 127.0.0.1 port {port}: .*in use"):
            serve(folder, port=port)


def test_a_host_that_does_not_exist(folder: Path) -> None:
    with pytest.raises(InputError, match=r"cannot listen on 192\.0\.2\.1 "):
        serve(folder, host="192.0.2.1", port=0)


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [("MONSTER_MAX_K", "0", "MONSTER_MAX_K: "), ("MONSTER_API_KEY", "2short", "at least 8")],
)
def test_a_wrong_variable_is_named_without_its_value(
    folder: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, words: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(InputError, match=words) as caught:
        serve(folder, port=0)
    assert "2short" not in str(caught.value)


def test_an_unknown_log_level(folder: Path) -> None:
    with pytest.raises(InputError, match="loud"):
        serve(folder, port=0, log_level="loud")


def test_a_missing_extra_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fastapi", None)
    with pytest.raises(MissingExtra, match=re.escape("monster-retrieval[service]")):
        serve(folder, port=0)


def test_an_interrupt_ends_the_server_silently(folder: Path) -> None:
    server = start(folder, "--port", "0", "--log-level", "error")
    assert server.stdout is not None
    wait_until_ready(address_in(server.stdout.readline()))
    server.send_signal(signal.SIGINT)
    assert (server.communicate(timeout=30)[1], server.returncode) == ("", 0)
