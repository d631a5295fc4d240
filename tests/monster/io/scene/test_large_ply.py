"""Very large binary PLY files are thinned while they are read, the same way each time, in little memory."""

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scan_files import ply_bytes

from monster.errors import FileFormatError
from monster.io import read_scene
from monster.io.scene import large_ply
from monster.io.scene import ply_format as scene
from monster.io.scene.large_ply import read_thinned


def columns(count: int) -> dict[str, np.ndarray]:
    """Points on a grid, each with its own number."""
    number = np.arange(count)
    return {
        "x": (number % 100 / 20).astype(np.float32), "number": number.astype(np.int32),
        "y": (number // 100 / 20).astype(np.float64), "z": np.zeros(count, np.float32),
    }  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    count=st.integers(21, 500), kept=st.integers(1, 20), order=st.sampled_from("<>"), chunk=st.integers(1, 5000),
    faces=st.integers(0, 3),
)  # fmt: skip
def test_one_row_of_each_stretch_is_kept_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int, kept: int, order: str, chunk: int, faces: int
) -> None:
    monkeypatch.setattr(large_ply, "_CHUNK", chunk)
    (tmp_path / "a.ply").write_bytes(ply_bytes(columns(count), order=order, faces=faces))
    found = read_thinned(tmp_path / "a.ply", above=20, kept=kept)
    assert found is not None and (found.points, found.faces) == (count, faces)
    number = found.ply.vertices["number"]
    bounds = np.arange(kept + 1) * count // kept
    assert (bounds[:-1] <= number).all() and (number < bounds[1:]).all()
    assert all(np.array_equal(column[number], found.ply.vertices[name]) for name, column in columns(count).items())
    again = read_thinned(tmp_path / "a.ply", above=20, kept=kept)
    assert again is not None and np.array_equal(again.ply.vertices["number"], number)


def test_smaller_files_are_left_to_the_usual_reader(tmp_path: Path) -> None:
    (tmp_path / "a.ply").write_bytes(ply_bytes(columns(20)))
    assert read_thinned(tmp_path / "a.ply", above=20, kept=5) is None


def test_memory_holds_a_chunk_and_what_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large_ply, "_CHUNK", 1 << 16)
    (tmp_path / "a.ply").write_bytes(ply_bytes(columns(400_000)))  # 8 MB
    tracemalloc.start()
    read_thinned(tmp_path / "a.ply", above=1000, kept=1000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 20


def test_a_large_scan_is_told_to_be_thinned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scene, "MAX_POINTS", 2000)
    monkeypatch.setattr(scene, "KEPT_POINTS", 1000)
    (tmp_path / "a.ply").write_bytes(ply_bytes(columns(6000), faces=9))
    found = read_scene(tmp_path / "a.ply", split=False)
    assert len(found.points) == 1000 and np.ptp(found.points, axis=0).min() == 0
    assert "points: 1,000 of 6,000 kept" in str(found.provenance.findings[0])
    assert "9 faces are not used" in str(found.provenance.findings[0])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ((b"binary_little_endian", b"ascii"), "got 6,000; save it as a binary .ply"),
        ((b"element vertex", b"element first 2\nproperty list uchar int k\nelement vertex"), "got lists in 'first'"),
        ((b"property float z", b"property float w"), "expected vertices with x, y and z"),
        ((b"property int number", b"property int x"), "one name twice"),
        ((b"element vertex 6000", b"element vertex 6001"), "expected 6,001 rows of vertex, got 6,000"),
    ],
)
def test_what_cannot_be_thinned_is_refused(tmp_path: Path, change: tuple[bytes, bytes], words: str) -> None:
    (tmp_path / "a.ply").write_bytes(ply_bytes(columns(6000)).replace(*change))
    with pytest.raises(FileFormatError, match=r"^a\.ply: expected") as error:
        read_thinned(tmp_path / "a.ply", above=100, kept=50)
    assert words in str(error.value)


def test_tables_of_one_size_may_come_before_the_points(tmp_path: Path) -> None:
    content = ply_bytes(columns(300)).replace(b"element vertex", b"element camera 2\nproperty short k\nelement vertex")
    head, mark, body = content.partition(b"end_header\n")
    (tmp_path / "a.ply").write_bytes(head + mark + b"abcd" + body)
    found = read_thinned(tmp_path / "a.ply", above=100, kept=300)
    assert found is not None and np.array_equal(found.ply.vertices["number"], np.arange(300))
