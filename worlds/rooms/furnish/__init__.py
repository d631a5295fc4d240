"""Furnishes rooms: one function per kind of room, built from groups of furniture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from worlds.rooms.furnish import homes, public
from worlds.rooms.layout import Layout

Furnisher = Callable[[Layout], None]

FURNISHERS: Final[dict[str, Furnisher]] = {
    "bedroom": homes.bedroom,
    "living room": homes.living_room,
    "kitchen": homes.kitchen,
    "office": public.office,
    "dining room": homes.dining_room,
    "bathroom": homes.bathroom,
    "meeting room": public.meeting_room,
    "hallway": homes.hallway,
    "classroom": public.classroom,
    "gym": public.gym,
    "laundry room": homes.laundry_room,
    "waiting room": public.waiting_room,
    "library": public.library,
    "children's room": homes.childrens_room,
    "hotel room": public.hotel_room,
}

__all__ = ["FURNISHERS", "Furnisher"]
