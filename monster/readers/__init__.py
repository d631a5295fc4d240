"""Files in, checked values out: motions and scenes in metres, z up, with what was found out on the way."""

from __future__ import annotations

from monster.readers.kinds import file_kind, is_motion_file, is_scene_file
from monster.readers.motion import MOTION_SUFFIXES, motion_captions, motion_ids, read_motion, read_motions
from monster.readers.scene import SCENE_SUFFIXES, read_scene
from monster.readers.segmentation import split_objects
from monster.readers.sidecar import Caption, read_captions

__all__ = [
    "MOTION_SUFFIXES",
    "SCENE_SUFFIXES",
    "Caption",
    "file_kind",
    "is_motion_file",
    "is_scene_file",
    "motion_captions",
    "motion_ids",
    "read_captions",
    "read_motion",
    "read_motions",
    "read_scene",
    "split_objects",
]
