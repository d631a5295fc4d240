"""Names of common rigs find their joints; what a rig lacks is filled from its neighbours or named."""

from pathlib import Path

import numpy as np
import pytest
from reader_files import bvh_text, walking, z_up

from monster.errors import FileFormatError
from monster.io import read_motion
from monster.io.normalise.rigs import Rig, find_roles, joints_of, split_name
from monster.skeleton import INDEX, JOINTS, PARENTS


def sided(words: dict[str, str], left: str, right: str) -> dict[str, str]:
    """Names of both sides from a pattern ("{}UpLeg") for each part."""
    both = {}
    for part, pattern in words.items():
        if "{}" in pattern:
            both |= {f"left_{part}": pattern.format(left), f"right_{part}": pattern.format(right)}
        else:
            both[part] = pattern
    return both


SPINE = {"pelvis": "Hips", "spine1": "Spine", "spine2": "Spine1", "spine3": "Spine2", "neck": "Neck", "head": "Head"}
LEGS_ARMS = {"hip": "{}UpLeg", "knee": "{}Leg", "ankle": "{}Foot", "foot": "{}ToeBase",
             "collar": "{}Shoulder", "shoulder": "{}Arm", "elbow": "{}ForeArm", "wrist": "{}Hand"}  # fmt: skip
PLAIN = {"hip": "{}Hip", "knee": "{}Knee", "ankle": "{}Ankle", "foot": "{}Toe",
         "collar": "{}Collar", "shoulder": "{}Shoulder", "elbow": "{}Elbow", "wrist": "{}Wrist"}  # fmt: skip
RIGS = {
    "cmu": sided({**SPINE, "spine1": "LowerBack", "spine2": "Spine", "spine3": "Spine1", **LEGS_ARMS}, "Left", "Right"),
    "mixamo": {k: f"mixamorig:{v}" for k, v in sided({**SPINE, **LEGS_ARMS}, "Left", "Right").items()},
    "plain": sided({**SPINE, "spine1": "Chest", "spine2": "Chest2", "spine3": "Chest3", **PLAIN}, "Left", "Right"),
    "smpl": {name: name.title() for name in JOINTS},
    "short": sided({k: v.replace("{}", "{}_") for k, v in {**SPINE, **PLAIN}.items()}, "L", "R"),
    "cc_base": {
        k: f"CC_Base_{v}"
        for k, v in sided(
            {"pelvis": "Hip", "spine1": "Waist", "spine2": "Spine01", "spine3": "Spine02",
             "neck": "NeckTwist01", "head": "Head", "hip": "{}_Thigh", "knee": "{}_Calf", "ankle": "{}_Foot",
             "foot": "{}_ToeBase", "collar": "{}_Clavicle",
             "shoulder": "{}_Upperarm", "elbow": "{}_Forearm", "wrist": "{}_Hand"}, "L", "R",
        ).items()
    },
    "bandai": sided(
        {**SPINE, "hip": "UpperLeg_{}", "knee": "LowerLeg_{}", "ankle": "Foot_{}", "foot": "Toes_{}",
         "collar": "Shoulder_{}", "shoulder": "UpperArm_{}", "elbow": "LowerArm_{}", "wrist": "Hand_{}"}, "L", "R",
    ),
    "biped": {
        k: f"Bip01 {v}"
        for k, v in sided(
            {**SPINE, "pelvis": "Pelvis", "hip": "{} Thigh", "knee": "{} Calf", "ankle": "{} Foot", "foot": "{} Toe0",
             "collar": "{} Clavicle", "shoulder": "{} UpperArm", "elbow": "{} Forearm", "wrist": "{} Hand"}, "L", "R",
        ).items()
    },
}  # fmt: skip


def read(folder: Path, names: dict[str, str], **options: object) -> np.ndarray:
    path = folder / "walk.bvh"
    path.write_text(bvh_text(names, **options))  # type: ignore[arg-type]
    return read_motion(path).joints


@pytest.mark.parametrize("rig", RIGS)
def test_common_rigs_are_read(tmp_path: Path, rig: str) -> None:
    expected = z_up(walking())
    expected[..., 2] -= np.percentile(expected[..., 2].min(axis=1), 1)
    assert np.abs(read(tmp_path, RIGS[rig]) - expected).max() < 1e-4


def test_missing_toes_and_collars_come_from_their_neighbours(tmp_path: Path) -> None:
    names = {k: v for k, v in RIGS["plain"].items() if "foot" not in k}
    joints = read(tmp_path, names)
    ankle, foot = joints[:, INDEX["left_ankle"]], joints[:, INDEX["left_foot"]]
    assert np.allclose(np.linalg.norm(foot - ankle, axis=-1), 0.05, atol=1e-4)  # its end site
    path = tmp_path / "walk.bvh"
    assert "left_foot from the end site of LeftAnkle" in str(read_motion(path).provenance.findings[0])


@pytest.mark.parametrize("missing", [("spine1",), ("spine1", "spine2"), ("spine1", "spine2", "spine3")])
def test_a_shorter_spine_is_spread_evenly(missing: tuple[str, ...]) -> None:
    kept = [name for name in JOINTS if name not in missing]
    parents = []
    for name in kept:
        parent = PARENTS[INDEX[name]]
        while parent >= 0 and JOINTS[parent] in missing:
            parent = PARENTS[parent]
        parents.append(kept.index(JOINTS[parent]) if parent >= 0 else -1)
    rig = Rig([RIGS["plain"][name] for name in kept], parents, [False] * len(kept))
    joints, notes = joints_of(rig, walking(5)[:, [INDEX[name] for name in kept]])
    heights = joints[:, [INDEX[name] for name in ("pelvis", "spine1", "spine2", "spine3", "neck")], 1]
    assert (np.diff(heights, axis=1) > 0.03).all()
    assert notes == ()
    assert np.allclose(joints[:, INDEX["head"]], walking(5)[:, INDEX["head"]])


def test_a_skeleton_of_no_body_names_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match=r"^walk.bvh: .*none for left_knee, right_knee among Hips, LeftHip"):
        read(tmp_path, {k: (v if "knee" not in k else f"Thing{i}") for i, (k, v) in enumerate(RIGS["plain"].items())})


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mixamorig:LeftUpLeg", ("left", "upleg")), ("LHipJoint", ("left", "hipjoint")), ("rThigh", ("right", "thigh")),
        ("CC_Base_R_ToeBase", ("right", "toe")), ("Spine01", ("", "spine")), ("lfemur", ("left", "femur")),
        ("rightfoot", ("right", "foot")), ("LeftHandThumb1", ("left", "handthumb")), ("Legs", ("", "legs")),
    ],
)  # fmt: skip
def test_names_are_split(name: str, expected: tuple[str, str]) -> None:
    assert split_name(name) == expected


def test_a_hip_joint_and_a_hip_are_two_joints() -> None:
    """Some rigs have LHipJoint, a bone of the pelvis, above LeftHip, where the thigh begins; others have it alone."""
    names = [name.replace("LeftUpLeg", "LeftHip").replace("RightUpLeg", "RightHip") for name in MIXAMO]
    rig = Rig(["LHipJoint", "RHipJoint", *names], [-1] * (len(names) + 2), [False] * (len(names) + 2))
    roles = find_roles(rig)
    assert (rig.names[roles["left_hip"]], rig.names[roles["right_hip"]]) == ("LeftHip", "RightHip")
    alone = [name.replace("LeftUpLeg", "LHipJoint").replace("RightUpLeg", "RHipJoint") for name in MIXAMO]
    roles = find_roles(Rig(alone, [-1] * len(alone), [False] * len(alone)))
    assert alone[roles["left_hip"]] == "LHipJoint"


def test_a_lower_neck_without_a_bone_is_noted() -> None:
    parents = [-1, *range(len(MIXAMO) - 1)]
    positions = np.random.default_rng(0).normal(size=(3, len(MIXAMO), 3))
    rig = Rig(MIXAMO, parents, [False] * len(MIXAMO))
    assert not any("no length" in note for note in joints_of(rig, positions)[1])
    neck = MIXAMO.index("Neck")
    positions[:, neck] = positions[:, parents[neck]]
    assert any("Neck has no length" in note for note in joints_of(rig, positions)[1])


MIXAMO = [
    "Hips", "Spine", "Spine1", "Spine2", "Neck", "Head", "LeftShoulder", "LeftArm", "LeftForeArm", "LeftHand",
    "RightShoulder", "RightArm", "RightForeArm", "RightHand", "LeftUpLeg", "LeftLeg", "LeftFoot", "LeftToeBase",
    "RightUpLeg", "RightLeg", "RightFoot", "RightToeBase",
]  # fmt: skip
