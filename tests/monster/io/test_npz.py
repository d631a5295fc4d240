"""The own format gives back what was saved, in the same bytes."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monster.errors import FileFormatError
from monster.io.npz import load_motion, load_scene, save_motion, save_scene
from monster.io.numpy_files import read_npz, write_npz
from monster.types import Finding, Motion, Provenance, Scene


def a_body(frames: int = 5) -> np.ndarray:
    """Someone of 1.6 m whose joints hang in one line; only sizes matter here."""
    heights = [
        0.9,
        0.8,
        0.8,
        1.0,
        0.45,
        0.45,
        1.1,
        0.1,
        0.1,
        1.2,
        0,
        0,
        1.4,
        1.35,
        1.35,
        1.5,
        1.4,
        1.4,
        1.1,
        1.1,
        0.9,
        0.9,
    ]
    joints = np.zeros((frames, 22, 3), np.float32)
    joints[..., 2] = heights
    joints[..., 0] = np.arange(frames)[:, None] * 0.0731
    return joints


def a_scene(count: int = 50, seed: int = 0) -> Scene:
    """A few points of three things, one without a name."""
    random = np.random.default_rng(seed)
    return Scene(
        random.uniform(-3, 3, (count, 3)).astype(np.float32),
        colors=random.random((count, 3)).astype(np.float32),
        instances=random.integers(-1, 3, count),
        labels={0: "floor", 2: "chair"},
        provenance=Provenance("room.ply", (Finding("unit", "metres", "guessed", "a room of 6 m"),)),
    )


@settings(max_examples=25, deadline=None)
@given(step=st.sampled_from([0.001, 1.0, 0.333]), shift=st.floats(-40, 40), fps=st.floats(1, 240), placed=st.booleans())
def test_motion_comes_back_bit_for_bit(
    tmp_path_factory: pytest.TempPathFactory, step: float, shift: float, fps: float, placed: bool
) -> None:
    joints = np.round((a_body() + np.float32(shift)) / np.float32(step)) * np.float32(step) if step != 1.0 else a_body()
    motion = Motion(joints.astype(np.float32), fps, placed=placed)
    path = tmp_path_factory.mktemp("motion") / "m.npz"
    save_motion(path, motion)
    again = load_motion(path)
    assert np.array_equal(again.joints, motion.joints)
    assert (again.fps, again.placed) == (motion.fps, motion.placed)


def test_whole_millimetres_take_two_bytes(tmp_path: Path) -> None:
    save_motion(tmp_path / "m.npz", Motion(np.round(a_body(), 3)))
    assert read_npz(tmp_path / "m.npz")["joints"].dtype == np.int16
    save_motion(tmp_path / "f.npz", Motion(a_body() + np.float32(1e-4)))
    assert read_npz(tmp_path / "f.npz")["joints"].dtype == np.float32


def test_scene_comes_back_to_a_millimetre(tmp_path: Path) -> None:
    scene = a_scene()
    save_scene(tmp_path / "s.npz", scene)
    again = load_scene(tmp_path / "s.npz")
    assert np.abs(again.points - scene.points).max() <= 0.00051
    assert scene.colors is not None and again.colors is not None and again.instances is not None
    assert np.abs(again.colors - scene.colors).max() <= 0.5 / 255 + 1e-6
    assert np.array_equal(again.instances, scene.instances)
    assert again.labels == scene.labels
    assert again.provenance == scene.provenance
    save_scene(tmp_path / "t.npz", again)
    assert np.array_equal(load_scene(tmp_path / "t.npz").points, again.points)


def test_a_hall_far_from_the_origin_is_kept(tmp_path: Path) -> None:
    points = np.array([[0, 0, 0], [150, 0, 3], [75, 90, 0]], np.float32) + np.float32(1000)
    save_scene(tmp_path / "s.npz", Scene(points))
    again = load_scene(tmp_path / "s.npz")
    assert np.array_equal(again.points, points)
    assert again.colors is None and again.instances is None and again.labels is None


@pytest.mark.parametrize("largest", [126, 127, 128, 200, 32_767, 32_768, 2**31 - 1, 2**31, 2**40])
def test_instance_ids_of_any_size_are_kept(tmp_path: Path, largest: int) -> None:
    ids = np.array([-1, largest, largest - 256, 0, largest])
    ids[2] = max(ids[2], 3)
    save_scene(tmp_path / "s.npz", Scene(np.eye(5, 3), instances=ids, labels={largest: "chair"}))
    again = load_scene(tmp_path / "s.npz")
    assert again.instances is not None
    assert again.instances.dtype == np.int64
    assert again.instances.tolist() == ids.tolist()
    assert again.labels == {largest: "chair"}


def test_equal_values_give_equal_bytes_and_nothing_is_left_behind(tmp_path: Path) -> None:
    for name in ("a.npz", "b.npz"):
        save_scene(tmp_path / name, a_scene())
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.npz", "b.npz"]


def test_messages_name_the_file_and_the_reason(tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", walk=a_body(), run=a_body())
    for path, read, words in [
        (tmp_path / "other.npz", load_motion, "expected a file in the format 'monster motion 1', got 'walk', 'run'"),
        (tmp_path / "other.npz", load_scene, "monster scene 1"),
    ]:
        with pytest.raises(FileFormatError, match=words) as caught:
            read(path)
        assert str(caught.value).startswith(path.name) and "\n" not in str(caught.value)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_broken_bytes_give_an_error_or_a_right_answer(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("fuzz")
    path = folder / "s.npz"
    save_scene(path, a_scene())
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes(content[: data.draw(st.integers(1, len(content)))]))
    try:
        scene = load_scene(path)
    except FileFormatError as error:
        assert str(error).startswith("s.npz")
    else:
        assert scene.points.shape == (50, 3)


def test_own_files_with_words_for_numbers_and_headers_that_differ(tmp_path: Path) -> None:
    save_motion(tmp_path / "a.npz", Motion(a_body()))
    save_scene(tmp_path / "b.npz", a_scene())
    for name, array, load in (("a.npz", "joints", load_motion), ("b.npz", "colors", load_scene)):
        write_npz(tmp_path / name, {**read_npz(tmp_path / name), array: np.array("some words")})
        with pytest.raises(FileFormatError, match=rf"^{name}: expected {array} as numbers, got <U10"):
            load(tmp_path / name)
    packed = (tmp_path / "b.npz").read_bytes()
    start = packed.index(b"points.npy") - 4  # the lengths of name and extra field in the member's own header
    (tmp_path / "b.npz").write_bytes(packed[:start] + b"\xff\x07" + packed[start + 2 :])
    with pytest.raises(FileFormatError, match="got a broken one") as caught:
        load_scene(tmp_path / "b.npz")
    assert len(str(caught.value)) < 300
