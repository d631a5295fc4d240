"""Schemas of requests and responses. Unknown names are refused, so that a typo is not silently ignored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from monster import Hit, Scores
from monster.skeleton import JOINT_COUNT
from monster.types import CANONICAL_FPS, MAX_TEXT

Coordinate = Annotated[float, Field(allow_inf_nan=False)]
Point = Annotated[list[Coordinate], Field(min_length=3, max_length=3)]
Frame = Annotated[list[Point], Field(min_length=JOINT_COUNT, max_length=JOINT_COUNT)]
Text = Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]
Declaration = Annotated[str, Field(min_length=1, max_length=100)] | None
Id = Annotated[str, Field(min_length=1, max_length=1000)]


class Body(BaseModel):
    """Base of all requests."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class MotionBody(Body):
    """A motion as JSON: joints (frames, 22, 3), metres, z up."""

    joints: list[Frame] = Field(min_length=2)
    fps: float = Field(default=CANONICAL_FPS, ge=1, le=1000, description="frames a second")


class PartsRequest(Body):
    """Text, motion and scene, each in at most one of its forms; a multipart request may bring files besides."""

    text: Text | None = None
    motion_id: Id | None = Field(default=None, description="a motion of the gallery")
    scene_id: Id | None = Field(default=None, description="a scene of the gallery")
    motion: MotionBody | None = Field(default=None, description="a motion as JSON")
    placed: bool = Field(default=False, description="the given motion is in the coordinates of the scene")
    key: Id | None = Field(default=None, description="which motion of an uploaded file with several")
    fps: Annotated[float, Field(ge=1, le=1000)] | None = Field(default=None, description="rate of an uploaded motion")
    unit: Declaration = Field(default=None, description="of uploaded files: m, cm, mm, in, ft; or motion=cm,scene=m")
    axes: Declaration = Field(default=None, description="up axis of uploaded files; or motion=y,scene=z")


class SearchRequest(PartsRequest):
    """One or two of text, motion and scene, and the target of the search."""

    target: str = Field(default="motion", max_length=100, description="text, motion, scene, or two of them joined by +")
    k: int = Field(default=10, ge=1, description="how many hits")


class ScoreRequest(PartsRequest):
    """Two or three of text, motion and scene."""


class HitBody(BaseModel):
    """One hit; ``score`` is (1 + cosine) / 2, ``rank`` counts from 1."""

    rank: int
    id: str
    score: float
    kind: str
    text: str | None = None
    items: list[str] = []
    metadata: dict[str, Any] = {}
    scene: str | None = Field(
        default=None, description="the scene in whose frame its motion was compared; null: in its own frame"
    )

    @classmethod
    def of(cls, hit: Hit) -> HitBody:
        """The body of a gallery's hit."""
        return cls(
            rank=hit.rank,
            id=hit.id,
            score=hit.score,
            kind=hit.kind,
            text=hit.text,
            items=list(hit.items),
            metadata=dict(hit.metadata),
            scene=hit.scene,
        )


class SearchResponse(BaseModel):
    """The hits, best first; ``read`` lists what reading the motion and the scene found out, and remarks."""

    hits: list[HitBody]
    read: dict[str, list[str]] = {}


class ScoreResponse(BaseModel):
    """How well the given parts fit, each 0..1; scores of missing parts are absent."""

    tm2s: float | None = None
    st2m: float | None = None
    ms2t: float | None = None
    t2m: float | None = None
    t2s: float | None = None
    m2s: float | None = None
    notes: list[str] = []
    read: dict[str, list[str]] = {}

    @classmethod
    def of(cls, scores: Scores, read: Mapping[str, list[str]]) -> ScoreResponse:
        """The body of a model's scores."""
        return cls(**scores.given(), notes=list(scores.notes), read=dict(read))


class LimitsBody(BaseModel):
    """The limits of this service."""

    text_characters: int = MAX_TEXT
    k: int
    json_bytes: int
    upload_bytes: int
    frames: int
    points: int


class InfoResponse(BaseModel):
    """The gallery, model and limits of this service."""

    version: str
    fingerprint: str = Field(description="of the model's weights")
    dim: int = Field(description="width of an embedding")
    counts: dict[str, int] = Field(description="items, motions, scenes and captions of the gallery")
    targets: list[str]
    limits: LimitsBody


class StatusResponse(BaseModel):
    """The answer of a health check."""

    status: str


class ErrorDetail(BaseModel):
    """An error: a short code for programs, one line of text for people, and the field that caused it."""

    code: str
    message: str
    field: str | None = None


class ErrorResponse(BaseModel):
    """The shape of every failure."""

    error: ErrorDetail
