"""Splits the body of a request, JSON or multipart, into fields and files, without interpreting them."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError
from python_multipart.exceptions import FormParserError
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from monster.errors import InputError
from monster.types import check_encodable
from service.errors import ServiceError, invalid

FILE_FIELDS: Final = frozenset({"motion", "scene"})
MAX_FIELDS: Final = 32
MAX_FIELD_BYTES: Final = 256 * 1024
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Received:
    """A body: either ``json`` bytes, or the fields and files of a form."""

    json: bytes | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, UploadFile] = field(default_factory=dict)

    def parsed(self, model: type[Model]) -> Model:
        """The fields as ``model``. Raises ServiceError that names the field."""
        try:
            if self.json is not None:
                return model.model_validate_json(self.json, strict=True)
            return model.model_validate_strings(self.fields)
        except ValidationError as error:
            raise _lone_surrogate(self.json) or invalid(error) from None


def _lone_surrogate(body: bytes | None) -> ServiceError | None:
    """The error for JSON with a lone surrogate, of which pydantic says only that it is no JSON; None for any other."""
    try:
        check_encodable(json.dumps(json.loads(body or b""), ensure_ascii=False))
    except InputError as error:
        return ServiceError(400, "invalid_json", str(error))
    except (ValueError, RecursionError):
        return None
    return None


def _check_utf8(name: str, content: bytes) -> None:
    """Raise MultiPartException for a field in another encoding, which Starlette's parser reads as Latin-1."""
    try:
        check_encodable(content.decode("utf-8", "surrogatepass"))
    except (UnicodeDecodeError, InputError) as error:
        reason = str(error) if isinstance(error, InputError) else "its text is not UTF-8"
        raise MultiPartException(f"{name}: {reason}") from None


class _WholeParser(MultiPartParser):
    """Refuses fields that are not UTF-8, and a truncated form, of which Starlette's parser drops the last part."""

    _ended = False

    def on_end(self) -> None:
        self._ended = True

    def on_part_end(self) -> None:
        part = self._current_part
        if part.file is None:
            _check_utf8(part.field_name, bytes(part.data))
        super().on_part_end()

    async def parse(self) -> FormData:
        self.stream = self._whole(self.stream)
        return await super().parse()

    async def _whole(self, stream: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
        # Raised inside the stream, because the parser then closes its unfinished files.
        async for chunk in stream:
            yield chunk
        if not self._ended:
            raise MultiPartException("it is truncated: the last boundary is missing")


async def received(request: Request) -> AsyncIterator[Received]:
    """The body of the request; its files are closed after the response."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        yield Received(json=await request.body())
    elif kind == "multipart/form-data":
        form = await _form(request)
        try:
            yield _sorted(form)
        finally:
            await form.close()
    else:
        expected = "expected a body of application/json or multipart/form-data"
        raise ServiceError(415, "unsupported_media_type", f"{expected}, got {kind or 'none'}")


ReceivedDep = Annotated[Received, Depends(received)]


async def _form(request: Request) -> FormData:
    parser = _WholeParser(
        request.headers,
        request.stream(),
        max_files=len(FILE_FIELDS),
        max_fields=MAX_FIELDS,
        max_part_size=MAX_FIELD_BYTES,
    )
    try:
        return await parser.parse()
    except MultiPartException as error:
        raise ServiceError(400, "invalid_form", f"the form cannot be read: {error.message}") from None
    except FormParserError as error:
        raise ServiceError(400, "invalid_form", f"the form cannot be read: {error}") from None


def _sorted(form: FormData) -> Received:
    fields: dict[str, str] = {}
    files: dict[str, UploadFile] = {}
    for name, value in form.multi_items():
        if name in fields or name in files:
            raise ServiceError(422, "invalid_request", f"{name}: duplicate field", field=name)
        if isinstance(value, UploadFile):
            if name not in FILE_FIELDS:
                known = " and ".join(sorted(FILE_FIELDS))
                raise ServiceError(422, "invalid_request", f"{name}: only {known} may be files", field=name)
            files[name] = value
        elif name in FILE_FIELDS:
            raise ServiceError(422, "invalid_request", f"{name}: expected a file; {name}_id takes an id", field=name)
        else:
            fields[name] = value
    return Received(fields=fields, files=files)
