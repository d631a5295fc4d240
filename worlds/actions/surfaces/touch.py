"""Hands on surfaces."""

from __future__ import annotations

from typing import Final

WRIST: Final = 0.05  # metres from a surface to the wrist of the hand on it
KEYS: Final = 12.0  # a second, of a path that a hand follows
REACH_SECONDS: Final = (0.75, 0.95)
END_SECONDS: Final = (0.2, 0.4)
RIM: Final = 0.1  # metres around a top in which wrists count as over it
