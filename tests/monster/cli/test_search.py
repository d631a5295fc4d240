"""index, gallery, search and score, from files to answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import FakeModel, motion_of, scene_of, text_of
from reader_files import room, walking, z_up

from monster.gallery import Gallery
from monster.io.npz import save_scene


def test_index_takes_what_can_be_read_and_lists_the_rest(run: Any, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "lib"
    result = run("index", folder, "--out", out, code=3)
    assert "added 4 items, 3 motions, 1 scenes, 2 captions" in result.stdout
    assert "1 files of unknown formats ignored" in result.stdout
    assert "left out 2:" in result.stderr
    assert "broken.bvh" in result.stderr and "flat.npy" in result.stderr
    with Gallery.open(out) as gallery:
        assert gallery.ids() == ["clips/many.npz/a", "clips/many.npz/b", "room.npz", "walk.npy"]
        assert gallery.item("clips/many.npz/a").captions == ("someone waves", "waving")
    assert not list(tmp_path.glob(".lib*"))


def test_index_as_json(run: Any, folder: Path, tmp_path: Path) -> None:
    output = json.loads(run("index", folder, "--out", tmp_path / "lib", "--json", code=3).stdout)
    assert output["items"] == 4 and output["ignored"] == 1
    assert [line.partition(":")[0] for line in output["left_out"]] == ["broken.bvh", "flat.npy"]


def test_index_replaces_a_gallery_only_with_force(run: Any, folder: Path, gallery_folder: Path) -> None:
    assert "--force" in run("index", folder, "--out", gallery_folder, code=2).stderr
    with Gallery.open(gallery_folder) as gallery:
        assert len(gallery) == 4 and "item-1" in gallery
    run("index", folder, "--out", gallery_folder, "--force", code=3)
    with Gallery.open(gallery_folder) as gallery:
        assert "item-1" not in gallery and "walk.npy" in gallery


def test_index_never_replaces_other_folders(run: Any, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "precious"
    out.mkdir()
    (out / "thesis.txt").write_text("x")
    assert "got other files" in run("index", folder, "--out", out, "--force", code=2).stderr
    assert [path.name for path in out.iterdir()] == ["thesis.txt"]


def test_index_of_nothing_leaves_nothing(run: Any, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "x.bvh").write_text("HIERARCHY")
    result = run("index", tmp_path / "empty", "--out", tmp_path / "lib", code=2)
    assert "found none that can be read" in result.stderr and "x.bvh" in result.stderr
    assert "got nothing" in run("index", tmp_path / "absent", "--out", tmp_path / "lib", code=2).stderr
    assert not (tmp_path / "lib").exists()


def test_gallery_info_add_remove(run: Any, folder: Path, gallery_folder: Path) -> None:
    info = json.loads(run("gallery", "info", gallery_folder, "--json").stdout)
    assert (info["items"], info["scenes"], info["fingerprint"]) == (4, 3, "fa4e")
    assert "items        4" in run("gallery", "info", gallery_folder).stdout
    run("gallery", "add", gallery_folder, folder, code=3)
    assert "removed 1, 7 items left" in run("gallery", "remove", gallery_folder, "item-2").stdout
    assert "item-2" in run("gallery", "remove", gallery_folder, "item-1", "item-2", code=2).stderr
    with Gallery.open(gallery_folder) as gallery:
        assert len(gallery) == 7 and "item-1" in gallery


def test_search_by_text_by_file_and_by_id(run: Any, gallery_folder: Path, tmp_path: Path) -> None:
    by_text = run("search", gallery_folder, "--text", text_of(2), "--target", "motion", "-k", "2").stdout.splitlines()
    assert len(by_text) == 2 and "item-2" in by_text[0]
    np.save(tmp_path / "clip.npy", motion_of(3).joints)
    found = json.loads(
        run(
            "search", gallery_folder, "--motion", tmp_path / "clip.npy", "--placed", "--target", "scene", "--json"
        ).stdout
    )
    assert found["query"] == ["motion"] and found["target"] == "scene"
    assert [hit["rank"] for hit in found["hits"]] == [1, 2, 3]
    assert found["hits"][0]["id"] == "room-3" and set(found["hits"][0]["items"]) == {"item-3", "item-4"}
    pair = run(
        "search", gallery_folder, "--text", text_of(1), "--scene", "room-1", "--target", "motion", "-k", "1"
    ).stdout
    assert "item-1" in pair


@pytest.mark.parametrize(
    ("args", "output"),
    [
        (["--text", "walk", "--target", "motion", "-k", "0"], "k"),
        (["--text", "walk", "--target", "moon"], "moon"),
        (["--text", " ", "--target", "motion"], "white space"),
        (["--target", "motion"], "one or two of text, motion and scene"),
        (["--motion", "no-such-thing", "--target", "scene"], "no-such-thing"),
        (["--text", "x" * 100_000, "--target", "motion"], "100000"),
    ],
)
def test_search_with_bad_input_is_one_line(run: Any, gallery_folder: Path, args: list[str], output: str) -> None:
    result = run("search", gallery_folder, *args, code=2)
    assert result.stdout == ""
    assert output in result.stderr and result.stderr.strip().count("\n") == 0


def test_search_in_a_gallery_of_other_weights_names_both(run: Any, gallery_folder: Path, model: FakeModel) -> None:
    model.fingerprint = "beef"
    output = run("search", gallery_folder, "--text", "walk", "--target", "motion", code=2).stderr
    assert "fa4e" in output and "beef" in output


def test_score_of_two_and_of_three(run: Any, gallery_folder: Path, tmp_path: Path, model: FakeModel) -> None:
    save_scene(tmp_path / "room.npz", scene_of(3))
    np.savez(tmp_path / "many.npz", first=motion_of(3).joints, other=motion_of(9).joints)
    args = ("score", "--text", text_of(3), "--motion", f"{tmp_path}/many.npz#first", "--placed")
    two = run(*args).stdout
    assert two.startswith("t2m") and "tm2s" not in two
    output = json.loads(run(*args, "--scene", tmp_path / "room.npz", "--json").stdout)
    assert set(output["scores"]) == {"tm2s", "st2m", "ms2t", "t2m", "t2s", "m2s"}
    assert output["scores"]["tm2s"] == pytest.approx(
        model.score(text=text_of(3), motion=motion_of(3), scene=scene_of(3)).tm2s, abs=1e-4
    )
    assert any("fps" in line for line in output["assumed"])  # an array of joints does not tell its rate
    assert run("score", "--motion", "item-1", "--scene", "room-1", "--gallery", gallery_folder).stdout.startswith("m2s")
    assert "other" in run("score", "--text", "x", "--motion", f"{tmp_path}/many.npz#none", code=2).stderr
    assert "at least two" in run("score", "--text", "alone", code=2).stderr


def test_a_placed_pair_keeps_one_frame(run: Any, tmp_path: Path, model: FakeModel, monkeypatch: Any) -> None:
    """A room whose floor is 1.2 m below the origin, and a motion on that floor: neither is moved."""
    scored: dict[str, Any] = {}
    monkeypatch.setattr(model, "score", lambda **parts: scored.update(parts) or FakeModel().score(**parts))
    down = np.array([0.0, 0.0, -1.2])
    np.savez(tmp_path / "walk.npz", joints=z_up(walking(20)) + down, fps=20)
    np.savez(tmp_path / "room.npz", points=room(0.1)[0] + down)
    pair = ("score", "--motion", tmp_path / "walk.npz", "--scene", tmp_path / "room.npz")
    run(*pair, "--placed")
    assert scored["scene"].points[:, 2].min() == pytest.approx(-1.2, abs=0.01)
    assert scored["motion"].joints[..., 2].min() == pytest.approx(-1.2, abs=0.1)
    run(*pair)
    assert scored["scene"].points[:, 2].min() == pytest.approx(0.0, abs=0.01)
    assert scored["motion"].joints[..., 2].min() == pytest.approx(0.0, abs=0.1)
