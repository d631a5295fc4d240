"""A gallery of two motions and two scenes whose answers are known beforehand, and what tests of the service share."""

from __future__ import annotations

import io
import threading
import time
from typing import Any

import numpy as np
from fakes import motion_of
from fastapi import FastAPI
from starlette.testclient import TestClient

from monster import Hit, Motion, Query, Scene, Scores
from monster.errors import TaskError
from monster.tasks import Task

TM2S, T2M, M2S = Task.parse("tm2s"), Task.parse("t2m"), Task.parse("m2s")


def standing(frames: int = 4, x: float = 0.0) -> np.ndarray:
    """Joints of an upright person whose pelvis is at ``x`` metres, moving slowly along y."""
    return motion_of(0, frames=frames).joints + np.array([x, 0, 0], dtype=np.float32)


class Shelf:
    """A gallery whose hits are the stored ids in order, scored by the query's x; it counts the concurrent calls."""

    fingerprint = "0123456789abcdef"
    dim = 8

    def __init__(self) -> None:
        box = np.random.default_rng(0).uniform(0, 3, (50, 3)).astype(np.float32)
        self.motions = {"walk": Motion(standing(x=0.25)), "sit": Motion(standing(x=0.75))}
        self.scenes = {"office": Scene(box), "kitchen": Scene(box + np.float32(0.5))}
        self.asking = self.most_asking = 0
        self.broken: Exception | None = None
        self._count = threading.Lock()

    def counts(self) -> dict[str, int]:
        """How much there is."""
        return {"items": 2, "motions": 2, "scenes": 2, "captions": 0}

    def motion(self, id: str) -> Motion:
        """A stored motion."""
        if id not in self.motions:
            raise TaskError(f"unknown motion {id!r}")
        return self.motions[id]

    def scene(self, id: str) -> Scene:
        """A stored scene."""
        if id not in self.scenes:
            raise TaskError(f"unknown scene {id!r}")
        return self.scenes[id]

    def search(self, query: Query, target: str, k: int) -> list[Hit]:
        """The first ``k`` motions or scenes; the score of a motion is its x."""
        with self._alone():
            if target not in ("motion", "scene"):
                raise TaskError(f"unknown target {target!r}")
            score = 0.5 if query.motion is None else float(query.motion.joints[0, 0, 0])
            stored = self.motions if target == "motion" else self.scenes
            return [Hit(rank, id, score, target[0], text=query.text) for rank, id in enumerate(list(stored)[:k], 1)]  # type: ignore[arg-type]

    def score(self, *, text: str | None, motion: Motion | None, scene: Scene | None) -> Scores:
        """Scores that show which parts were given."""
        with self._alone():
            if text is None or motion is None:
                return Scores({M2S: 0.25}, notes=("no text",))
            scores = {T2M: 0.5} if scene is None else {TM2S: 0.75, T2M: 0.5}
            return Scores(scores, notes=("placed",) if motion.placed else ())

    def check_text(self, text: str) -> list[str]:
        """A remark on a text with a question mark."""
        return ["warning: a question [question]"] if "?" in text else []

    def _alone(self) -> _Asking:
        if self.broken is not None:
            raise self.broken
        return _Asking(self, self._count)


class _Asking:
    def __init__(self, shelf: Shelf, count: threading.Lock) -> None:
        self.shelf, self.count = shelf, count

    def __enter__(self) -> None:
        with self.count:
            self.shelf.asking += 1
            self.shelf.most_asking = max(self.shelf.most_asking, self.shelf.asking)
        time.sleep(0.01)

    def __exit__(self, *_: object) -> None:
        with self.count:
            self.shelf.asking -= 1


def wait_until_ready(client: TestClient, seconds: float = 30.0) -> None:
    """Return when the service is ready."""
    end = time.monotonic() + seconds
    while client.get("/readyz").status_code != 200:
        assert time.monotonic() < end, client.get("/readyz").text
        time.sleep(0.02)


def app_of(client: TestClient) -> FastAPI:
    """The application behind a client."""
    assert isinstance(client.app, FastAPI)
    return client.app


def failure(response: Any, status: int, code: str) -> dict[str, str]:
    """What went wrong, after the checks that hold for every failure."""
    assert response.status_code == status, response.text
    body = response.json()
    assert set(body) == {"error"}
    assert set(body["error"]) <= {"code", "message", "field"}
    assert body["error"]["code"] == code, body
    message: str = body["error"]["message"]
    assert message
    assert "\n" not in message
    assert "Traceback" not in message
    return dict(body["error"])


def npy(array: np.ndarray) -> bytes:
    """The bytes of a ``.npy`` file."""
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()
