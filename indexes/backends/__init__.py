"""Search engines, one module a kind of index. `indexes/kinds.py` names them."""

from __future__ import annotations

from importlib import import_module

from indexes.backends.contract import Backend, Numbers, Rows
from indexes.kinds import BACKENDS
from indexes.spec import IndexSpec

__all__ = ["Backend", "Numbers", "Rows", "make_backend"]


def make_backend(spec: IndexSpec) -> Backend:
    """An empty engine for these settings. Raises EngineError if its package is not installed."""
    module, _, name = BACKENDS[spec.kind].partition(":")
    backend: Backend = getattr(import_module(module), name)(spec)
    return backend
