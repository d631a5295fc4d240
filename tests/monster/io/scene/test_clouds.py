"""Point clouds of every format: points, colors, instances and labels arrive as they were written."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scan_files import ply_bytes

from monster.errors import FileFormatError, InputError
from monster.io.scene.clouds import as_colors, as_instances, raw_columns, raw_npz, raw_ply, raw_text

RANDOM = np.random.default_rng(0)
POINTS = RANDOM.uniform(-2, 2, (40, 3)).round(4)
COLORS = RANDOM.integers(0, 256, (40, 3))
IDS = RANDOM.integers(0, 4, 40)


@pytest.mark.parametrize("separator", [" ", ",", ";", "\t", ", "])
@pytest.mark.parametrize("header", ["", "# made by a scanner\n", "//X Y Z R G B\n", "x y z r g b\n", "40\n"])
def test_text(tmp_path: Path, separator: str, header: str) -> None:
    rows = np.concatenate([POINTS, COLORS], axis=1)
    (tmp_path / "a.xyz").write_text(header + "\n".join(separator.join(f"{v:g}" for v in row) for row in rows) + "\n\n")
    raw = raw_text(tmp_path / "a.xyz")
    assert np.allclose(raw.points, POINTS)
    assert raw.colors is not None and np.allclose(raw.colors, COLORS / 255)


def test_columns_that_are_no_colors_are_left(tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    assert raw_columns(np.concatenate([POINTS, POINTS], axis=1), path).colors is None  # normals: negative
    assert raw_columns(POINTS, path).colors is None
    assert raw_columns(np.concatenate([POINTS, COLORS / 255], axis=1), path).colors is not None


def test_colors_behind_an_intensity_or_normals_are_found(tmp_path: Path) -> None:
    path, normals = tmp_path / "a.npy", POINTS / np.linalg.norm(POINTS, axis=1, keepdims=True)
    intensity = RANDOM.integers(-2000, -100, (40, 1))
    for between in (intensity, normals, np.abs(normals)):
        raw = raw_columns(np.concatenate([POINTS, between, COLORS], axis=1), path)
        assert raw.colors is not None and np.allclose(raw.colors, COLORS / 255)
    assert raw_columns(np.concatenate([POINTS, np.abs(normals)], axis=1), path).colors is None


NAMES = {
    "x": "X",
    "y": "y",
    "z": "Z",
    "intensity": "Intensity",
    "red": "r",
    "green": "G",
    "blue": "b",
    "id": "instance",
}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.permutations(list(NAMES)),
    separator=st.sampled_from([" ", ",", ";", "\t", ", "]),
    remark=st.sampled_from(["", "#", "# ", "//"]),
    before=st.sampled_from(["", "# a scan\n", "\n// made by hand\n\n"]),
)
def test_columns_with_names_may_stand_in_any_order(
    tmp_path: Path, order: list[str], separator: str, remark: str, before: str
) -> None:
    columns = dict(zip(NAMES, [*POINTS.T, RANDOM.uniform(0, 255, 40), *COLORS.T, IDS], strict=True))
    rows = [separator.join(f"{columns[name][at]:g}" for name in order) for at in range(40)]
    names = separator.join(NAMES[name] for name in order)
    (tmp_path / "a.txt").write_text(f"{before}{remark}{names}\n" + "\n".join(rows))
    raw = raw_text(tmp_path / "a.txt")
    assert np.allclose(raw.points, POINTS)
    assert raw.colors is not None and np.allclose(raw.colors, COLORS / 255)
    assert raw.instances is not None and np.array_equal(raw.instances, np.where(IDS == 0, -1, IDS))


@pytest.mark.parametrize("form", ["ascii", "binary_big_endian"])
def test_ply_names_in_capitals_and_colors_of_two_bytes(tmp_path: Path, form: str) -> None:
    table = np.zeros(40, [(axis, ">f8") for axis in "XYZ"] + [(name, ">u2") for name in ("Red", "Green", "Blue")])
    for place, name in enumerate(table.dtype.names or ()):
        table[name] = np.concatenate([POINTS, COLORS * 257], axis=1)[:, place]
    head = f"ply\nformat {form} 1.0\nelement vertex 40\n"
    head += "".join(f"property {'double' if len(name) == 1 else 'ushort'} {name}\n" for name in table.dtype.names or ())
    rows = "\n".join(" ".join(map(str, row)) for row in table.tolist()).encode()
    (tmp_path / "a.ply").write_bytes(head.encode() + b"end_header\n" + (rows if form == "ascii" else table.tobytes()))
    raw = raw_ply(tmp_path / "a.ply")
    assert np.abs(raw.points - POINTS).max() < 1e-12  # doubles stay doubles
    assert raw.colors is not None and np.allclose(raw.colors, COLORS / 255)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1 2 3\n4 5\n", "expected x y z in every line"),
        ("1 2 3\n4 five 6\n", "expected x y z in every line"),
        ("# only a comment\n", "expected x y z in every line"),
        ("1 2\n3 4\n", r"shape \(n, 3\) or \(n, 6\), got float64 \(2, 2\)"),
        ("1 2 3\nnan 5 6\n7 8 inf\n", "2 points with NaN or infinite coordinates, the first is point 1"),
        ("1 2 3\x00", "got a binary file"),
    ],
)
def test_wrong_text(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "a.txt").write_text(text)
    with pytest.raises(FileFormatError, match=words) as caught:
        raw_text(tmp_path / "a.txt")
    assert str(caught.value).startswith("a.txt: ") and "\n" not in str(caught.value)


def test_arrays_with_names_beside(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", xyz=POINTS, rgb=COLORS.astype(np.uint8), instance=IDS.astype(np.int16), semantic=IDS)
    objects = {"objects": [{"instance": 1, "label": "sofa"}, {"instance": 3, "label": "table"}, {"label": "a box"}]}
    (tmp_path / "a.json").write_text(json.dumps(objects))
    raw = raw_npz(tmp_path / "a.npz")
    assert np.array_equal(raw.points, POINTS)
    assert raw.colors is not None and np.allclose(raw.colors, COLORS / 255)
    assert raw.instances is not None and np.array_equal(raw.instances, np.where(IDS == 0, -1, IDS))
    assert raw.labels == {1: "sofa", 3: "table"}
    (tmp_path / "a.json").write_text("{")
    with pytest.raises(FileFormatError, match=r"^a.json: expected a JSON object"):
        raw_npz(tmp_path / "a.npz")


def test_arrays_with_our_own_words(tmp_path: Path) -> None:
    names = np.array(["floor", "lamp"])
    np.savez(
        tmp_path / "a.npz", points=POINTS, colors=COLORS / 255, instances=IDS - 1, label_ids=[0, 2], label_names=names
    )
    raw = raw_npz(tmp_path / "a.npz")
    assert raw.instances is not None and np.array_equal(raw.instances, IDS - 1)
    assert raw.labels == {0: "floor", 2: "lamp"}


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"mesh": POINTS}, "array 'points' or 'xyz', got 'mesh'"),
        ({"xyz": POINTS[:, :2]}, r"shape \(n, 3\)"),
        ({"xyz": POINTS[None]}, "is this a motion"),
        ({"xyz": POINTS, "rgb": COLORS[:-1]}, "colors for 40 points, got 39"),
        ({"xyz": POINTS, "rgb": COLORS - 100}, "colors .* in 0..255"),
        ({"xyz": POINTS, "instance": IDS[:-1]}, "instances for 40 points, got 39"),
        ({"xyz": POINTS, "instance": np.where(IDS > 1, np.nan, IDS)}, "instances as one whole number"),
        ({"points": POINTS, "instances": IDS, "label_ids": [1], "label_names": ["a", "b"]}, "one name for each label"),
    ],
)
def test_wrong_arrays(tmp_path: Path, arrays: dict[str, np.ndarray], words: str) -> None:
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(FileFormatError, match=words) as caught:
        raw_npz(tmp_path / "a.npz")
    assert str(caught.value).startswith("a.npz: ")


def test_ply_properties(tmp_path: Path) -> None:
    head = ["ply", "format ascii 1.0", "element vertex 40", *(f"property float {axis}" for axis in "xyz")]
    head += [*(f"property uchar {name}" for name in ("red", "green", "blue")), "property int objectId", "end_header"]
    rows = [" ".join(map(str, [*p, *c, i])) for p, c, i in zip(POINTS, COLORS, IDS, strict=True)]
    (tmp_path / "a.ply").write_text("\n".join(head + rows))
    raw = raw_ply(tmp_path / "a.ply")
    assert np.allclose(raw.points, POINTS, atol=1e-6)
    assert raw.colors is not None and np.allclose(raw.colors, COLORS / 255)
    assert raw.instances is not None and np.array_equal(raw.instances, np.where(IDS == 0, -1, IDS))


def test_a_mesh_in_a_ply_is_sampled_with_its_colors_and_instances(tmp_path: Path) -> None:
    text = """ply
format ascii 1.0
element vertex 6
property float x
property float y
property float z
property float red
property float green
property float blue
property int instance
element face 2
property list uchar int vertex_indices
end_header
0 0 0 1 0 0 1
1 0 0 1 0 0 1
0 1 0 1 0 0 1
0 0 5 0 0 1 2
1 0 5 0 0 1 2
0 1 5 0 0 1 2
3 0 1 2
3 3 4 5
"""
    (tmp_path / "a.ply").write_text(text)
    raw = raw_ply(tmp_path / "a.ply")
    upper = raw.points[:, 2] > 1
    assert raw.colors is not None and raw.instances is not None
    assert np.allclose(raw.points[:, 2], np.where(upper, 5, 0))
    assert np.allclose(raw.colors[upper], [0, 0, 1]) and np.allclose(raw.colors[~upper], [1, 0, 0])
    assert np.array_equal(raw.instances, np.where(upper, 2, 1))
    assert 0.49 < upper.mean() < 0.51 and raw.points[:, :2].sum(axis=1).max() < 1 + 1e-9


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.array([[0, 128, 255]], np.uint8), [[0, 128 / 255, 1]]),
        (np.array([[0.0, 0.5, 1.0]]), [[0, 0.5, 1]]),
        (np.array([[0.0, 127.5, 255.0]]), [[0, 0.5, 1]]),
        (np.array([[0, 32767.5, 65535]]).astype(np.uint16), [[0, 32767 / 65535, 1]]),
        (np.array([[255, 0, 0, 9]], np.uint8), [[1, 0, 0]]),
        (np.array([[1, 0, 1]], np.uint8), [[1 / 255, 0, 1 / 255]]),
    ],
)
def test_colors_in_all_ranges(values: np.ndarray, expected: list[list[float]]) -> None:
    assert np.allclose(as_colors(values), expected)  # type: ignore[arg-type]


def test_instances_of_others_and_our_own() -> None:
    assert as_instances(np.array([0, 1, 2]), ours=True).tolist() == [0, 1, 2]  # type: ignore[union-attr]
    assert as_instances(np.array([0, 1, 2]), ours=False).tolist() == [-1, 1, 2]  # type: ignore[union-attr]
    assert as_instances(np.array([-100, 0, 2]), ours=False).tolist() == [-1, 0, 2]  # type: ignore[union-attr]
    assert as_instances(None, ours=True) is None
    with pytest.raises(InputError, match="one whole number a point"):
        as_instances(np.zeros((3, 2)), ours=True)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.sampled_from("0123456789.-e, \n#x\t"), max_size=60))
def test_any_text_gives_an_error_or_points(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.xyz").write_text("1 2 3\n" + text)
    try:
        raw = raw_text(tmp_path / "a.xyz")
    except FileFormatError as error:
        assert "\n" not in str(error)
    else:
        assert raw.points.shape[1] == 3 and np.isfinite(raw.points).all()


def test_numbers_too_large_for_normals_or_colors_are_left(tmp_path: Path) -> None:
    (tmp_path / "a.xyz").write_text("0 0 0 1e300 0 0\n1 1 1 0 1 0\n2 2 2 0 0 1\n3 3 3 0 0 1\n")
    raw = raw_text(tmp_path / "a.xyz")
    assert raw.points.shape == (4, 3) and raw.colors is None


NUMBERS = np.round(np.random.default_rng(4).uniform(0, 5, (60, 3)), 4)


def written(rows: np.ndarray, separator: str, mark: str) -> str:
    return "\n".join(separator.join(f"{value:.4f}".replace(".", mark) for value in row) for row in rows) + "\n"


@pytest.mark.parametrize(
    ("separator", "mark"),
    [(";", ","), (" ", ","), ("\t", ","), ("; ", ","), (",", "."), (", ", "."), (";", "."), (" ", ".")],
)
def test_commas_are_decimal_where_something_else_separates(tmp_path: Path, separator: str, mark: str) -> None:
    (tmp_path / "a.xyz").write_text(written(NUMBERS, separator, mark))
    found = raw_text(tmp_path / "a.xyz")
    assert np.allclose(found.points, NUMBERS, atol=1e-9) and found.colors is None
    assert any(finding.what == "numbers" for finding in found.findings) == (mark == ",")


@pytest.mark.parametrize("start", [0, 1])
def test_a_first_column_that_counts_rows_is_left_out(tmp_path: Path, start: int) -> None:
    rows = np.column_stack([np.arange(start, start + 60), NUMBERS])
    np.savetxt(tmp_path / "a.txt", rows, fmt=["%d", "%.4f", "%.4f", "%.4f"])
    found = raw_text(tmp_path / "a.txt")
    assert np.allclose(found.points, NUMBERS) and found.findings[0].what == "columns"
    np.savetxt(tmp_path / "b.txt", NUMBERS, fmt="%.4f")
    assert not raw_text(tmp_path / "b.txt").findings


def test_names_in_quotes_are_names(tmp_path: Path) -> None:
    colors = np.random.default_rng(5).integers(0, 256, (60, 3))
    rows = [",".join(map(str, row)) for row in np.column_stack([colors, NUMBERS])]
    (tmp_path / "a.txt").write_text('"R","G","B","X","Y","Z"\n' + "\n".join(rows) + "\n")
    found = raw_text(tmp_path / "a.txt")
    assert np.allclose(found.points, NUMBERS) and np.allclose(found.colors, colors / 255)


def test_seven_columns_are_an_intensity_or_an_alpha_and_colors(tmp_path: Path) -> None:
    random = np.random.default_rng(6)
    colors, intensity = random.integers(0, 256, (60, 3)), random.integers(0, 256, (60, 1))
    for name, columns in {
        "intensity": [NUMBERS, intensity, colors], "alpha": [NUMBERS, colors, np.full((60, 1), 255)],
    }.items():  # fmt: skip
        np.savetxt(tmp_path / f"{name}.txt", np.column_stack(columns), fmt="%.4f")
        assert np.allclose(raw_text(tmp_path / f"{name}.txt").colors, colors / 255), name


@pytest.mark.parametrize("form", ["ply", "npz"])
def test_an_instance_zero_that_the_file_names_is_an_object(tmp_path: Path, form: str) -> None:
    ids = np.arange(60, dtype=np.int32) % 3
    path = tmp_path / f"a.{form}"
    if form == "ply":
        columns = {axis: NUMBERS[:, place].astype("f4") for place, axis in enumerate("xyz")} | {"instance": ids}
        content = ply_bytes(columns)
        path.write_bytes(content)
        assert np.array_equal(raw_ply(path).instances, np.where(ids == 0, -1, ids))
        path.write_bytes(content.replace(b"element vertex", 'comment label 0 "canapé"\nelement vertex'.encode(), 1))
        found = raw_ply(path)
    else:
        np.savez(path, xyz=NUMBERS, instance=ids)
        assert np.array_equal(raw_npz(path).instances, np.where(ids == 0, -1, ids))
        path.with_suffix(".json").write_text(json.dumps({"objects": [{"instance": 0, "label": "canapé"}]}))
        found = raw_npz(path)
    assert np.array_equal(found.instances, ids) and found.labels == {0: "canapé"}


@pytest.mark.parametrize("comment", ["scanned by Åsa", "caf\x85\u2028é", "\x0b\x0c\x1c ok"])
def test_comments_of_a_ply_hold_any_bytes(tmp_path: Path, comment: str) -> None:
    content = ply_bytes({axis: NUMBERS[:, place].astype("f4") for place, axis in enumerate("xyz")})
    (tmp_path / "a.ply").write_bytes(
        content.replace(b"element vertex", f"comment {comment}\nelement vertex".encode(), 1)
    )
    assert np.allclose(raw_ply(tmp_path / "a.ply").points, NUMBERS, atol=1e-6)
