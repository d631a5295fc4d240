"""Validation of folders in child processes that may crash."""

from __future__ import annotations

import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reader_files import walking

from monster.inspection import validation
from monster.inspection.report import Report
from monster.inspection.validation import Summary, Validation, write_csv
from monster.sandbox import Limits, client

DEADLY = """
import os, signal, time
from pathlib import Path
from monster.inspection.report import report_file

def report(path, name, split, declared, formats):
    stem = Path(path).stem
    if stem.startswith("dies"):
        os.kill(os.getpid(), signal.SIGSEGV)
    if stem.startswith("hangs"):
        time.sleep(60)
    if stem.startswith("lies"):
        yield {"file": 3}
    yield from report_file(path=path, name=name, split=split, declared=declared)
"""


@pytest.fixture
def deadly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of walks, and a program that dies, hangs or lies at some of them."""
    (tmp_path / "deadly_program.py").write_text(DEADLY)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(validation, "REPORTER", "deadly_program:report")
    (folder := tmp_path / "walks").mkdir()
    for name in ("a", "dies-1", "e", "hangs", "k", "lies", "z"):
        np.save(folder / f"{name}.npy", walking(30))
    return folder


def test_a_crashing_reader_does_not_affect_other_files(deadly: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "GRACE", 1.0)
    seen: list[tuple[int, int | None]] = []
    run = Validation(deadly, jobs=2, limits=Limits(seconds=2.0, megabytes=500))
    found = {report.file: report for report in run.reports(lambda done, all_: seen.append((done, all_)))}
    assert [name for name, report in found.items() if report.kind == "motion"] == ["a.npy", "e.npy", "k.npy", "z.npy"]
    assert "the parser failed" in found["dies-1.npy"].remarks[0].text
    assert "longer than 2 s" in found["hangs.npy"].remarks[0].text
    assert found["lies.npy"].kind == "unreadable"
    assert seen == [(done, 7) for done in range(1, 8)]


def test_no_process_outlives_its_caller(deadly: Path) -> None:
    run = Validation(deadly, jobs=1)
    reports = run.reports()
    assert next(reports).file == "a.npy"
    reports.close()  # type: ignore[attr-defined]


def test_a_process_that_is_being_started_does_not_outlive_the_caller(
    deadly: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[subprocess.Popen[bytes]] = []
    second = threading.Event()

    class Slow(subprocess.Popen[bytes]):
        def __init__(self, *args: Any, **named: Any) -> None:
            super().__init__(*args, **named)
            begun.append(self)
            if len(begun) == 2:  # the first died of its second file
                second.set()
                time.sleep(0.5)

    monkeypatch.setattr(client.subprocess, "Popen", Slow)
    reports = Validation(deadly, jobs=1).reports()
    assert next(reports).file == "a.npy"
    assert second.wait(30)
    reports.close()  # type: ignore[attr-defined]
    assert [process.poll() is not None for process in begun] == [True, True]


def test_cells_are_not_spreadsheet_formulas(tmp_path: Path) -> None:
    reports = [Report("=cmd()", "-x", "motion"), Report("a.npy", "", "motion")]
    assert list(write_csv(tmp_path / "t.csv", reports)) == reports
    assert (tmp_path / "t.csv").read_text().splitlines()[1:] == ["'=cmd(),'-x,motion,ok,,", "a.npy,,motion,ok,,"]


def test_a_summary_counts_each_item_once() -> None:
    summary = Summary()
    for _ in range(2):
        summary.add(Report("a.npy", "", "motion"))
    assert (summary.readable, summary.status["ok"], summary.codes) == (2, 2, {})
