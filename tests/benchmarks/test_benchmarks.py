"""Every benchmark runs, at a tiny size, on data made here: what it prints has the expected rows."""

from __future__ import annotations

import dataclasses
import gzip
import json
import sys
import zlib
from collections.abc import Iterator, Mapping
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
from monster.skeleton import MIRROR

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
    return clips(
        corpus,
        folder,
        {
            f"05_{number}": {"captions": [f"walk {record.captions[0]}"], "content": record.scene}
            for number, record in enumerate(corpus.records)
        },
    )


def clips(corpus: Corpus, folder: Path, lines: Mapping[str, Mapping[str, object]]) -> Path:
    """Such a folder with these lines by id, and of the corpus's motions in turn the first 3 s."""
    folder.mkdir(parents=True)
    records = [corpus.records[number % len(corpus)] for number in range(len(lines))]
    motions = [corpus.motion(str(record.motion)).joints[:60] for record in records]
    np.savez(folder / "joints22.npz", **dict(zip(lines, motions, strict=True)))
    written = [json.dumps({"id": name, "fps": 20, "up": "z", **line}) + "\n" for name, line in lines.items()]
    (folder / "captions.jsonl").write_text("".join(written))
    return folder


def sentences(folder: Path) -> list[str]:
    """Forty groups of two free sentences, some of which are kept for tests, and one that may not be trained on."""
    folder.mkdir(parents=True)
    names = [f"{number:06d}" for number in range(400)]
    tested = [name for name in names if zlib.crc32(name.encode()) % 50 == 0][:4]
    chosen = [*tested, *[name for name in names if name not in tested][:36]]
    lines = [
        {"id": name, "captions": [f"a person does {name}", f"someone does {name} twice"], "use": "train"}
        for name in chosen
    ]
    lines.append({"id": "other", "captions": ["not", "used"], "use": "test"})
    with gzip.open(folder / "humanml3d_sentences.jsonl.gz", "wt", encoding="utf-8") as out:
        out.write("".join(json.dumps(line) + "\n" for line in lines))
    return tested


def test_real_corpus(run: Run, rooms: Corpus, tmp_path: Path) -> None:
    motion, out = tmp_path / "motion", tmp_path / "out"
    trained = {"subject": "08", "use": "train"}
    clips(rooms, motion / "cmu", {
        "02_01": {"captions": ["walk, wave Left hand"], "subject": "Subject #2 (various)"},
        "01_01": {"captions": ["climb"], "subject": "Subject #1 (climb)"},
        "05_01": {"captions": ["dance"], "subject": "Subject #5 (dance)"},
    })  # fmt: skip
    clips(rooms, motion / "cmu_more", {
        "08_01": {"captions": ["walking"], **trained}, "13_01": {"captions": ["sit"], **trained, "subject": "13"}
    })  # fmt: skip
    clips(rooms, motion / "cmu_humanml3d", {name: {"captions": [], **trained} for name in ("1", "2")})
    clips(rooms, motion / "animated_drawings", {
        "jump": {"captions": ["a person jumps"], "use": "train"}, "dance": {"captions": ["a person dances"]}
    })  # fmt: skip
    tested = sentences(tmp_path / "text")
    printed = run("real_corpus", tmp_path, "--out", out)
    assert printed == "6 clips, mirrored ones among them, and 36 groups of sentences\n"
    made = Corpus.open(out)
    records = {record.id: record for record in made.records}
    names = {"cmu-02_01-0", "cmu_more-08_01-0", "animated_drawings-jump-0"}
    assert {name for name in records if name[:9] != "sentences"} == names | {f"{name}-mirrored" for name in names}
    assert not any(f"sentences-{name}" in records for name in (*tested, "other"))
    assert records["cmu_more-08_01-0"].captions == ("walking",)
    one, twin = records["cmu-02_01-0"], records["cmu-02_01-0-mirrored"]
    assert one.captions == ("walk, wave Left hand", "a person walks, wave left hand")
    assert twin.captions == ("walk, wave right hand", "a person walks, wave right hand")
    assert [negative["caption"] for negative in one.hard_negatives] == list(twin.captions)
    joints, mirrored = (made.motion(str(record.motion)).joints for record in (one, twin))
    np.testing.assert_allclose(mirrored[:, list(MIRROR)] * [-1, 1, 1], joints, atol=1e-5)
    assert not records["animated_drawings-jump-0"].hard_negatives


def test_contrast(run: Run, rooms: Corpus, tiny_weights: Path, tmp_path: Path) -> None:
    contents = [
        "run", "walk", "walk-back", "walk-turn-left", "walk-turn-right", "bow",
        "wave-left-hand", "wave-right-hand", "raise-up-left-hand", "raise-up-right-hand",
    ]  # fmt: skip
    motion = tmp_path / "motion"
    clips(rooms, motion / "bandai", {name: {"captions": [f"a person: {name}"], "content": name} for name in contents})
    labels = ("jogOnPlace", "kickLFront", "lieDownFloor")
    clips(rooms, motion / "hdm05", {label: {"captions": [f"does {label}"], "label": label} for label in labels})
    clips(rooms, motion / "deepmimic", {
        "climb": {"captions": ["a person does climb"]}, "crawl": {"captions": ["a person crawls"]}
    })  # fmt: skip
    for name in ("cmu", "cmu_more"):
        clips(rooms, motion / name, {
            "13_01": {"captions": ["sit"], "subject": "13"}, "08_01": {"captions": ["walk"], "subject": "08"}
        })  # fmt: skip
    sentences(tmp_path / "text")
    out = tmp_path / "found.json"
    printed = run("contrast", "--data", tmp_path, "--weights", tiny_weights, "--json", out)
    assert "17 clips" in printed
    values = json.loads(out.read_text())
    rows = {name: row for name, row in values["contrast"].items() if "auc" in row}
    assert len([name for name in rows if ", not " in name]) == 10
    assert {"sit", "lie", "bow", "kick", "climb", "wave"} <= set(rows)
    assert all(0 <= row["lowest"] <= row["auc"] <= 1 and row["from"] <= row["to"] for row in rows.values())
    assert rows["sit"]["clips"] == 2 and rows["sit"]["others"] == 15
    others = values["others"]
    assert 0 <= others["bandai zero-shot, balanced"] <= 1 and -1 <= others["text geometry, Spearman"] <= 1


def scanned(corpus: Corpus, folder: Path) -> Path:
    """A folder with two labelled scenes, named as scans are."""
    folder.mkdir(parents=True)
    for number, scene in enumerate(sorted({str(record.scene) for record in corpus.records})[:2]):
        save_scene(folder / f"scene{number:04d}_00.npz", corpus.scene(scene))
    return folder
