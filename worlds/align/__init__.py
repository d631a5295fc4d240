"""Clips of a motion library placed into rooms: a corpus whose captions join the clip's words with a true relation."""

from __future__ import annotations

from worlds.align.align import Aligned, Settings, align
from worlds.align.rooms import KnownRoom, Rooms, open_rooms

__all__ = ["Aligned", "KnownRoom", "Rooms", "Settings", "align", "open_rooms"]
