"""Reads and writes motion and scene files; whatever is read is in metres, z up, and states how that was found out."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monster.io.captions_file import Caption, read_captions
    from monster.io.declared import Declared
    from monster.io.detection import file_kind, is_motion_file, is_scene_file
    from monster.io.formats import MotionFormat, MotionOptions, RawMotion, RawScene, SceneFormat, WriteOptions
    from monster.io.motion.bvh_writer import write_bvh
    from monster.io.motion.humanml3d import humanml_features, write_humanml
    from monster.io.motion.joint_arrays import write_joints
    from monster.io.motion.read import motion_captions, motion_ids, read_motion, read_motions
    from monster.io.normalise.retarget import BodyProportions, proportions_of, retargeted
    from monster.io.normalise.segmentation import split_objects
    from monster.io.own_format import write_motion
    from monster.io.parallel_reader import FileContent, ReadTask, read_many
    from monster.io.registry import (
        motion_formats,
        register_motion_format,
        register_scene_format,
        scene_formats,
        suffixes,
    )
    from monster.io.scene.ply_format import write_ply
    from monster.io.scene.read import read_scene
    from monster.io.sources import Source
    from monster.io.untrusted import read_untrusted

_HOME = {
    "BodyProportions": "monster.io.normalise.retarget",
    "Caption": "monster.io.captions_file",
    "Declared": "monster.io.declared",
    "FileContent": "monster.io.parallel_reader",
    "MotionFormat": "monster.io.formats",
    "MotionOptions": "monster.io.formats",
    "RawMotion": "monster.io.formats",
    "RawScene": "monster.io.formats",
    "ReadTask": "monster.io.parallel_reader",
    "SceneFormat": "monster.io.formats",
    "Source": "monster.io.sources",
    "WriteOptions": "monster.io.formats",
    "file_kind": "monster.io.detection",
    "humanml_features": "monster.io.motion.humanml3d",
    "is_motion_file": "monster.io.detection",
    "is_scene_file": "monster.io.detection",
    "motion_captions": "monster.io.motion.read",
    "motion_formats": "monster.io.registry",
    "motion_ids": "monster.io.motion.read",
    "proportions_of": "monster.io.normalise.retarget",
    "read_captions": "monster.io.captions_file",
    "read_many": "monster.io.parallel_reader",
    "read_motion": "monster.io.motion.read",
    "read_motions": "monster.io.motion.read",
    "read_scene": "monster.io.scene.read",
    "read_untrusted": "monster.io.untrusted",
    "register_motion_format": "monster.io.registry",
    "register_scene_format": "monster.io.registry",
    "retargeted": "monster.io.normalise.retarget",
    "scene_formats": "monster.io.registry",
    "split_objects": "monster.io.normalise.segmentation",
    "suffixes": "monster.io.registry",
    "write_bvh": "monster.io.motion.bvh_writer",
    "write_humanml": "monster.io.motion.humanml3d",
    "write_joints": "monster.io.motion.joint_arrays",
    "write_motion": "monster.io.own_format",
    "write_ply": "monster.io.scene.ply_format",
}

__all__ = [
    "BodyProportions",
    "Caption",
    "Declared",
    "FileContent",
    "MotionFormat",
    "MotionOptions",
    "RawMotion",
    "RawScene",
    "ReadTask",
    "SceneFormat",
    "Source",
    "WriteOptions",
    "file_kind",
    "humanml_features",
    "is_motion_file",
    "is_scene_file",
    "motion_captions",
    "motion_formats",
    "motion_ids",
    "proportions_of",
    "read_captions",
    "read_many",
    "read_motion",
    "read_motions",
    "read_scene",
    "read_untrusted",
    "register_motion_format",
    "register_scene_format",
    "retargeted",
    "scene_formats",
    "split_objects",
    "suffixes",
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
