"""A ScanNet folder becomes points with named instances; every missing or wrong file is named."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reader_files import room
from scan_files import write_scan

from monster.corpus.folder import Folder
from monster.errors import FileFormatError
from monster.io import file_kind, read_scene
from monster.io.scene.scannet import is_scannet, raw_scannet, room_of

QUARTER = "0 1 0 2 -1 0 0 3 0 0 1 0.1 0 0 0 1"
_, OF = room(0.1)


def test_a_folder_is_a_scene_with_its_objects(tmp_path: Path) -> None:
    points = write_scan(tmp_path / "scene0000_00")
    found = read_scene(tmp_path / "scene0000_00")
    assert np.allclose(found.points, points, atol=1e-5)
    assert np.array_equal(found.instances, OF + 10)  # type: ignore[arg-type]
    assert found.labels == {10: "floor", 11: "wall", 12: "wall", 13: "table", 14: "cabinet"}
    assert np.allclose(found.colors[0], [0, 40 / 255, 80 / 255])  # type: ignore[index]
    assert found.provenance.source == "scene0000_00"
    assert "alignment: none (given" in " | ".join(map(str, found.provenance))


def test_the_alignment_of_a_scan_is_applied_unless_told_otherwise(tmp_path: Path) -> None:
    points = write_scan(tmp_path / "scene0011_01", align=QUARTER)
    turned = np.stack([points[:, 1] + 2, -points[:, 0] + 3, points[:, 2] + 0.1], axis=1)
    found = read_scene(tmp_path / "scene0011_01")
    assert np.allclose(found.points, turned, atol=1e-5)
    assert "alignment: applied (given; turned by the axisAlignment of scene0011_01.txt)" in map(str, found.provenance)
    assert np.allclose(raw_scannet(tmp_path / "scene0011_01", align=False).points, points, atol=1e-5)


def test_a_point_of_no_object_has_no_instance(tmp_path: Path) -> None:
    write_scan(tmp_path / "scene0000_00")
    path = tmp_path / "scene0000_00" / "scene0000_00.aggregation.json"
    kept = {"segGroups": json.loads(path.read_text())["segGroups"][3:]}
    path.write_text(json.dumps(kept))
    found = read_scene(tmp_path / "scene0000_00")
    assert np.array_equal(found.instances, np.where(OF >= 3, OF + 10, -1))  # type: ignore[arg-type]
    assert found.labels == {13: "table", 14: "cabinet"}


def test_a_folder_with_another_name_is_known_by_its_mesh(tmp_path: Path) -> None:
    write_scan(tmp_path / "scene0000_00")
    (tmp_path / "scene0000_00").rename(tmp_path / "my scan")
    assert is_scannet(tmp_path / "my scan") and len(read_scene(tmp_path / "my scan").objects()) == 5
    assert not is_scannet(tmp_path) and file_kind(tmp_path) is None
    assert file_kind(tmp_path / "my scan") == "scene"


def test_a_library_takes_a_scan_as_one_scene(tmp_path: Path) -> None:
    write_scan(tmp_path / "scans" / "scene0000_00", align=QUARTER)
    np.savez(tmp_path / "scans" / "other.npz", xyz=room(0.1)[0], instance=OF + 1)
    folder = Folder(tmp_path)
    assert [item.id for item in folder] == ["scans/other.npz", "scans/scene0000_00"] and not folder.left_out
    assert [item.id for item in Folder(tmp_path / "scans" / "scene0000_00")] == ["scene0000_00"]


@pytest.mark.parametrize(
    ("gone", "words"),
    [
        ((".aggregation.json",), "without scene0000_00.aggregation.json; the mesh alone can be read"),
        (
            ("_vh_clean_2.0.010000.segs.json", ".aggregation.json"),
            "without scene0000_00_vh_clean_2.0.010000.segs.json, scene0000_00.aggregation.json",
        ),
        (("_vh_clean_2.ply",), "without scene0000_00_vh_clean_2.ply"),
    ],
)
def test_missing_files_are_named(tmp_path: Path, gone: tuple[str, ...], words: str) -> None:
    write_scan(tmp_path / "scene0000_00")
    for ending in gone:
        (tmp_path / "scene0000_00" / f"scene0000_00{ending}").unlink()
    with pytest.raises(FileFormatError, match=r"^scene0000_00: expected a ScanNet folder") as error:
        read_scene(tmp_path / "scene0000_00")
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("ending", "change", "words"),
    [
        ("_vh_clean_2.0.010000.segs.json", lambda text: text[:50], "expected JSON"),
        ("_vh_clean_2.0.010000.segs.json", lambda text: "[]", "expected a list 'segIndices'"),
        ("_vh_clean_2.0.010000.segs.json", lambda text: '{"segIndices": [1, 2]}', "expected a segment for each of"),
        ("_vh_clean_2.0.010000.segs.json", lambda text: '{"segIndices": [1, 2.5]}', "segments as whole numbers"),
        ("_vh_clean_2.0.010000.segs.json", lambda text: "", "expected content"),
        (".aggregation.json", lambda text: text.replace('"label"', '"name"', 1), "objects with objectId, label"),
        (".aggregation.json", lambda text: text.replace("10,", '"10",', 1), "objects with objectId, label"),
        (".txt", lambda text: "axisAlignment = 1 2 3", "expected axisAlignment as 16 numbers"),
        (".txt", lambda text: "axisAlignment = " + "1e308 " * 16, "expected axisAlignment as 16 numbers"),
        (".txt", lambda text: "axisAlignment = 1 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1 1", "expected axisAlignment as 16"),
        (".txt", lambda text: "axisAlignment = " + "2 " * 16, "expected axisAlignment as 16 numbers"),
    ],
)
def test_wrong_files_are_named(tmp_path: Path, ending: str, change: Callable[[str], str], words: str) -> None:
    write_scan(tmp_path / "scene0000_00")
    path = tmp_path / "scene0000_00" / f"scene0000_00{ending}"
    path.write_text(change(path.read_text()))
    with pytest.raises(FileFormatError) as error:
        read_scene(tmp_path / "scene0000_00")
    assert str(error.value).startswith(path.name) and words in str(error.value)


@pytest.mark.parametrize(
    ("scan", "is_in"),
    [
        ("scene0000_00", "scene0000"), ("scene0000_02.npz", "scene0000"), ("scene0011_01_vh_clean_2.ply", "scene0011"),
        ("kitchen_2", "kitchen_2"), ("scene0000_001", "scene0000_001"), ("my scene0000_00", "my scene0000_00"),
    ],
)  # fmt: skip
def test_scans_of_one_room(scan: str, is_in: str) -> None:
    assert room_of(scan) == is_in


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_mutated_folders_give_an_error_or_a_scene(tmp_path: Path, data: st.DataObject) -> None:
    folder = tmp_path / "scene0000_00"
    if not folder.exists():
        write_scan(folder, align=QUARTER)
    path = data.draw(st.sampled_from(sorted(folder.iterdir())))
    kept = path.read_bytes()
    at = data.draw(st.integers(0, len(kept) - 1))
    path.write_bytes(kept[:at] + data.draw(st.binary(max_size=6)) + kept[at + data.draw(st.integers(0, 40)) :])
    try:
        found = read_scene(folder, split=False)
        assert found.instances is None or len(found.instances) == len(found.points)
    except FileFormatError as error:
        assert "\n" not in str(error)
    finally:
        path.write_bytes(kept)
