"""Whatever axes and unit a motion comes in, the same motion is read, and what was found out is told."""

from pathlib import Path

import numpy as np
import pytest
from reader_files import walking, z_up

from monster.errors import FileFormatError
from monster.geometry.axes import UPS, to_z_up
from monster.io.formats import MotionOptions, RawMotion
from monster.io.normalise.body_frame import check_finite, to_motion, vote_up
from monster.skeleton import MIRROR
from monster.types import Motion

PATH = Path("clip.npy")


def read(joints: np.ndarray, options: MotionOptions | None = None, **more: object) -> Motion:
    return to_motion(RawMotion(joints, **more), options or MotionOptions(), PATH)  # type: ignore[arg-type]


def findings(motion: Motion) -> dict[str, tuple[str, str]]:
    return {found.what: (found.value, found.how) for found in motion.provenance}


def in_axes(joints: np.ndarray, up: str) -> np.ndarray:
    """Joints with z up as a file with another up axis has them."""
    return joints @ to_z_up(np.eye(3), up).T


@pytest.mark.parametrize("up", UPS)
@pytest.mark.parametrize(
    ("unit", "name"), [(1.0, "metres"), (0.01, "centimetres"), (0.001, "millimetres"), (0.0254, "inches")]
)
def test_axes_and_unit_are_found(up: str, unit: float, name: str) -> None:
    expected = z_up(walking())
    expected[..., 2] -= np.percentile(expected[..., 2].min(axis=1), 1)
    motion = read(in_axes(z_up(walking()), up) / unit)
    assert np.abs(motion.joints - expected).max() < 1e-4
    assert findings(motion)["axes"] == (f"{up} up", "detected")
    assert findings(motion)["unit"] == (name, "guessed" if name == "inches" else "detected")
    assert findings(motion)["fps"] == ("20", "guessed")


def test_what_is_given_is_not_detected() -> None:
    motion = read(walking() * 100, MotionOptions(axes="y", unit="cm", fps=25, placed=True))
    assert np.abs(motion.joints - z_up(walking())).max() < 1e-4
    assert motion.placed and motion.fps == 25
    assert {found.how for found in motion.provenance} == {"given"}


def test_the_floor_moves_only_under_an_unplaced_motion() -> None:
    high = walking() + np.array([0, 7, 0])
    assert read(high).joints[..., 2].min() == pytest.approx(0, abs=0.01)
    assert findings(read(high))["floor"][0].startswith("moved from 6.9")
    placed = read(high, MotionOptions(placed=True))
    assert placed.joints[..., 2].min() > 6.5
    assert findings(placed)["floor"] == ("kept", "given")


def test_a_lying_body_among_walkers_takes_their_axes() -> None:
    lying = walking(40)[:1].repeat(40, axis=0)[..., [0, 2, 1]] * [1, 1, -1] + np.linspace(0, 1e-3, 40)[:, None, None]
    assert vote_up([walking(), walking(30), lying]) == "y"
    assert vote_up([]) is None
    motion = to_motion(RawMotion(lying), MotionOptions(), PATH, common_up="y")
    assert findings(motion)["axes"] == ("y up", "detected")


def test_a_motion_that_shows_no_up_is_refused_or_guessed() -> None:
    ball = np.random.default_rng(0).normal(size=(40, 22, 3)) * 0.13
    with pytest.raises(FileFormatError, match=r"^clip.npy: .*which way is up.*axes= .--axes"):
        read(ball)
    assert findings(read(ball, usual_up="y"))["axes"] == ("y up", "guessed")


def test_swapped_sides_are_told() -> None:
    assert "mirrored" not in findings(read(walking()))
    assert findings(read(walking()[:, list(MIRROR)]))["mirrored"] == ("yes", "guessed")
    assert findings(read(walking() * [-1, 1, 1]))["mirrored"] == ("yes", "guessed")


@pytest.mark.parametrize(
    ("joints", "words"),
    [
        (walking() * 0.05, "expected a person of 0.5 to 2.5 m, got 0.07"),
        (walking() * 1e5, "fits no unit"),
        (walking() * 1e9, "coordinates up to"),
        (walking()[:1], "at least 2 frames of motion, got 1"),
        (walking()[:0], "at least 2 frames of motion, got 0"),
        (np.zeros((5, 22, 3)), "fits no unit"),
    ],
)
def test_nobody_is_of_that_size(joints: np.ndarray, words: str) -> None:
    with pytest.raises(FileFormatError, match=words) as caught:
        read(joints)
    assert str(caught.value).startswith("clip.npy: ")


def test_numbers_that_are_none_are_counted_and_placed() -> None:
    joints = walking()
    joints[7, 15] = np.nan
    joints[9, 3, 1] = np.inf
    with pytest.raises(
        FileFormatError, match="4 joints values that are NaN or infinite, the first in frame 7, joint head"
    ):
        check_finite(joints, PATH)
    check_finite(walking(), PATH)


def still(joints: np.ndarray, frames: int = 30) -> np.ndarray:
    """One pose for many frames, with a breath of a millimetre."""
    breath = 0.001 * np.sin(np.arange(frames))[:, None, None]
    return joints[:1].repeat(frames, axis=0) + breath


def test_a_body_that_lies_still_takes_the_usual_axis_as_a_guess() -> None:
    lying = still(walking())[..., [0, 2, 1]] * [1, 1, -1]  # y up: along z, on its back
    motion = read(lying, usual_up="y")
    assert findings(motion)["axes"] == ("y up", "guessed")
    assert np.ptp(motion.joints[..., 2]) < 0.7
    standing = read(still(walking()), usual_up="y")
    assert findings(standing)["axes"] == ("y up", "detected")


def test_a_body_that_stands_still_in_an_array_is_a_guess() -> None:
    motion = read(still(walking()))
    assert findings(motion)["axes"] == ("y up", "guessed")
    assert "--axes" in next(found.note for found in motion.provenance if found.what == "axes")


@pytest.mark.parametrize("child", [0.62, 0.77, 0.8])
def test_a_length_of_a_child_in_centimetres_or_a_man_in_inches_is_a_guess(child: float) -> None:
    from monster.types import person_size

    joints = walking()
    motion = read(joints / person_size(joints.astype(np.float32)) * child * 100)
    unit = next(found for found in motion.provenance if found.what == "unit")
    assert (unit.value, unit.how) == ("inches", "guessed") and f"child of {child:.2f} m: unit= (--unit)" in unit.note


def test_a_format_that_states_the_floor_keeps_a_body_that_floats() -> None:
    floating = z_up(walking()) + np.array([0.0, 0.0, 0.5])
    kept = read(floating, up="z", unit=1.0, has_floor=True)
    assert np.allclose(kept.joints, floating, atol=1e-5) and findings(kept)["floor"] == ("at 0", "given")
    moved = read(floating, up="z", unit=1.0)
    assert np.percentile(moved.joints[..., 2].min(axis=1), 1) == pytest.approx(0, abs=1e-5)
    assert findings(moved)["floor"][1] == "guessed"


@pytest.mark.parametrize(("height", "kept"), [(0.6, True), (0.0, True), (-1.2, False)])
def test_with_a_scene_the_height_is_kept_unless_it_is_below_the_floor(height: float, kept: bool) -> None:
    level = z_up(walking()) + np.array([0.0, 0.0, height - np.percentile(z_up(walking())[..., 2].min(axis=1), 1)])
    motion = read(level, MotionOptions(keep_height=True), up="z", unit=1.0)
    assert (findings(motion)["floor"][0] == "kept") is kept
    assert np.percentile(motion.joints[..., 2].min(axis=1), 1) == pytest.approx(height if kept else 0, abs=1e-4)
