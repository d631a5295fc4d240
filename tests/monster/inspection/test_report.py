"""Reports on files: facts with their source, and read errors."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from fakes import motion_of, scene_of
from reader_files import walking

from monster.inspection.report import Report, report_motion, report_scene, reports_of
from monster.io import read_motion
from monster.io.npz import save_scene
from monster.provenance import Remark, worst


def test_a_report_goes_through_json() -> None:
    for report in (report_motion(motion_of(1), file="a.npy", key="k"), report_scene(scene_of(2), file="b.ply")):
        assert Report.from_json(json.loads(json.dumps(report.to_json()))) == report


def test_the_source_of_the_duration(tmp_path: Path) -> None:
    np.save(tmp_path / "walk.npy", walking(60))
    for fps, how in ((None, "guessed"), (30.0, "given")):
        facts = {fact.what: fact for fact in report_motion(read_motion(tmp_path / "walk.npy", fps=fps)).facts}
        assert facts["fps"].how == facts["duration"].how == how
        assert facts["duration"].value == f"{60 / (fps or 20):.2f} s"
        assert (facts["axes"].value, facts["axes"].how) == ("y up", "detected")
        assert facts["height"].value.startswith("1.")


def test_every_motion_of_a_file_has_a_report(tmp_path: Path) -> None:
    joints = walking(30)
    broken = joints.copy()
    broken[3, 4] = np.nan
    np.savez(tmp_path / "many.npz", good=joints, bad=broken, short=joints[:1])
    reports = {report.key: report for report in reports_of(tmp_path / "many.npz", name="x/many.npz")}
    assert {key: report.kind for key, report in reports.items()} == {
        "good": "motion",
        "bad": "unreadable",
        "short": "unreadable",
    }
    assert {report.file for report in reports.values()} == {"x/many.npz"}
    assert reports["bad"].remarks[0].text.startswith("expected numbers, got 3")


def test_scenes_and_other_files(tmp_path: Path) -> None:
    save_scene(tmp_path / "room.npz", scene_of(3))
    (report,) = reports_of(tmp_path / "room.npz")
    assert (report.kind, report.key, sum(count for _, count in report.objects)) == ("scene", "", 3)
    (tmp_path / "film.mp4").write_bytes(b"x")
    assert list(reports_of(tmp_path / "film.mp4")) == []
    (tmp_path / "cut.ply").write_bytes(b"ply")
    (report,) = reports_of(tmp_path / "cut.ply")
    assert report.level == "error" and not report.remarks[0].text.startswith("cut.ply")


@pytest.mark.parametrize(
    ("levels", "expected"), [((), None), (("note",), "note"), (("note", "error", "warning"), "error")]
)
def test_the_worst_level(levels: tuple[str, ...], expected: str | None) -> None:
    assert worst(Remark("x", level, "text") for level in levels) == expected  # type: ignore[arg-type]
