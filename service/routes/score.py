"""``POST /v1/score``: how well two or three of text, motion and scene fit."""

from __future__ import annotations

from fastapi import APIRouter

from service.bodies import ReceivedDep
from service.engine import EngineDep
from service.errors import ServiceError
from service.openapi import body_of
from service.parts import GathererDep
from service.schemas import ScoreRequest, ScoreResponse

router = APIRouter()


@router.post(
    "/score", response_model=ScoreResponse, response_model_exclude_none=True, openapi_extra=body_of(ScoreRequest)
)
def score(engine: EngineDep, body: ReceivedDep, gatherer: GathererDep) -> ScoreResponse:
    """Score how well two or three of text, motion and scene fit, each given by value, by id, or as a file."""
    parts = gatherer.gather(body.parsed(ScoreRequest), body)
    if parts.count < 2:
        text = f"a score needs two or three of text, motion and scene, got {parts.count}"
        raise ServiceError(422, "invalid_request", text)
    return ScoreResponse.of(engine.score(text=parts.text, motion=parts.motion, scene=parts.scene), parts.read)
