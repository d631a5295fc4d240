"""score: two or three of text, motion and scene, and all motions of a file against their own texts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import FakeModel, motion_of, scene_of, text_of
from reader_files import room, walking, z_up

from monster.io.npz import save_scene


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


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """Outputs of a generator as MDM saves them: three samples with texts, of which the last is broken."""
    motions = np.stack([walking(40).transpose(1, 2, 0)] * 3)
    motions[2, :, :, 5] = np.nan
    texts = ["a person walks", "someone strolls", "a person jumps"]
    content = {"motion": motions, "text": texts, "lengths": np.array([40, 30, 40]), "num_samples": 3}
    np.save(tmp_path / "results.npy", np.array(content | {"num_repetitions": 1}, dtype=object), allow_pickle=True)
    return tmp_path / "results.npy"


def test_every_sample_is_scored_against_its_own_text(run: Any, results: Path) -> None:
    printed = run("score", "--motion", results, code=3)
    lines = printed.stdout.splitlines()
    assert lines[0].split() == ["t2m", "text"]
    assert [line.split()[0] for line in lines[1:4]] == ["0", "1", "mean"] and lines[1].endswith("a person walks")
    assert printed.stdout.count("fps: 20 (guessed") == 1 and "2 of 2" in printed.stdout
    assert "results.npy#2: expected numbers" in printed.stderr
    found = json.loads(run("score", "--motion", results, "--json", code=3).stdout)
    assert [sample["text"] for sample in found["samples"]] == ["a person walks", "someone strolls"]

    assert found["samples"][0]["scores"] != found["samples"][1]["scores"]
    assert found["mean"]["t2m"] == pytest.approx(
        np.mean([each["scores"]["t2m"] for each in found["samples"]]), abs=1e-6
    )
    assert len(found["left_out"]) == 1


def test_one_text_or_one_scene_may_be_given_for_all(run: Any, results: Path, tmp_path: Path) -> None:
    found = json.loads(run("score", "--motion", results, "--text", "a person walks", "--json", code=3).stdout)
    assert {sample["text"] for sample in found["samples"]} == {"a person walks"}
    save_scene(tmp_path / "room.npz", scene_of(3))
    found = json.loads(run("score", "--motion", results, "--scene", tmp_path / "room.npz", "--json", code=3).stdout)
    assert "tm2s" in found["samples"][0]["scores"]


def test_a_key_picks_one_sample_and_its_text(run: Any, results: Path) -> None:
    found = json.loads(run("score", "--motion", f"{results}#1", "--json").stdout)
    assert found["text"] == "someone strolls" and set(found["scores"]) == {"t2m"}
    assert "NaN or infinite" in run("score", "--motion", f"{results}#2", code=2).stderr
    line = run("search", results.parent, "--target", "text", "--motion", results, code=2).stderr
    assert "key=" not in line


def test_remarks_on_a_text_are_said_and_half_a_sign_is_refused(run: Any, folder: Path, gallery_folder: Path) -> None:
    given = ("--motion", folder / "walk.npy")
    assert "warning: text: a question [question]" in run("score", "--text", "walk?", *given).stdout
    found = json.loads(run("search", gallery_folder, "--text", "walk?", "--target", "motion", "--json").stdout)
    assert found["remarks"] == ["text: a question [question]"]
    line = "text contains a lone surrogate (U+DCFF), which UTF-8 cannot encode"
    assert line in run("search", gallery_folder, "--text", "walk \udcff", "--target", "motion", code=2).stderr


def test_samples_without_texts_need_one(run: Any, tmp_path: Path) -> None:
    np.savez(tmp_path / "many.npz", a=motion_of(1).joints, b=motion_of(2).joints)
    assert "--text says one for all" in run("score", "--motion", tmp_path / "many.npz", code=2).stderr
