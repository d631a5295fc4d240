"""Every benchmark runs, at a tiny size, on data made here: what it prints has the expected rows."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest
from tiny_networks import TINY_SMALL

from monster.corpus.storage import Corpus
from monster.gallery import Gallery
from monster.io.npz import save_scene
from monster.model import load

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
# Scripts whose tests have modules of their own.
TESTED_ELSEWHERE = {"fuzz_readers", "mutation", "reference_parity"}


class Run(Protocol):
    """Runs the script of a name with arguments as the command line would; returns what it prints."""

    def __call__(self, name: str, *arguments: object) -> str: ...


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    before = set(sys.modules)
    monkeypatch.syspath_prepend(str(BENCHMARKS))

    def call(name: str, *arguments: object) -> str:
        monkeypatch.setattr(sys, "argv", [f"{name}.py", *map(str, arguments)])
        assert import_module(name).main() in (None, 0)
        return capsys.readouterr().out

    yield call
    for path in BENCHMARKS.glob("*.py"):
        if path.stem not in before:
            sys.modules.pop(path.stem, None)


def test_every_script_has_a_test() -> None:
    scripts = {path.stem for path in BENCHMARKS.glob("*.py") if "\ndef main(" in path.read_text(encoding="utf-8")}
    tested = {name.removeprefix("test_") for name in globals() if name.startswith("test_")}
    assert scripts - tested - TESTED_ELSEWHERE == set()


def test_startup(run: Run) -> None:
    lines = run("startup", "--runs", 1).splitlines()
    assert [line.partition(":")[0] for line in lines] == ["monster --help", "import monster, above a bare Python"]


def test_read(run: Run) -> None:
    lines = run("read", "--count", 2, "--workers", 1).splitlines()
    assert lines[0].startswith("2 files, ")
    assert [line.partition(":")[0] for line in lines[1:]] == [
        "this version",
        lines[2],
        "read_many, 0 workers",
        "read_many, 1 workers",
    ]
    assert all(line.endswith("0 failed") for line in lines[3:])


def test_generate(run: Run) -> None:
    printed = run("generate", "--rooms", 2, "--items", 2, "--workers", 1)
    assert "2 items in 2 rooms" in printed


def test_search(run: Run, rooms: Corpus, tiny_weights: Path, tmp_path: Path) -> None:
    with Gallery.create(tmp_path / "gallery", load(tiny_weights)) as gallery:
        gallery.add(rooms.items())
    lines = run("search", tmp_path / "gallery", "--weights", tiny_weights, "--runs", 1, "--searches", 2).splitlines()
    assert lines[0].startswith("12 ")
    assert [line.split(" ms ")[0][:34].strip() for line in lines[1:]] == [
        "cold process, first text search",
        *(f"warm, text to {target}" for target in ("motion", "scene", "motion+scene")),
        *(f"warm, index {kind} alone" for kind in "tms"),
    ]


@pytest.mark.parametrize(("config", "rows"), [("small", 7), ("paper", 4)])
def test_encode(run: Run, tiny_weights: Path, monkeypatch: pytest.MonkeyPatch, config: str, rows: int) -> None:
    wide = dataclasses.replace(TINY_SMALL, text=dataclasses.replace(TINY_SMALL.text, width=768))
    sizes = {"BATCHES": (1,), "RAW": 2000, "POINTS": 64, "OBJECTS": 2, "FRAMES": 20, "PAPER": wide}
    for name, value in sizes.items():
        monkeypatch.setattr(f"encode.{name}", value)
    printed = run("encode", "--weights", tiny_weights, "--config", config, "--runs", 1)
    assert len(printed.splitlines()) == 2 + rows


def test_prove_captions(run: Run, rooms: Corpus) -> None:
    printed = run("prove_captions", rooms.folder)
    assert printed.startswith("12 items") and "100.0%" in printed


def test_reality(run: Run, rooms: Corpus, tmp_path: Path) -> None:
    motions, scenes = recorded(rooms, tmp_path / "walks"), scanned(rooms, tmp_path / "scans")
    printed = run("reality", "--corpus", rooms.folder, "--motions", motions, "--scenes", scenes, "--limit", 4)
    assert "| | generated (4) | walks (12) |" in printed
    generated = len({record.scene for record in rooms.records[:4]})
    assert f"| rooms | {generated} | 2 |" in printed
    assert " x " in printed.splitlines()[-1]


def test_real_input(run: Run, rooms: Corpus, tiny_weights: Path, tmp_path: Path) -> None:
    for name in ("bandai", "cmu", "deepmimic"):
        recorded(rooms, tmp_path / "motion" / name)
    scanned(rooms, tmp_path / "scene")
    out = tmp_path / "found.json"
    run("real_input", "--data", tmp_path, "--weights", tiny_weights, "--json", out)
    rows = json.loads(out.read_text())["rows"]
    assert {name.rpartition(" ")[0] for name in rows} == {"bandai", "bandai contents", "cmu", "deepmimic", "scans"}
    assert all(0 <= row["r1"] <= row["r10"] <= 100 and 0 < row["p"] <= 1 for row in rows.values())


def test_quality(run: Run, rooms: Corpus, tiny_weights: Path, tmp_path: Path) -> None:
    out = tmp_path / "found.json"
    printed = run("quality", "--corpus", rooms.folder, "--weights", tiny_weights, "--json", out)
    assert printed.count("12 items, 4 rooms") == 2
    assert {"labels hidden", "labels given", "more"} == set(json.loads(out.read_text()))


def test_train_waiting(run: Run, rooms: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("train_waiting.WARM", 1)
    printed = run("train_waiting", "--corpus", rooms.folder, "--steps", 1)
    assert "waiting for data:" in printed


def test_ablations(run: Run, rooms: Corpus, tmp_path: Path) -> None:
    sizes = ("--samples", 4, "--batch", 4, "--object-steps", 1)
    printed = run("ablations", "--corpus", rooms.folder, "--out", tmp_path, *sizes, "--only", "text-motion")
    assert printed.splitlines()[-1].startswith("| text-motion |")
    assert len((tmp_path / "cells.jsonl").read_text().splitlines()) in (3, 4)


def recorded(corpus: Corpus, folder: Path) -> Path:
    """A folder as recordings are kept: one file of joints, and a line of captions for each clip."""
    folder.mkdir(parents=True)
    clips = {f"05_{number}": record for number, record in enumerate(corpus.records)}
    np.savez(folder / "joints22.npz", **{id: corpus.motion(str(record.motion)).joints for id, record in clips.items()})
    lines = [
        {"id": id, "captions": [f"walk {record.captions[0]}"], "fps": 20, "up": "z", "content": record.scene}
        for id, record in clips.items()
    ]
    (folder / "captions.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder


def scanned(corpus: Corpus, folder: Path) -> Path:
    """A folder with two labelled scenes, named as scans are."""
    folder.mkdir(parents=True)
    for number, scene in enumerate(sorted({str(record.scene) for record in corpus.records})[:2]):
        save_scene(folder / f"scene{number:04d}_00.npz", corpus.scene(scene))
    return folder
