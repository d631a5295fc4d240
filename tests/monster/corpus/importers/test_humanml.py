"""HumanML3D in miniature: features, captions with parts, splits, and known errors of the published set."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reader_files import walking, z_up

from monster.corpus.importers import open_data_set
from monster.corpus.importers.humanml import KNOWN_BROKEN, read_lines
from monster.corpus.importers.writer import import_corpus
from monster.errors import CorpusError

CAPTION = "a person walks.#a/DET person/NOUN walk/VERB#0.0#0.0\n"


def features(frames: int = 60) -> np.ndarray:
    """Features of the walking body, which always faces z: no turns, steps of the root, joints as seen from it."""
    joints = walking(frames)
    rows = np.zeros((frames, 263))
    rows[:-1, 1:3] = np.diff(joints[:, 0, [0, 2]], axis=0)
    rows[:, 3] = joints[:, 0, 1]
    rows[:, 4:67] = (joints[:, 1:] - joints[:, :1] * [1, 0, 1]).reshape(frames, 63)
    return rows.astype(np.float32)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "data" / "HumanML3D"
    for name in ("new_joint_vecs", "texts"):
        (root / name).mkdir(parents=True)
    for name in ("000000", "M000000", "000001", "000002"):
        np.save(root / "new_joint_vecs" / f"{name}.npy", features())
        (root / "texts" / f"{name}.txt").write_text(CAPTION + "someone strolls.#x#nan#nan\n")
    (root / "train.txt").write_text("000000\nM000000\n")
    (root / "val.txt").write_text("000001\n")
    (root / "test.txt").write_text("000002\n")
    return root


def test_clips_with_their_captions_and_splits(folder: Path) -> None:
    result = import_corpus(open_data_set("humanml3d", folder.parent), folder.parent / "corpus")
    assert result.left_out == () and result.corpus.info["counts"]["scenes"] == 0
    assert {record.id: record.split for record in result.corpus.records} == {
        "000000": "train", "M000000": "train", "000001": "val", "000002": "test",
    }  # fmt: skip
    item = result.corpus.item("000001")
    assert item.captions == ("a person walks.", "someone strolls.") and item.scene is None
    assert item.motion is not None and not item.motion.placed and len(item.motion) == 60
    moved = z_up(walking(60)) - z_up(walking(60))[:1, :1] + item.motion.joints[:1, :1]
    assert np.abs(item.motion.joints - moved).max() < 0.002


def test_a_caption_of_a_part_becomes_an_item(folder: Path) -> None:
    text = CAPTION + "he starts.#x#0.0#1.0\nhe goes on.#x#1.0#2.5\nhe starts off.#x#0.0#1.0\nnever.#x#7.0#9.0\n"
    (folder / "texts" / "000002.txt").write_text(text)
    result = import_corpus(open_data_set("humanml3d", folder), folder.parent / "corpus")
    whole, start = result.corpus.item("000002"), result.corpus.item("000002@0-1")
    assert whole.captions == ("a person walks.",) and start.captions == ("he starts.", "he starts off.")
    assert whole.motion is not None and start.motion is not None and len(start.motion) == 20
    assert np.allclose(start.motion.joints, whole.motion.joints[:20], atol=0.001)
    later = result.corpus.item("000002@1-2.5").motion
    assert later is not None and np.allclose(later.joints, whole.motion.joints[20:50], atol=0.001)
    assert result.left_out == ("000002@7-9: 000002.npy: expected a part within 3.00 s, got 7 to 9 s",)
    assert {result.corpus.item(f"000002{part}").metadata["clip"] for part in ("", "@0-1")} == {"000002"}


def test_known_errors_of_the_published_set_are_left_out(folder: Path) -> None:
    broken = features()
    broken[5, 7] = np.nan
    for name in KNOWN_BROKEN:
        np.save(folder / "new_joint_vecs" / f"{name}.npy", broken if "7975" in name else features()[:0])
        (folder / "texts" / f"{name}.txt").write_text(CAPTION)
    (folder / "train.txt").write_text("000000\n007975\nM007975\n009707\n")  # the others are listed nowhere
    result = import_corpus(open_data_set("humanml3d", folder), folder.parent / "corpus")
    assert len(result.corpus) == 3
    assert result.left_out == (
        "007975: known: in the published set it holds NaN; skipped",
        "M007975: known: in the published set it holds NaN; skipped",
        "009707: known: in the published set it is empty; skipped",
        "011059: known: in the published set it is empty; listed by no split",
        "M009707: known: in the published set it is empty; listed by no split",
        "M011059: known: in the published set it is empty; listed by no split",
    )


def test_everything_missing_or_wrong_is_named(folder: Path) -> None:
    (folder / "train.txt").write_text("000000\n123456\nM000000\n000003\n000004\n000005\n")
    (folder / "texts" / "M000000.txt").unlink()
    nan = features()
    nan[3, 9] = np.inf
    np.save(folder / "new_joint_vecs" / "000003.npy", nan)
    np.save(folder / "new_joint_vecs" / "000004.npy", features()[:0])
    np.save(folder / "new_joint_vecs" / "000005.npy", features())
    for name in ("000003", "000004"):
        (folder / "texts" / f"{name}.txt").write_text(CAPTION)
    (folder / "texts" / "000005.txt").write_text("walks.#walk/VERB#a#b\n")
    (folder / "val.txt").unlink()
    result = import_corpus(open_data_set("humanml3d", folder), folder.parent / "corpus")
    messages = "\n".join(result.left_out)
    assert len(result.corpus) == 2
    for words in (
        "123456: expected new_joint_vecs/123456.npy and texts/123456.txt, got nothing",
        "M000000: expected texts/M000000.txt, got nothing",
        "val.txt: expected the names of val, got nothing",
        "000003: 000003.npy: expected numbers, got 1 joints values that are NaN or infinite",
        "000004: 000004.npy: expected",
        "000005: 000005.txt: expected caption#words#from#to in line 1",
    ):
        assert words in messages


def test_joints_are_read_if_features_are_missing(folder: Path) -> None:
    (folder / "new_joint_vecs").rename(folder / "new_joints")
    for path in (folder / "new_joints").iterdir():
        np.save(path, walking(60).astype(np.float32))
    item = import_corpus(open_data_set("humanml3d", folder), folder.parent / "corpus").corpus.item("000001")
    assert item.motion is not None and item.motion.fps == 20
    assert np.ptp(item.motion.joints[:, 0, 2]) < 0.1 < np.ptp(item.motion.joints[:, 0, 1])  # y up became z up


@pytest.mark.parametrize(
    ("gone", "words"),
    [
        (("texts",), "without texts"),
        (("new_joint_vecs", "texts"), "without new_joint_vecs, texts"),
        (("train.txt", "val.txt", "test.txt"), "without train.txt, val.txt and test.txt"),
    ],
)
def test_another_layout_is_refused(folder: Path, gone: tuple[str, ...], words: str) -> None:
    for name in gone:
        (folder / name).rename(folder / f"not {name}")
    with pytest.raises(CorpusError, match=words):
        open_data_set("humanml3d", folder)
    with pytest.raises(CorpusError, match="has no scenes"):
        open_data_set("humanml3d", folder, scenes=folder)


NUMBERS = st.floats(0.01, 500).map(lambda value: round(value, 3))


@settings(max_examples=50, deadline=None)
@given(
    lines=st.lists(
        st.tuples(
            st.text(st.characters(blacklist_characters="#", blacklist_categories=("C", "Z")), min_size=1),
            st.none() | st.tuples(NUMBERS, NUMBERS),
        )
    )
)
def test_captions_round_trip(
    tmp_path_factory: pytest.TempPathFactory, lines: list[tuple[str, tuple[float, float] | None]]
) -> None:
    path = tmp_path_factory.mktemp("texts") / "a.txt"
    parts = ((0.0, 0.0) if part is None else part for _, part in lines)
    rows = [f"{words}#w/NOUN#{a}#{b}" for (words, _), (a, b) in zip(lines, parts, strict=True)]
    path.write_text("\n".join([*rows, ""]) or "\n", encoding="utf-8")
    if rows:
        assert [(line.caption, line.part) for line in read_lines(path)] == lines
