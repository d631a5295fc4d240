"""What generators write: results.npy, padded arrays, single motions, pickles of arrays."""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reader_files import walking, walking_turns, z_up

from monster.corpus.folder import Folder
from monster.errors import FileFormatError
from monster.io import file_kind, motion_captions, motion_ids, read_motion, read_motions

LENGTHS = (40, 60, 25, 60, 33, 50)


def standing(joints: np.ndarray) -> np.ndarray:
    """What reading makes of joints with y up: z up, floor at 0."""
    joints = z_up(joints)
    return joints - [0, 0, np.percentile(joints[..., 2].min(axis=1), 1)]


def results(**changes: Any) -> dict[str, Any]:
    """The dict that MDM saves, of two samples in three repetitions."""
    motion = np.zeros((6, 22, 3, 60), "f4")
    for place, length in enumerate(LENGTHS):
        motion[place, ..., :length] = walking(length).transpose(1, 2, 0)
    texts = ["a person walks", "someone strolls"] * 3
    made = {"motion": motion, "text": texts, "lengths": np.array(LENGTHS), "num_samples": 2, "num_repetitions": 3}
    return made | changes


def saved(path: Path, value: Any) -> Path:
    np.save(path, value, allow_pickle=True)
    return path


def test_results_of_mdm(tmp_path: Path) -> None:
    path = saved(tmp_path / "results.npy", results())
    assert file_kind(path) == "motion"
    ids = ("sample00_rep00", "sample01_rep00", "sample00_rep01", "sample01_rep01", "sample00_rep02", "sample01_rep02")
    assert motion_ids(path) == ids
    motions = read_motions(path)
    assert [len(motions[clip]) for clip in ids] == list(LENGTHS)
    for clip, length in zip(ids, LENGTHS, strict=True):
        assert np.abs(motions[clip].joints - z_up(walking(length))).max() < 1e-5  # its format states the floor
        assert motions[clip].fps == 20
        assert motion_captions(path)[clip] == (("a person walks",) if "sample00" in clip else ("someone strolls",))
    assert len(read_motion(path, key="sample00_rep01")) == 25
    with pytest.raises(FileFormatError, match=r"expected one motion, got 6: key= \(FILE#KEY\)"):
        read_motion(path)


def test_results_become_items_with_their_captions(tmp_path: Path) -> None:
    saved(tmp_path / "results.npy", results())
    folder = Folder(tmp_path)
    items = {item.id: item for item in folder}
    assert not folder.left_out
    assert items["results.npy/sample01_rep02"].captions == ("someone strolls",)


@pytest.mark.parametrize("lengths", [[40, 60, 25, 60, 33, 50], [np.array([40, 60]), np.array([25, 60, 33, 50])], None])
def test_lengths_in_any_form_or_by_the_zeros(tmp_path: Path, lengths: Any) -> None:
    made = results(lengths=lengths) if lengths is not None else {"motion": results()["motion"]}
    motions = read_motions(saved(tmp_path / "results.npy", made))
    assert [len(motion) for motion in motions.values()] == list(LENGTHS)


def test_lengths_and_texts_beside_a_plain_array(tmp_path: Path) -> None:
    path = saved(tmp_path / "results.npy", results()["motion"].transpose(0, 3, 1, 2))
    (tmp_path / "results_len.txt").write_text("\n".join(map(str, (30, 31, 22, 33, 24, 35))))
    (tmp_path / "results.txt").write_text("\n".join(f"text {place}" for place in range(6)))
    assert [len(motion) for motion in read_motions(path).values()] == [30, 31, 22, 33, 24, 35]
    assert motion_captions(path)["3"] == ("text 3",)


def test_a_motion_may_have_one_text_several_or_none(tmp_path: Path) -> None:
    texts = [" a walk ", ["a run", "  ", 3, "a jog"], ("a hop",), 7, None, []]
    path = saved(tmp_path / "results.npy", results(text=texts))
    captions = motion_captions(path)
    assert [tuple(captions.get(clip, ())) for clip in motion_ids(path)] == [
        ("a walk",),
        ("a run", "a jog"),
        ("a hop",),
        (),
        (),
        (),
    ]


def test_padded_arrays_of_an_npz(tmp_path: Path) -> None:
    path = tmp_path / "set.npz"
    made = results()
    np.savez(path, motion=made["motion"].transpose(0, 3, 1, 2), lengths=made["lengths"], text=np.array(made["text"]))
    assert motion_ids(path) == ("0", "1", "2", "3", "4", "5")
    assert [len(motion) for motion in read_motions(path).values()] == list(LENGTHS)
    assert motion_captions(path)["1"] == ("someone strolls",)


@pytest.mark.parametrize("shape", ["(1, T, 22, 3)", "(T, 22, 3)"])
def test_single_motions_of_other_generators(tmp_path: Path, shape: str) -> None:
    array = walking(50).astype("f4")
    path = saved(tmp_path / "motion.npy", array[None] if shape.startswith("(1") else array)
    motion = read_motion(path)
    assert (motion_ids(path), motion.fps, file_kind(path)) == (("motion",), 20, "motion")
    assert np.abs(motion.joints - standing(walking(50))).max() < 1e-5


def test_pickles_of_arrays(tmp_path: Path) -> None:
    path = tmp_path / "motion.pkl"
    points = np.concatenate([walking(30), np.ones((30, 105, 3))], axis=1)
    parts = [np.zeros((30, width), "f4") for width in (3, 3, 10, 63, 90, 3, 6)]
    for value in (("neutral", *parts, points), [walking(30)], {"joints": walking(30)}, walking(30)):
        path.write_bytes(pickle.dumps(value))
        assert np.abs(read_motion(path).joints - standing(walking(30))).max() < 1e-5
    path.write_bytes(pickle.dumps({"first": walking(30), "second": walking(40)}))
    assert {clip: len(motion) for clip, motion in read_motions(path).items()} == {"first": 30, "second": 40}
    turns = walking_turns(30).reshape(30, 66)
    path.write_bytes(pickle.dumps({"poses": turns, "trans": walking(30)[:, 0], "mocap_framerate": np.array(120.0)}))
    assert read_motion(path).fps == 120


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"text": ["nothing else"]}, "expected arrays of motions, got a dict with 'text'"),
        ("text", "expected arrays of motions, got a str"),
        (results(motion=[1, 2]), "arrays of joints, got"),
        (results(motion=np.zeros((0, 22, 3, 9))), "expected motions of shape"),
        (results(motion=[np.zeros((9, 0, 3))], lengths=None, text=None), r"got \(9, 0, 3\)"),
        (results(motion=np.zeros((2, 21, 3, 60))), "are the frames last|21 points|is this a motion"),
    ],
)
def test_what_holds_no_motion(tmp_path: Path, value: Any, words: str) -> None:
    path = saved(tmp_path / "results.npy", value if isinstance(value, dict) else {"a": value}["a"])
    if isinstance(value, str):
        path = tmp_path / "results.pkl"
        path.write_bytes(pickle.dumps(value))
    with pytest.raises(FileFormatError, match=rf"^results\.\w+: .*({words})"):
        read_motions(path)


def test_hostile_results_run_nothing(tmp_path: Path) -> None:
    class Hostile:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.system, (f"touch {tmp_path / 'ran'}",)

    path = saved(tmp_path / "results.npy", results(text=[Hostile()]))
    with pytest.raises(FileFormatError, match="which may run code and is not opened"):
        read_motions(path)
    assert not (tmp_path / "ran").exists()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lengths=st.lists(st.integers(2, 12), min_size=1, max_size=5),
    samples=st.integers(1, 3),
    kind=st.sampled_from(["npy", "npz", "pkl"]),
)
def test_any_batch_comes_back(tmp_path: Path, lengths: list[int], samples: int, kind: str) -> None:
    motion = np.zeros((len(lengths), 12, 22, 3))
    for place, length in enumerate(lengths):
        motion[place, :length] = walking(length)
    made = {"motion": motion.transpose(0, 2, 3, 1), "lengths": np.array(lengths), "num_samples": samples}
    path = tmp_path / f"results{len(lengths)}{samples}.{kind}"
    if kind == "npz":
        np.savez(path, **made)
    else:
        path.write_bytes(pickle.dumps(made)) if kind == "pkl" else saved(path, made)
    assert len(set(motion_ids(path))) == len(lengths)
    for length, found in zip(lengths, read_motions(path, axes="y").values(), strict=True):
        assert np.abs(found.joints - z_up(walking(length))).max() < 1e-5
