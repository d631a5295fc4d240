"""--source-fps, --unit and --axes, which all commands that read files share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import motion_of, text_of

from monster.gallery import Gallery

FLAGS = ("--source-fps", "--unit", "--axes")


@pytest.mark.parametrize(
    "command", ["score", "search", "index", "gallery add", "inspect", "validate", "view", "convert"]
)
def test_every_command_that_reads_files_has_the_options(run: Any, command: str) -> None:
    shown = run(*command.split(), "--help").stdout
    assert all(flag in shown for flag in FLAGS)


@pytest.fixture
def inches(tmp_path: Path) -> Path:
    """A walk in inches with y up, which nothing in the file says."""
    turned = motion_of(3).joints[..., [0, 2, 1]] * np.array([1, 1, -1]) / 0.0254
    np.save(tmp_path / "walk.npy", turned.astype(np.float32))
    return tmp_path / "walk.npy"


def test_score_reads_the_motion_as_declared_and_the_scene_as_its_own(run: Any, folder: Path, inches: Path) -> None:
    given = ("score", "--text", text_of(3), "--motion", inches, "--scene", folder / "room.npz", "--json")
    declared = ("--unit", "motion=in", "--axes", "motion=y", "--source-fps", "30")
    guessed = "".join(json.loads(run(*given).stdout)["assumed"])
    assert "fps: 20" in guessed and "axes: y up" in guessed and "unit: inches" in guessed
    settled = "".join(json.loads(run(*given, *declared).stdout)["assumed"])
    assert not any(f"{what}: " in settled for what in ("fps", "axes", "unit"))
    assert "unknown unit" in run(*given, "--unit", "motion=yards", code=2).stderr


def test_index_reads_all_files_as_declared(run: Any, inches: Path, tmp_path: Path) -> None:
    out = tmp_path / "gallery"
    run("index", inches.parent, "--out", out, "--unit", "in", "--axes", "y", "--source-fps", "30")
    with Gallery.open(out) as gallery:
        motion = gallery.motion("walk.npy")
    assert motion.fps == 30 and np.ptp(motion.joints[0, :, 2]) == pytest.approx(1.54, abs=0.02)


def test_convert_and_validate_read_as_declared(run: Any, inches: Path, tmp_path: Path) -> None:
    run("convert", inches, tmp_path / "out.npz", "--unit", "in", "--axes", "y", "--source-fps", "30")
    remarks = json.loads(run("validate", inches.parent, "--source-fps", "30", "--json").stdout)["remarks"]
    assert "guessed-fps" not in {remark["code"] for remark in remarks}


def test_options_about_files_need_a_file(run: Any, gallery_folder: Path, folder: Path) -> None:
    search = ("search", gallery_folder, "--target", "text")
    assert "about files" in run(*search, "--motion", "item-1", "--unit", "cm", code=2).stderr
    line = run(*search, "--scene", folder / "room.npz", "--source-fps", "30", code=2).stderr
    assert "--source-fps is about a motion file" in line
