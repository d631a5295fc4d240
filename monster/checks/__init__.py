"""Remarks on motions and scenes that were read: what may be wrong with them. They are never errors."""

from __future__ import annotations

from monster.checks.motion import BELOW_FLOOR, check_motion
from monster.checks.scene import check_scene
from monster.checks.text import TextCutWarning, TextPieces, check_text
from monster.provenance import Level, Remark, worst

__all__ = [
    "BELOW_FLOOR",
    "Level",
    "Remark",
    "TextCutWarning",
    "TextPieces",
    "check_motion",
    "check_scene",
    "check_text",
    "worst",
]
