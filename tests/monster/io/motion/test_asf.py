"""Acclaim files that the test writes: rotated axes, units, and what is wrong with broken ones."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from reader_files import walking, walking_turns, z_up
from scipy.spatial.transform import Rotation

from monster.errors import FileFormatError, MonsterError
from monster.io import file_kind, motion_ids, read_motion
from monster.io.motion.asf import asf_beside
from monster.io.motion.kinematics import REST_POSE, axis_angle_matrices, pose_body
from monster.skeleton import INDEX

UNIT = 0.0254 / 0.45
# Bone: parent, where it starts and ends on our body, and the joint whose turn it takes.
BONES = {
    "lowerback": ("root", "pelvis", "spine1", None), "upperback": ("lowerback", "spine1", "spine2", "spine1"),
    "thorax": ("upperback", "spine2", "spine3", "spine2"), "lowerneck": ("thorax", "spine3", "neck", "spine3"),
    "upperneck": ("lowerneck", "neck", "head", "neck"),
}  # fmt: skip
for _side in ("left", "right"):
    _s = _side[0]
    BONES |= {
        f"{_s}hipjoint": ("root", "pelvis", f"{_side}_hip", None),
        f"{_s}femur": (f"{_s}hipjoint", f"{_side}_hip", f"{_side}_knee", f"{_side}_hip"),
        f"{_s}tibia": (f"{_s}femur", f"{_side}_knee", f"{_side}_ankle", f"{_side}_knee"),
        f"{_s}foot": (f"{_s}tibia", f"{_side}_ankle", f"{_side}_foot", f"{_side}_ankle"),
        f"{_s}clavicle": ("thorax", "spine3", f"{_side}_shoulder", "spine3"),
        f"{_s}humerus": (f"{_s}clavicle", f"{_side}_shoulder", f"{_side}_elbow", f"{_side}_shoulder"),
        f"{_s}radius": (f"{_s}humerus", f"{_side}_elbow", f"{_side}_wrist", f"{_side}_elbow"),
    }


def axes_of(bone: str) -> tuple[float, float, float]:
    """Any angles, another triple for each bone."""
    place = list(BONES).index(bone)
    return (20.0 * place % 170 - 80, 10.0 * place % 70, -13.0 * place % 90)


def written(folder: Path, turns: np.ndarray, *, unit: float = UNIT, radians: bool = False) -> Path:
    """``01.asf`` and ``01_02.amc`` of a body with these local turns (frames, 22, 3); returns the motion's path."""
    lines = [":version 1.10", ":units", "  length 0.45", f"  angle {'rad' if radians else 'deg'}", ":root"]
    lines += ["  order TX TY TZ RX RY RZ", "  axis XYZ", "  position 0 0 0", "  orientation 0 0 0", ":bonedata"]
    scale = np.pi / 180 if radians else 1.0
    for name, (_, start, end, turn) in BONES.items():
        bone = (REST_POSE[INDEX[end]] - REST_POSE[INDEX[start]]) / unit
        length = np.linalg.norm(bone)
        angles = " ".join(f"{angle * scale:.9f}" for angle in axes_of(name))
        direction = " ".join(f"{value:.9f}" for value in bone / length)
        lines += ["  begin", f"   name {name}", f"   direction {direction}", f"   length {length:.9f}",
                  f"   axis {angles} XYZ", *(["   dof rx ry rz"] if turn else []), "  end"]  # fmt: skip
    lines += [":hierarchy", "  begin"]
    lines += [f"    {parent} {name}" for name, (parent, *_) in BONES.items()] + ["  end"]
    (folder / "01.asf").write_text("\n".join(lines))
    pelvis = walking(len(turns))[:, 0] / unit
    frames = [":FULLY-SPECIFIED", ":RADIANS" if radians else ":DEGREES"]
    for frame in range(len(turns)):
        root = Rotation.from_rotvec(turns[frame, 0]).as_euler("xyz", degrees=not radians)
        frames += [str(frame + 1), " ".join(f"{value:.9f}" for value in ("root", *pelvis[frame], *root)[1:])]
        frames[-1] = f"root {frames[-1]}"
        for name, (*_, turn) in BONES.items():
            if turn:
                own = Rotation.from_euler("xyz", axes_of(name), degrees=True)
                local = own.inv() * Rotation.from_rotvec(turns[frame, INDEX[turn]]) * own
                frames.append(f"{name} {' '.join(f'{v:.9f}' for v in local.as_euler('xyz', degrees=not radians))}")
    path = folder / "01_02.amc"
    path.write_text("\n".join(frames) + "\n")
    return path


def expected(turns: np.ndarray) -> np.ndarray:
    joints = pose_body(axis_angle_matrices(turns), walking(len(turns))[:, 0])
    for side in ("left", "right"):
        joints[:, INDEX[f"{side}_collar"]] = (joints[:, INDEX["spine3"]] + joints[:, INDEX[f"{side}_shoulder"]]) / 2
    joints = z_up(joints)
    joints[..., 2] -= np.percentile(joints[..., 2].min(axis=1), 1)
    return joints


def test_the_motion_states_its_own_unit_of_angles(tmp_path: Path) -> None:
    for name in ("degrees", "radians"):
        (tmp_path / name).mkdir()
    path = written(tmp_path / "radians", walking_turns(40), radians=True)
    in_degrees = written(tmp_path / "degrees", walking_turns(40))
    asf_beside(path).write_text(asf_beside(in_degrees).read_text())
    assert np.abs(read_motion(path).joints - expected(walking_turns(40))).max() < 1e-4


def test_the_longest_beginning_names_the_skeleton(tmp_path: Path) -> None:
    for name in ("HDM.asf", "HDM_bk.asf", "HDM_mm.asf", "HDM_m.asf"):
        (tmp_path / name).write_text("")
    assert asf_beside(tmp_path / "HDM_mm_depositFloorR_019_120.amc").name == "HDM_mm.asf"
    assert asf_beside(tmp_path / "HDM_x_walk.amc").name == "HDM.asf"
    with pytest.raises(FileFormatError, match="4 with other names"):
        asf_beside(tmp_path / "walk.amc")


@pytest.mark.parametrize("radians", [False, True])
@pytest.mark.parametrize("unit", [UNIT, 0.01, 1.0])
def test_a_walk_in_any_unit(tmp_path: Path, unit: float, radians: bool) -> None:
    path = written(tmp_path, walking_turns(40), unit=unit, radians=radians)
    motion = read_motion(path)
    assert np.abs(motion.joints - expected(walking_turns(40))).max() < 1e-4
    assert (motion.fps, motion_ids(path), file_kind(path)) == (120, ("01_02",), "motion")
    told = [str(finding) for finding in motion.provenance]
    assert any(text.startswith("fps: 120 (guessed; ") and "(--source-fps)" in text for text in told)
    assert "axes: y up (detected; from the body)" in told
    assert read_motion(path, fps=60).fps == 60


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(turns=hnp.arrays("f8", (3, 22, 3), elements=st.floats(-1.4, 1.4)))
def test_any_pose_comes_back(tmp_path: Path, turns: np.ndarray) -> None:
    for side in ("left", "right"):
        turns[:, INDEX[f"{side}_collar"]] = 0.0
    motion = read_motion(written(tmp_path, turns), axes="y")
    assert np.abs(motion.joints - expected(turns)).max() < 1e-4


def test_which_skeleton_belongs_to_a_motion(tmp_path: Path) -> None:
    path = written(tmp_path, walking_turns(5))
    (tmp_path / "02.asf").write_text("another person")
    assert len(read_motion(path)) == 5
    (tmp_path / "01.asf").rename(tmp_path / "person.ASF")
    with pytest.raises(FileFormatError, match=r"01_02\.amc: expected its skeleton 01\.asf .* got 2 with other names"):
        read_motion(path)
    (tmp_path / "02.asf").unlink()
    assert len(read_motion(path)) == 5
    (tmp_path / "person.ASF").unlink()
    with pytest.raises(FileFormatError, match="got none"):
        read_motion(path)


def test_the_rate_of_a_thinned_clip_is_not_that_of_its_recording(tmp_path: Path) -> None:
    path = written(tmp_path, walking_turns(40))
    line = {"id": "01_02", "captions": ["walk"], "fps": 30, "frames": 10}
    (tmp_path / "captions.jsonl").write_text(json.dumps(line))
    assert read_motion(path).fps == 120
    (tmp_path / "captions.jsonl").write_text(json.dumps(line | {"frames": 40, "fps": 60}))
    assert read_motion(path).fps == 60


def test_a_mapping_for_bones_with_other_names(tmp_path: Path) -> None:
    path = written(tmp_path, walking_turns(10))
    for file in (path, tmp_path / "01.asf"):
        file.write_text(file.read_text().replace("lfemur", "thigh_of_the_left"))
    with pytest.raises(FileFormatError, match=r"01\.asf: expected the bones .* no lfemur .*mapping= "):
        read_motion(path)
    motion = read_motion(path, mapping={"left_knee": "thigh_of_the_left"})
    assert np.abs(motion.joints - expected(walking_turns(10))).max() < 1e-4


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("lradius", "lulna"), "numbers for the bone 'lradius' in frame 1, got 'none'"),
        (("root ", "root 1 "), "expected 6 numbers for the bone 'root' in frame 1"),
        (("lfemur ", "lfemur NaN 0 0\nx "), "NaN or infinite in frame 1"),
        (("rfemur ", "rfemur up "), "for the bone 'rfemur'"),
        ((":DEGREES\n1\n", ":DEGREES\nx\n"), ""),
    ],
)
def test_broken_motions(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    path = written(tmp_path, walking_turns(4))
    path.write_text(path.read_text().replace(*change))
    if not words:
        assert len(read_motion(path)) == 3  # a frame without its number is no frame
        return
    with pytest.raises(FileFormatError, match=rf"^01_02\.amc: .*{words}"):
        read_motion(path)


def test_a_number_beyond_measure_is_an_error_and_no_warning(tmp_path: Path) -> None:
    path = written(tmp_path, walking_turns(4))
    path.write_text(re.sub(r"^root \S+", "root 1e308", path.read_text(), flags=re.MULTILINE))
    with pytest.raises(FileFormatError, match=r"01_02\.amc: .*is the file damaged"):
        read_motion(path)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ((":hierarchy", ":tree"), "no part :hierarchy"),
        (("name ltibia", "name other"), "the bone 'ltibia' twice, without data or before its parent"),
        (("dof rx ry rz", "dof rx rx rz"), "the channels 'rx rx rz'"),
        (("direction", "direction up"), "where 3 numbers of"),
        (("direction", "direction 0 1e300 0\n#"), "where 3 numbers of"),
        (("direction", "direction 0 nan 0\n#"), "where 3 numbers of"),
        (("XYZ\n   dof", "XXZ\n   dof"), "order of axes 'xxz'"),
    ],
)
def test_broken_skeletons(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    path = written(tmp_path, walking_turns(4))
    skeleton = tmp_path / "01.asf"
    skeleton.write_text(skeleton.read_text().replace(*change))
    with pytest.raises(FileFormatError, match=rf"^01\.asf: .*{words}"):
        read_motion(path)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), skeleton=st.booleans())
def test_mutated_files_give_an_error_or_a_motion(tmp_path: Path, data: st.DataObject, skeleton: bool) -> None:
    path = written(tmp_path, walking_turns(3))
    file = tmp_path / "01.asf" if skeleton else path
    content = bytearray(file.read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    file.write_bytes(bytes(content[: data.draw(st.integers(1, len(content)))]))
    try:
        motion = read_motion(path)
    except MonsterError as error:
        assert str(error).startswith(("01_02.amc: ", "01.asf: ")) and "\n" not in str(error)
    else:
        assert motion.joints.shape[1:] == (22, 3)
