"""HUMANISE in miniature, laid out as its authors publish it, in all three layouts."""

from __future__ import annotations

import csv
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reader_files import room, walking, z_up
from scan_files import write_scan

from monster.corpus.importers import open_data_set
from monster.corpus.importers.humanise import _Placement
from monster.corpus.importers.writer import Imported, import_corpus
from monster.errors import CorpusError
from monster.skeleton import INDEX

SHIFT = np.array([-2.5, -2.0, -0.05], np.float32)
PLACE = np.array([0.5, -0.25, 0.1], np.float32)
WALK = z_up(walking(40)).astype(np.float32) + np.array([3, 4, 0], np.float32)


def dump(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(value))


def motion_pkl(joints: np.ndarray = WALK) -> tuple[Any, ...]:
    """The nine parts of a motion.pkl; the joints behind the body's 22 are other points."""
    n = len(joints)
    every = np.concatenate([joints, np.full((n, 105, 3), 9, np.float32)], axis=1)
    widths = (3, 3, None, 63, 90, 3, 6)
    parts = [np.zeros(16 if width is None else (n, width), np.float32) for width in widths]
    return (np.array("neutral"), *parts, every)


def placement(action: str, scene: str, **more: Any) -> dict[str, Any]:
    content = {
        "action": action, "motion": "001810_c71d", "scene": scene, "scene_translation": SHIFT, "translation": PLACE,
        "rotation": np.pi / 2, "utterance": f"{action} near the table", "object_id": 13, "object_label": "table",
        "object_semantic_label": 7,
    }  # fmt: skip
    return content | more


@pytest.fixture
def released(tmp_path: Path) -> Path:
    folder = tmp_path / "HUMANISE"
    dump(folder / "pure_motion" / "walk" / "001810_c71d" / "motion.pkl", motion_pkl())
    dump(folder / "pure_motion" / "stand up" / "001810_c71d" / "motion.pkl", motion_pkl())
    aligned = folder / "align_data_release"
    dump(aligned / "walk" / "scene0000_00001810_c71d" / "anno.pkl", [
        placement("walk", "scene0000_00"), placement("walk", "scene0000_00", scene_translation=SHIFT + 1),
    ])  # fmt: skip
    dump(aligned / "stand up" / "scene0000_01001810_c71d" / "anno.pkl", [placement("stand up", "scene0000_01")])
    dump(aligned / "walk" / "scene0650_00001810_c71d" / "anno.pkl", [placement("walk", "scene0650_00")])
    for scan in ("scene0000_00", "scene0000_01", "scene0650_00"):
        write_scan(tmp_path / "scannet" / "scans" / scan, align="0 1 0 0 -1 0 0 0 0 0 1 0 0 0 0 1")
    return folder


def imported(folder: Path, out: str = "corpus") -> Imported:
    return import_corpus(open_data_set("humanise", folder, scenes=folder.parent / "scannet"), folder.parent / out)


def test_placements_in_their_scans(released: Path) -> None:
    result = imported(released)
    assert result.left_out == () and result.moved == 0
    items = {item.id: item for item in result.corpus.items()}
    assert set(items) == {
        "walk/scene0000_00001810_c71d/0", "walk/scene0000_00001810_c71d/1", "stand up/scene0000_01001810_c71d/0",
        "walk/scene0650_00001810_c71d/0",
    }  # fmt: skip
    walk = items["walk/scene0000_00001810_c71d/0"]
    assert walk.captions == ("walk near the table",) and walk.metadata["target_label"] == "table"
    assert walk.motion is not None and walk.motion.placed and walk.motion.fps == 20
    pelvis = walk.motion.joints[:, INDEX["pelvis"]]
    assert np.allclose(pelvis[-1, :2], PLACE[:2], atol=0.002)  # the last frame is the anchor
    ahead, turned = np.diff(WALK[[0, -1], 0], axis=0)[0], np.diff(pelvis[[0, -1]], axis=0)[0]
    assert np.allclose(turned[:2], [-ahead[1], ahead[0]], atol=0.01)  # a quarter turn about z
    assert np.allclose(pelvis[:, 2].mean(), WALK[:, 0, 2].mean() + PLACE[2], atol=0.002)
    up = items["stand up/scene0000_01001810_c71d/0"].motion
    assert up is not None and np.allclose(up.joints[0, 0, :2], PLACE[:2], atol=0.002)  # the first frame is the anchor


def test_scans_are_moved_once_and_motions_with_them(released: Path) -> None:
    items = {item.id: item for item in imported(released).corpus.items()}
    first, second = (items[f"walk/scene0000_00001810_c71d/{number}"] for number in (0, 1))
    assert first.scene is not None and first.scene_id == second.scene_id == "scene0000_00"
    assert np.allclose(first.scene.points, room(0.1)[0] + SHIFT, atol=0.001)  # the axis alignment is not applied
    assert first.scene.labels == {10: "floor", 11: "wall", 12: "wall", 13: "table", 14: "cabinet"}
    assert first.motion is not None and second.motion is not None
    assert np.allclose(second.motion.joints, first.motion.joints - 1, atol=0.002)  # its scan is shifted by 1 m


def test_the_authors_split_and_rooms_with_several_scans(released: Path) -> None:
    split = {record.metadata["room"]: record.split for record in imported(released).corpus.records}
    assert split == {"scene0000": "train", "scene0650": "test"}


def test_everything_missing_or_wrong_is_named(released: Path) -> None:
    (released / "pure_motion" / "stand up" / "001810_c71d" / "motion.pkl").unlink()
    scan = released.parent / "scannet" / "scans" / "scene0650_00"
    (scan / "scene0650_00.aggregation.json").unlink()
    folder = released / "align_data_release" / "lie"
    dump(folder / "one" / "anno.pkl", [placement("lie", "scene0000_00", motion="../../etc"), {"action": "lie"}, 5])
    (folder / "two").mkdir()
    (folder / "two" / "anno.pkl").write_bytes(b"\x80\x04cos\nsystem\n(S'true'\ntR.")
    dump(released / "pure_motion" / "lie" / "short" / "motion.pkl", motion_pkl()[:-1])
    dump(folder / "three" / "anno.pkl", [placement("lie", "scene0000_00", motion="short")])
    result = imported(released)
    assert len(result.corpus) == 2
    messages = "\n".join(result.left_out)
    for words in (
        "stand up/scene0000_01001810_c71d/0: expected pure_motion/stand up/001810_c71d/motion.pkl, got nothing",
        "scene scene0650_00: scene0650_00: expected a ScanNet folder, got one without scene0650_00.aggregation.json",
        "(1 items left out)",
        "lie/one/0: anno.pkl: expected plain names",
        "lie/one/1: anno.pkl: expected a placement as a dict, got one without 'motion'",
        "lie/one/2: anno.pkl: expected a placement as a dict",
        "lie/two: anno.pkl: expected",
        "lie/three/0: motion.pkl: expected 9 parts, the last joints (frames, 127, 3), got 8 parts",
    ):
        assert words in messages


def test_scans_are_needed(released: Path) -> None:
    with pytest.raises(CorpusError, match=r"HUMANISE: expected the folder of the ScanNet v2 scans"):
        open_data_set("humanise", released)
    (released / "pure_motion").rename(released / "elsewhere")
    with pytest.raises(CorpusError, match="without pure_motion"):
        open_data_set("humanise", released, scenes=released)


@pytest.fixture
def reformatted(tmp_path: Path) -> Path:
    folder = tmp_path / "HUMANISE"
    rows = np.zeros((30, 159), np.float32)
    rows[:, :3] = [1.0, 2.0, 1.3]
    rows[:, 0] += np.arange(30) * 0.03
    rows[:, 3] = np.pi / 2  # z up: the rest pose, which is y up, turned about x
    dump(folder / "motions" / "000000.pkl", (rows, np.zeros(10, np.float32)))
    columns = "motion_id scene_id scene_trans_x scene_trans_y scene_trans_z object_id object_label action text"
    with (folder / "annotation.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(columns.split())
        table.writerow(["000000", "scene0000_00", *map(str, SHIFT), 13, "table", "walk", "walk, then stop"])
        table.writerow(["000001", "scene0000_00", *map(str, SHIFT), 13, "table", "walk", "walk"])
        table.writerow(["000000", "scene0000_00", "x", 0, 0, 13, "table", "walk", "walk"])
        table.writerow(["000000", "scene0000_00", *map(str, SHIFT), 13])
    write_scan(tmp_path / "scannet" / "scene0000_00")
    return folder


def test_the_reformatted_layout(reformatted: Path) -> None:
    result = imported(reformatted)
    assert result.left_out[0] == "annotation.csv, line 3: expected motions/000001.pkl, got nothing"
    assert result.left_out[1:] == (
        "annotation.csv, line 4: expected scene_trans_x, y and z as numbers, got 'x', '0', '0'",
        "annotation.csv, line 5: expected a value for action, text, got none",
    )
    item = result.corpus.item("000000")
    assert item.captions == ("walk, then stop",) and item.metadata["target"] == "13"
    assert item.scene is not None and np.allclose(item.scene.points, room(0.1)[0] + SHIFT, atol=0.001)
    assert item.motion is not None
    pelvis, head = (item.motion.joints[:, INDEX[name]] for name in ("pelvis", "head"))
    assert (head[:, 2] - pelvis[:, 2] > 0.4).all()
    assert abs(pelvis[0, 0] - 1.0) < 0.05 and np.allclose(np.ptp(pelvis[:, 0]), 29 * 0.03, atol=0.02)


def test_a_table_without_columns_is_named(reformatted: Path) -> None:
    (reformatted / "annotation.csv").write_text("motion_id,scene_id\n")
    with pytest.raises(CorpusError, match=r"annotation\.csv: expected the columns .*scene_trans_x"):
        imported(reformatted)


def test_a_placement_keeps_its_numbers() -> None:
    place, shift = np.array([12.3456, -3.2109, 0.0171]), np.array([-2.5123, 7.0007, 0.0499])
    found = _Placement.of(placement("walk", "a", translation=place, scene_translation=shift), Path("anno.pkl"))
    assert np.array_equal(found.place, place)
    assert np.array_equal(found.shift, shift)
    assert (found.turn, found.target, found.label) == (np.pi / 2, 13, "table")
