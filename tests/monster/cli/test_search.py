"""index, gallery and search, from files to answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import FakeModel, motion_of, text_of
from reader_files import walking, z_up

from monster.gallery import Gallery


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


def test_search_says_once_what_was_guessed_and_what_may_be_wrong(
    run: Any, gallery_folder: Path, tmp_path: Path
) -> None:
    np.save(tmp_path / "up.npy", z_up(walking(40)) + np.arange(40)[:, None, None] * [1.0, 0, 0])  # 20 m/s
    query = ("search", gallery_folder, "--target", "text", "--motion", tmp_path / "up.npy")
    printed = run(*query).stderr
    assert printed.count("assumed: ") == printed.count("fps: 20 (guessed; nothing states it") == 1
    assert "--source-fps settles it" in printed and "[too-fast]" in printed
    found = json.loads(run(*query, "--json").stdout)
    assert len(found["assumed"]) == 1 and any("too-fast" in line for line in found["remarks"])
    settled = run(*query, "--source-fps", "20").stderr
    assert "fps" not in settled


def test_index_says_once_what_was_guessed(run: Any, folder: Path, tmp_path: Path) -> None:
    printed = run("index", folder, "--out", tmp_path / "lib", code=3).stderr
    assert (
        printed.count("--source-fps settles it") == 1 and "assumed for 2, such as clips/many.npz/b: fps: 20" in printed
    )
