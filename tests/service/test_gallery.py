"""The service over a real gallery: each of the twelve tasks over HTTP gives what Python gives."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeModel, item_of, motion_of, text_of
from shelf import failure, wait_until_ready
from starlette.testclient import TestClient

from monster import Gallery, Query
from monster.tasks import TASKS, Kind, Task
from service.app import create_app
from service.engine import GalleryLike
from service.routes.health import TARGETS
from service.settings import ServiceSettings

NAMES = {"t": "text", "m": "motion", "s": "scene"}
KEY = 3


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gallery]:
    folder: Path = tmp_path_factory.mktemp("galleries") / "gallery"
    with Gallery.create(folder, FakeModel()) as made:
        made.add(item_of(key, action="walk") for key in range(12))
    with Gallery.open(folder, FakeModel()) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(gallery: Gallery) -> Iterator[TestClient]:
    served: GalleryLike = gallery
    with TestClient(create_app(served, ServiceSettings())) as client:
        wait_until_ready(client)
        yield client


def parts_of(gallery: Gallery, kind: Kind) -> dict[str, str]:
    """The parts of a query of this kind, as a request names them."""
    item = gallery.item(f"item-{KEY}")
    named = {"t": ("text", text_of(KEY)), "m": ("motion_id", item.motion_id), "s": ("scene_id", item.scene_id)}
    return {name: value for name, value in (named[letter] for letter in kind) if value is not None}


def target_of(kind: Kind) -> str:
    return "+".join(NAMES[letter] for letter in kind)


@pytest.mark.parametrize("task", TASKS, ids=str)
def test_all_twelve_tasks(client: TestClient, gallery: Gallery, task: Task) -> None:
    body: dict[str, Any] = parts_of(gallery, task.query)
    answer = client.post("/v1/search", json=body | {"target": target_of(task.target), "k": 4})
    assert answer.status_code == 200, answer.text
    query = gallery.entity_query(**body)
    expected = gallery.search(query, target_of(task.target), 4)
    hits = answer.json()["hits"]
    assert [hit["id"] for hit in hits] == [hit.id for hit in expected]
    assert [hit["score"] for hit in hits] == pytest.approx([hit.score for hit in expected], abs=1e-6)
    assert f"item-{KEY}" in [hits[0]["id"], *hits[0]["items"]]


def test_the_listed_targets_are_accepted(client: TestClient) -> None:
    targets = client.get("/v1/info").json()["targets"]
    assert targets == list(TARGETS)
    for target in targets:
        query = {"scene_id": "room-3"} if "scene" not in target or target == "scene" else {"text": text_of(KEY)}
        query = {"motion_id": "item-3"} if target == "scene+text" else query
        assert client.post("/v1/search", json=query | {"target": target}).status_code == 200, target


def test_info_counts_the_gallery(client: TestClient, gallery: Gallery) -> None:
    info = client.get("/v1/info").json()
    assert info["counts"] == gallery.counts()
    assert (info["fingerprint"], info["dim"]) == (gallery.fingerprint, gallery.dim)


def test_an_inline_motion_finds_the_stored_one(client: TestClient) -> None:
    motion = {"joints": motion_of(KEY).joints.tolist(), "fps": 20}
    answer = client.post("/v1/search", json={"motion": motion, "placed": True, "target": "scene", "k": 1})
    assert answer.json()["hits"][0]["items"] == [f"item-{KEY}"]


def test_scores_are_those_of_the_gallery(client: TestClient, gallery: Gallery) -> None:
    body = parts_of(gallery, "t") | parts_of(gallery, "m") | parts_of(gallery, "s")
    item = gallery.item(f"item-{KEY}")
    expected = gallery.score(text=text_of(KEY), motion=item.motion, scene=item.scene)
    answer = client.post("/v1/score", json=body).json()
    assert {name: answer[name] for name in expected.given()} == pytest.approx(expected.given(), abs=1e-6)


@pytest.mark.parametrize("body", [{"text": "walk", "target": "text+motion"}, {"text": "walk", "target": ""}])
def test_targets_that_do_not_go_with_the_query(client: TestClient, body: dict[str, str]) -> None:
    failure(client.post("/v1/search", json=body), 422, "invalid_input")


@pytest.mark.parametrize("field", ["motion_id", "scene_id"])
def test_unknown_ids(client: TestClient, field: str) -> None:
    assert "nobody" in failure(client.post("/v1/search", json={field: "nobody"}), 404, "unknown_id")["message"]


def test_threads_get_what_one_gets(client: TestClient, gallery: Gallery) -> None:
    texts = [text_of(key) for key in range(12)] * 4
    expected = [[hit.id for hit in gallery.search(Query(text=text), "motion", 3)] for text in texts]

    def ask(text: str) -> list[str]:
        return [hit["id"] for hit in client.post("/v1/search", json={"text": text, "k": 3}).json()["hits"]]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, texts)) == expected


def test_a_corrupt_stored_file_is_a_server_error(tmp_path: Path) -> None:
    folder = tmp_path / "gallery"
    with Gallery.create(folder, FakeModel()) as made:
        made.add([item_of(KEY)])
    for stored in folder.rglob("*.npz"):
        stored.write_bytes(b"broken")
    with Gallery.open(folder, FakeModel()) as opened, TestClient(create_app(opened, ServiceSettings())) as client:
        wait_until_ready(client)
        failure(client.post("/v1/score", json={"text": "walk", "motion_id": f"item-{KEY}"}), 503, "unavailable")
