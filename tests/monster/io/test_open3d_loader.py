"""Open3D is loaded on demand, and named where it is missing."""

from __future__ import annotations

import sys

import pytest
from reader_files import needs_open3d

from monster.errors import MissingExtra
from monster.io.open3d_loader import load_open3d


@needs_open3d
def test_the_module_is_loaded() -> None:
    assert hasattr(load_open3d("splitting").geometry, "PointCloud")


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "open3d", None)
    with pytest.raises(MissingExtra, match=r"^splitting needs .*monster-retrieval\[scene\]") as caught:
        load_open3d("splitting")
    assert caught.value.extra == "scene"
