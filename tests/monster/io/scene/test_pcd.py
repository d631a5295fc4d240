"""PCD in its three encodings; a cut file is never taken for a smaller one."""

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reader_files import needs_open3d

from monster.errors import FileFormatError
from monster.io.scene.pcd import FORMAT, raw_pcd, read_pcd
from monster.io.sources import Source

RANDOM = np.random.default_rng(0)
POINTS = RANDOM.uniform(-2, 2, (40, 3)).round(4)
COLORS = RANDOM.integers(0, 256, (40, 3))
IDS = RANDOM.integers(0, 4, 40)
HEADER = """# .PCD v0.7 - Point Cloud Data file format
VERSION 0.7
FIELDS x y z normal rgb instance
SIZE 4 8 4 4 4 2
TYPE F F F F {rgb} U
COUNT 1 1 1 3 1 1
WIDTH 40
HEIGHT 1
VIEWPOINT 0 0 0 1 0 0 0
POINTS 40
DATA {data}
"""


def pcd_bytes(data: str, rgb: str = "F") -> bytes:
    """Forty points with a field of three numbers, packed colors and instances; the sixth was not measured."""
    packed = (COLORS[:, 0] << 16) | (COLORS[:, 1] << 8) | COLORS[:, 2]
    table = np.zeros(40, [("x", "<f4"), ("y", "<f8"), ("z", "<f4"), ("n", "<f4", 3), ("c", "<u4"), ("i", "<u2")])
    table["x"], table["y"], table["z"] = POINTS.T
    table["c"], table["i"] = packed, IDS
    table["x"][5] = np.nan
    header = HEADER.format(data=data, rgb=rgb).encode()
    if data == "binary":
        return header + table.tobytes()
    if data == "binary_compressed":
        plain = b"".join(table[name].tobytes() for name in table.dtype.names or ())
        packed = b"".join(
            bytes([len(plain[at : at + 32]) - 1]) + plain[at : at + 32] for at in range(0, len(plain), 32)
        )
        return header + struct.pack("<II", len(packed), len(plain)) + packed
    colors = table["c"].view("<f4") if rgb == "F" else table["c"]
    rows = [f"{r['x']} {r['y']} {r['z']} 0 0 1 {c!s} {r['i']}" for r, c in zip(table, colors, strict=True)]
    return header + "\n".join(rows).encode() + b"\n"


@pytest.mark.parametrize("data", ["ascii", "binary", "binary_compressed"])
@pytest.mark.parametrize("rgb", ["F", "U"])
def test_fields_of_all_types(tmp_path: Path, data: str, rgb: str) -> None:
    (tmp_path / "a.pcd").write_bytes(pcd_bytes(data, rgb))
    raw = raw_pcd(tmp_path / "a.pcd")
    kept = np.arange(40) != 5
    assert np.allclose(raw.points, POINTS[kept], atol=1e-5)
    assert raw.colors is not None and np.allclose(raw.colors, COLORS[kept] / 255)
    assert raw.instances is not None and np.array_equal(raw.instances, np.where(IDS == 0, -1, IDS)[kept])
    assert "1 without a measurement" in str(raw.findings[0])


@needs_open3d
def test_a_library_agrees_and_reads_the_compressed_form(tmp_path: Path) -> None:
    import open3d

    cloud = open3d.geometry.PointCloud(open3d.utility.Vector3dVector(POINTS))
    cloud.colors = open3d.utility.Vector3dVector(COLORS / 255)
    for options in ({"write_ascii": True}, {"write_ascii": False}, {"compressed": True}):
        open3d.io.write_point_cloud(str(tmp_path / "a.pcd"), cloud, **options)
        raw = raw_pcd(tmp_path / "a.pcd")
        assert np.allclose(raw.points, POINTS, atol=1e-5)
        assert raw.colors is not None and np.allclose(raw.colors, COLORS / 255, atol=1 / 255)


@pytest.mark.parametrize(
    "change",
    [
        (b"COUNT 1 1 1 3 1 1", b"COUNT 1 1 1 256 1 1"),  # which crashes Open3D
        (b"POINTS 40", b"POINTS 4000000000"),
        (b"SIZE 4 8", b"SIZE 8 8"),
    ],
)
def test_a_compressed_file_with_another_header(tmp_path: Path, change: tuple[bytes, bytes]) -> None:
    (tmp_path / "a.pcd").write_bytes(pcd_bytes("binary_compressed").replace(*change))
    with pytest.raises(FileFormatError, match=r"^a\.pcd: expected a PCD file: \d+ points in \d+ bytes, got 1360 bytes"):
        raw_pcd(tmp_path / "a.pcd")


@pytest.mark.parametrize("data", ["ascii", "binary", "binary_compressed"])
def test_a_cut_file_is_refused(tmp_path: Path, data: str) -> None:
    content = pcd_bytes(data)
    for kept in (len(content) - 14, len(content) // 2, 100, 5):
        (tmp_path / "a.pcd").write_bytes(content[:kept])
        with pytest.raises(FileFormatError, match=r"^a\.pcd: expected a PCD file.*damaged or cut short"):
            read_pcd(tmp_path / "a.pcd")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ((b"POINTS 40", b"POINTS many"), "type, size and count"),
        ((b"POINTS 40", b"POINTS -4"), "-4 as 'ascii'"),
        ((b"POINTS 40\n", b""), "none with POINTS"),
        ((b"SIZE 4 8", b"SIZE 3 8"), "type, size and count"),
        ((b"TYPE F F", b"TYPE F"), "type, size and count"),
        ((b"DATA ascii", b"DATA zip"), "40 as 'zip'"),
        ((b"FIELDS x y z", b"FIELDS a y z"), "fields x, y and z, got 'a', 'y'"),
        ((b" 0 0 1 ", b" zero 0 1 "), "numbers for normal, got a word"),
    ],
)
def test_damage_is_named(tmp_path: Path, change: tuple[bytes, bytes], words: str) -> None:
    assert change[0] in pcd_bytes("ascii")
    (tmp_path / "a.pcd").write_bytes(pcd_bytes("ascii").replace(*change))
    with pytest.raises(FileFormatError, match=words):
        raw_pcd(tmp_path / "a.pcd")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_mutations_give_an_error_or_points(tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(pcd_bytes(data.draw(st.sampled_from(["ascii", "binary", "binary_compressed"]))))
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    (tmp_path / "a.pcd").write_bytes(bytes(content[: data.draw(st.integers(1, len(content)))]))
    try:
        raw = raw_pcd(tmp_path / "a.pcd")
    except FileFormatError as error:
        assert "\n" not in str(error)
    else:
        assert np.isfinite(raw.points).all()


def test_the_number_of_points_is_stated(tmp_path: Path) -> None:
    for content, count in ((pcd_bytes("binary"), 40), (b"# .PCD\nPOINTS many\n", 0)):
        (tmp_path / "a.pcd").write_bytes(content)
        with Source(tmp_path / "a.pcd") as source:
            assert FORMAT.count(source) == count


@pytest.mark.parametrize("data", ["ascii", "binary"])
def test_colors_in_fields_of_their_own(tmp_path: Path, data: str) -> None:
    points = np.random.default_rng(7).uniform(0, 5, (30, 3)).astype("<f4")
    colors = np.random.default_rng(8).integers(0, 256, (30, 3)).astype("u1")
    header = (
        "VERSION 0.7\nFIELDS x y z r g b\nSIZE 4 4 4 1 1 1\nTYPE F F F U U U\nCOUNT 1 1 1 1 1 1\n"
        f"WIDTH 30\nHEIGHT 1\nPOINTS 30\nDATA {data}\n"
    ).encode()
    table = np.zeros(30, [("points", "<f4", 3), ("colors", "u1", 3)])
    table["points"], table["colors"] = points, colors
    lines = "\n".join(" ".join(map(str, (*p, *c))) for p, c in zip(points.tolist(), colors.tolist(), strict=True))
    (tmp_path / "a.pcd").write_bytes(header + (table.tobytes() if data == "binary" else lines.encode()))
    found = raw_pcd(tmp_path / "a.pcd")
    assert np.allclose(found.points, points, atol=1e-6) and np.allclose(found.colors, colors / 255)


@pytest.mark.parametrize("fields", ["x y z", "x y", "x y intensity"])
def test_points_alone_are_enough_and_a_missing_axis_is_an_error(tmp_path: Path, fields: str) -> None:
    count = len(fields.split())
    lines = ["VERSION 0.7", f"FIELDS {fields}", f"SIZE{' 4' * count}", f"TYPE{' F' * count}", f"COUNT{' 1' * count}"]
    lines += ["WIDTH 2", "HEIGHT 1", "POINTS 2", "DATA ascii", "0 1 2"[: 2 * count - 1], "3 4 5"[: 2 * count - 1]]
    path = tmp_path / "a.pcd"
    path.write_text("\n".join(lines) + "\n")
    if fields == "x y z":
        assert raw_pcd(path).points.tolist() == [[0, 1, 2], [3, 4, 5]]
    else:
        with pytest.raises(FileFormatError, match="expected fields x, y and z"):
            raw_pcd(path)
