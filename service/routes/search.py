"""``POST /v1/search``: the best hits for one or two of text, motion and scene."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends

from service.bodies import ReceivedDep
from service.engine import EngineDep
from service.errors import ServiceError
from service.openapi import body_of
from service.parts import GathererDep
from service.schemas import HitBody, SearchRequest, SearchResponse
from service.settings import ServiceSettings, settings_of

router = APIRouter()


@router.post("/search", response_model=SearchResponse, openapi_extra=body_of(SearchRequest))
def search(
    engine: EngineDep,
    body: ReceivedDep,
    gatherer: GathererDep,
    settings: Annotated[ServiceSettings, Depends(settings_of)],
) -> SearchResponse:
    """Search by one or two of text, motion and scene, each given by value, by id, or as a file."""
    request = body.parsed(SearchRequest)
    if request.k > settings.max_k:
        raise ServiceError(422, "invalid_request", f"k: expected at most {settings.max_k}, got {request.k}", field="k")
    parts = gatherer.gather(request, body)
    hits = engine.search(parts.query(), request.target, request.k)
    return SearchResponse(hits=[HitBody.of(hit) for hit in hits], read=dict(parts.read))
