"""Folders of motion and scene files as items."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fakes import motion_of, scene_of

from monster.corpus.folder import Folder
from monster.corpus.storage import Corpus
from monster.errors import InputError
from monster.io.npz import save_motion, save_scene
from worlds.generate import generate


def test_order_ids_and_captions(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    save_motion(tmp_path / "b" / "walk.npz", motion_of(2))
    save_scene(tmp_path / "a.npz", scene_of(1))
    (tmp_path / "b" / "captions.jsonl").write_text('{"id": "walk", "captions": ["someone walks"]}\n')
    (tmp_path / ".hidden").mkdir()
    save_scene(tmp_path / ".hidden" / "c.npz", scene_of(1))
    items = list(Folder(tmp_path))
    assert [item.id for item in items] == ["a.npz", "b/walk.npz"]
    assert items[0].scene is not None and items[0].motion is None
    assert items[1].captions == ("someone walks",) and items[1].metadata["file"] == "b/walk.npz"


def test_an_invalid_clip_does_not_exclude_the_others(tmp_path: Path) -> None:
    broken = motion_of(2).joints.copy()
    broken[3, 4] = np.nan
    np.savez(tmp_path / "many.npz", good=motion_of(1).joints, bad=broken)
    folder = Folder(tmp_path)
    assert [item.id for item in folder] == ["many.npz/good"]
    assert len(folder.left_out) == 1 and folder.left_out[0].startswith("many.npz/bad: ")


def test_file_kind_is_detected_from_the_content(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    floor = np.column_stack([rng.uniform(0, 4, (3000, 2)), np.zeros(3000)])
    wall = np.column_stack([rng.uniform(0, 4, 2000), np.zeros(2000), rng.uniform(0, 2.5, 2000)])
    np.save(tmp_path / "cloud.npy", np.concatenate([floor, wall]).astype(np.float32))
    np.save(tmp_path / "clip.npy", motion_of(1).joints)
    np.save(tmp_path / "neither.npy", np.zeros((5, 5, 5)))
    folder = Folder(tmp_path)
    kinds = {item.id: item.motion is not None for item in folder}
    assert kinds["clip.npy"] is True
    assert kinds.get("cloud.npy") is False or "cloud.npy" in folder.left_out[0]  # splitting it needs Open3D
    assert any(line.startswith("neither.npy: expected joints") for line in folder.left_out)


def test_a_corpus_is_read_and_a_corrupt_item_is_listed(tmp_path: Path) -> None:
    corpus = generate(tmp_path / "c", rooms=2, items=4, seed=1, workers=1)
    corpus.motion_path(str(corpus.records[0].motion)).write_bytes(b"cut")
    folder = Folder(tmp_path / "c")
    items = list(folder)
    assert len(items) == 3 and all(item.scene is not None for item in items)
    assert [item.scene_id for item in items] == sorted(str(item.scene_id) for item in items)
    assert folder.left_out[0].startswith(f"{corpus.records[0].id}: ")


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="got a file"):
        list(Folder(tmp_path / "file"))
    with pytest.raises(InputError, match="got nothing"):
        list(Folder(tmp_path / "none"))


def test_a_scene_that_items_share_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    generate(tmp_path / "c", rooms=1, items=4, seed=1, workers=1)
    read: list[str] = []
    scene = Corpus.scene
    monkeypatch.setattr(Corpus, "scene", lambda corpus, id: read.append(id) or scene(corpus, id))
    items = list(Folder(tmp_path / "c"))
    assert len(items) == 4 and len(read) == len({item.scene_id for item in items}) == 1


def test_several_processes_read_the_same_items(tmp_path: Path) -> None:
    for number in range(6):
        save_motion(tmp_path / f"{number}.npz", motion_of(number + 1))
    (tmp_path / "bad.bvh").write_text("nothing")
    alone, together = Folder(tmp_path, workers=0), Folder(tmp_path, workers=2)
    for one, other in zip(alone, together, strict=True):
        assert one.id == other.id and one.motion is not None and other.motion is not None
        assert np.array_equal(one.motion.joints, other.motion.joints)
    assert alone.left_out == together.left_out and len(alone.left_out) == 1
