"""Reads and writes motion and scene files; whatever is read is in metres, z up, and states how that was found out."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monster.io.captions_file import Caption, read_captions
    from monster.io.detection import file_kind, is_motion_file, is_scene_file
    from monster.io.motion.bvh_writer import write_bvh
    from monster.io.motion.humanml3d_writer import humanml_features, write_humanml
    from monster.io.motion.joints_writer import write_joints, write_motion
    from monster.io.motion.read import MOTION_SUFFIXES, motion_captions, motion_ids, read_motion, read_motions
    from monster.io.normalise.segmentation import split_objects
    from monster.io.scene.ply_writer import write_ply
    from monster.io.scene.read import SCENE_SUFFIXES, read_scene
    from monster.io.untrusted import read_untrusted

_HOME = {
    "MOTION_SUFFIXES": "monster.io.motion.read",
    "SCENE_SUFFIXES": "monster.io.scene.read",
    "Caption": "monster.io.captions_file",
    "file_kind": "monster.io.detection",
    "humanml_features": "monster.io.motion.humanml3d_writer",
    "is_motion_file": "monster.io.detection",
    "is_scene_file": "monster.io.detection",
    "motion_captions": "monster.io.motion.read",
    "motion_ids": "monster.io.motion.read",
    "read_captions": "monster.io.captions_file",
    "read_motion": "monster.io.motion.read",
    "read_motions": "monster.io.motion.read",
    "read_scene": "monster.io.scene.read",
    "read_untrusted": "monster.io.untrusted",
    "split_objects": "monster.io.normalise.segmentation",
    "write_bvh": "monster.io.motion.bvh_writer",
    "write_humanml": "monster.io.motion.humanml3d_writer",
    "write_joints": "monster.io.motion.joints_writer",
    "write_motion": "monster.io.motion.joints_writer",
    "write_ply": "monster.io.scene.ply_writer",
}

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
    "read_untrusted",
    "split_objects",
    "write_bvh",
    "write_humanml",
    "write_joints",
    "write_motion",
    "write_ply",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'monster.io' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
