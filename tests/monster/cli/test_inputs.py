"""What an argument of a command names: a file, one key of a file, or an id in a gallery."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fakes import FakeModel, item_of, motion_of, scene_of

from monster.cli.inputs import motion_of as motion_named
from monster.cli.inputs import scene_of as scene_named
from monster.cli.inputs import split_key
from monster.errors import InputError
from monster.gallery import Gallery
from monster.io.npz import save_scene


@pytest.fixture
def files(tmp_path: Path) -> Path:
    np.savez(tmp_path / "many.npz", a=motion_of(4).joints, b=motion_of(5).joints)
    save_scene(tmp_path / "room.npz", scene_of(7))
    return tmp_path


def test_one_motion_of_a_file_is_named_by_its_key(files: Path) -> None:
    motion = motion_named(f"{files / 'many.npz'}#b", placed=True)
    assert np.allclose(motion.joints, motion_of(5).joints, atol=1e-5)
    assert motion.placed


def test_a_file_is_preferred_to_an_id(files: Path, tmp_path: Path) -> None:
    assert len(scene_named(str(files / "room.npz")).points) == len(scene_of(7).points)
    with Gallery.create(tmp_path / "gallery", FakeModel()) as gallery:
        gallery.add([item_of(2)])
        assert np.array_equal(motion_named("item-2", gallery).joints, motion_of(2).joints)
        assert np.allclose(scene_named("room-2", gallery).points, scene_of(2).points, atol=1e-3)  # stored in mm
        scene = scene_named(str(files / "room.npz"), gallery)
        assert np.allclose(scene.points, scene_of(7).points, atol=1e-3)


@pytest.mark.parametrize(("named", "what"), [(motion_named, "motion"), (scene_named, "scene")])
def test_neither_file_nor_gallery_is_an_error(named: object, what: str) -> None:
    with pytest.raises(InputError, match=f"z.npz: expected a {what} file"):
        named("z.npz")  # type: ignore[operator]


def test_a_file_may_have_the_separator_in_its_name(tmp_path: Path) -> None:
    odd = tmp_path / "a#b.npy"
    odd.write_bytes(b"")
    assert split_key(str(odd)) == (odd, None)
    assert split_key(f"{odd}#c") == (odd, "c")
    assert split_key("walk.npz#c") == (Path("walk.npz"), "c")
    assert split_key("walk.npz") == (Path("walk.npz"), None)
