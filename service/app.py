"""The application factory: ``create_app(gallery, settings)`` depends on its arguments only."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable

from fastapi import FastAPI

import monster
from monster.malloc import tune_malloc
from service import errors, openapi
from service.engine import Engine, GalleryLike
from service.limits import BodyLimit, KeyCheck
from service.parts import Gatherer
from service.routes import health, score, search
from service.settings import ServiceSettings
from service.uploads import Uploads


def create_app(
    gallery: GalleryLike | Callable[[], GalleryLike],
    settings: ServiceSettings | None = None,
    *,
    on_failure: Callable[[], None] | None = None,
) -> FastAPI:
    """An application over a gallery, or over a function that opens one.

    The gallery is opened in the background when the server starts; until then ``/readyz`` and ``/v1`` answer 503.
    If it cannot be opened, ``on_failure`` is called and the error is in ``app.state.engine.failure``.
    """
    settings = settings or ServiceSettings()
    engine = Engine(gallery, wait_seconds=settings.wait_seconds)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        tune_malloc()
        engine.start(on_failure)
        yield

    app = FastAPI(
        title="MonSTeR",
        version=monster.__version__,
        lifespan=lifespan,
        responses=openapi.ERRORS,
        docs_url=None,  # the pages of FastAPI load their scripts from another server
        redoc_url=None,
    )
    app.state.engine = engine
    app.state.settings = settings
    app.state.gatherer = Gatherer(engine, Uploads(settings), settings.max_frames)
    errors.install(app)
    openapi.install(app)
    app.add_middleware(BodyLimit, settings=settings)
    app.add_middleware(KeyCheck, settings=settings)  # added last, so it runs first
    app.include_router(health.probes)
    for module in (health, search, score):
        app.include_router(module.router, prefix="/v1")
    return app
