"""Middleware that refuses a request before its body is in memory: no key, or too many bytes or seconds.

FastAPI reads a whole upload before any dependency runs, so both checks are ASGI middleware in front of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import time
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import ServiceError
from service.settings import ServiceSettings

OPEN_PATHS: Final = frozenset({"/livez", "/readyz"})
MOST_DIGITS: Final = 18  # of a declared length; Python refuses to parse numbers of thousands of digits
DISCARD_SECONDS: Final = 2.0
DISCARD_BYTES: Final = 256 << 20


class KeyCheck:
    """401 for every path but the health checks, unless the key came as ``Authorization: Bearer`` or ``X-API-Key``."""

    def __init__(self, app: ASGIApp, settings: ServiceSettings) -> None:
        self._app = app
        self._key = settings.api_key.get_secret_value().encode() if settings.api_key else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it."""
        if (
            self._key is None
            or scope["type"] != "http"
            or scope["path"] in OPEN_PATHS
            or self._knows(Headers(scope=scope))
        ):
            await self._app(scope, receive, send)
            return
        error = ServiceError(
            401,
            "unauthorized",
            "a key is needed: send it as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'",
            headers={"WWW-Authenticate": "Bearer", "Connection": "close"},
        )
        await error.response()(scope, receive, send)

    def _knows(self, headers: Headers) -> bool:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        given = token.strip() if scheme.lower() == "bearer" else headers.get("x-api-key", "")
        return hmac.compare_digest(given.encode("latin-1"), self._key or b"")


class BodyLimit:
    """413 for a body that is, or turns out to be, too large; 408 for one that does not arrive in time."""

    def __init__(self, app: ASGIApp, settings: ServiceSettings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its bytes counted, or answer it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        multipart = headers.get("content-type", "").lower().startswith("multipart/")
        limit = self._settings.max_upload_bytes if multipart else self._settings.max_json_bytes
        declared = headers.get("content-length", "")
        if declared.isdecimal() and (len(declared) > MOST_DIGITS or int(declared) > limit):
            if "expect" not in headers:  # a client that sends Expect waits for a reply before its body
                await _discard(receive)
            await too_large(limit).response()(scope, receive, send)
            return
        await self._app(scope, counted(receive, limit, self._settings.body_seconds), send)


async def _discard(receive: Receive) -> None:
    """Read and drop what the client is already sending, up to a limit.

    Closing a socket with unread bytes resets the connection, and the client would not see the response.
    """
    taken = 0
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(DISCARD_SECONDS):
            while taken < DISCARD_BYTES:
                message = await receive()
                taken += len(message.get("body", b""))
                if not message.get("more_body", False):
                    return


def too_large(limit: int) -> ServiceError:
    """413 with the limit in its text."""
    return ServiceError(
        413, "too_large", f"the body is larger than the {limit} bytes allowed for it", headers={"Connection": "close"}
    )


def counted(receive: Receive, limit: int, seconds: float) -> Receive:
    """``receive`` that raises ServiceError once a body exceeds ``limit`` bytes or takes longer than ``seconds``."""
    received, complete, deadline = 0, False, time.monotonic() + seconds

    async def count() -> Message:
        nonlocal received, complete
        if complete:  # only the disconnect message follows, at any time
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), max(0.001, deadline - time.monotonic()))
        except TimeoutError:
            text = f"the body did not arrive within {seconds:g} s"
            raise ServiceError(408, "too_slow", text, headers={"Connection": "close"}) from None
        received += len(message.get("body", b""))
        complete = not message.get("more_body", False)
        if received > limit:
            raise too_large(limit)
        return message

    return count
