"""One shape for every failure: ``{"error": {"code", "message", "field"?}}``, never a traceback.

400 the body cannot be parsed, 401 key, 404 route or id, 405 method, 408 the body came too slowly, 413 too large,
415 content type, 422 valid but not usable, 500 an error of the server, 501 an optional package is missing,
503 try again later.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from monster.errors import FileFormatError, InputError, MissingExtra, MonsterError

log = logging.getLogger("service")


class ServiceError(Exception):
    """A failure that is sent to the client: HTTP status, a short code, one line, and the field that caused it."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        field: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.field = status, code, message, field
        self.headers = dict(headers or {})

    def response(self) -> JSONResponse:
        """The HTTP response."""
        body: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.field is not None:
            body["field"] = self.field
        return JSONResponse({"error": body}, self.status, headers=self.headers)


def busy(what: str) -> ServiceError:
    """503: the request waited too long."""
    return ServiceError(503, "busy", f"{what}; try again in a moment", headers={"Retry-After": "5"})


def invalid(error: ValidationError) -> ServiceError:
    """422 (or 400) with the first error that pydantic found in a request, and the count of the others."""
    problems = error.errors(include_url=False, include_context=False, include_input=False)
    first, more = problems[0], len(problems) - 1
    if first["type"] == "json_invalid":
        return ServiceError(400, "invalid_json", f"the body is not JSON: {first['msg']}")
    where = ".".join(str(part) for part in first["loc"]) or "body"
    rest = f" (and {more} more of this kind)" if more else ""
    return ServiceError(422, "invalid_request", f"{where}: {first['msg']}{rest}", field=where)


def of_monster(error: MonsterError) -> ServiceError:
    """Errors of the client in full; errors of the server without their text, which may contain paths."""
    if isinstance(error, FileFormatError):
        return ServiceError(422, "invalid_file", str(error))
    if isinstance(error, InputError):
        return ServiceError(422, "invalid_input", str(error))
    log.error("a request failed: %s", error)
    if isinstance(error, MissingExtra):
        return ServiceError(501, "missing_extra", f"the server lacks an optional package: {error.extra}")
    return ServiceError(503, "unavailable", "the gallery or the model cannot be used; see the log of the server")


def _of_http(error: HTTPException) -> ServiceError:
    phrase = HTTPStatus(error.status_code).phrase
    message = str(error.detail or phrase)
    return ServiceError(error.status_code, phrase.lower().replace(" ", "_"), message, headers=error.headers)


def install(app: FastAPI) -> None:
    """Answer every failure of ``app`` in the one shape."""

    async def on_service(_: Request, error: Exception) -> JSONResponse:
        if isinstance(error, ServiceError):
            return error.response()
        if isinstance(error, MonsterError):
            return of_monster(error).response()
        if isinstance(error, HTTPException):
            return _of_http(error).response()
        if isinstance(error, ClientDisconnect):  # the client disconnected; no traceback in the log
            return ServiceError(400, "gone", "the client left before its body was complete").response()
        # The server logs the traceback; the client does not see it.
        return ServiceError(500, "internal", "internal error; see the log of the server").response()

    for kind in (ServiceError, MonsterError, HTTPException, ClientDisconnect, Exception):
        app.add_exception_handler(kind, on_service)
