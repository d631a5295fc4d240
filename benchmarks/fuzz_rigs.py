"""Seeds of the fuzzer: motions on rigs of FBX and glTF, a SOMA skeleton, and clouds of LAS and LAZ."""

from __future__ import annotations

import io
import sys
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
from fuzz_files import Seed, one
from fuzz_scenes import room

from monster.io import write_bvh
from monster.io.motion.gltf_writer import write_glb
from monster.io.motion.kinematics import axis_angle_matrices, pose_body
from monster.types import Motion

TESTS: Final = Path(__file__).parents[1] / "tests"
_FRAMES: Final = 12
_SOMA: Final = {
    "Spine2": "Chest", "Spine1": "Spine2", "Spine": "Spine1", "Neck": "Neck1",
    "LeftLeg": "LeftShin", "RightLeg": "RightShin", "LeftUpLeg": "LeftLeg", "RightUpLeg": "RightLeg",
}  # fmt: skip


def _walk() -> Motion:
    turns = np.zeros((_FRAMES, 22, 3))
    turns[:, 1, 0] = np.linspace(-0.4, 0.4, _FRAMES)
    turns[:, 2, 0] = -turns[:, 1, 0]
    pelvis = np.column_stack([np.zeros(_FRAMES), np.full(_FRAMES, 0.98), np.linspace(0, 1.0, _FRAMES)])
    joints = pose_body(axis_angle_matrices(turns), pelvis)[..., [2, 0, 1]]
    return Motion(joints.astype(np.float32), 20.0)


def soma() -> tuple[Seed, ...]:
    """A BVH file with the names of SOMA, where a leg is a thigh."""
    with TemporaryDirectory() as folder:
        write_bvh(Path(folder) / "walk.bvh", _walk())
        words = (Path(folder) / "walk.bvh").read_text()
    for name, other in _SOMA.items():
        for kind in ("JOINT", "ROOT"):
            words = words.replace(f"{kind} {name}\n", f"{kind} {other}\n")
    return (one("walk.bvh", words.encode(), "motion"),)


def animations() -> tuple[Seed, ...]:
    """A binary glTF with a rig, a mesh and an animation."""
    with TemporaryDirectory() as folder:
        write_glb(Path(folder) / "walk.glb", _walk())
        return (one("walk.glb", (Path(folder) / "walk.glb").read_bytes(), "motion"),)


def fbx() -> tuple[Seed, ...]:
    """An FBX file of the tests, as text; none without ufbx."""
    if find_spec("ufbx") is None:
        return ()
    sys.path.append(str(TESTS))
    from fbx_files import write_fbx  # type: ignore[import-not-found]

    with TemporaryDirectory() as folder:
        turns = {
            "left_hip": np.linspace(-30, 30, _FRAMES).tolist(),
            "right_hip": np.linspace(30, -30, _FRAMES).tolist(),
        }
        path = write_fbx(Path(folder) / "walk.fbx", {"walk": turns})
        return (one("walk.fbx", path.read_bytes(), "motion"),)


def las() -> tuple[Seed, ...]:
    """A room as LAS with colours, and as LAZ where it can be packed; none without laspy."""
    if find_spec("laspy") is None:
        return ()
    import laspy

    points = room()[:, :3]
    cloud = laspy.LasData(laspy.LasHeader(point_format=3, version="1.2"))
    cloud.header.scales = np.full(3, 0.001)
    cloud.x, cloud.y, cloud.z = points.T
    cloud.red = cloud.green = cloud.blue = np.full(len(points), 30_000, dtype=np.uint16)
    seeds = []
    for suffix in ("las", "laz") if find_spec("lazrs") is not None else ("las",):
        out = io.BytesIO()
        cloud.write(out, do_compress=suffix == "laz")
        seeds.append(one(f"room.{suffix}", out.getvalue(), "scene"))
    return tuple(seeds)
