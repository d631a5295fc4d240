"""BONES-SEED in miniature: human and robot motions, tables as CSV and Parquet, timelines, and what is missing."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reader_files import bvh_text
from robot_files import seed_header, seed_rows, slow_joints, walking, write_rows

from monster.corpus.importers import open_data_set
from monster.corpus.importers.writer import Imported, import_corpus
from monster.errors import CorpusError, MissingExtra
from monster.io.motion.robots.tables import G1
from monster.io.normalise.soma import soma_name
from monster.skeleton import JOINTS

CLIPS = {f"walk_{number}__A{100 + actor}{twin}": (actor, twin) for number in range(1) for actor in range(4)
         for twin in ("", "_M")}  # fmt: skip


def row(name: str, actor: int, twin: str) -> dict[str, str]:
    """A row of the table with a few of its columns."""
    return {
        "move_name": name.partition("__")[0],
        "filename": name,
        "package": "Locomotion",
        "category": "Baseline",
        "is_mirror": str(bool(twin)),
        "actor_uid": f"A{100 + actor}",
        "move_soma_uniform_path": f"soma_uniform/bvh/230101/{name}.bvh",
        "move_soma_proportional_path": f"soma_proportional/bvh/230101/{name}.bvh",
        "move_g1_path": f"g1/csv/230101/{name}.csv",
        "content_natural_desc_1": f"A person walks, clip {name}.",
        "content_natural_desc_2": "",
        "content_natural_desc_3": f"Somebody goes ahead, clip {name}.",
        "content_short_description": "walk",
        "take_date": "230101",
    }


def write_table(folder: Path, rows: list[dict[str, str]]) -> Path:
    """The table as CSV."""
    path = folder / "metadata" / "seed_metadata_v004.csv"
    with path.open("w", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    return path


def rows() -> list[dict[str, str]]:
    return [row(name, actor, twin) for name, (actor, twin) in CLIPS.items()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "seed"
    people, robots = root / "soma_uniform" / "bvh" / "230101", root / "g1" / "csv" / "230101"
    for result in (people, robots, root / "metadata"):
        result.mkdir(parents=True)
    text = bvh_text({joint: soma_name(joint) for joint in JOINTS}, frames=40)
    for name in CLIPS:
        (people / f"{name}.bvh").write_text(text)
        write_rows(robots / f"{name}.csv", seed_rows(24), seed_header())
    write_table(root, rows())
    name = next(iter(CLIPS))
    events = [
        {"start_time": 0.0, "end_time": 0.5, "description": "starts"},
        {"start_time": 0.5, "end_time": 1.2, "description": "walks"},
    ]
    line = {"filename": f"{name}.csv", "overview_description": "A person walks.", "num_events": 2, "events": events}
    (root / "metadata" / "seed_temporal_labels.jsonl").write_text(json.dumps(line) + "\n")
    return root


def imported(folder: Path, **options: Any) -> Imported:
    return import_corpus(open_data_set("bones-seed", folder), folder.parent / "corpus", **options)


def test_human_and_robot_motions_become_items_with_descriptions(folder: Path) -> None:
    result = imported(folder)
    assert result.left_out == () and len(result.corpus) == 2 * len(CLIPS)
    name = next(iter(CLIPS))
    person, robot = result.corpus.item(name), result.corpus.item(f"{name}@g1")
    assert person.captions == (f"A person walks, clip {name}.", f"Somebody goes ahead, clip {name}.")
    assert robot.captions == person.captions
    assert person.motion is not None and robot.motion is not None and person.motion.fps == robot.motion.fps == 20
    expected = {"package": "Locomotion", "category": "Baseline", "actor": "A100", "mirror": False, "move": "walk_0"}
    assert {key: person.metadata[key] for key in expected} == expected
    assert (person.metadata["body"], robot.metadata["body"]) == ("soma_uniform", "g1")
    assert result.corpus.item(f"{name}_M").metadata["mirror"] is True


def test_a_robots_motion_is_its_kinematics_at_120_frames_a_second(folder: Path) -> None:
    motion = imported(folder).corpus.motion(f"{next(iter(CLIPS))}@g1")
    slow = slow_joints(G1, *walking(G1, 24))
    assert len(motion) == 4  # 24 frames at 120 are 0.2 s
    height = motion.joints[0, :, 2] - slow[0, :, 2]
    assert np.ptp(height) < 0.002  # all joints are as high as those computed, but for the floor
    assert np.abs(motion.joints[0, :, :2] - slow[0, :, :2]).max() < 0.002


def test_timelines_are_metadata_in_seconds(folder: Path) -> None:
    result = imported(folder)
    metadata = result.corpus.item(next(iter(CLIPS))).metadata
    assert metadata["overview"] == "A person walks."
    assert metadata["segments"] == [
        {"start": 0.0, "end": 0.5, "text": "starts"},
        {"start": 0.5, "end": 1.2, "text": "walks"},
    ]
    assert "segments" not in result.corpus.item(list(CLIPS)[-1]).metadata


@pytest.mark.parametrize("seed", range(5))
def test_an_actor_and_mirror_images_share_a_split(folder: Path, seed: int) -> None:
    result = imported(folder, seed=seed)
    splits: dict[str, set[str]] = {}
    for record in result.corpus.records:
        splits.setdefault(record.metadata["actor"], set()).add(record.split)
    assert len(splits) == 4 and all(len(found) == 1 for found in splits.values())
    assert {split for found in splits.values() for split in found} == {"train", "val", "test"}


def test_actors_are_parsed_from_names_if_the_table_has_none(folder: Path) -> None:
    table = [{key: value for key, value in entry.items() if key != "actor_uid"} for entry in rows()]
    write_table(folder, table)
    rooms = {entry.id: entry.room for entry in open_data_set("bones-seed", folder).entries()}
    name = next(iter(CLIPS))
    assert rooms[name] == rooms[f"{name}_M"] == rooms[f"{name}@g1"] == "actor A100"


def test_a_missing_file_is_named_and_left_out(folder: Path) -> None:
    name = next(iter(CLIPS))
    (folder / "g1" / "csv" / "230101" / f"{name}.csv").unlink()
    (folder / "soma_uniform" / "bvh" / "230101" / f"{name}.bvh").write_text("HIERARCHY")
    result = imported(folder)
    assert len(result.corpus) == 2 * len(CLIPS) - 2
    assert result.left_out[0] == f"{name}@g1: expected g1/csv/230101/{name}.csv, got nothing"
    assert result.left_out[1].startswith(f"{name}: {name}.bvh: expected")


@pytest.mark.parametrize("path", ["", "../secret.csv", "/etc/passwd", "soma_uniform"])
def test_a_path_outside_the_release_is_left_out(folder: Path, path: str) -> None:
    table = rows()
    table[0]["move_g1_path"] = path
    write_table(folder, table)
    data = open_data_set("bones-seed", folder)
    assert len(data.entries()) == 2 * len(CLIPS) - 1 and len(data.left_out) == 1


@pytest.mark.parametrize("kept", ["g1", "soma_uniform"])
def test_one_skeleton_is_enough(folder: Path, kept: str) -> None:
    other = "soma_uniform" if kept == "g1" else "g1"
    (folder / other).rename(folder / f"{other}.tar.d")
    entries = open_data_set("bones-seed", folder).entries()
    assert len(entries) == len(CLIPS) and {entry.metadata["body"] for entry in entries} == {kept}


def test_the_uniform_skeleton_is_preferred(folder: Path) -> None:
    (folder / "soma_proportional").mkdir()
    bodies = {entry.metadata["body"] for entry in open_data_set("bones-seed", folder).entries()}
    assert bodies == {"soma_uniform", "g1"}


def test_short_descriptions_replace_missing_natural_ones(folder: Path) -> None:
    table = [{key: value for key, value in entry.items() if "natural" not in key} for entry in rows()]
    write_table(folder, table)
    assert open_data_set("bones-seed", folder).entries()[0].captions == ("walk",)


def test_a_parquet_table_gives_the_same(folder: Path) -> None:
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    expected = [(entry.id, entry.captions, entry.metadata) for entry in open_data_set("bones-seed", folder).entries()]
    table = folder / "metadata" / "seed_metadata_v004.csv"
    entries: list[dict[str, Any]] = [
        {**entry, "is_mirror": entry["is_mirror"] == "True", "content_natural_desc_2": None} for entry in rows()
    ]
    parquet.write_table(arrow.Table.from_pylist(entries), table.with_suffix(".parquet"))
    table.unlink()
    found = open_data_set("bones-seed", folder).entries()
    assert [(entry.id, entry.captions, entry.metadata) for entry in found] == expected
    table.with_suffix(".parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(CorpusError, match="expected a Parquet table"):
        open_data_set("bones-seed", folder).entries()


def test_without_pyarrow_the_csv_is_read_and_parquet_alone_names_the_extra(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    table = folder / "metadata" / "seed_metadata_v004.csv"
    table.with_suffix(".parquet").write_bytes(b"")
    assert len(open_data_set("bones-seed", folder).entries()) == 2 * len(CLIPS)
    table.unlink()
    with pytest.raises(MissingExtra, match=r"monster-retrieval\[parquet\]"):
        open_data_set("bones-seed", folder)


def test_an_invalid_timeline_is_listed(folder: Path) -> None:
    with (folder / "metadata" / "seed_temporal_labels.jsonl").open("a") as file:
        file.write('{"events": []}\nno json\n{"filename": "a", "events": [{"start_time": "soon"}]}\n[1]\n\n')
    data = open_data_set("bones-seed", folder)
    assert len(data.entries()) == 2 * len(CLIPS)
    assert [line.partition(" is not a timeline")[0] for line in data.left_out] == [
        f"seed_temporal_labels.jsonl: line {number}" for number in (2, 3, 4, 5)
    ]


def test_other_folders_are_refused_with_what_is_missing(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="without metadata"):
        open_data_set("bones-seed", tmp_path)
    with pytest.raises(CorpusError, match="has no scenes"):
        open_data_set("bones-seed", folder, scenes=tmp_path)
    write_table(folder, [{"filename": "a", "move_soma_uniform_path": "b"}])
    with pytest.raises(CorpusError, match="expected a column move_g1_path or move_g1_mujoco_path, got filename"):
        open_data_set("bones-seed", folder).entries()
    (folder / "metadata" / "seed_metadata_v004.csv").unlink()
    with pytest.raises(CorpusError, match=r"expected a table \(\.parquet or \.csv\)"):
        open_data_set("bones-seed", folder)
    for body in ("g1", "soma_uniform"):
        (folder / body).rename(folder / f"{body}.d")
    with pytest.raises(CorpusError, match="unpack its archives"):
        open_data_set("bones-seed", folder)
