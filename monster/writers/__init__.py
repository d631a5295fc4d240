"""Checked values out to files that other programs read: BVH, joints, HumanML3D features, PLY."""

from __future__ import annotations

from monster.writers.bvh import write_bvh
from monster.writers.humanml import humanml_features, write_humanml
from monster.writers.joints import write_joints, write_motion
from monster.writers.ply import write_ply

__all__ = ["humanml_features", "write_bvh", "write_humanml", "write_joints", "write_motion", "write_ply"]
