"""The application factory: ``create_app(gallery, settings)`` takes what it needs and reads nothing else."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable

from fastapi import FastAPI

import monster
from monster.malloc import tune_malloc
from service import errors, openapi
from service.engine import Engine, Library
from service.limits import BodyLimit, KeyCheck
from service.parts import Gatherer
from service.routes import health, score, search
from service.settings import Settings
from service.uploads import Uploads


def create_app(
    gallery: Library | Callable[[], Library],
    settings: Settings | None = None,
    *,
    on_failure: Callable[[], None] | None = None,
) -> FastAPI:
    """An application over a gallery, or over a function that opens one.

    The gallery is opened in the background when the server starts; until then ``/readyz`` and ``/v1`` answer 503.
    ``on_failure`` is called when it cannot be opened; the reason is then in ``app.state.engine.failure``.
    """
    settings = settings or Settings()
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
        docs_url=None,  # FastAPI's pages would load their scripts from elsewhere
        redoc_url=None,
    )
    app.state.engine = engine
    app.state.settings = settings
    app.state.gatherer = Gatherer(engine, Uploads(settings), settings.max_frames)
    errors.install(app)
    openapi.install(app)
    app.add_middleware(BodyLimit, settings=settings)
    app.add_middleware(KeyCheck, settings=settings)  # added last, so it stands in front
    app.include_router(health.probes)
    for module in (health, search, score):
        app.include_router(module.router, prefix="/v1")
    return app
