"""Markers set on the neutral body: its joints come back, for both marker sets, with gaps and prefixes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reader_files import walking, z_up

from monster.errors import FileFormatError, InputError, MissingExtra, MonsterError
from monster.io import file_kind, read_motion
from monster.io.motion.c3d import joints_of_markers
from monster.skeleton import INDEX, JOINTS

needs_ezc3d = pytest.mark.skipif(find_spec("ezc3d") is None, reason="the extra mocap is not installed")
FRAMES = 50
WIDTH, DEPTH = 0.24, 0.16  # metres: of the pelvis


def markers(*, cmu: bool = False) -> dict[str, np.ndarray]:
    """Markers (frames, 3) by name round the walking body, z up in metres."""
    body = {name: z_up(walking(FRAMES))[:, place] for name, place in INDEX.items()}
    side, back, up = (np.array(axis, float) for axis in ([1, 0, 0], [0, 1, 0], [0, 0, 1]))  # it faces -y
    hips = (body["left_hip"] + body["right_hip"]) / 2
    front = hips + up * (0.30 * WIDTH + 0.0109) - back * (0.24 * DEPTH + 0.0099)
    made = {"C7": body["neck"] + back * 0.06, "CLAV": body["neck"] - back * 0.06,
            "T10": body["spine2"] + back * 0.1, "STRN": body["spine2"] - back * 0.1}  # fmt: skip
    for name, sign in (("left", 1.0), ("right", -1.0)):
        letter, out = name[0].upper(), side * sign
        made |= {
            f"{letter}FWT" if cmu else f"{letter}ASI": front + out * WIDTH / 2,
            f"{letter}BWT" if cmu else f"{letter}PSI": front + back * DEPTH + out * 0.05,
            f"{letter}KNE": body[f"{name}_knee"] + out * 0.055,
            f"{letter}ANK": body[f"{name}_ankle"] + out * 0.042,
            f"{letter}TOE": body[f"{name}_foot"],
            f"{letter}SHO": body[f"{name}_shoulder"] + up * 0.05,
            f"{letter}ELB": body[f"{name}_elbow"],
            f"{letter}WRA": body[f"{name}_wrist"] - back * 0.03,
            f"{letter}WRB": body[f"{name}_wrist"] + back * 0.03,
            f"{letter}FHD": body["head"] * 2 - body["neck"] - back * 0.08 + out * 0.07,
            f"{letter}BHD": body["head"] * 2 - body["neck"] + back * 0.08 + out * 0.07,
        }
    return made


def errors(joints: np.ndarray) -> dict[str, float]:
    apart = np.linalg.norm(joints - z_up(walking(FRAMES)), axis=-1)
    return {name: float(np.median(apart[:, place])) for name, place in INDEX.items()}


@pytest.mark.parametrize("cmu", [False, True])
def test_joints_are_where_the_markers_say(cmu: bool) -> None:
    off = errors(joints_of_markers(markers(cmu=cmu)))
    limbs = [name for name in JOINTS if name.rpartition("_")[2] in ("hip", "knee", "ankle", "foot", "elbow", "wrist")]
    assert max(off[name] for name in limbs) < 0.01
    assert max(off[name] for name in ("neck", "head", "left_shoulder", "right_shoulder")) < 0.02
    assert max(off.values()) < 0.09


def test_fewer_markers_do_where_others_can_stand_in() -> None:
    left_out = ("T10", "CLAV", "LWRB", "RBHD", "LBHD")
    fewer = {name: place for name, place in markers().items() if name not in left_out}
    assert max(errors(joints_of_markers(fewer)).values()) < 0.15
    for lost, words in (("LKNE", r"for the knee \(LKNE or LKNEE\)"), ("RTOE", "for the toe"), ("C7", "for the neck")):
        with pytest.raises(InputError, match=words):
            joints_of_markers({name: place for name, place in fewer.items() if name != lost})


def test_a_mapping_overrules_the_guess() -> None:
    joints = joints_of_markers(markers(), {"left_elbow": ["LWRA", "LWRB"]})
    assert np.abs(joints[:, INDEX["left_elbow"]] - z_up(walking(FRAMES))[:, INDEX["left_wrist"]]).max() < 1e-9


def test_without_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ezc3d", None)
    (tmp_path / "walk.c3d").write_bytes(b"\x02P")
    assert file_kind(tmp_path / "walk.c3d") == "motion"
    with pytest.raises(MissingExtra, match=r"\[mocap\]"):
        read_motion(tmp_path / "walk.c3d")


# In a process of its own: where faiss is loaded too, its bindings and those of ezc3d take each other's vectors for
# their own, and ezc3d can no longer write (reading goes on).
_WRITE = """
import sys, ezc3d, numpy as np
given = np.load(sys.argv[1])
content = ezc3d.c3d()
point = content["parameters"]["POINT"]
point["RATE"]["value"], point["UNITS"]["value"] = [120.0], [str(given["unit"])]
point["LABELS"]["value"] = [str(name) for name in given["names"]]
content["data"]["points"] = given["points"]
content.write(sys.argv[2])
"""


def written(path: Path, places: Mapping[str, np.ndarray], *, unit: str = "mm", prefix: str = "") -> Path:
    points = np.ones((4, len(places), FRAMES))
    points[:3] = np.stack(list(places.values())).transpose(2, 0, 1) * {"mm": 1000.0, "m": 1.0}[unit]
    source = path.with_suffix(".source.npz")
    np.savez(source, points=points, names=[prefix + name for name in places], unit=unit)
    subprocess.run([sys.executable, "-c", _WRITE, str(source), str(path)], check=True)
    source.unlink()
    return path


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return written(tmp_path_factory.mktemp("c3d") / "walk.c3d", markers()).read_bytes()


@needs_ezc3d
@pytest.mark.parametrize(("unit", "prefix"), [("mm", ""), ("m", "Subject01:")])
def test_a_file_with_gaps(tmp_path: Path, unit: str, prefix: str) -> None:
    places = {**markers(), "HAIR": np.full((FRAMES, 3), np.nan)}
    places["LKNE"][10:14] = np.nan
    places["RWRA"][:3] = np.nan
    motion = read_motion(written(tmp_path / "walk.c3d", places, unit=unit, prefix=prefix))
    expected = z_up(walking(FRAMES))
    expected[..., 2] -= np.percentile(expected[..., 2].min(axis=1), 1)
    apart = np.linalg.norm(motion.joints - expected, axis=-1)
    assert np.median(apart) < 0.02
    assert motion.fps == 120
    told = [str(finding) for finding in motion.provenance]
    assert told[0] == "joints: 22 from markers (detected; 26 markers; 0.5% of their places filled in)"
    assert "axes: z up (detected; from the body)" in told


@needs_ezc3d
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damage_gives_an_error_or_a_motion(tmp_path: Path, whole: bytes, data: st.DataObject) -> None:
    path, content = tmp_path / "walk.c3d", bytearray(whole)
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes(content[: data.draw(st.integers(len(content) // 2, len(content)))]))
    try:
        motion = read_motion(path)
    except MonsterError as error:
        assert str(error).startswith("walk.c3d: ") and "\n" not in str(error)
    else:
        assert motion.joints.shape[1:] == (22, 3)


@needs_ezc3d
def test_files_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "walk.c3d").write_bytes(b"no markers at all" * 100)
    with pytest.raises(FileFormatError, match=r"^walk\.c3d: expected "):
        read_motion(tmp_path / "walk.c3d")
