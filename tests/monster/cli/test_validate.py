"""validate: many files, among them such as end or block their reader."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import motion_of


def test_counts_remarks_and_a_table(run: Any, folder: Path, tmp_path: Path) -> None:
    done = run("validate", folder, "--csv", tmp_path / "out" / "found.csv", "--jobs", "2", code=3)
    assert "6 files: 3 motion, 1 scene, 2 unreadable; 1 of unknown formats" in done.stdout
    assert "broken.bvh: error: expected a MOTION part" in done.stdout
    with (tmp_path / "out" / "found.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["file", "key", "kind", "status", "code", "message"]
    assert [row["file"] for row in rows] == sorted(row["file"] for row in rows)
    assert {(row["file"], row["key"]) for row in rows if row["kind"] == "motion"} == {
        ("walk.npy", ""),
        ("clips/many.npz", "a"),
        ("clips/many.npz", "b"),
    }
    assert {row["file"] for row in rows if row["status"] == "error"} == {"broken.bvh", "flat.npy"}
    assert any(row["file"] == "room.npz" and row["code"] == "few-points" for row in rows)


def test_json_and_exit_codes(run: Any, folder: Path, tmp_path: Path) -> None:
    for name in ("broken.bvh", "flat.npy"):
        (folder / name).unlink()
    found = json.loads(run("validate", folder, "--json").stdout)
    assert (found["kinds"], found["ignored"]) == ({"motion": 3, "scene": 1}, 1)
    assert sum(found["status"].values()) == 4 and "error" not in found["status"]
    assert {wrong["file"] for wrong in found["wrong"]} >= {"room.npz"}
    (tmp_path / "bad").mkdir()
    np.save(tmp_path / "bad" / "flat.npy", np.zeros((4, 7)))
    assert "flat.npy: expected" in run("validate", tmp_path / "bad", code=2).stderr
    (tmp_path / "empty").mkdir()
    assert "found none" in run("validate", tmp_path / "empty", code=2).stderr
    assert "expected a folder" in run("validate", tmp_path / "absent", code=2).stderr


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_the_order_of_the_table_is_that_of_the_names(run: Any, tmp_path: Path, jobs: str) -> None:
    (folder := tmp_path / "many").mkdir()
    for number in range(12):
        np.save(folder / f"{number:02d}.npy", motion_of(number).joints)
    run("validate", folder, "--jobs", jobs, "--csv", tmp_path / "found.csv")
    files = [line.split(",")[0] for line in (tmp_path / "found.csv").read_text().splitlines()[1:]]
    assert files == sorted(files) and len(set(files)) == 12
