"""The gallery behind the routes: opened in the background, used by one request at a time."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Protocol

from fastapi import Depends, Request

from monster import Hit, MonsterError, Motion, Query, Scene, Scores
from monster.errors import GalleryError, InputError, TaskError
from service.errors import ServiceError, busy

log = logging.getLogger("service")


class GalleryLike(Protocol):
    """The methods of a gallery that the service uses (``monster.Gallery`` has them)."""

    @property
    def fingerprint(self) -> str:
        """Hexadecimal hash of the model's weights."""

    @property
    def dim(self) -> int:
        """Width of an embedding."""

    def counts(self) -> Mapping[str, int]:
        """How many items, motions, scenes and captions there are."""

    def motion(self, id: str) -> Motion:
        """A motion by id. Raises TaskError if it is unknown."""

    def scene(self, id: str) -> Scene:
        """A scene by id. Raises TaskError if it is unknown."""

    def search(self, query: Query, target: str, k: int) -> list[Hit]:
        """The best k hits, best first."""

    def score(self, *, text: str | None, motion: Motion | None, scene: Scene | None) -> Scores:
        """How well two or three of text, motion and scene fit."""

    def check_text(self, text: str) -> Sequence[object]:
        """Remarks on a text, each one line."""


class Engine:
    """Holds a gallery once it is open. Thread-safe: a lock serialises the calls, because torch uses all cores."""

    def __init__(self, source: GalleryLike | Callable[[], GalleryLike], *, wait_seconds: float) -> None:
        self._source = source
        self._wait = wait_seconds
        self._lock = threading.Lock()
        self._gallery: GalleryLike | None = None
        self.failure: MonsterError | None = None

    def start(self, on_failure: Callable[[], None] | None = None) -> threading.Thread:
        """Open the gallery in a thread. If that fails, keep the error and call ``on_failure``."""

        def run() -> None:
            failure: MonsterError | None = MonsterError("the gallery could not be opened")
            try:
                self._gallery = self._source() if callable(self._source) else self._source
                failure = None
            except MonsterError as error:
                failure = error
            finally:  # also after an unexpected error, whose traceback the thread prints
                self._settle(failure, on_failure)

        thread = threading.Thread(target=run, name="open-gallery", daemon=True)
        thread.start()
        return thread

    def _settle(self, failure: MonsterError | None, on_failure: Callable[[], None] | None) -> None:
        self.failure = failure
        if failure is not None:
            log.error("the gallery cannot be served: %s", failure)
            if on_failure is not None:
                on_failure()

    @property
    def gallery(self) -> GalleryLike:
        """The gallery. Raises ServiceError (503) while it is not open."""
        if self._gallery is not None:
            return self._gallery
        if self.failure is not None:
            raise ServiceError(503, "failed", "the gallery or its model could not be loaded; see the log of the server")
        raise ServiceError(503, "loading", "the gallery and its model are being loaded", headers={"Retry-After": "2"})

    @contextlib.contextmanager
    def lock(self) -> Iterator[GalleryLike]:
        """The gallery, locked for this thread. Raises ServiceError (503) after waiting too long for the lock."""
        gallery = self.gallery
        if not self._lock.acquire(timeout=self._wait):
            raise busy("the service has more requests than it can answer")
        try:
            yield gallery
        finally:
            self._lock.release()

    def motion(self, id: str) -> Motion:
        """A motion of the gallery. Raises ServiceError (404) if the id is unknown."""
        with self.lock() as gallery, _id_errors("motion_id"):
            return gallery.motion(id)

    def scene(self, id: str) -> Scene:
        """A scene of the gallery. Raises ServiceError (404) if the id is unknown."""
        with self.lock() as gallery, _id_errors("scene_id"):
            return gallery.scene(id)

    def search(self, query: Query, target: str, k: int) -> list[Hit]:
        """The best ``k`` hits. Raises TaskError for a target that overlaps the query."""
        with self.lock() as gallery:
            return gallery.search(query, target, k)

    def score(self, *, text: str | None, motion: Motion | None, scene: Scene | None) -> Scores:
        """How well two or three of text, motion and scene fit. Raises InputError for fewer."""
        with self.lock() as gallery:
            return gallery.score(text=text, motion=motion, scene=scene)

    def check_text(self, text: str) -> list[str]:
        """Remarks on a text, one line each."""
        with self.lock() as gallery:
            return [str(remark) for remark in gallery.check_text(text)]


@contextlib.contextmanager
def _id_errors(field: str) -> Iterator[None]:
    try:
        yield
    except TaskError as error:
        raise ServiceError(404, "unknown_id", str(error), field=field) from None
    except InputError as error:  # a stored file is broken: an error of the server, not of the client
        raise GalleryError(str(error)) from error


def ready_engine(request: Request) -> Engine:
    """The engine of the application. Raises ServiceError (503) until its gallery is open."""
    engine: Engine = request.app.state.engine
    _ = engine.gallery
    return engine


EngineDep = Annotated[Engine, Depends(ready_engine)]
