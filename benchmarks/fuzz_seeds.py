"""Generated files of every readable format as seeds of the fuzzer, by reader (``SEEDS``)."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
from fuzz_files import Seed, npy, npz, one
from fuzz_rigs import animations, fbx, las, soma
from fuzz_robots import arrays as robot_arrays
from fuzz_robots import kimodo
from fuzz_robots import tables as robot_tables
from fuzz_scenes import clouds, glb, obj, own_scene, pcds, plys, scannet, texts

from monster.arrays import AnyArray
from monster.io.motion.kinematics import REST_OFFSETS, STATURE, axis_angle_matrices, pose_body
from monster.skeleton import INDEX, JOINTS, PARENTS

FRAMES: Final = 12


def turns() -> AnyArray:
    """Rotation vectors (frames, 22, 3) of a walking body, y up."""
    found, phase = np.zeros((FRAMES, 22, 3)), np.arange(FRAMES) * 0.4
    for side, sign in (("left", 1), ("right", -1)):
        found[:, INDEX[f"{side}_hip"], 0] = -0.4 * sign * np.sin(phase)
        found[:, INDEX[f"{side}_knee"], 0] = 0.3 + 0.2 * sign * np.cos(phase)
        found[:, INDEX[f"{side}_shoulder"], 2] = -1.3 * sign
    return found


def place() -> AnyArray:
    """Places of the pelvis (frames, 3) on the way."""
    return np.stack([np.zeros(FRAMES), np.full(FRAMES, 0.56 * STATURE), np.arange(FRAMES) * 0.05], axis=1)


def joints() -> AnyArray:
    """The joints (frames, 22, 3) of the same."""
    return pose_body(axis_angle_matrices(turns()), place()).astype(np.float32)


def bvh() -> Seed:
    """A skeleton named as Mixamo names it."""
    lines, columns = ["HIERARCHY"], []

    def joint(index: int, depth: int) -> None:
        children = [child for child, parent in enumerate(PARENTS) if parent == index]
        offset = 100 * REST_OFFSETS[index] if depth else np.zeros(3)
        channels = ["Zrotation", "Yrotation", "Xrotation"]
        if depth == 0:
            channels = ["Xposition", "Yposition", "Zposition", *channels]
            columns.append(100 * place())
        columns.append(np.degrees(turns()[:, index, ::-1]))
        lines.append(f"{'JOINT' if depth else 'ROOT'} {_BVH_NAMES.get(JOINTS[index], JOINTS[index])}")
        lines.append("{\nOFFSET " + " ".join(f"{value:.3f}" for value in offset))
        lines.append(f"CHANNELS {len(channels)} {' '.join(channels)}")
        for child in children:
            joint(child, depth + 1)
        lines.append("}" if children else "End Site\n{\nOFFSET 0 0 5\n}\n}")

    joint(0, 0)
    rows = "\n".join(" ".join(f"{value:.3f}" for value in row) for row in np.concatenate(columns, axis=1))
    text = "\n".join(lines) + f"\nMOTION\nFrames: {FRAMES}\nFrame Time: 0.05\n{rows}\n"
    return one("walk.bvh", text.encode(), "motion")


_BVH_NAMES: Final = {
    "pelvis": "Hips", "neck": "Neck", "head": "Head",
    **{f"{side}_{ours}": f"{side.title()}{theirs}" for side in ("left", "right") for ours, theirs in (
        ("hip", "UpLeg"), ("knee", "Leg"), ("ankle", "Foot"), ("foot", "ToeBase"),
        ("collar", "Shoulder"), ("shoulder", "Arm"), ("elbow", "ForeArm"), ("wrist", "Hand"))},
}  # fmt: skip


def amc() -> Seed:
    """A skeleton of Acclaim's bones and its motion."""
    bones: dict[str, tuple[str, tuple[float, float, float], float]]
    bones = {"lowerback": ("root", (0, 1, 0), 2.0), "upperback": ("lowerback", (0, 1, 0), 2.0),
             "thorax": ("upperback", (0, 1, 0), 2.0), "lowerneck": ("thorax", (0, 1, 0), 1.5),
             "upperneck": ("lowerneck", (0, 1, 0), 1.5)}  # fmt: skip
    for side, sign in (("l", 1), ("r", -1)):
        bones |= {f"{side}hipjoint": ("root", (sign, -1, 0), 2.0), f"{side}femur": (f"{side}hipjoint", (0, -1, 0), 7.0),
                  f"{side}tibia": (f"{side}femur", (0, -1, 0), 7.0), f"{side}foot": (f"{side}tibia", (0, -0.4, 1), 2.3),
                  f"{side}clavicle": ("thorax", (sign, 0.4, 0), 3.0),
                  f"{side}humerus": (f"{side}clavicle", (sign, 0, 0), 5.0),
                  f"{side}radius": (f"{side}humerus", (sign, 0, 0), 3.0)}  # fmt: skip
    lines = [":version 1.10", ":units\n  mass 1.0\n  length 0.45\n  angle deg", ":root"]
    lines += ["  order TX TY TZ RX RY RZ\n  axis XYZ\n  position 0 0 0\n  orientation 0 0 0", ":bonedata"]
    for number, (name, (_, direction, length)) in enumerate(bones.items(), 1):
        lines.append(f"  begin\n  id {number}\n  name {name}\n  direction {' '.join(map(str, direction))}")
        lines.append(f"  length {length}\n  axis 0 0 0 XYZ\n  dof rx ry rz\n  limits (-180 180)\n  end")
    lines.append(":hierarchy\n  begin")
    parents = {parent for parent, _, _ in bones.values()}
    lines += [
        f"    {p} {' '.join(n for n, (of, _, _) in bones.items() if of == p)}" for p in ["root", *bones] if p in parents
    ]
    asf = "\n".join([*lines, "  end"]) + "\n"
    frames = [":FULLY-SPECIFIED\n:DEGREES"]
    for frame in range(FRAMES):
        frames.append(f"{frame + 1}\nroot 0 17 {0.5 * frame} 0 0 0")
        frames += [f"{name} {10 * np.sin(frame):.3f} 0 0" for name in bones]
    files = {"01.asf": asf.encode(), "01_01.amc": ("\n".join(frames) + "\n").encode()}
    return Seed(files, "01_01.amc", "motion")


def c3ds() -> tuple[Seed, ...]:
    """Markers round the body, in millimetres with z up; none without the library that writes them."""
    if find_spec("ezc3d") is None:
        return ()
    body = 1000 * joints() @ np.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]])
    of = {"KNE": "knee", "ANK": "ankle", "TOE": "foot", "SHO": "shoulder", "ELB": "elbow", "WRA": "wrist"}
    markers = {f"{side[0].upper()}{name}": body[:, INDEX[f"{side}_{joint}"]] for side in ("left", "right")
               for name, joint in of.items()}  # fmt: skip
    for letter, out in (("L", 120), ("R", -120)):
        markers[f"{letter}ASI"] = body[:, 0] + [out, -80, 40]
        markers[f"{letter}PSI"] = body[:, 0] + [out / 2, 80, 40]
        markers[f"{letter}FHD"] = body[:, INDEX["head"]] + [out / 2, -80, 90]
    for name, joint, back in (
        ("C7", "neck", 60),
        ("CLAV", "neck", -60),
        ("T10", "spine2", 90),
        ("STRN", "spine2", -90),
    ):
        markers[name] = body[:, INDEX[joint]] + [0, back, 0]
    places = np.stack(list(markers.values())).transpose(2, 0, 1)
    with TemporaryDirectory() as folder:  # in a child process, because other libraries disturb ezc3d
        np.savez(Path(folder, "markers.npz"), names=list(markers), points=places)
        subprocess.run([sys.executable, "-c", _WRITE_C3D], cwd=folder, check=True)
        return (one("walk.c3d", Path(folder, "walk.c3d").read_bytes(), "motion"),)


_WRITE_C3D: Final = """
import ezc3d, numpy as np
given, content = np.load("markers.npz"), ezc3d.c3d()
point = content["parameters"]["POINT"]
point["RATE"]["value"], point["UNITS"]["value"] = [100.0], ["mm"]
point["LABELS"]["value"] = [str(name) for name in given["names"]]
content["data"]["points"] = np.concatenate([given["points"], np.ones_like(given["points"][:1])])
content.write("walk.c3d")
"""


def batch() -> dict[str, Any]:
    """What MDM saves: several motions in one array."""
    return {
        "motion": np.stack([joints().transpose(1, 2, 0)] * 2),
        "text": ["a person walks", "somebody walks"],
        "lengths": np.array([FRAMES, FRAMES - 2]),
        "num_samples": 2,
        "num_repetitions": 1,
    }


def own_motion() -> Seed:
    """The project's own format."""
    arrays = {"format": np.array("monster motion 1"), "joints": joints(), "fps": np.array(20.0),
              "placed": np.array(False), "provenance": np.array('["a", [["fps", "20", "given", ""]]]')}  # fmt: skip
    return one("walk.npz", npz(**arrays), "motion")


def captions() -> Seed:
    """Two motions and what is said of them."""
    lines = [{"id": "a", "captions": ["someone walks"], "fps": 30, "more": [1]}, {"id": "b", "captions": "walks"}]
    text = "\n".join(json.dumps(line) for line in lines).encode()
    return Seed({"many.npz": npz(a=joints(), b=joints()), "captions.jsonl": text}, "many.npz", "motion")


def _smpl() -> Seed:
    arrays = {"poses": np.concatenate([turns().reshape(FRAMES, -1), np.zeros((FRAMES, 90))], axis=1), "trans": place(),
              "betas": np.zeros(16), "mocap_framerate": np.array(60.0), "gender": np.array("neutral")}  # fmt: skip
    return one("walk.npz", npz(**arrays), "motion")


def _smplx() -> Seed:
    pose = turns()
    arrays = {"global_orient": pose[:, 0], "body_pose": pose[:, 1:].reshape(FRAMES, -1), "transl": place()}
    return one("walk.npz", npz(**arrays), "motion")


def _rows() -> Seed:
    return one("walk.npy", npy(np.concatenate([turns().reshape(FRAMES, -1), place()], axis=1)), "motion")


def _features() -> Seed:
    features = np.zeros((FRAMES, 263), np.float32)
    around = joints() - joints()[:, :1] * np.array([1, 0, 1], np.float32)
    features[:, 3], features[:, 4:67] = joints()[:, 0, 1], around[:, 1:].reshape(FRAMES, -1)
    return one("walk.npy", npy(features), "motion")


def _joints() -> tuple[Seed, ...]:
    flat = joints().reshape(FRAMES, -1)
    return (
        one("walk.npy", npy(joints()), "motion"),
        one("walk.npy", npy(flat), "motion"),
        one("many.npz", npz(a=joints(), b=joints()), "motion"),
    )


def _generators() -> tuple[Seed, ...]:
    packed = np.empty((), dtype=object)
    packed[()] = batch()
    return (
        one("results.npy", npy(packed, allow_pickle=True), "motion"),
        one("motion.pkl", pickle.dumps(batch(), 4), "motion"),
        one("many.npy", npy(np.stack([joints()] * 2)), "motion"),
        one("many.npz", npz(**batch()), "motion"),
    )


SEEDS: Final[dict[str, Callable[[], tuple[Seed, ...]]]] = {
    "bvh": lambda: (bvh(),),
    "amc": lambda: (amc(),),
    "c3d": c3ds,
    "joints": _joints,
    "features": lambda: (_features(),),
    "smpl": lambda: (_smpl(), _smplx(), _rows()),
    "generators": _generators,
    "captions": lambda: (captions(),),
    "soma": soma,
    "fbx": fbx,
    "gltf": animations,
    "las": las,
    "kimodo": kimodo,
    "robot-tables": robot_tables,
    "robot-arrays": robot_arrays,
    "own": lambda: (own_motion(), own_scene()),
    "ply": plys,
    "pcd": pcds,
    "text": texts,
    "points": clouds,
    "obj": lambda: (obj(),),
    "glb": lambda: (glb(),),
    "scannet": lambda: (scannet(),),
}
