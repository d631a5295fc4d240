"""Files in, checked values out: motions and scenes in metres, z up, with what was found out on the way."""

from __future__ import annotations

from monster.readers.motion import motion_ids, read_motion, read_motions
from monster.readers.sidecar import Caption, read_captions

__all__ = [
    "Caption",
    "motion_ids",
    "read_captions",
    "read_motion",
    "read_motions",
]
