"""The command ``corpus align``: output and exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from handmade import plain_room
from placed_clips import clip, raised, standing

from monster.io.npz import save_motion, save_scene
from monster.placement.requirements import CLIMBS
from worlds.rooms.scan import scan


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    folder = tmp_path / "scans"
    folder.mkdir()
    save_scene(folder / "plain.npz", scan(plain_room(), np.random.default_rng(0), points=15_000))
    return folder


def motion_folder(folder: Path, **clips: Any) -> Path:
    folder.mkdir()
    for name, motion in clips.items():
        save_motion(folder / f"{name}.npz", motion)
    return folder


def test_all_clips_placed(run: Any, scans: Path, tmp_path: Path) -> None:
    motions = motion_folder(tmp_path / "motions", walk=clip("walk"))
    result = run("corpus", "align", "--motions", motions, "--scenes", scans, "--out", tmp_path / "out", "--per-clip", 2)
    assert result.stdout.strip() == f"{tmp_path / 'out'}: 2 items of 1 of 1 clips in 1 rooms"
    result = run("corpus", "align", "--motions", motions, "--scenes", scans, "--out", tmp_path / "out", code=2)
    assert "expected a new or empty folder" in result.stderr


def test_some_clips_placed(run: Any, scans: Path, tmp_path: Path) -> None:
    motions = motion_folder(tmp_path / "motions", walk=clip("walk"), climb=raised(standing(4.0), 0.5))
    result = run(
        "corpus", "align", "--motions", motions, "--scenes", scans, "--out", tmp_path / "out", "--json", code=3
    )
    report = json.loads(result.stdout)
    assert (report["clips"], report["placed"], report["reasons"]) == (2, 1, {CLIMBS: 1})
    assert report["left_out"] == [f"climb.npz: {CLIMBS}"]


def test_no_clip_placed(run: Any, scans: Path, tmp_path: Path) -> None:
    motions = motion_folder(tmp_path / "motions", climb=raised(standing(4.0), 0.5))
    result = run("corpus", "align", "--motions", motions, "--scenes", scans, "--out", tmp_path / "out", code=2)
    assert f"placed none of 1 clips: 1 {CLIMBS}" in result.stderr and not (tmp_path / "out").exists()
