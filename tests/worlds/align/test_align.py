"""Aligning a motion library with rooms: items, reasons of the clips left out, errors."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from handmade import CHAIR, plain_room
from placed_clips import clip, raised, standing

from monster.corpus.storage import Corpus
from monster.errors import CorpusError, InputError
from monster.io.npz import save_motion, save_scene
from monster.placement.requirements import CLIMBS
from monster.types import Motion, Scene
from worlds.align import AlignSettings, align, open_rooms
from worlds.align.align import NO_SPACE
from worlds.audit.audit import audit
from worlds.corpus_checker import floor_plans_of
from worlds.generate import generate
from worlds.rooms.scan import scan

CMU = Path(__file__).parents[5] / "shared" / "data" / "motion" / "cmu"


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(tmp_path_factory.mktemp("rooms") / "corpus", rooms=4, items=4, seed=2, workers=1).folder


@pytest.fixture
def motion_folder(tmp_path: Path) -> Path:
    """A folder with a walk, a sitting, a climbing clip and a broken file."""
    folder = tmp_path / "motions"
    folder.mkdir()
    clips = {"walk": clip("walk"), "sit": clip("sit"), "climb": raised(standing(4.0), 0.5)}
    np.savez(folder / "clips.npz", **{name: motion.joints for name, motion in clips.items()})
    lines = [{"id": name, "captions": [f"a man does {name}"], "fps": 20, "up": "z"} for name in clips]
    (folder / "captions.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (folder / "broken.bvh").write_text("HIERARCHY\nROOT")
    return folder


def test_clips_become_items_in_rooms(rooms: Path, motion_folder: Path, tmp_path: Path) -> None:
    report = align(motion_folder, rooms, tmp_path / "out", AlignSettings(per_clip=2, seed=1))
    assert (report.clips, report.placed, dict(report.reasons)) == (3, 2, {CLIMBS: 1})
    assert f"clips.npz/climb: {CLIMBS}" in report.left_out and any("broken.bvh" in line for line in report.left_out)
    records, floor_plans = report.corpus.records, floor_plans_of(report.corpus)
    assert 3 <= len(records) <= 4 and {record.scene for record in records} == set(floor_plans)
    for record in records:
        item = report.corpus.item(record)
        assert item.motion is not None and item.scene is not None and item.motion.placed
        assert any(text.startswith("a man does") for text in record.captions)
        assert record.metadata["place"]["penetration"] <= 0.01
    sitter = next(record for record in records if record.metadata["clip"].endswith("sit"))
    assert sitter.metadata["relations"][0][0] == "sit on" and sitter.metadata["place"]["seat"] is not None


def test_captions_and_splits_pass_the_audit(rooms: Path, motion_folder: Path, tmp_path: Path) -> None:
    report = align(motion_folder, rooms, tmp_path / "out", AlignSettings(per_clip=3))
    checked = audit(report.corpus)
    assert checked.claims > 0 and not [
        fault for fault in checked.faults if "caption" in fault.code or "split" in fault.code
    ]
    splits: dict[str, set[str]] = {record.metadata["clip"]: set() for record in report.corpus.records}
    for record in report.corpus.records:
        splits[record.metadata["clip"]].add(record.split)
    assert all(len(checked) == 1 for checked in splits.values())


def test_the_same_seed_gives_the_same_bytes(rooms: Path, motion_folder: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        align(motion_folder, rooms, tmp_path / name, AlignSettings(per_clip=1, seed=5))
    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*") if path.is_file())
    assert len(files) > 4
    assert all((tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes() for name in files)


def test_clips_are_placed_in_scans(motion_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "scans"
    folder.mkdir()
    scene = scan(plain_room(), np.random.default_rng(0), points=20_000)
    save_scene(folder / "plain.npz", scene)
    assert scene.instances is not None
    wall = scene.instances == 6
    save_scene(folder / "wall.npz", Scene(scene.points[wall], instances=scene.instances[wall], labels={6: "wall"}))
    report = align(motion_folder, folder, tmp_path / "out", AlignSettings(per_clip=2))
    assert report.placed == 2 and report.corpus.checker is None
    assert any(line.startswith("scene wall.npz: expected a scene with a floor") for line in report.left_out)
    sitter = next(record for record in report.corpus.records if record.metadata["clip"].endswith("sit"))
    assert sitter.metadata["relations"][0] == ["sit on", [CHAIR]] or sitter.metadata["place"]["seat"] is not None
    assert "claims" not in sitter.metadata


def test_errors_leave_no_folder(rooms: Path, motion_folder: Path, tmp_path: Path) -> None:
    out, empty = tmp_path / "out", tmp_path / "empty"
    empty.mkdir()
    climbers = tmp_path / "climbers"
    climbers.mkdir()
    for name, height in (("a", 0.5), ("b", 0.7)):
        save_motion(climbers / f"{name}.npz", raised(standing(4.0), height))
    for motions, scenes, words in (
        (climbers, rooms, f"placed none of 2 clips: 2 {CLIMBS}"),
        (empty, rooms, "expected motions, got none"),
        (motion_folder, empty, "expected scans or a corpus with rooms"),
    ):
        with pytest.raises(CorpusError, match=words):
            align(motions, scenes, out)
    with pytest.raises(CorpusError, match="new or empty folder"):
        align(motion_folder, rooms, motion_folder)
    with pytest.raises(InputError, match="expected a folder"):
        align(motion_folder, tmp_path / "nowhere", out)
    with pytest.raises(InputError, match="at least 1 place"):
        AlignSettings(per_clip=0)
    assert not out.exists() and not list(tmp_path.glob(".out*"))


def test_a_path_longer_than_every_room_is_the_reason(rooms: Path, tmp_path: Path) -> None:
    folder = tmp_path / "motions"
    folder.mkdir()
    joints = np.repeat(standing().joints[:1], 100, axis=0)
    joints[..., 0] += np.linspace(0, 40, 100, dtype=np.float32)[:, None]
    np.savez(folder / "clips.npz", run=joints, stand=standing().joints)
    report = align(folder, rooms, tmp_path / "out", AlignSettings(per_clip=1))
    assert dict(report.reasons) == {"its path is longer than any of the rooms": 1} and NO_SPACE not in report.reasons


def test_rescans_share_a_split(tmp_path: Path) -> None:
    scene = scan(plain_room(), np.random.default_rng(0), points=2_000)
    for name in ("scene0001_00", "scene0001_01", "scene0002_00", "scene0003_00", "other"):
        save_scene(tmp_path / f"{name}.npz", scene)
    checked = open_rooms(tmp_path, seed=3)
    assert checked.splits["scene0001_00.npz"] == checked.splits["scene0001_01.npz"]
    assert checked.rooms["scene0001_01.npz"] == checked.rooms["scene0001_00.npz"] != checked.rooms["scene0002_00.npz"]
    assert set(checked.splits.values()) == {"train", "val", "test"}


@pytest.mark.skipif(not CMU.is_dir(), reason="needs the CMU clips")
def test_real_walks_are_placed(rooms: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cmu"
    folder.mkdir()
    with np.load(CMU / "joints22.npz") as clips:
        np.savez(folder / "joints22.npz", **{name: clips[name] for name in ("07_01", "02_01", "01_02")})
    lines = [
        line
        for line in (CMU / "captions.jsonl").read_text().splitlines()
        if json.loads(line)["id"] in ("07_01", "02_01")
    ]
    (folder / "captions.jsonl").write_text("\n".join(lines) + "\n")
    report = align(folder, rooms, tmp_path / "out", AlignSettings(per_clip=1))
    assert report.placed == 2 and dict(report.reasons) == {CLIMBS: 1}
    assert all(record.captions[-1] == "walk" for record in Corpus.open(tmp_path / "out").records)
    assert isinstance(report.corpus.motion(report.corpus.records[0].motion or ""), Motion)
