"""Places clips of a motion library in rooms, and writes captions with proven relations to the room."""

from __future__ import annotations

from worlds.align.align import AlignedLibrary, align
from worlds.align.placing import AlignSettings
from worlds.align.rooms import RoomGeometry, Rooms, open_rooms

__all__ = ["AlignSettings", "AlignedLibrary", "RoomGeometry", "Rooms", "align", "open_rooms"]
