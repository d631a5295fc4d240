"""What stands in which kind of room, and how: one function a kind, built from small groups of furniture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from worlds.rooms.furnish import homes, public
from worlds.rooms.layout import Layout

Recipe = Callable[[Layout], None]

RECIPES: Final[dict[str, Recipe]] = {
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

__all__ = ["RECIPES", "Recipe"]
