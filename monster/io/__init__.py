"""Files in, checked values out: motions and scenes in metres, z up, with what was found out on the way."""

from __future__ import annotations

from monster.io.captions_file import Caption, read_captions
from monster.io.detection import file_kind, is_motion_file, is_scene_file
from monster.io.motion.bvh_writer import write_bvh
from monster.io.motion.humanml3d_writer import humanml_features, write_humanml
from monster.io.motion.joints_writer import write_joints, write_motion
from monster.io.motion.read import MOTION_SUFFIXES, motion_captions, motion_ids, read_motion, read_motions
from monster.io.normalise.segmentation import split_objects
from monster.io.scene.ply_writer import write_ply
from monster.io.scene.read import SCENE_SUFFIXES, read_scene

__all__ = [
    "MOTION_SUFFIXES",
    "SCENE_SUFFIXES",
    "Caption",
    "file_kind",
    "humanml_features",
    "is_motion_file",
    "is_scene_file",
    "motion_captions",
    "motion_ids",
    "read_captions",
    "read_motion",
    "read_motions",
    "read_scene",
    "split_objects",
    "write_bvh",
    "write_humanml",
    "write_joints",
    "write_motion",
    "write_ply",
]
