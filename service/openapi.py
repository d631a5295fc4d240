"""OpenAPI of the request bodies (JSON or form), which FastAPI does not see because the service parses them."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from service.bodies import FILE_FIELDS
from service.schemas import ErrorResponse, ScoreRequest, SearchRequest

_REFERENCE: Final = "#/components/schemas/{model}"
_REQUESTS: Final = (SearchRequest, ScoreRequest)
ERRORS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"model": ErrorResponse, "description": text}
    for status, text in {
        400: "the body cannot be parsed",
        401: "no key, or a wrong one",
        404: "no such id",
        408: "the body came too slowly",
        413: "the body is too large",
        415: "the body is neither JSON nor a form",
        422: "valid, but not usable",
        503: "not ready, or too busy",
    }.items()
}


def body_of(model: type[BaseModel]) -> dict[str, Any]:
    """The ``requestBody`` of a route that takes ``model`` as JSON, or its fields as a form with files."""
    form = model.model_json_schema(ref_template=_REFERENCE)
    fields = {name: schema for name, schema in form["properties"].items() if name not in FILE_FIELDS}
    files = {name: {"type": "string", "format": "binary"} for name in sorted(FILE_FIELDS)}
    needed = [name for name in form.get("required", ()) if name in fields]
    multipart = {"type": "object", "properties": fields | files, "required": needed, "additionalProperties": False}
    content = {
        "application/json": {"schema": {"$ref": _REFERENCE.format(model=model.__name__)}},
        "multipart/form-data": {"schema": multipart},
    }
    return {"requestBody": {"required": True, "content": content}}


def install(app: FastAPI) -> None:
    """Add the request models to the OpenAPI document of ``app``."""
    plain = app.openapi

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            found = plain()
            _, ours = models_json_schema([(model, "validation") for model in _REQUESTS], ref_template=_REFERENCE)
            found["components"]["schemas"] |= ours["$defs"]
        return plain()

    app.openapi = document  # type: ignore[method-assign]
