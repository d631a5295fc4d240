"""Imports are all or nothing, list unreadable items, and keep each room in one split."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reader_files import room, walking, z_up

from monster.corpus.importers import KINDS, open_data_set
from monster.corpus.importers.data import Entry, memory_mapped, require
from monster.corpus.importers.writer import file_name, import_corpus, split_rooms
from monster.corpus.storage import SPLITS, Corpus, Split
from monster.errors import CorpusError, FileFormatError, InputError, MissingExtra
from monster.types import Motion, Scene

POINTS, OF = room(0.2)


def walk(shift: float = 0.0, fps: float = 30.0) -> Motion:
    return Motion(z_up(walking(30)) + np.array([shift, 0, 0]), fps, placed=True)


def broken(name: str) -> Motion:
    raise FileFormatError(f"{name}.npy: expected numbers, got none")


@dataclass
class Made:
    """A data set of whatever entries the test wants; scenes whose id starts with "no" cannot be read."""

    listed: list[Entry]
    name: str = "made"
    licence: str = "CC0-1.0"
    source: str = "the test"
    left_out: list[str] = field(default_factory=list)
    read: Counter[str] = field(default_factory=Counter)
    raising: Callable[[], None] | None = None

    def entries(self) -> list[Entry]:
        return self.listed

    def scene(self, scene: str) -> Scene:
        self.read[scene] += 1
        if self.raising:
            self.raising()
        if scene.startswith("no"):
            raise FileFormatError(f"{scene}.ply: expected a file, got nothing")
        return Scene(POINTS.astype(np.float32), instances=OF, labels={3: "table"})


def entry(name: str, room: str = "", split: Split | None = None, scene: str | None = None) -> Entry:
    return Entry(name, (f"caption of {name}",), room or name, walk, scene, split, {"action": "walk"})


def test_items_of_one_two_and_three_modalities(tmp_path: Path) -> None:
    listed = [
        entry("all", "r", scene="r"), Entry("words", ("  only words ", ""), "w"), Entry("place", (), "r", scene="r"),
        Entry("m/1: odd", (), "m", partial(walk, 1.0)),
    ]  # fmt: skip
    data, steps = Made(listed, left_out=["x: expected x.txt, got nothing"]), []
    result = import_corpus(data, tmp_path / "out" / "corpus", progress=lambda done, all_: steps.append((done, all_)))
    corpus = Corpus.open(tmp_path / "out" / "corpus")
    items = {item.id: item for item in corpus.items()}
    assert items["words"].captions == ("only words",) and items["words"].motion is None
    assert items["place"].motion is None and items["place"].scene_id == items["all"].scene_id == "r"
    assert items["all"].metadata == {"room": "r", "action": "walk"}
    motion = items["m/1: odd"].motion
    assert motion is not None and motion.fps == 20 and motion.placed
    assert np.abs(motion.joints - walk(1.0).resampled(20).joints).max() < 0.00051
    assert data.read == {"r": 1} and steps == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert result.left_out == ("x: expected x.txt, got nothing",) and corpus.info["imported"]["left_out"] == 1
    assert corpus.info["counts"] == {"items": 4, "motions": 2, "scenes": 1, "captions": 2, "rooms": 3}
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["corpus"]


def test_an_unreadable_scene_is_listed_once(tmp_path: Path) -> None:
    listed = [
        entry("a"), entry("a"), Entry("b", (), "b", partial(broken, "b")), entry("c", scene="nowhere"),
        entry("d", scene="nowhere"), Entry("e", (" ",), "e"), Entry("f", ("x" * 10_001,), "f"),
    ]  # fmt: skip
    result = import_corpus(Made(listed), tmp_path / "corpus")
    assert [record.id for record in result.corpus.records] == ["a"]
    assert result.left_out == (
        "a: duplicate id",
        "b: b.npy: expected numbers, got none",
        "e: expected a motion, a scene or a caption, got nothing",
        "f: expected a text of at most 10000 characters, got 10001",
        "scene nowhere: nowhere.ply: expected a file, got nothing (2 items left out)",
    )


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), OSError(28, "No space left on device"), MissingExtra("x", "scene")]
)
def test_an_interrupted_import_leaves_nothing(tmp_path: Path, error: BaseException) -> None:
    def stop() -> None:
        raise error

    data = Made([entry("a"), entry("b", scene="r")], raising=stop)
    with pytest.raises(type(error)):
        import_corpus(data, tmp_path / "corpus")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_data_set_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"made: expected items to import, got none that can be read; b: b\.npy"):
        import_corpus(Made([Entry("b", (), "b", partial(broken, "b"))]), tmp_path / "corpus")
    assert list(tmp_path.iterdir()) == []


def test_a_non_empty_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(CorpusError, match="expected a new or empty folder"):
        import_corpus(Made([entry("a")]), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    listed = [entry(f"{number}", f"room {number % 7}", scene=f"room {number % 7}") for number in range(30)]
    folders = [tmp_path / name for name in ("one", "two", "other")]
    for folder, seed in zip(folders, (0, 0, 1), strict=True):
        import_corpus(Made(listed), folder, seed=seed)
    first, second, other = ({p.relative_to(f): p.read_bytes() for p in f.rglob("*.*")} for f in folders)
    assert first == second and first.keys() == other.keys()
    assert first[Path("items.jsonl")] != other[Path("items.jsonl")]
    order = [record.metadata["room"] for record in Corpus.open(folders[0]).records]
    assert order != sorted(order)


@settings(max_examples=50, deadline=None)
@given(
    given_splits=st.dictionaries(st.text(max_size=3), st.lists(st.sampled_from(SPLITS), max_size=4), max_size=60),
    seed=st.integers(0, 9),
)
def test_each_room_has_one_split_and_most_of_its_items_keep_theirs(
    given_splits: dict[str, list[Split]], seed: int
) -> None:
    rooms = {room: Counter(splits) for room, splits in given_splits.items()}
    split = split_rooms(rooms, seed)
    assert split.keys() == rooms.keys()
    assert all(counts[split[room]] == max(counts.values()) for room, counts in rooms.items() if counts)
    free = [split[room] for room, counts in rooms.items() if not counts]
    share = max(len(free) // 20, 1 if len(free) >= 3 else 0)
    assert Counter(free) == Counter(
        {name: n for name, n in (("test", share), ("val", share), ("train", len(free) - 2 * share)) if n}
    )


def test_items_move_with_their_room(tmp_path: Path) -> None:
    listed = [entry("a", "r", "train"), entry("b", "r", "train"), entry("c", "r", "test"), entry("d", "q", "val")]
    result = import_corpus(Made(listed), tmp_path / "corpus")
    expected = {"a": "train", "b": "train", "c": "train", "d": "val"}
    assert {record.id: record.split for record in result.corpus.records} == expected
    assert result.moved == 1 and result.corpus.info["imported"]["moved_with_their_room"] == 1


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=150), unique=True, min_size=2, max_size=5))
def test_file_names_are_safe_and_unique(names: list[str]) -> None:
    result = [file_name(name) for name in names]
    assert len(set(result)) == len(result)
    assert all(set(name) <= set("-._@") | {*map(chr, range(128))} and "/" not in name for name in result)
    assert all(not name.startswith(".") and 0 < len(name) <= 110 for name in result)


def test_missing_files_are_all_named(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    require(tmp_path, "a set", ("a",))
    with pytest.raises(CorpusError, match="expected a set, got a folder without b, c"):
        require(tmp_path, "a set", ("a", "b", "c"))
    with pytest.raises(CorpusError, match="expected a set, got nothing"):
        require(tmp_path / "x", "a set", ())
    with pytest.raises(CorpusError, match="expected a set, got a file"):
        require(tmp_path / "a", "a set", ())


def test_arrays_are_never_unpickled(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.arange(5))
    assert memory_mapped(tmp_path / "a.npy").tolist() == [0, 1, 2, 3, 4]
    np.save(tmp_path / "a.npy", np.array([{"a": 1}]), allow_pickle=True)
    np.savez(tmp_path / "b.npz", a=np.zeros(2))
    (tmp_path / "b.npz").rename(tmp_path / "b.npy")
    (tmp_path / "c.npy").write_bytes(b"\x93NUMPY\x01\x00v\x00{'descr'")
    for name in "abc":
        with pytest.raises(FileFormatError, match=rf"^{name}\.npy: expected"):
            memory_mapped(tmp_path / f"{name}.npy")


def test_kinds(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"expected a kind of data set \(humanise, trumans, humanml3d, bones-seed, table\), got 'x'"
    ):
        open_data_set("x", tmp_path)
    for kind in KINDS:
        with pytest.raises(CorpusError) as error:
            open_data_set(kind, tmp_path / "nowhere")
        assert "nowhere" in str(error.value) and "got nothing" in str(error.value)
        with pytest.raises(CorpusError):
            open_data_set(kind, tmp_path)


def test_corpus_json_is_complete(tmp_path: Path) -> None:
    import_corpus(Made([entry("a")]), tmp_path / "corpus")
    info = json.loads((tmp_path / "corpus" / "corpus.json").read_text())
    assert info["name"] == "made" and info["licence"] == "CC0-1.0" and info["source"] == "the test"
    assert str(tmp_path) not in json.dumps(info)
