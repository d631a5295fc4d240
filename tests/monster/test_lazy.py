"""Lazy names of a package: found in their modules when used, listed, and unknown ones refused."""

from __future__ import annotations

import sys

import pytest

from monster.lazy import lazy_names


def test_a_name_is_imported_when_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    find, _ = lazy_names("package", {"hsv_to_rgb": "colorsys"})
    assert "colorsys" not in sys.modules
    assert find("hsv_to_rgb") is sys.modules["colorsys"].hsv_to_rgb


def test_the_names_are_listed_in_order() -> None:
    assert lazy_names("package", {"b": "x", "a": "y"})[1]() == ["a", "b"]


def test_an_unknown_name_names_the_package() -> None:
    with pytest.raises(AttributeError, match="module 'package' has no attribute 'other'"):
        lazy_names("package", {"a": "x"})[0]("other")
