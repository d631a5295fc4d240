"""inspect and view."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import motion_of


def inspected(run: Any, file: object) -> dict[str, Any]:
    """What inspect says as JSON, its facts by name."""
    found: dict[str, Any] = json.loads(run("inspect", file, "--json").stdout)
    return found | {"facts": {fact["what"]: fact for fact in found["facts"]}}


def test_inspect_a_motion(run: Any, folder: Path) -> None:
    found = inspected(run, folder / "walk.npy")
    assert (found["kind"], found["facts"]["joints"]["value"], found["facts"]["frames"]["value"]) == (
        "motion",
        "22 points",
        "8",
    )
    assert {"fps", "axes", "unit", "height", "floor", "duration"} <= set(found["facts"])
    assert {fact["how"] for fact in found["facts"].values()} == {"given", "detected", "guessed"}
    assert found["facts"]["duration"]["how"] == found["facts"]["fps"]["how"] == "guessed"
    assert "guessed-fps" in {remark["code"] for remark in found["remarks"]}
    text = run("inspect", folder / "walk.npy").stdout
    assert "kind       motion (detected" in text and "fps        20 (guessed" in text and "note: fps 20" in text


def test_inspect_one_of_many_and_all_of_them(run: Any, folder: Path) -> None:
    many = inspected(run, folder / "clips" / "many.npz")
    assert (many["kind"], many["count"], many["keys"], many["first"]) == ("motions", 2, ["a", "b"], "a")
    one = inspected(run, f"{folder}/clips/many.npz#a")
    assert one["kind"] == "motion" and one["facts"]["fps"]["value"] == "30"
    run("inspect", f"{folder}/clips/many.npz#a", "--html", folder / "a.html")
    assert "<h1>many.npz#a</h1>" in (folder / "a.html").read_text()
    assert "keys       2: a, b" in run("inspect", folder / "clips" / "many.npz").stdout


def test_inspect_takes_the_word_of_the_caller(run: Any, folder: Path) -> None:
    found = json.loads(
        run("inspect", folder / "walk.npy", "--fps", "60", "--axes", "z", "--unit", "m", "--json").stdout
    )
    facts = {fact["what"]: (fact["value"], fact["how"]) for fact in found["facts"]}
    assert (facts["fps"], facts["axes"], facts["unit"]) == (("60", "given"), ("z up", "given"), ("metres", "given"))
    assert "guessed-fps" not in {remark["code"] for remark in found["remarks"]}
    assert "unknown axes" in run("inspect", folder / "walk.npy", "--axes", "up", code=2).stderr


def test_inspect_a_scene(run: Any, folder: Path) -> None:
    found = inspected(run, folder / "room.npz")
    assert (found["kind"], found["facts"]["points"]["value"]) == ("scene", "64")
    assert set(found["objects"]) == {"bed", "chair", "table"}
    assert "few-points" in {remark["code"] for remark in found["remarks"]}
    text = run("inspect", folder / "room.npz").stdout
    assert "1 bed" in text and "warning: only 64 points" in text


@pytest.mark.parametrize("name", ["walk.npy", "room.npz", "clips/many.npz"])
def test_inspect_shows_it(run: Any, folder: Path, tmp_path: Path, name: str) -> None:
    run("inspect", folder / name, "--html", tmp_path / "seen.html")
    page = (tmp_path / "seen.html").read_text()
    assert f"<h1>{Path(name).name}" in page and "<dt>axes</dt>" in page
    assert ("<dt class=warning>" in page) == ("warning:" in run("inspect", folder / name).stdout)
    assert ".html" in run("inspect", folder / name, "--html", tmp_path / "seen.gif", code=2).stderr


def test_inspect_takes_names_from_files_as_text_only(run: Any, folder: Path, tmp_path: Path) -> None:
    np.savez(folder / "odd.npz", **{"<b>a": motion_of(1).joints, "c": motion_of(2).joints})
    run("inspect", folder / "odd.npz", "--html", tmp_path / "seen.html")
    assert "<b>" not in (tmp_path / "seen.html").read_text()


@pytest.mark.parametrize("name", ["broken.bvh", "flat.npy", "absent.ply", "film.mp4"])
def test_inspect_names_the_file_that_cannot_be_read(run: Any, folder: Path, name: str) -> None:
    line = run("inspect", folder / name, code=2).stderr
    assert name in line and line.strip().count("\n") == 0


def test_view_an_item_of_a_gallery(run: Any, gallery_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.html"
    assert run("view", gallery_folder, "item-1", "--out", out).stdout.strip() == str(out)
    page = out.read_text()
    assert "<h1>item-1</h1>" in page and "a person does thing 1" in page
    assert "unknown" in run("view", gallery_folder, "item-99", "--out", out, code=2).stderr


def test_view_files_and_note_that_a_motion_is_not_placed(run: Any, folder: Path, tmp_path: Path) -> None:
    run("view", "--motion", folder / "walk.npy", "--scene", folder / "room.npz", "--out", tmp_path / "a.html")
    assert "the motion is not placed in this room" in (tmp_path / "a.html").read_text()
    run("view", "--motion", folder / "walk.npy", "--out", tmp_path / "b.png")
    assert (tmp_path / "b.png").read_bytes().startswith(b"\x89PNG")


def test_view_refuses_other_pictures_and_nothing(run: Any, folder: Path, tmp_path: Path) -> None:
    assert ".html or .png" in run("view", "--motion", folder / "walk.npy", "--out", tmp_path / "a.gif", code=2).stderr
    assert "a scene or at least one motion" in run("view", "--out", tmp_path / "a.html", code=2).stderr
    assert not list(tmp_path.glob("a.*"))
