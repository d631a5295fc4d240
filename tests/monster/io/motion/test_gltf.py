"""Animations of glTF files: interpolation, hierarchies, scales, VRM tables, several animations, damage."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gltf_files import rig_document, write_gltf

from monster.errors import FileFormatError
from monster.io.gltf import Gltf, read_gltf
from monster.io.motion.gltf import animation_names, is_skeleton_animation, raw_gltf
from monster.skeleton import INDEX


def opened(folder: Path, document: dict[str, Any]) -> Gltf:
    return read_gltf(write_gltf(folder / "a.gltf", document))


def raw(gltf: Gltf, name: str | None = None) -> Any:
    return raw_gltf(gltf, name or animation_names(gltf)[0])


def node(document: dict[str, Any], name: str) -> int:
    return next(number for number, entry in enumerate(document["nodes"]) if entry["name"] == name)


def test_a_turn_of_the_hips_turns_the_whole_body(tmp_path: Path) -> None:
    document = rig_document(prefix="mixamorig:")
    hips = node(document, "mixamorig:Hips")
    half = np.sqrt(0.5)
    keys = {"times": [0.0, 1.0], "values": [[0, 0, 0, 1], [0, half, 0, half]], "path": "rotation", "node": hips}
    found = raw(opened(tmp_path, rig_document(prefix="mixamorig:", animation=[keys], samples=11)))
    assert found.fps == 10 and found.up == "y" and found.unit == 1.0
    across = found.joints[:, INDEX["left_hip"]] - found.joints[:, INDEX["right_hip"]]
    angles = np.degrees(np.arctan2(-across[:, 2], across[:, 0]))
    assert np.allclose(angles, np.linspace(0, 90, 11), atol=1e-6)  # spherical interpolation turns evenly
    assert np.allclose(found.joints[:, 0], found.joints[0, 0])


@pytest.mark.parametrize(
    ("interpolation", "values", "middle"),
    [
        ("LINEAR", [[0, 1, 0], [0, 1, 4]], 2.0),
        ("STEP", [[0, 1, 0], [0, 1, 4]], 0.0),
        # tangents 0 at both ends: the spline is halfway at half the time, and slower near the keys
        ("CUBICSPLINE", [[0, 0, 0], [0, 1, 0], [0, 0, 0], [0, 0, 0], [0, 1, 4], [0, 0, 0]], 2.0),
    ],
)
def test_interpolation(tmp_path: Path, interpolation: str, values: list[list[float]], middle: float) -> None:
    keys = {"times": [0.0, 2.0], "values": values, "path": "translation", "node": 0, "interpolation": interpolation}
    found = raw(opened(tmp_path, rig_document(animation=[keys], samples=21)))
    path = found.joints[:, 0, 2]
    assert path[0] == 0 and path[-1] == 4 and path[10] == pytest.approx(middle)
    if interpolation == "CUBICSPLINE":
        assert path[2] == pytest.approx(4 * (3 * 0.1**2 - 2 * 0.1**3))


def test_an_armature_in_centimetres_is_scaled_to_metres(tmp_path: Path) -> None:
    plain = raw(opened(tmp_path, rig_document(samples=5)))
    document = rig_document(samples=5, length=100.0)
    document["nodes"].append({"name": "Armature", "scale": [0.01, 0.01, 0.01], "children": [0]})
    assert np.allclose(raw(opened(tmp_path, document)).joints, plain.joints, atol=1e-6)
    scaled = [0.01, 0, 0, 0, 0, 0.01, 0, 0, 0, 0, 0.01, 0, 0, 0, 0, 1]
    document["nodes"][-1] = {"name": "Armature", "matrix": scaled, "children": [0]}
    assert np.allclose(raw(opened(tmp_path, document)).joints, plain.joints, atol=1e-6)


@pytest.mark.parametrize("version", ["0.x", "1.0"])
def test_a_vrm_humanoid_gives_the_joints(tmp_path: Path, version: str) -> None:
    plain = raw(opened(tmp_path, rig_document(samples=5)))
    document = rig_document(samples=5)
    parts = {
        "Hips": "hips", "Spine": "spine", "Neck": "neck", "Head": "head", "LeftArm": "leftUpperArm",
        "LeftForeArm": "leftLowerArm", "LeftHand": "leftHand", "RightArm": "rightUpperArm",
        "RightForeArm": "rightLowerArm", "RightHand": "rightHand", "LeftUpLeg": "leftUpperLeg",
        "LeftLeg": "leftLowerLeg",
        "LeftFoot": "leftFoot", "LeftToeBase": "leftToes", "RightUpLeg": "rightUpperLeg", "RightLeg": "rightLowerLeg",
        "RightFoot": "rightFoot", "RightToeBase": "rightToes",
    }  # fmt: skip
    bones = {parts[entry["name"]]: number for number, entry in enumerate(document["nodes"]) if entry["name"] in parts}
    for number, entry in enumerate(document["nodes"]):
        entry["name"] = f"J_{number:03d}"
    assert not is_skeleton_animation(opened(tmp_path, document))
    listed: Any = {part: {"node": number} for part, number in bones.items()}
    if version == "0.x":
        listed = [{"bone": part, "node": number} for part, number in bones.items()]
    document["extensions"] = {"VRM" if version == "0.x" else "VRMC_vrm": {"humanoid": {"humanBones": listed}}}
    gltf = opened(tmp_path, document)
    assert is_skeleton_animation(gltf)
    limbs = [INDEX[f"{side}_{part}"] for side in ("left", "right") for part in ("hip", "knee", "ankle", "wrist")]
    assert np.allclose(raw(gltf).joints[:, limbs], plain.joints[:, limbs], atol=1e-6)


def test_every_animation_is_a_motion(tmp_path: Path) -> None:
    document = rig_document(samples=5)
    document["animations"] = [
        {**copy.deepcopy(document["animations"][0]), "name": name} for name in ("walk", "walk", "")
    ]
    gltf = opened(tmp_path, document)
    assert animation_names(gltf) == ("walk", "walk-1", "2")
    assert np.array_equal(raw(gltf, "walk-1").joints, raw(gltf, "2").joints)
    with pytest.raises(FileFormatError, match=r"named 'run', got walk, walk-1, 2"):
        raw(gltf, "run")


def test_a_scene_without_a_moving_body_is_no_motion(tmp_path: Path) -> None:
    document = rig_document(samples=5)
    still = {**document, "animations": []}
    assert not is_skeleton_animation(opened(tmp_path, still))
    for entry in document["nodes"]:
        entry["name"] = f"door {entry['name'][::-1]}"
    gltf = opened(tmp_path, document)
    assert not is_skeleton_animation(gltf)
    with pytest.raises(FileFormatError, match=r"a\.gltf: expected a skeleton with joints"):
        raw(gltf)


def test_damaged_animations_are_refused(tmp_path: Path) -> None:
    def damaged(change: Any) -> None:
        document = json.loads(json.dumps(rig_document(samples=5)))
        change(document)
        with pytest.raises(FileFormatError, match=r"a\.gltf: "):
            raw(opened(tmp_path, document))

    damaged(lambda d: d["animations"][0]["channels"][0]["target"].update(node=999))
    damaged(lambda d: d["animations"][0]["channels"][0].update(sampler=77))
    damaged(lambda d: d["animations"][0]["samplers"][0].update(output=0))
    damaged(lambda d: d["animations"][0].update(channels=[]))
    damaged(lambda d: d["nodes"][0].update(children=[0]))
    damaged(lambda d: d["nodes"][1].update(children=[1, 2, 3]))
    damaged(lambda d: d["nodes"][2].update(rotation=[1, 2]))
    damaged(lambda d: d.update(nodes=[]))
