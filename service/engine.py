"""The gallery behind the routes: loaded in the background, asked by one request at a time."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Protocol

from fastapi import Depends, Request

from monster import Hit, MonsterError, Motion, Query, Scene, Scores
from monster.errors import GalleryError, InputError, TaskError
from service.errors import ServiceError, busy

log = logging.getLogger("service")


class Library(Protocol):
    """What the service asks of a gallery (``monster.Gallery`` is one)."""

    @property
    def fingerprint(self) -> str: ...
    @property
    def dim(self) -> int: ...
    def counts(self) -> Mapping[str, int]: ...
    def motion(self, id: str) -> Motion: ...
    def scene(self, id: str) -> Scene: ...
    def search(self, query: Query, target: str, k: int) -> list[Hit]: ...
    def score(self, *, text: str | None, motion: Motion | None, scene: Scene | None) -> Scores: ...


class Engine:
    """Holds a gallery once it is open. Safe to use from many threads: calls take turns, for torch fills all cores."""

    def __init__(self, source: Library | Callable[[], Library], *, wait_seconds: float) -> None:
        self._source = source
        self._wait = wait_seconds
        self._turn = threading.Lock()
        self._library: Library | None = None
        self.failure: MonsterError | None = None

    def start(self, on_failure: Callable[[], None] | None = None) -> threading.Thread:
        """Open the gallery in a thread; calls ``on_failure`` and keeps the error when that cannot be done."""

        def run() -> None:
            failure: MonsterError | None = MonsterError("the gallery could not be opened")
            try:
                self._library = self._source() if callable(self._source) else self._source
                failure = None
            except MonsterError as error:
                failure = error
            finally:  # also after a surprise, whose traceback the thread prints
                self._settle(failure, on_failure)

        thread = threading.Thread(target=run, name="open-gallery", daemon=True)
        thread.start()
        return thread

    def _settle(self, failure: MonsterError | None, tell: Callable[[], None] | None) -> None:
        self.failure = failure
        if failure is not None:
            log.error("the gallery cannot be served: %s", failure)
            if tell is not None:
                tell()

    @property
    def library(self) -> Library:
        """The gallery; raises ServiceError (503) while it is not open."""
        if self._library is not None:
            return self._library
        if self.failure is not None:
            raise ServiceError(503, "failed", "the gallery or its model could not be loaded; the server's log says why")
        raise ServiceError(503, "loading", "the gallery and its model are being loaded", headers={"Retry-After": "2"})

    @contextlib.contextmanager
    def turn(self) -> Iterator[Library]:
        """The gallery, for this thread alone; raises ServiceError (503) when the wait is too long."""
        library = self.library
        if not self._turn.acquire(timeout=self._wait):
            raise busy("the service has more requests than it can answer")
        try:
            yield library
        finally:
            self._turn.release()

    def motion(self, id: str) -> Motion:
        """A motion of the gallery; raises ServiceError (404) when there is none of that id."""
        with self.turn() as library, _known("motion_id"):
            return library.motion(id)

    def scene(self, id: str) -> Scene:
        """A scene of the gallery; raises ServiceError (404) when there is none of that id."""
        with self.turn() as library, _known("scene_id"):
            return library.scene(id)

    def search(self, query: Query, target: str, k: int) -> list[Hit]:
        """The best ``k`` of ``target``; raises TaskError for a target that does not go with the query."""
        with self.turn() as library:
            return library.search(query, target, k)

    def score(self, *, text: str | None, motion: Motion | None, scene: Scene | None) -> Scores:
        """How well two or three parts fit; raises InputError for fewer."""
        with self.turn() as library:
            return library.score(text=text, motion=motion, scene=scene)


@contextlib.contextmanager
def _known(field: str) -> Iterator[None]:
    try:
        yield
    except TaskError as error:
        raise ServiceError(404, "unknown_id", str(error), field=field) from None
    except InputError as error:  # a stored file is broken, which is not the client's fault
        raise GalleryError(str(error)) from error


def ready_engine(request: Request) -> Engine:
    """The application's engine, once its gallery is open; raises ServiceError (503) before."""
    engine: Engine = request.app.state.engine
    _ = engine.library
    return engine


EngineDep = Annotated[Engine, Depends(ready_engine)]
