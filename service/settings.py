"""What an operator may set, as arguments or as environment variables that start with ``MONSTER_``."""

from __future__ import annotations

from typing import cast

from fastapi import Request
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

MEBIBYTE = 1 << 20


class Settings(BaseSettings):
    """Limits and keys of one service; the environment is read when one is made, never while importing."""

    model_config = SettingsConfigDict(env_prefix="MONSTER_", frozen=True, extra="forbid")

    api_key: SecretStr | None = Field(
        default=None, min_length=8, description="when set, all but /livez and /readyz asks for it"
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
    read_megabytes: int = Field(default=4096, ge=256, description="memory of the process that reads a file")
    read_processes: int = Field(default=2, ge=1, description="uploaded files that are read at the same time")
    wait_seconds: float = Field(
        default=30.0, gt=0, description="how long a request waits for its turn before it is told to come back"
    )


def settings_of(request: Request) -> Settings:
    """The settings that the application of ``request`` was made with."""
    return cast(Settings, request.app.state.settings)
