"""A kind of index is one line: its name and where its backend is."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from indexes import IndexSpec, SpecError, VectorIndex, register_kind
from indexes.backends import make_backend
from indexes.backends.flat import FlatBackend
from indexes.kinds import BACKENDS


class Exact(FlatBackend):
    """A backend under another name."""


@pytest.mark.parametrize("kind", BACKENDS)
def test_every_kind_has_a_backend(kind: str) -> None:
    module, _, name = BACKENDS[kind].partition(":")
    assert type(make_backend(IndexSpec(4, kind))).__module__ == module
    assert type(make_backend(IndexSpec(4, kind))).__name__ == name


def test_a_registered_kind_is_used_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SpecError, match="unknown kind of index 'exact'"):
        IndexSpec(2, "exact")
    monkeypatch.setitem(BACKENDS, "exact", "")  # restored after the test
    monkeypatch.setitem(sys.modules, "exact_backend", sys.modules[__name__])
    register_kind("exact", "exact_backend:Exact")
    index = VectorIndex(IndexSpec(2, "exact"))
    index.add(["a", "b"], np.eye(2, dtype=np.float32))
    assert index.search([0.0, 1.0], 1).ids == [["b"]]
