"""LAS and LAZ clouds: every point and colour comes back, large ones are thinned, damage is refused."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from monster.errors import FileFormatError, MissingExtra
from monster.io.scene import las as las_module
from monster.io.scene.las import count_las, raw_las

laspy: Any = pytest.importorskip("laspy")


def write(path: Path, points: Any, colors: Any = None, *, version: str = "1.2", point_format: int = 2) -> Path:
    header = laspy.LasHeader(version=version, point_format=point_format)
    header.scales, header.offsets = [0.001] * 3, points.min(axis=0).round()
    las = laspy.LasData(header)
    las.x, las.y, las.z = points.T
    if colors is not None:
        las.red, las.green, las.blue = colors.T
    las.write(path)
    return path


def cloud(count: int = 500) -> Any:
    low = np.array([612_345.0, 5_312_345.0, 310.0])
    return np.random.default_rng(1).uniform((0, 0, 0), (5, 4, 2.6), (count, 3)) + low


@pytest.mark.parametrize("name", ["room.las", "room.laz"])
@pytest.mark.parametrize(("version", "point_format"), [("1.2", 2), ("1.2", 3), ("1.4", 7)])
def test_points_of_a_survey_come_back_to_the_millimetre(
    tmp_path: Path, name: str, version: str, point_format: int
) -> None:
    points, colors = cloud(), np.random.default_rng(2).integers(0, 65536, (500, 3))
    path = write(tmp_path / name, points, colors, version=version, point_format=point_format)
    found = raw_las(path)
    assert np.abs(found.points - points).max() <= 0.0005 + 1e-9
    assert found.colors is not None and np.allclose(found.colors, colors / 65535)
    assert found.up == "z" and count_las(path) == 500


def test_colours_of_eight_bits_and_no_colours(tmp_path: Path) -> None:
    colors = np.full((500, 3), (255, 128, 0))
    found = raw_las(write(tmp_path / "a.las", cloud(), colors)).colors
    assert found is not None and np.allclose(found, np.array([255, 128, 0]) / 255)
    assert raw_las(write(tmp_path / "b.las", cloud())).colors is None
    assert raw_las(write(tmp_path / "c.las", cloud(), point_format=0)).colors is None


def test_large_files_are_thinned_evenly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monster.io.scene.las._CHUNK", 64)
    points = cloud()
    found = raw_las(write(tmp_path / "a.las", points), most=100)
    assert np.abs(found.points - points[::5]).max() < 0.001
    assert str(found.findings[0]).startswith("points: 100 of 500 kept")


def test_what_is_damaged_is_refused(tmp_path: Path) -> None:
    whole = write(tmp_path / "a.las", cloud()).read_bytes()
    path = tmp_path / "b.las"
    for data in (whole[:100], whole[:-200], b"LASF" + bytes(300), b"ply\n" * 100):
        path.write_bytes(data)
        with pytest.raises(FileFormatError, match=r"b\.las: expected"):
            raw_las(path)
    with pytest.raises(FileFormatError, match="without any"):
        raw_las(_empty(tmp_path / "c.las"))


def _empty(path: Path) -> Path:
    laspy.LasData(laspy.LasHeader(version="1.2", point_format=0)).write(path)
    return path


def test_without_laspy_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.las", cloud())
    monkeypatch.setitem(sys.modules, "laspy", None)
    with pytest.raises(MissingExtra, match="las"):
        raw_las(path)


def test_a_panic_of_the_decompressor_is_an_error_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):  # what a Rust library raises is derived from this
        pass

    class Reader:
        def chunk_iterator(self, size: int) -> Iterator[object]:
            raise PanicException("index out of bounds")

    with pytest.raises(FileFormatError, match=r"room\.laz: expected LAS points, got damaged ones \(index out"):
        las_module._read(Reader(), Path("room.laz"), 3, 1)


def test_compressed_points_are_decompressed_in_another_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    points = cloud(50)
    compressed, plain = write(tmp_path / "room.laz", points), write(tmp_path / "room.las", points)

    def refuse(*_arguments: Any) -> None:
        raise AssertionError("decompressed in this process")

    monkeypatch.setattr(las_module, "_raw_here", refuse)
    assert np.abs(raw_las(compressed).points - points).max() < 0.001
    with pytest.raises(AssertionError):
        raw_las(plain)
