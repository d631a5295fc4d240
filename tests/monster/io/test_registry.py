"""A format that is registered is read everywhere, and a suffix that two formats share is told apart by content."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reader_files import room, walking, z_up

from monster.corpus.folder import Folder
from monster.errors import FileFormatError, InputError
from monster.inspection.validation import Validation
from monster.io import (
    MotionFormat,
    MotionOptions,
    RawMotion,
    RawScene,
    SceneFormat,
    Source,
    file_kind,
    motion_formats,
    motion_ids,
    read_motion,
    read_scene,
    read_untrusted,
    register_motion_format,
    register_scene_format,
    registry,
    scene_formats,
    suffixes,
)
from monster.io.gltf import packed_glb
from monster.io.motion.gltf_writer import write_glb
from monster.types import Motion

FORMATS = """
import numpy as np
from monster.io import MotionFormat, RawMotion, RawScene, SceneFormat

def walk(source, key, options):
    rows = np.array([float(word) for word in source.text("numbers").split()[1:]])
    return RawMotion(rows.reshape(-1, 22, 3)[: 10 if key == "first" else 30], fps=25.0, up="z", unit=1.0)

def room(source):
    return RawScene(np.loadtxt(source.file, skiprows=1), up="z", unit=1.0)

def is_mine(source):
    return source.head.startswith(b"MINE")

def keys(source):
    return ("first", "second")

WALK = MotionFormat("mine", (".mine", ".bvh"), walk, sniff=is_mine, keys=keys)
ROOM = SceneFormat("room of mine", (".room",), room, sniff=is_mine, count=lambda source: source.count(b"\\n") - 1)
"""


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A module with two formats, which can be imported here and in child processes; the register is as before after."""
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "formats_of_mine.py").write_text(FORMATS)
    monkeypatch.syspath_prepend(tmp_path / "modules")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "modules"))
    monkeypatch.setattr(registry, "_registered", [])
    import formats_of_mine  # type: ignore[import-not-found]

    yield formats_of_mine
    sys.modules.pop("formats_of_mine")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a file of each of the two formats."""
    (made := tmp_path / "files").mkdir()
    rows = z_up(walking(30)).reshape(30, 66)
    (made / "walk.mine").write_text("MINE\n" + "\n".join(" ".join(map(str, row)) for row in rows))
    (made / "a.room").write_text("MINE\n" + "\n".join(" ".join(map(str, point)) for point in room()[0]))
    return made


def test_a_registered_format_is_read_everywhere(mine: Any, folder: Path, tmp_path: Path) -> None:
    assert file_kind(folder / "walk.mine") is None
    with pytest.raises(FileFormatError, match=r"expected a motion file \(\.bvh .*\), got '\.mine'"):
        read_motion(folder / "walk.mine")
    register_motion_format(mine.WALK)
    register_scene_format(mine.ROOM)
    assert (file_kind(folder / "walk.mine"), file_kind(folder / "a.room")) == ("motion", "scene")
    assert ".mine" in suffixes("motion") and ".room" in suffixes("scene")
    assert motion_ids(folder / "walk.mine") == ("first", "second")
    motion = read_motion(folder / "walk.mine", key="second", placed=True)
    assert np.abs(motion.joints - z_up(walking(30))).max() < 1e-6 and motion.fps == 25
    assert np.abs(read_scene(folder / "a.room", split=False).points - room()[0]).max() < 1e-6
    assert sorted(item.id for item in Folder(folder)) == ["a.room", "walk.mine/first", "walk.mine/second"]
    reports = list(Validation(folder, split=False).reports())
    assert [(report.file, report.key, report.kind) for report in reports] == [
        ("a.room", "", "scene"),
        ("walk.mine", "first", "motion"),
        ("walk.mine", "second", "motion"),
    ]
    assert len(read_untrusted(folder / "walk.mine", "motion", key="first")) == 10
    assert len(read_untrusted(folder / "a.room", "scene", split=False).points) == len(room()[0])


def test_a_format_may_share_a_suffix(mine: Any, folder: Path) -> None:
    register_motion_format(mine.WALK)
    (folder / "walk.mine").rename(folder / "walk.bvh")
    (folder / "other.bvh").write_text("HIERARCHY nonsense")
    assert motion_ids(folder / "walk.bvh") == ("first", "second")
    with pytest.raises(FileFormatError, match="expected a MOTION part"):
        read_motion(folder / "other.bvh")


def test_a_scene_with_too_many_points_is_refused(mine: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    register_scene_format(mine.ROOM)
    monkeypatch.setattr("monster.io.scene.read.MAX_POINTS", 100)
    with pytest.raises(FileFormatError, match="expected at most 100 points"):
        read_scene(folder / "a.room")


def test_names_and_suffixes_are_checked(mine: Any) -> None:
    register_motion_format(mine.WALK)
    with pytest.raises(InputError, match="expected a new name for a motion format, got 'mine'"):
        register_motion_format(mine.WALK)
    with pytest.raises(InputError, match="for a scene format, got 'ply'"):
        register_scene_format(SceneFormat("ply", (".ply",), mine.room))
    for suffix in ("new", ".NEW"):
        with pytest.raises(InputError, match="expected lower case suffixes"):
            register_scene_format(SceneFormat("new", (suffix,), mine.room))


def test_formats_of_other_packages_come_as_entry_points(
    mine: Any, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    points = [
        EntryPoint("mine", "formats_of_mine:WALK", registry.GROUP),
        EntryPoint("gone", "no_such_module:FORMAT", registry.GROUP),
        EntryPoint("odd", "formats_of_mine:walk", registry.GROUP),
    ]
    monkeypatch.setattr(registry, "entry_points", lambda group: points if group == registry.GROUP else ())
    registry._installed_formats.cache_clear()
    try:
        assert len(motion_ids(folder / "walk.mine")) == 2
    finally:
        registry._installed_formats.cache_clear()
    assert "no_such_module:FORMAT cannot be loaded" in caplog.text
    assert "expected a MotionFormat or a SceneFormat, got function" in caplog.text


def test_the_built_in_formats() -> None:
    names = [(entry.kind, entry.name) for entry in (*motion_formats(), *scene_formats())]
    assert len(set(names)) == len(names) >= len(registry.BUILT_IN)
    for suffix in (".bvh", ".npy", ".npz", ".amc", ".c3d", ".pkl"):
        assert suffix in suffixes("motion")
    for suffix in (".ply", ".pcd", ".xyz", ".txt", ".npy", ".npz", ".obj", ".glb"):
        assert suffix in suffixes("scene")


def test_no_other_module_lists_suffixes() -> None:
    """Only the files of formats, which come after the register, know their suffixes."""
    root = Path(registry.__file__).parents[1]
    own = {name.partition(":")[0] for name in registry.BUILT_IN}
    known = {f'"{suffix}"' for suffix in (*suffixes("motion"), *suffixes("scene"))}
    listing = [
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if sum(suffix in path.read_text(encoding="utf-8") for suffix in known) > 2
        and ".".join(path.relative_to(root.parent).with_suffix("").parts) not in own
    ]
    assert listing == []


def test_a_format_states_nothing_by_default() -> None:
    def read(source: Source, key: str, options: MotionOptions) -> RawMotion:
        return RawMotion(walking(5))

    with Source("a/walk.x") as source:
        format = MotionFormat("x", (".x",), read)
        assert format.sniff(source) and format.keys(source) == ("walk",) and format.count(source) == 1
        assert format.captions(source) == {} and format.write is None
        scene = SceneFormat("x", (".x",), lambda source: RawScene(room()[0]))
        assert scene.sniff(source) and scene.count(source) == 0 and not scene.folders and not scene.reads_large


def test_a_format_of_the_main_program_is_not_sent_to_a_child() -> None:
    code = (
        "from monster.io import MotionFormat, register_motion_format, registry\n"
        "def read(source, key, options): ...\n"
        "register_motion_format(MotionFormat('x', ('.x',), read))\n"
        "print(registry.registered_modules())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "()\n"


def test_animations_scans_and_meshes_with_one_suffix_are_told_apart(tmp_path: Path) -> None:
    """A GLB with a moving body is a motion, any other a scene; FBX is a motion, LAS a scene."""
    write_glb(tmp_path / "walk.glb", Motion(z_up(walking(20)).astype(np.float32), 30.0))
    assert file_kind(tmp_path / "walk.glb") == "motion"
    assert read_motion(tmp_path / "walk.glb").fps == 30.0
    (tmp_path / "room.glb").write_bytes(packed_glb({"asset": {"version": "2.0"}}, b""))
    assert file_kind(tmp_path / "room.glb") == "scene"
    (tmp_path / "a.fbx").write_bytes(b"x")
    (tmp_path / "a.las").write_bytes(b"x")
    assert (file_kind(tmp_path / "a.fbx"), file_kind(tmp_path / "a.las")) == ("motion", "scene")
