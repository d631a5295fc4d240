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
from monster.types import Item, Motion, Scene
from worlds.align import AlignSettings, align, open_rooms
from worlds.align.placing import NO_SPACE, ClipPlacer, PlacedClip
from worlds.align.results import load_result, save_result
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


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_processes_and_an_interrupted_run_change_nothing(
    rooms: Path, motion_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    align(motion_folder, rooms, tmp_path / "whole", workers=0)
    align(motion_folder, rooms, tmp_path / "together", workers=2)
    placed: list[str] = []
    place = ClipPlacer.place

    def interrupted(placer: ClipPlacer, item: Item) -> PlacedClip:
        if len(placed) == 2:
            raise KeyboardInterrupt
        placed.append(item.id)
        return place(placer, item)

    monkeypatch.setattr(ClipPlacer, "place", interrupted)
    with pytest.raises(KeyboardInterrupt):
        align(motion_folder, rooms, tmp_path / "halved", workers=0)
    assert not (tmp_path / "halved").exists() and (tmp_path / ".halved.align").is_dir()
    monkeypatch.setattr(ClipPlacer, "place", lambda placer, item: placed.append(item.id) or place(placer, item))
    align(motion_folder, rooms, tmp_path / "halved", workers=0)
    assert len(placed) == 3
    assert files_of(tmp_path / "whole") == files_of(tmp_path / "together") == files_of(tmp_path / "halved")
    assert not list(tmp_path.glob(".*.align"))


def test_a_clip_has_the_same_places_whatever_the_others_are(rooms: Path, motion_folder: Path, tmp_path: Path) -> None:
    together = align(motion_folder, rooms, tmp_path / "out").corpus
    folder = tmp_path / "alone"
    folder.mkdir()
    with np.load(motion_folder / "clips.npz") as clips:
        np.savez(folder / "clips.npz", walk=clips["walk"], extra=standing(2.0).joints)
    lines = [{"id": name, "captions": [f"a man does {name}"], "fps": 20, "up": "z"} for name in ("walk", "extra")]
    (folder / "captions.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    alone = align(folder, rooms, tmp_path / "alone-out").corpus
    mine, theirs = ({record.id: record for record in corpus.records} for corpus in (alone, together))
    walks = [name for name in mine if name.startswith("clips.npz/walk")]
    assert walks and set(walks) == {name for name in theirs if name.startswith("clips.npz/walk")}
    for name in walks:
        one, other = mine[name], theirs[name]
        assert one.captions == other.captions and one.motion is not None and one.motion == other.motion
        assert np.array_equal(alone.motion(one.motion).joints, together.motion(one.motion).joints)


def test_a_result_is_read_as_it_was_written(rooms: Path, tmp_path: Path) -> None:
    item = Item("walk", clip("walk"), captions=("a man walks",))
    result = ClipPlacer(open_rooms(rooms), AlignSettings()).place(item)
    save_result(tmp_path / "result.npz", result)
    read = load_result(tmp_path / "result.npz")
    assert (read.clip, read.reason, len(read.places)) == ("walk", "", len(result.places)) and read.places
    for one, other in zip(read.places, result.places, strict=True):
        assert (one.id, one.scene, one.captions, one.metadata) == (
            other.id,
            other.scene,
            other.captions,
            other.metadata,
        )
        assert np.array_equal(one.motion.joints, other.motion.joints) and one.motion.placed


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
