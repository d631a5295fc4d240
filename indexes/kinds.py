"""The kinds of index: for each the module and class of its backend, imported when an index of that kind is made."""

from __future__ import annotations

from typing import Final

BACKENDS: Final = {
    "flat": "indexes.backends.flat:FlatBackend",
}


def register_kind(kind: str, backend: str) -> None:
    """Add a kind of index; ``backend`` is "module:Class" of a `Backend`. Replaces a kind of the same name."""
    BACKENDS[kind] = backend
