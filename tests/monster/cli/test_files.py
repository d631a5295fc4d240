"""inspect and view."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest


def test_inspect_a_motion(run: Any, folder: Path) -> None:
    told = json.loads(run("inspect", folder / "walk.npy", "--json").stdout)
    assert (told["kind"], told["joints"], told["frames"]) == ("motion", 22, 8)
    assert {"fps", "axes"} <= {finding["what"] for finding in told["findings"]}
    assert {finding["how"] for finding in told["findings"]} <= {"given", "detected", "guessed"}
    text = run("inspect", folder / "walk.npy").stdout
    assert "kind       motion" in text and "guessed" in text


def test_inspect_one_of_many_and_all_of_them(run: Any, folder: Path) -> None:
    many = json.loads(run("inspect", folder / "clips" / "many.npz", "--json").stdout)
    assert (many["kind"], many["count"], many["keys"]) == ("motions", 2, ["a", "b"])
    one = json.loads(run("inspect", f"{folder}/clips/many.npz#a", "--json").stdout)
    assert one["kind"] == "motion" and one["fps"] == 30


def test_inspect_a_scene(run: Any, folder: Path) -> None:
    told = json.loads(run("inspect", folder / "room.npz", "--json").stdout)
    assert (told["kind"], told["points"]) == ("scene", 64)
    assert set(told["objects"]) == {"bed", "chair", "table"}
    assert "1 bed" in run("inspect", folder / "room.npz").stdout


@pytest.mark.parametrize("name", ["broken.bvh", "flat.npy", "absent.ply", "film.mp4"])
def test_inspect_names_the_file_that_cannot_be_read(run: Any, folder: Path, name: str) -> None:
    told = run("inspect", folder / name, code=2).stderr
    assert name in told and told.strip().count("\n") == 0


def test_view_an_item_of_a_library(run: Any, library: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.html"
    assert run("view", library, "item-1", "--out", out).stdout.strip() == str(out)
    page = out.read_text()
    assert "<h1>item-1</h1>" in page and "a person does thing 1" in page
    assert "unknown" in run("view", library, "item-99", "--out", out, code=2).stderr


def test_view_files_and_say_when_the_clip_has_no_place(run: Any, folder: Path, tmp_path: Path) -> None:
    run("view", "--motion", folder / "walk.npy", "--scene", folder / "room.npz", "--out", tmp_path / "a.html")
    assert "the clip has no place in this room" in (tmp_path / "a.html").read_text()
    run("view", "--motion", folder / "walk.npy", "--out", tmp_path / "b.png")
    assert (tmp_path / "b.png").read_bytes().startswith(b"\x89PNG")


def test_view_refuses_other_pictures_and_nothing(run: Any, folder: Path, tmp_path: Path) -> None:
    assert ".html or .png" in run("view", "--motion", folder / "walk.npy", "--out", tmp_path / "a.gif", code=2).stderr
    assert "a scene or at least one motion" in run("view", "--out", tmp_path / "a.html", code=2).stderr
    assert not list(tmp_path.glob("a.*"))
