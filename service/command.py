"""``monster serve``: a gallery over HTTP until the process is stopped."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monster.errors import InputError
from monster.extras import require_extra

if TYPE_CHECKING:
    from service.engine import GalleryLike
    from service.settings import ServiceSettings


def serve(
    gallery: Annotated[Path, typer.Argument(help="Folder of the gallery.")],
    *,
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for every network.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 picks a free one.")] = 8000,
    weights: Annotated[str | None, typer.Option(help="Weights file, instead of the default weights.")] = None,
    log_level: Annotated[str, typer.Option(help="debug, info, warning or error.")] = "info",
) -> None:
    """Answer searches and scores over HTTP. Limits and the key are read from MONSTER_* variables."""
    require_extra("service", "monster serve")
    require_extra("cpu", "monster serve")
    import uvicorn

    from service.app import create_app

    settings, level = _settings(), _level(log_level)
    _check_gallery(gallery)
    listening = _listen(host, port)
    if settings.api_key is None and not _is_loopback(host):
        typer.echo("warning: MONSTER_API_KEY is not set: every client that reaches this address is answered", err=True)

    def stop() -> None:
        server.should_exit = True

    app = create_app(lambda: _open(gallery, weights), settings, on_failure=stop)
    config = uvicorn.Config(app, log_level=level, server_header=False, timeout_graceful_shutdown=10)
    server = uvicorn.Server(config)
    typer.echo(f"serving {gallery} on {_address(listening)} (described at /openapi.json)")
    with contextlib.suppress(KeyboardInterrupt):  # the normal way to stop the server
        server.run(sockets=[listening])
    if app.state.engine.failure is not None:
        raise app.state.engine.failure


def _settings() -> ServiceSettings:
    from pydantic import ValidationError

    from service.settings import ServiceSettings

    try:
        return ServiceSettings()
    except ValidationError as error:
        first = error.errors(include_input=False)[0]  # the value may be a key
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise InputError(f"MONSTER_{name}: {first['msg']}") from None


def _open(folder: Path, weights: str | None) -> GalleryLike:
    import monster

    model = monster.load(weights)
    model.encode_text("a person walks")  # loads the text tower, which is otherwise loaded on first use
    return monster.Gallery.open(folder, model)


def _check_gallery(folder: Path) -> None:
    """Raises GalleryError if the folder is not a gallery, before the model is loaded."""
    import monster

    monster.Gallery.open(folder).close()


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with contextlib.ExitStack() as unless_bound:
            listening = unless_bound.enter_context(socket.socket(family, kind, protocol))
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
            unless_bound.pop_all()
    except OSError as error:
        raise InputError(f"cannot listen on {host} port {port}: {error.strerror}") from None
    return listening


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _level(name: str) -> str:
    levels = ("debug", "info", "warning", "error")
    if name.lower() not in levels:
        raise InputError(f"unknown log level {name!r}: expected one of {' '.join(levels)}")
    return name.lower()
