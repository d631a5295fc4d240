"""Health checks, and information on the gallery and the model."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends

import monster
from service.engine import EngineDep
from service.schemas import InfoResponse, LimitsBody, StatusResponse
from service.settings import ServiceSettings, settings_of

TARGETS: Final = ("text", "motion", "scene", "scene+text", "motion+text", "motion+scene")
probes = APIRouter()
router = APIRouter()


# These two are async, so that they answer while every worker thread waits for the model.
@probes.get("/livez", response_model=StatusResponse)
async def livez() -> StatusResponse:
    """The process answers."""
    return StatusResponse(status="alive")


@probes.get("/readyz", response_model=StatusResponse)
async def readyz(engine: EngineDep) -> StatusResponse:
    """The model and the gallery are loaded (503 before)."""
    return StatusResponse(status="ready")


@router.get("/info", response_model=InfoResponse)
def info(engine: EngineDep, settings: Annotated[ServiceSettings, Depends(settings_of)]) -> InfoResponse:
    """The gallery, the model, and the limits of this service."""
    with engine.lock() as gallery:
        fingerprint, dim, counts = gallery.fingerprint, gallery.dim, dict(gallery.counts())
    limits = LimitsBody(
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
