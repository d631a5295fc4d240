"""Is it alive, is it ready, what is behind it."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends

import monster
from service.engine import EngineDep
from service.schemas import InfoResponse, Limits, StatusResponse
from service.settings import Settings, settings_of

TARGETS: Final = ("text", "motion", "scene", "scene+text", "motion+text", "motion+scene")
probes = APIRouter()
router = APIRouter()


# These two are async: they must answer even when every worker thread waits for the model.
@probes.get("/livez", response_model=StatusResponse)
async def livez() -> StatusResponse:
    """The process answers."""
    return StatusResponse(status="alive")


@probes.get("/readyz", response_model=StatusResponse)
async def readyz(engine: EngineDep) -> StatusResponse:
    """The model and the gallery are loaded (503 before)."""
    return StatusResponse(status="ready")


@router.get("/info", response_model=InfoResponse)
def info(engine: EngineDep, settings: Annotated[Settings, Depends(settings_of)]) -> InfoResponse:
    """The gallery, the model, and the limits of this service."""
    with engine.turn() as library:
        fingerprint, dim, counts = library.fingerprint, library.dim, dict(library.counts())
    limits = Limits(
        k=settings.max_k,
        json_bytes=settings.max_json_bytes,
        upload_bytes=settings.max_upload_bytes,
        frames=settings.max_frames,
        points=settings.max_points,
    )
    return InfoResponse(
        version=monster.__version__,
        fingerprint=fingerprint,
        dim=dim,
        counts=counts,
        targets=list(TARGETS),
        limits=limits,
    )
