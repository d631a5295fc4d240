"""Pictures of motions in rooms: HTML pages that play them, and PNG pictures. Names are imported on first use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monster.lazy import lazy_names

if TYPE_CHECKING:
    from monster.viz.page import motion_in_scene_html
    from monster.viz.picture import contact_sheet_png, motion_in_scene_png

__all__ = ["contact_sheet_png", "motion_in_scene_html", "motion_in_scene_png"]

_HOME = {
    "contact_sheet_png": "monster.viz.picture",
    "motion_in_scene_html": "monster.viz.page",
    "motion_in_scene_png": "monster.viz.picture",
}

__getattr__, __dir__ = lazy_names(__name__, _HOME)
