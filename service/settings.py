"""ServiceSettings of a service, as arguments or as environment variables that start with ``MONSTER_``."""

from __future__ import annotations

from typing import cast

from fastapi import Request
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

MEBIBYTE = 1 << 20


class ServiceSettings(BaseSettings):
    """Limits and key of one service. The environment is read when an object is constructed."""

    model_config = SettingsConfigDict(env_prefix="MONSTER_", frozen=True, extra="forbid")

    api_key: SecretStr | None = Field(
        default=None, min_length=8, description="if set, all paths but /livez and /readyz require it"
    )
    max_json_bytes: int = Field(default=8 * MEBIBYTE, ge=1024, description="largest JSON body")
    max_upload_bytes: int = Field(
        default=128 * MEBIBYTE, ge=1024, description="largest multipart body, all its files together"
    )
    body_seconds: float = Field(default=60.0, gt=0, description="how long a client may take to send its body")
    max_k: int = Field(default=100, ge=1, description="most hits of one search")
    max_frames: int = Field(default=36_000, ge=2, description="longest motion, in frames")
    max_points: int = Field(default=5_000_000, ge=2, description="largest scene, in points")
    read_seconds: float = Field(default=30.0, gt=0, description="how long one uploaded file may be read")
    read_megabytes: int = Field(default=4096, ge=256, description="memory of the child process that reads a file")
    read_processes: int = Field(default=2, ge=1, description="how many uploaded files are read at the same time")
    wait_seconds: float = Field(
        default=30.0, gt=0, description="how long a request waits before it is answered with 503"
    )


def settings_of(request: Request) -> ServiceSettings:
    """The settings of the application of ``request``."""
    return cast(ServiceSettings, request.app.state.settings)
