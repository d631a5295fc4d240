"""BVH: any channel order gives the same positions; what is cut, mixed up or foreign is refused in one line."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reader_files import bvh_text, walking

from monster.errors import FileFormatError
from monster.io import read_motion
from monster.io.motion.bvh import read_bvh
from monster.skeleton import JOINTS

NAMES = {name: name for name in JOINTS}


def written(folder: Path, text: str) -> Path:
    path = folder / "walk.bvh"
    path.write_text(text)
    return path


@pytest.mark.parametrize("order", ["XYZ", "XZY", "YXZ", "YZX", "ZXY", "ZYX"])
@pytest.mark.parametrize("every_position", [False, True])
def test_every_channel_order_gives_the_same_positions(tmp_path: Path, order: str, every_position: bool) -> None:
    bvh = read_bvh(written(tmp_path, bvh_text(NAMES, 20, order=order, every_position=every_position)))
    positions, notes = bvh.positions()
    where = [next(i for i, joint in enumerate(bvh.joints) if joint.name == name) for name in JOINTS]
    assert np.abs(positions[:, where] / 100 - walking(20)).max() < 1e-5
    assert bvh.fps == 20 and notes == ()
    assert sum(joint.is_end for joint in bvh.joints) == 5


def test_positions_relative_to_the_offset_are_added(tmp_path: Path) -> None:
    text = bvh_text(NAMES, 5)
    lines = text.replace("OFFSET 0.000000 0.000000 0.000000", "OFFSET 0 95 0", 1).splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith("Frame Time")) + 1
    rows = [line.split() for line in lines[first:]]
    for row in rows:
        row[1] = str(float(row[1]) - 95)
    bvh = read_bvh(written(tmp_path, "\n".join([*lines[:first], *(" ".join(row) for row in rows)])))
    positions, notes = bvh.positions()
    assert np.abs(positions[:, 0] / 100 - walking(5)[:, 0]).max() < 1e-5
    assert notes == ("positions of pelvis are added to its offset: so the feet are on the floor",)


def test_positions_of_a_root_are_absolute_wherever_the_skeleton_was_drawn(tmp_path: Path) -> None:
    """The offset of a root says where the skeleton was drawn, a metre aside here; the positions are the body's."""
    text = bvh_text(NAMES, 5).replace("OFFSET 0.000000 0.000000 0.000000", "OFFSET 100 92 60", 1)
    positions, notes = read_bvh(written(tmp_path, text)).positions()
    assert np.abs(positions[:, 0] / 100 - walking(5)[:, 0]).max() < 1e-5
    assert notes == ()


def test_tabs_crlf_and_names_with_blanks(tmp_path: Path) -> None:
    text = bvh_text(NAMES, 3).replace("Frames: 3", "Frames:\t3").replace("ROOT pelvis", "ROOT Bip01 Pelvis")
    bvh = read_bvh(written(tmp_path, text.replace("\n", "\r\n")))
    assert bvh.joints[0].name == "Bip01 Pelvis" and len(bvh.values) == 3


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text[:-400], "3 frames of 69 numbers, got .*cut short"),
        (lambda text: text[: text.index("MOTION")], "expected a MOTION part"),
        (lambda text: text[: text.index("MOTION") + 9], "Frames: N"),
        (lambda text: text[text.index("MOTION") :], "starts with HIERARCHY"),
        (lambda text: text.replace("Frames: 3", "Frames: many"), "Frames: N"),
        (lambda text: text.replace("Frame Time: 0.05", "Frame Time: 0"), "Frames: N"),
        (lambda text: text.replace("0.000000", "nan"), "'nan' where a number belongs"),
        (lambda text: text.replace("0.000000", "1e300"), "'1e300' where a number belongs"),
        (lambda text: text.replace("Zrotation", "Wrotation", 1), "channels '.*wrotation"),
        (lambda text: text.replace("}", "", 1), "a skeleton without an end"),
        (lambda text: text.replace("{", "}", 1), "a closing brace too many"),
        (lambda text: text.replace("OFFSET", "SHIFT", 1), "the word 'SHIFT'"),
        (lambda text: text[:-8] + " oops\n", "69 numbers|a word"),
        (lambda text: "just a text", "starts with HIERARCHY"),
    ],
)
def test_damage_is_named(tmp_path: Path, change: object, words: str) -> None:
    path = written(tmp_path, change(bvh_text(NAMES, 3)))  # type: ignore[operator]
    with pytest.raises(FileFormatError, match=words) as caught:
        read_bvh(path)
    assert str(caught.value).startswith("walk.bvh: ") and "\n" not in str(caught.value)


def test_a_binary_file_is_no_bvh(tmp_path: Path) -> None:
    path = tmp_path / "x.bvh"
    path.write_bytes(b"Kaydara FBX Binary\x00\x1a")
    with pytest.raises(FileFormatError, match="got a binary file"):
        read_bvh(path)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_mutations_give_an_error_or_positions(tmp_path: Path, data: st.DataObject) -> None:
    words = bvh_text(NAMES, 2).split(" ")
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(words) - 1))
        words[at : at + data.draw(st.integers(0, 3))] = data.draw(
            st.lists(st.sampled_from(["{", "}", "1e9", "JOINT", "x", "3"]), max_size=2)
        )
    text = " ".join(words)
    path = written(tmp_path, text[: data.draw(st.integers(1, len(text)))])
    try:
        positions, _ = read_bvh(path).positions()
    except FileFormatError as error:
        assert "\n" not in str(error)
    else:
        assert np.isfinite(positions).all()


@pytest.mark.parametrize(
    ("frame_time", "fps"), [("0.016667", 60), ("0.008333", 120), ("0.0333333", 30), ("0.033367", 29.97), ("0.05", 20)]
)
def test_a_rounded_frame_time_means_a_whole_rate(tmp_path: Path, frame_time: str, fps: float) -> None:
    text = bvh_text(NAMES, 5).replace("Frame Time: 0.05", f"Frame Time: {frame_time}")
    assert read_bvh(written(tmp_path, text)).fps == pytest.approx(fps, abs=1e-3)


@pytest.mark.parametrize("leap", [0.0, 0.1, 3.0])
def test_a_calibration_frame_that_leaps_is_left_out(tmp_path: Path, leap: float) -> None:
    lines = bvh_text(NAMES, 30).splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith("Frame Time")) + 1
    values = lines[first].split()
    lines[first] = " ".join([f"{float(values[0]) + leap * 100:.3f}", *values[1:]])
    motion = read_motion(written(tmp_path, "\n".join(lines)))
    assert len(motion) == (29 if leap == 3.0 else 30)
    assert any(f.what == "start" for f in motion.provenance) == (leap == 3.0)


def test_a_skeleton_has_up_to_a_limit_of_joints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, bvh_text(NAMES, 2))
    count = len(read_bvh(path).joints)
    monkeypatch.setattr("monster.io.motion.bvh._MAX_JOINTS", count)
    assert len(read_bvh(path).joints) == count
    monkeypatch.setattr("monster.io.motion.bvh._MAX_JOINTS", count - 1)
    path.write_text(path.read_text().replace("HIERARCHY", "HIERARCHY "))  # equal skeletons are parsed once
    with pytest.raises(FileFormatError, match=f"more than {count - 1} joints"):
        read_bvh(path)
