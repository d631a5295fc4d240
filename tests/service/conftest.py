"""A client of the service over a gallery whose answers are known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from shelf import Shelf, wait_until_ready
from starlette.testclient import TestClient

from service.app import create_app
from service.settings import ServiceSettings


@pytest.fixture
def shelf() -> Shelf:
    """The gallery behind the client."""
    return Shelf()


@pytest.fixture
def make_client(shelf: Shelf) -> Iterator[Callable[..., TestClient]]:
    """Makes a client of a service with the settings given; all are closed in the end."""
    clients: list[TestClient] = []

    def make(**settings: Any) -> TestClient:
        client = TestClient(create_app(shelf, ServiceSettings(**settings)), raise_server_exceptions=False)
        clients.append(client.__enter__())
        wait_until_ready(client)
        return client

    yield make
    for client in clients:
        client.__exit__(None, None, None)


@pytest.fixture
def client(make_client: Callable[..., TestClient]) -> TestClient:
    """A client of a service with the usual settings."""
    return make_client()
