"""Uploaded files are read in a child process, so that none can crash the service."""

from __future__ import annotations

import io
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import scene_of
from hypothesis import given
from hypothesis import strategies as st
from shelf import failure, npy, standing
from starlette.datastructures import UploadFile
from starlette.testclient import TestClient

from monster.errors import FileFormatError, MissingExtra
from monster.io.npz import save_scene
from monster.sandbox import client as isolated
from service.errors import ServiceError
from service.settings import ServiceSettings
from service.uploads import Uploads, safe_name


def post(client: TestClient, route: str = "search", *, files: dict[str, Any], **fields: str) -> Any:
    return client.post(f"/v1/{route}", data=fields, files=files)


def test_an_uploaded_motion_is_the_query(client: TestClient) -> None:
    answer = post(client, files={"motion": ("walk.npy", npy(standing(x=0.5)))}, target="scene", k="1")
    assert answer.status_code == 200, answer.text
    assert answer.json()["hits"][0]["score"] == pytest.approx(0.5, abs=0.01)
    assert any("axes" in line for line in answer.json()["read"]["motion"])


def test_motion_and_scene_are_rated(client: TestClient, tmp_path: Path) -> None:
    save_scene(tmp_path / "room.npz", scene_of(3))
    files = {"motion": ("walk.npy", npy(standing(30))), "scene": ("room.npz", (tmp_path / "room.npz").read_bytes())}
    answer = post(client, "score", files=files, text="walk", placed="true")
    assert answer.status_code == 200, answer.text
    assert answer.json()["tm2s"] == 0.75
    assert answer.json()["notes"] == ["placed"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("walk.npy", npy(np.zeros((5, 7), np.float32)), "(5, 7)"),
        ("walk.npy", npy(standing())[:-40], "cut short"),
        ("walk.npy", npy(np.array([{"a": 1}], dtype=object)), "pickle"),
        ("walk.npy", b"", "empty"),
        ("walk.npy", npy(np.full((5, 22, 3), np.nan, np.float32)), "finite"),
        ("walk.bvh", b"HIERARCHY\nnonsense", "walk.bvh"),
        ("walk.exe", b"MZ", "walk.exe"),
        ("walk", npy(standing()), "walk"),
        ("../../../tmp/escaped.npy", b"x", "escaped.npy"),
        ("C:\\temp\\walk.npy", b"x", "walk.npy"),
        ("walk.npy", b"\x80\x04cos\nsystem\n", "pickle"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(client: TestClient, name: str, content: bytes, words: str) -> None:
    message = failure(post(client, files={"motion": (name, content)}, target="scene"), 422, "invalid_file")["message"]
    assert words in message
    assert "monster-upload-" not in message


def test_one_motion_of_many_and_its_rate(client: TestClient) -> None:
    packed = io.BytesIO()
    np.savez(packed, left=standing(9, x=0.25), right=standing(9, x=0.75))
    files = {"motion": ("many.npz", packed.getvalue())}
    answer = post(client, files=files, target="scene", key="right", fps="50").json()
    assert answer["hits"][0]["score"] == pytest.approx(0.75, abs=0.01)
    assert any(line.startswith("fps: 50 (given") for line in answer["read"]["motion"])
    assert "'left'" in failure(post(client, files=files, target="scene"), 422, "invalid_file")["message"]


@pytest.mark.parametrize("name", ["key", "fps"])
def test_options_of_a_file_need_a_file(client: TestClient, name: str) -> None:
    answer = client.post("/v1/search", data={name: "20", "motion_id": "walk"}, files={"scene": ("room.ply", b"ply")})
    assert failure(answer, 422, "invalid_request")["field"] == name


def test_a_file_and_an_id_are_one_too_many(client: TestClient) -> None:
    answer = post(client, files={"motion": ("walk.npy", npy(standing()))}, motion_id="walk", target="scene")
    assert failure(answer, 422, "invalid_request")["field"] == "motion"


def test_a_motion_that_is_too_long(make_client: Callable[..., TestClient]) -> None:
    answer = post(make_client(max_frames=5), files={"motion": ("walk.npy", npy(standing(6)))}, target="scene")
    assert "at most 5 frames, got 6" in failure(answer, 422, "invalid_file")["message"]


def test_a_small_file_that_unpacks_to_much_more_than_allowed(make_client: Callable[..., TestClient]) -> None:
    packed = io.BytesIO()
    np.savez_compressed(packed, joints=np.zeros((40_000_000, 3, 4), np.int8))
    answer = post(make_client(read_megabytes=500), files={"motion": ("bomb.npz", packed.getvalue())}, target="scene")
    assert "bomb.npz" in failure(answer, 422, "invalid_file")["message"]


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Uploads]:
    """Makes uploads that are read by the code of a test."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    def make(code: str, **settings: Any) -> Uploads:
        body = "".join(f"    {line}\n" for line in code.splitlines())
        (tmp_path / "own_reader.py").write_text(
            "import json, os, signal, sys, time\nfrom monster.errors import MissingExtra\n"
            f"def read(path, kind, most, options, formats):\n{body}    yield {{}}\n"
        )
        return Uploads(ServiceSettings(**settings), reader="own_reader:read")

    return make


def upload(name: str = "walk.npy") -> UploadFile:
    return UploadFile(io.BytesIO(b"content"), filename=name)


DIES = "os.kill(os.getpid(), signal.SIGSEGV)"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (DIES, "the parser failed"),
        ("os.abort()", "the parser failed"),
        ("raise ValueError('a bug')", "the parser failed"),
        ("os._exit(3)", "the parser failed"),
        ("os._exit(0)", "the parser failed"),
        ("pass", "the parser failed"),
        ("print('x' * 10_000_000)\nos._exit(1)", "the parser failed"),
        ("bytes(1 << 40)", "more memory than the limit"),
        ("time.sleep(60)", "longer than 0.5 s"),
        ("while True: pass", "longer than 0.5 s"),
    ],
)
def test_a_parser_that_fails_is_one_clear_line(
    reader: Callable[..., Uploads], monkeypatch: pytest.MonkeyPatch, code: str, words: str
) -> None:
    monkeypatch.setattr(isolated, "GRACE", 2.0)
    with pytest.raises(FileFormatError, match=words) as caught:
        reader(code, read_seconds=0.5).motion(upload())
    assert str(caught.value).startswith("walk.npy: ")


def test_a_crashing_parser_does_not_stop_the_service(
    client: TestClient, reader: Callable[..., Uploads], monkeypatch: pytest.MonkeyPatch
) -> None:
    reader(DIES)
    monkeypatch.setattr(client.app.state.gatherer._uploads, "_reader", "own_reader:read")  # type: ignore[attr-defined]
    failure(post(client, files={"scene": ("room.ply", b"ply")}), 422, "invalid_file")
    assert client.post("/v1/search", json={"text": "walk"}).status_code == 200


def test_a_missing_extra_of_the_server_is_reported(
    reader: Callable[..., Uploads], caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(MissingExtra) as caught:
        reader("raise MissingExtra('no libusb', 'scene')").scene(upload("a.ply"))
    assert caught.value.extra == "scene"
    assert "no libusb" in caplog.text


def test_the_parser_sees_no_key_and_leaves_nothing(
    reader: Callable[..., Uploads], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MONSTER_API_KEY", "not for parsers")
    (folder := tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    seen = tmp_path / "seen.json"
    code = f"json.dump([dict(os.environ), os.getcwd(), path], open({str(seen)!r}, 'w'))\nos._exit(1)"
    with pytest.raises(FileFormatError):
        reader(code).motion(upload("../../a b\n.npy"))
    environment, cwd, path = json.loads(seen.read_text())
    assert "not for parsers" not in environment.values()
    assert Path(cwd).is_relative_to(folder)
    assert Path(path).is_relative_to(folder) and Path(path).name == "a_b_.npy"
    assert list(folder.iterdir()) == []


def test_a_slot_is_awaited_and_released(reader: Callable[..., Uploads]) -> None:
    uploads = reader("os._exit(1)", read_processes=1, wait_seconds=0.05)
    for _ in range(2):
        with pytest.raises(FileFormatError):
            uploads.motion(upload())
    assert uploads._slots.acquire(timeout=0)
    start = time.monotonic()
    with pytest.raises(ServiceError) as caught:
        uploads.motion(upload())
    assert (caught.value.status, time.monotonic() - start < 5) == (503, True)


@given(st.text(max_size=200))
def test_a_name_cannot_escape_its_folder(name: str) -> None:
    safe = safe_name(name)
    assert 1 <= len(safe) <= 80
    assert Path("/folder", safe).parent == Path("/folder")
    assert safe.isascii() and safe.isprintable() and not safe.startswith((".", "-"))
    assert safe_name(safe) == safe


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("walk.bvh", "walk.bvh"),
        ("C:\\a\\walk.BVH", "walk.BVH"),
        ("", "upload"),
        ("..", "upload"),
        ("Gänge.npy", "G_nge.npy"),
    ],
)
def test_a_name_keeps_safe_characters(name: str, safe: str) -> None:
    assert safe_name(name) == safe
