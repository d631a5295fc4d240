"""Pictures of motions in rooms: a page that plays by itself, and still pictures. Loaded when first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monster.viz.page import motion_in_scene_html
    from monster.viz.picture import contact_sheet_png, motion_in_scene_png

__all__ = ["contact_sheet_png", "motion_in_scene_html", "motion_in_scene_png"]

_HOME = {
    "contact_sheet_png": "monster.viz.picture",
    "motion_in_scene_html": "monster.viz.page",
    "motion_in_scene_png": "monster.viz.picture",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'monster.viz' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
