"""The command convert: every format out, many at once, and what is left out is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import FakeModel
from reader_files import bvh_text, room, walking, z_up
from robot_files import qpos, seed_header, seed_rows, write_rows

from monster.gallery import Gallery
from monster.io import read_motion, read_scene
from monster.io.normalise.retarget import BONE_LENGTHS
from monster.skeleton import JOINTS, PARENTS
from monster.types import Item, Motion


@pytest.fixture
def walk(tmp_path: Path) -> Path:
    path = tmp_path / "walk.bvh"
    path.write_text(bvh_text({name: name for name in JOINTS}))
    return path


@pytest.mark.parametrize("name", ["out.bvh", "out.npy", "out.npz"])
def test_a_motion_by_the_ending(run: Any, walk: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    assert run("convert", walk, out).stdout.strip() == str(out)
    assert np.abs(read_motion(out).joints - read_motion(walk).joints).max() < 1e-3
    assert "an existing one; add --force" in run("convert", walk, out, code=2).stderr
    run("convert", walk, out, "--force")


def test_a_robots_table_becomes_a_bvh_with_the_same_joints(run: Any, tmp_path: Path) -> None:
    for name, source in (
        ("rows", write_rows(tmp_path / "g1.csv", qpos())),
        ("seed", write_rows(tmp_path / "seed.csv", seed_rows(), seed_header())),
    ):
        out = tmp_path / f"{name}.bvh"
        run("convert", source, out)
        robot, written = read_motion(source), read_motion(out, placed=True)  # a robot stands on its floor
        assert np.abs(written.joints - robot.joints).max() < 1e-3 and written.fps == robot.fps
    told = run("convert", write_rows(tmp_path / "g2.csv", np.zeros((3, 30))), tmp_path / "g2.bvh", code=2)
    assert "36 (Unitree G1), 26 (Unitree H1), got 30; is this a G1 of 23 joints" in told.stderr


def test_features_rates_axes_and_proportions(run: Any, walk: Path, tmp_path: Path) -> None:
    run("convert", walk, tmp_path / "features.npy", "--format", "humanml")
    assert np.load(tmp_path / "features.npy").shape == (59, 263)
    run("convert", walk, tmp_path / "fast.bvh", "--fps", 60)
    assert read_motion(tmp_path / "fast.bvh").fps == 60
    run("convert", walk, tmp_path / "slow.npz", "--source-fps", 10)
    assert read_motion(tmp_path / "slow.npz").fps == 10
    run("convert", walk, tmp_path / "up.npy", "--up", "y")
    assert np.ptp(np.load(tmp_path / "up.npy")[:, 15, 1]) < 0.1 < np.ptp(np.load(tmp_path / "up.npy")[:, 15, 2])
    np.save(tmp_path / "giant.npy", walking(30) * 1.2)
    run("convert", tmp_path / "giant.npy", tmp_path / "small.npz", "--retarget", "neutral")
    joints = read_motion(tmp_path / "small.npz").joints.astype(float)
    lengths = np.linalg.norm(joints - joints[:, list(PARENTS)], axis=-1)
    assert np.abs(lengths - BONE_LENGTHS)[:, 1:].max() < 1e-3
    run("convert", walk, tmp_path / "tall.npz", "--retarget", tmp_path / "giant.npy")
    joints = read_motion(tmp_path / "tall.npz").joints.astype(float)
    lengths = np.linalg.norm(joints - joints[:, list(PARENTS)], axis=-1)
    assert np.abs(lengths - 1.2 * BONE_LENGTHS)[:, 1:].max() < 1e-3


@pytest.mark.parametrize("name", ["hit.bvh", "hit.glb", "hit.npy", "hit.npz"])
def test_a_hit_of_a_gallery_in_its_room(run: Any, tmp_path: Path, name: str) -> None:
    joints = z_up(walking(40))
    joints += [3.0, -2.0, 0.5 - joints[..., 2].min()]
    motion = Motion(joints.astype(np.float32), 20.0, placed=True)
    with Gallery.create(tmp_path / "gallery", FakeModel()) as gallery:
        gallery.add([Item("walk 1", motion, captions=("a walk",)), Item("words", captions=("nothing",))])
    run("convert", f"{tmp_path / 'gallery'}#walk 1", tmp_path / name)
    read = read_motion(tmp_path / name, placed=True)
    assert np.abs(read.joints - motion.joints).max() < 0.02
    assert "unknown" in run("convert", f"{tmp_path / 'gallery'}#nothing", tmp_path / "no.bvh", code=2).stderr
    out = run("convert", f"{tmp_path / 'gallery'}#words", tmp_path / "no.bvh", code=2)
    assert "expected a motion, got an item without one" in out.stderr


def test_a_mapping(run: Any, tmp_path: Path) -> None:
    names = {name: f"knob{'abcdefghijklmnopqrstuv'[place]}" for place, name in enumerate(JOINTS)}
    (tmp_path / "odd.bvh").write_text(bvh_text(names))
    (tmp_path / "mapping.json").write_text(json.dumps(names))
    assert "joints that can be recognised" in run("convert", tmp_path / "odd.bvh", tmp_path / "o.npz", code=2).stderr
    run("convert", tmp_path / "odd.bvh", tmp_path / "o.npz", "--mapping", tmp_path / "mapping.json")
    assert len(read_motion(tmp_path / "o.npz")) == 60
    assert "22 by the mapping" in run("inspect", tmp_path / "odd.bvh", "--mapping", tmp_path / "mapping.json").stdout


def test_many_motions_of_a_file_and_one_of_them(run: Any, tmp_path: Path) -> None:
    np.savez(tmp_path / "many.npz", a=walking(20), b=walking(30), c=np.full((9, 22, 3), np.nan))
    found = run("convert", tmp_path / "many.npz", tmp_path / "out", "--format", "bvh", "--json", code=3)
    told = json.loads(found.stdout)
    assert [Path(path).name for path in told["written"]] == ["many_a.bvh", "many_b.bvh"]
    assert "many_c: many.npz: expected numbers" in told["left_out"][0] and "left out 1" in found.stderr
    assert len(read_motion(tmp_path / "out" / "many_b.bvh")) == 30
    run("convert", f"{tmp_path}/many.npz#a", tmp_path / "a.npy")
    assert len(read_motion(tmp_path / "a.npy")) == 20


def test_a_folder(run: Any, walk: Path, tmp_path: Path) -> None:
    source = tmp_path / "in"
    (source / "more").mkdir(parents=True)
    walk.rename(source / "more" / "walk.bvh")
    np.save(source / "stroll.npy", walking(20))
    (source / "notes.md").write_text("not a motion")
    (source / "dance.fbx").write_bytes(b"Kaydara")
    found = run("convert", source, tmp_path / "out", "--format", "joints", code=3)
    assert found.stdout.strip() == "2 files" and "expected an FBX file" in found.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["more_walk.npy", "stroll.npy"]


def test_a_scene(run: Any, tmp_path: Path) -> None:
    points, of = room()
    np.savez(tmp_path / "room.npz", xyz=points, instance=of + 1)
    run("convert", tmp_path / "room.npz", tmp_path / "room.ply")
    found = read_scene(tmp_path / "room.ply")
    assert found.instances is not None and len(found.points) == len(points)
    assert np.array_equal(found.instances, read_scene(tmp_path / "room.npz").instances)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("walk.bvh", "out.xyz"), "expected a name that ends with .bvh .npz .glb .npy or .ply, or --format"),
        (("walk.bvh", "out", "--format", "gif"), "unknown format 'gif'"),
        (("walk.bvh", "out.npy", "--up", "x"), "unknown axis 'x'"),
        (("gone.bvh", "out.npy"), "gone.bvh: expected a file"),
        (("walk.bvh", "out.npy", "--mapping", "gone.json"), "gone.json: expected a file"),
        ((".", "out", "--format", "ply"), "nothing was converted"),
    ],
)
def test_what_cannot_be_done(run: Any, walk: Path, tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    paths = [str(tmp_path / given) if place < 2 else given for place, given in enumerate(arguments)]
    found = run("convert", *paths, code=2)
    assert words in found.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["walk.bvh"]


def test_a_motion_as_glb_is_a_motion_again(run: Any, tmp_path: Path) -> None:
    np.save(tmp_path / "walk.npy", walking(20))
    run("convert", tmp_path / "walk.npy", tmp_path / "walk.glb")
    read = read_motion(tmp_path / "walk.glb")
    assert np.abs(read.joints - read_motion(tmp_path / "walk.npy").joints).max() < 1e-3
