"""A folder with a CSV table of motions, scenes and captions."""

from __future__ import annotations

import csv
import string
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reader_files import room, walking, z_up
from scan_files import write_scan

from monster.corpus.importers import open_data_set
from monster.corpus.importers.writer import Imported, import_corpus
from monster.errors import CorpusError

POINTS, OF = room(0.1)
RAISED = POINTS + np.array([0, 0, 0.6])
WALK = z_up(walking(40)) + np.array([1, 2, 0.7])


def write_table(path: Path, *rows: dict[str, str]) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, names)
        table.writeheader()
        table.writerows(rows)


def imported(folder: Path, name: str = "corpus") -> Imported:
    return import_corpus(open_data_set("table", folder), folder.parent / name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "mine"
    (root / "clips").mkdir(parents=True)
    np.save(root / "clips" / "walk.npy", WALK)
    np.savez(root / "clips" / "many.npz", one=z_up(walking(40)), two=z_up(walking(50)))
    np.savez(root / "office.npz", xyz=RAISED, instance=OF + 1)
    np.savez(root / "scene0000_02.npz", xyz=POINTS, instance=OF + 1)
    write_scan(root / "scene0000_00")
    write_scan(root / "scene0000_01")
    return root


def test_items_with_motions_scenes_and_captions(folder: Path) -> None:
    write_table(
        folder / "items.csv",
        {
            "id": "a",
            "motion": "clips/walk.npy",
            "scene": "office.npz",
            "caption_1": "walk, stop",
            "caption_2": "go",
        },
        {"id": "b", "motion": "clips/many.npz#two", "caption_1": "stroll", "split": "Validation", "mood": "calm"},
        {"id": "c", "scene": "scene0000_00", "text": "a room", "split": "test"},
        {"id": "d", "scene": "scene0000_01", "split": "test"},
        {"id": "f", "scene": "scene0000_02.npz"},
        {"id": "e", "motion": "clips/walk.npy", "caption_1": "walk", "placed": "yes"},
    )
    result = imported(folder)
    assert result.left_out == () and result.corpus.info["name"] == "items"
    items = {item.id: item for item in result.corpus.items()}
    assert items["a"].captions == ("walk, stop", "go") and items["c"].captions == ("a room",)
    assert items["b"].motion is not None and len(items["b"].motion) == 50 and items["b"].metadata == {"mood": "calm"}
    split = {record.id: record.split for record in result.corpus.records}
    assert (split["b"], split["c"], split["d"], split["f"]) == ("val", "test", "test", "test")  # re-scans of one room
    rooms = {record.id: record.metadata.get("room") for record in result.corpus.records}
    assert (rooms["a"], rooms["c"], rooms["d"]) == ("office.npz", "scene0000", "scene0000")
    assert items["e"].motion is not None and items["e"].motion.placed


def test_a_motion_and_its_scene_stay_together(folder: Path) -> None:
    write_table(
        folder / "items.csv",
        {"id": "placed", "motion": "clips/walk.npy", "scene": "office.npz"},
        {"id": "free", "motion": "clips/walk.npy", "scene": "office.npz", "placed": "no"},
    )
    items = {item.id: item for item in imported(folder).corpus.items()}
    placed, free = items["placed"], items["free"]
    assert placed.motion is not None and placed.scene is not None and placed.motion.placed
    assert np.allclose(placed.scene.points, RAISED, atol=0.001)  # the floor is where the file has it
    assert np.allclose(placed.motion.joints, WALK, atol=0.001)
    assert free.motion is not None and free.scene is not None and not free.motion.placed
    assert abs(free.scene.points[:, 2].min()) < 0.01 and abs(free.motion.joints[..., 2].min()) < 0.02


def test_everything_missing_or_wrong_is_named(folder: Path) -> None:
    (folder / "clips" / "bad.npy").write_bytes(b"nothing")
    write_table(
        folder / "items.csv",
        {"id": "a", "motion": "clips/walk.npy"},
        {"id": "b", "motion": "clips/run.npy"},
        {"id": "c", "scene": "kitchen.ply", "text": "cook"},
        {"id": "", "motion": "clips/walk.npy"},
        {"id": "e", "motion": "clips/bad.npy"},
        {"id": "f", "motion": "clips/walk.npy", "split": "later"},
        {"id": "g", "motion": "clips/walk.npy", "placed": "perhaps"},
        {"id": "h", "motion": "clips/many.npz#three"},
        {"id": "i"},
    )
    result = imported(folder)
    assert [record.id for record in result.corpus.records] == ["a"]
    messages = "\n".join(result.left_out)
    for words in (
        "b: clips/run.npy: expected a file in mine, got nothing",
        "c: kitchen.ply: expected a file in mine, got nothing",
        "line 5: items.csv: expected an id, got nothing",
        "e: bad.npy: expected",
        "f: expected a split of train, val, test, got 'later'",
        "g: expected placed as yes or no, got 'perhaps'",
        "h: many.npz: expected a motion named 'three'",
        "i: expected a motion, a scene or a caption, got nothing",
    ):
        assert words in messages


def test_tables_of_other_names_and_scenes_elsewhere(folder: Path) -> None:
    write_table(folder / "list.csv", {"ID ": "a", " Scene": "office.npz", "Caption": "an office"})
    (folder / "rooms").mkdir()
    (folder / "office.npz").rename(folder / "rooms" / "office.npz")
    data = open_data_set("table", folder / "list.csv", scenes=folder / "rooms")
    assert import_corpus(data, folder.parent / "corpus").corpus.item("a").captions == ("an office",)
    assert open_data_set("table", folder, scenes=folder / "rooms").name == "list"
    write_table(folder / "other.csv", {"id": "a"})
    with pytest.raises(CorpusError, match=r"expected items\.csv or one table, got 2 files"):
        open_data_set("table", folder)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "expected the column id"), (b"name,motion\na,b\n", "the column id"), (b"id,mood\n1,2\n", "some of"),
        (b"id,motion\n\xff\xfe,\x80\n", "UTF-8"), (b'id,motion\na,"' + b"x" * 200_000, "expected a table"),
    ],
)  # fmt: skip
def test_wrong_tables_are_named(folder: Path, content: bytes, words: str) -> None:
    (folder / "items.csv").write_bytes(content)
    with pytest.raises(CorpusError, match=r"^items\.csv: expected") as error:
        open_data_set("table", folder).entries()
    assert words in str(error.value)


WORDS = st.text(string.ascii_letters + " ,\"'äß#;\n", min_size=1, max_size=30).map(str.strip).filter(bool)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=8, unique_by=lambda row: row[0]))
def test_ids_and_captions_round_trip(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    write_table(tmp_path / "items.csv", *({"id": name, "caption": text} for name, text in rows))
    listed = open_data_set("table", tmp_path).entries()
    assert [(entry.id, entry.captions) for entry in listed] == [(name, (text,)) for name, text in rows]
