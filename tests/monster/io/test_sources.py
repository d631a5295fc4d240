"""A source opens its file once, for whatever is asked of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reader_files import bvh_text, walking
from scan_files import ply_bytes

from monster.errors import FileFormatError, InputError
from monster.io import sources
from monster.io.sources import Source, checked_file, in_file, opened, read_text, short
from monster.skeleton import JOINTS

OPENS = """
import sys
from pathlib import Path
from monster.io import Source, file_kind, motion_captions, motion_ids, read_motion, read_motions, read_scene

path, what = Path(sys.argv[1]), sys.argv[2]
read_scene("warm-up.xyz", split=False) if what == "scene" else read_motion("warm-up.npy")
names = []
sys.addaudithook(lambda event, given: names.append(str(given[0])) if event == "open" else None)
if what == "scene":
    read_scene(path, split=False)
elif what == "motion":
    read_motion(path)
else:
    with Source(path) as source:
        if file_kind(source) == "motion":
            motion_ids(source), motion_captions(source), read_motions(source)
        else:
            read_scene(source, split=False)
print(sum(Path(name).name == path.name for name in names))
"""


def made(folder: Path, name: str) -> Path:
    """A file of one motion, of two, or of a room."""
    path = folder / name
    points = np.random.default_rng(0).uniform(0, 3, (500, 3)).astype(np.float32)
    if name.endswith(".bvh"):
        path.write_text(bvh_text({name: name for name in JOINTS}))
    elif name.endswith(".ply"):
        path.write_bytes(ply_bytes({axis: points[:, place] for place, axis in enumerate("xyz")}))
    elif name.endswith(".xyz"):
        np.savetxt(path, points)
    elif name == "room.npz":
        np.savez(path, xyz=points, instance=np.arange(500) // 100)
    elif name == "many.npz":
        np.savez(path, a=walking(), b=walking(30))
    elif name == "results.npy":
        np.save(path, np.array({"motion": walking()[None].transpose(0, 2, 3, 1)}, dtype=object), allow_pickle=True)
    else:
        np.save(path, walking()) if name.endswith(".npy") else np.savez(path, joints=walking(), fps=30)
    return path


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("walk.npz", "motion"),
        ("walk.npy", "motion"),
        ("walk.bvh", "motion"),
        ("results.npy", "motion"),
        ("room.ply", "scene"),
        ("room.npz", "scene"),
        ("room.xyz", "scene"),
        ("many.npz", "all"),
        ("walk.bvh", "all"),
        ("room.ply", "all"),
    ],
)
def test_a_file_is_opened_once(tmp_path: Path, name: str, what: str) -> None:
    np.save(tmp_path / "warm-up.npy", walking())
    made(tmp_path, "warm-up.xyz")
    path = made(tmp_path, name)
    command = [sys.executable, "-c", OPENS, str(path), what]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"


def test_content_in_any_order(tmp_path: Path) -> None:
    (tmp_path / "A.Txt").write_bytes(b"\xef\xbb\xbfone two" + b" two" * 50_000)
    with Source(tmp_path / "A.Txt") as source:
        assert (source.name, source.stem, source.suffix, source.is_folder) == ("A.Txt", "A", ".txt", False)
        assert source.size == 200_010 and len(source.head) == sources.HEAD
        assert source.text("words").startswith("one two two") and source.read().startswith(b"\xef")
        assert source.count(b"two") == 50_001
        assert source.head == source.read()[: sources.HEAD]


@given(st.binary(max_size=60), st.binary(min_size=1, max_size=3), st.integers(1, 7))
def test_words_are_counted_over_the_edges_of_pieces(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, word: bytes, size: int
) -> None:
    path = tmp_path_factory.mktemp("count") / "a"
    path.write_bytes(content + b"x")
    with pytest.MonkeyPatch.context() as patch, Source(path) as source:
        patch.setattr(sources, "_CHUNK", size)
        found = source.count(word)
    whole = content + b"x"
    places = [at for at in range(len(whole)) if whole.startswith(word, at)]
    assert whole.count(word) <= found <= len(places)  # a word that overlaps itself may count twice at an edge


def test_what_was_parsed_is_kept_until_the_source_is_closed(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    calls: list[int] = []
    source = Source(tmp_path / "a")
    for _ in range(2):
        assert source.cached("key", lambda: calls.append(1) or "value") == "value"
    assert calls == [1] and source.cached("other", lambda: "another") == "another"
    source.close()
    assert source.cached("key", lambda: "new") == "new" and source.read() == b"x"
    source.close()


def test_an_open_source_stays_open_and_a_path_is_closed(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    with Source(tmp_path / "a") as source:
        file = source.file
        with opened(source) as same:
            assert same is source
        assert not file.closed
    assert file.closed
    with opened(str(tmp_path / "a")) as source:
        file = source.file
    assert file.closed


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "empty.bvh").touch()
    (tmp_path / "binary.txt").write_bytes(b"a\x00b")
    for name, words in [
        ("empty.bvh", "got an empty file"),
        ("gone.bvh", "got nothing at .* \\(No such file"),
        (".", "got a folder"),
        ("nul\x00.bvh", "got nothing at"),
    ]:
        with pytest.raises(FileFormatError, match=words):
            checked_file(tmp_path / name)
        with pytest.raises(FileFormatError, match=words):
            _ = Source(tmp_path / name).file
    with pytest.raises(FileFormatError, match=r"^binary\.txt: expected words as text, got a binary file"):
        read_text(tmp_path / "binary.txt", what="words")


def test_errors_start_with_the_name_once() -> None:
    with pytest.raises(FileFormatError, match=r"^a\.ply: not good$"), in_file(Path("b/a.ply")):
        raise InputError("not good")
    with pytest.raises(FileFormatError, match=r"^c\.ply: not good$"), in_file(Path("a.ply")):
        raise FileFormatError("c.ply: not good")
    assert short(ValueError("a\n  b " * 100)) == ("a b " * 100)[:117] + "..."
