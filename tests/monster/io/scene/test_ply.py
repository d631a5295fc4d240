"""PLY of every property layout, in all three encodings; a cut file is never taken for a smaller one."""

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monster.errors import FileFormatError
from monster.io.scene.ply import read_ply

FORMATS = {"ascii": "=", "binary_little_endian": "<", "binary_big_endian": ">"}
TYPES = {
    "char": "i1",
    "uchar": "u1",
    "int16": "i2",
    "ushort": "u2",
    "int": "i4",
    "uint32": "u4",
    "float": "f4",
    "double": "f8",
}
SQUARE = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], float)


def ply_bytes(
    form: str, columns: dict[str, tuple[str, np.ndarray]], faces: list[list[int]] | None = None, *, flags: bool = False
) -> bytes:
    """A PLY file; ``flags`` puts a number before each face's list and an element that nobody knows before the faces."""
    order, count = FORMATS[form], len(next(iter(columns.values()))[1])
    head = ["ply", f"format {form} 1.0", "comment made by a test", "obj_info none", f"element vertex {count}"]
    head += [f"property {kind} {name}" for name, (kind, _) in columns.items()]
    rows = [[column[i] for _, column in columns.values()] for i in range(count)]
    kinds = [TYPES[kind] for kind, _ in columns.values()]
    table = [list(zip(kinds, row, strict=True)) for row in rows]
    if flags:
        head += ["element camera 2", "property double zoom"]
        table += [[("f8", 1.5)], [("f8", 2.5)]]
    if faces is not None:
        head += [
            f"element face {len(faces)}",
            *(["property int flag"] * flags),
            "property list uchar int vertex_indices",
        ]
        table += [[("i4", 7)] * flags + [("u1", len(face)), *(("i4", corner) for corner in face)] for face in faces]
    header = "\n".join([*head, "end_header"]).encode() + b"\n"
    if form == "ascii":
        return header + "".join(" ".join(f"{value:.8g}" for _, value in row) + "\n" for row in table).encode()
    typed = [(kind, float(value) if kind[0] == "f" else int(value)) for row in table for kind, value in row]
    body = b"".join(struct.pack(order + np.dtype(kind).char, value) for kind, value in typed)
    return header + body


def points(count: int = 4) -> dict[str, tuple[str, np.ndarray]]:
    values = SQUARE if count == 4 else np.random.default_rng(0).random((count, 3))
    return {axis: ("float", values[:, i].astype(np.float32)) for i, axis in enumerate("xyz")}


def read(folder: Path, content: bytes) -> dict[str, np.ndarray]:
    path = folder / "scan.ply"
    path.write_bytes(content)
    return read_ply(path).vertices


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    form=st.sampled_from(list(FORMATS)),
    extra=st.dictionaries(
        st.sampled_from(["red", "nx", "label", "instance", "quality"]), st.sampled_from(list(TYPES)), max_size=4
    ),
    order=st.randoms(use_true_random=False),
    count=st.integers(1, 30),
)
def test_every_layout_round_trips(tmp_path: Path, form: str, extra: dict[str, str], order: object, count: int) -> None:
    columns = points(count) | {name: (kind, np.arange(count) % 100) for name, kind in extra.items()}
    names = list(columns)
    order.shuffle(names)  # type: ignore[attr-defined]
    found = read(tmp_path, ply_bytes(form, {name: columns[name] for name in names}))
    assert list(found) == names
    for name in names:
        assert np.allclose(found[name], columns[name][1], atol=1e-6)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("flags", [False, True])
@pytest.mark.parametrize(
    ("faces", "triangles"),
    [
        ([[0, 1, 2], [0, 2, 3]], {(0, 1, 2), (0, 2, 3)}),
        ([[0, 1, 2, 3]], {(0, 1, 2), (0, 2, 3)}),
        ([[0, 1, 2, 3], [1, 2, 3]], {(0, 1, 2), (0, 2, 3), (1, 2, 3)}),
        ([[0, 1], [1, 2, 3]], {(1, 2, 3)}),
        ([], set()),
    ],
)
def test_faces_become_triangles(
    tmp_path: Path, form: str, flags: bool, faces: list[list[int]], triangles: set[tuple[int, ...]]
) -> None:
    path = tmp_path / "mesh.ply"
    path.write_bytes(ply_bytes(form, points(), faces, flags=flags))
    ply = read_ply(path)
    assert {tuple(row) for row in ply.faces.tolist()} == triangles
    assert np.allclose(ply.vertices["y"], SQUARE[:, 1])


@pytest.mark.parametrize("form", FORMATS)
def test_a_library_agrees(tmp_path: Path, form: str) -> None:
    import trimesh

    sphere = trimesh.creation.icosphere()
    path = tmp_path / "sphere.ply"
    path.write_bytes(
        ply_bytes(form, {axis: ("float", sphere.vertices[:, i]) for i, axis in enumerate("xyz")}, sphere.faces)
    )
    ply, theirs = read_ply(path), trimesh.load(path, process=False)
    assert np.array_equal(ply.faces, theirs.faces)
    assert np.allclose(np.stack([ply.vertices[axis] for axis in "xyz"], axis=1), theirs.vertices)
    path.write_bytes(sphere.export(file_type="ply", encoding="ascii" if form == "ascii" else "binary"))
    assert np.array_equal(read_ply(path).faces, sphere.faces)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("with_faces", [False, True])
def test_a_cut_file_is_refused(tmp_path: Path, form: str, with_faces: bool) -> None:
    content = ply_bytes(form, points(30), [[0, 1, 2]] * 9 if with_faces else None)
    for kept in (len(content) - 12, len(content) * 2 // 3, 60, 3):
        with pytest.raises(FileFormatError, match=r"damaged or cut short") as caught:
            read(tmp_path, content[:kept])
        assert str(caught.value).startswith("scan.ply: ")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ((b"ply\n", b"obj\n"), "a PLY header"),
        ((b"format ascii", b"format ebcdic"), "a line of a PLY header, got 'format ebcdic"),
        ((b"format ascii 1.0\n", b""), "a format line"),
        ((b"property float z", b"property float w"), "x, y and z, got x, y, w"),
        ((b"property float z", b"property half z"), "property with a known type"),
        ((b"element vertex 4", b"element vertex -4"), "a line of a PLY header"),
        ((b"element vertex 4", b"element vertex 9999999999999"), "9999999999999 rows"),
        ((b"\n0 0 0\n", b"\n0 0 zero\n"), "numbers, got b'zero'"),
        ((b"3 0 1 2", b"3 0 1 9"), "faces of 4 vertices"),
        ((b"3 0 1 2", b"3 0 1 nan"), "faces of 4 vertices"),
        ((b"3 0 1 2", b"3 0 1 1e30"), "faces of 4 vertices"),
        ((b"3 0 1 2", b"3 0 1 1.5"), "faces of 4 vertices"),
        ((b"3 0 1 2", b"3 inf 0 1"), "faces of 4 vertices"),
        ((b"3 0 1 2", b"inf 0 1 2"), "a list in every row of face"),
        ((b"3 0 1 2", b"7 0 1 2"), "a list in every row of face"),
    ],
)
def test_damage_is_named(tmp_path: Path, change: tuple[bytes, bytes], words: str) -> None:
    content = ply_bytes("ascii", points(), [[0, 1, 2]])
    assert change[0] in content
    with pytest.raises(FileFormatError, match=words):
        read(tmp_path, content.replace(*change))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_mutations_give_an_error_or_columns_of_one_length(tmp_path: Path, data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(list(FORMATS)))
    content = bytearray(ply_bytes(form, points(), [[0, 1, 2], [0, 1, 2, 3]], flags=True))
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = read(tmp_path, bytes(content[: data.draw(st.integers(1, len(content)))]))
    except FileFormatError as error:
        assert "\n" not in str(error)
    else:
        assert len({len(column) for column in found.values()}) == 1


def test_lists_that_no_mesh_has(tmp_path: Path) -> None:
    whole = ply_bytes("binary_little_endian", points(), [[0, 1, 2]])
    kinds = whole[whole.index(b"property list") :].split(b"\n")[0]
    with pytest.raises(FileFormatError, match="a list in every row of face"):
        read(tmp_path, whole.replace(kinds, b"property int vertex_indices"))
    with pytest.raises(FileFormatError, match="property with a known type"):
        read(tmp_path, whole.replace(kinds, b"property list float int vertex_indices"))
