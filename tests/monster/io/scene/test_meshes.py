"""Meshes become points spread evenly over their surfaces, part by part."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monster.errors import FileFormatError, InputError
from monster.io.gltf import packed_glb
from monster.io.scene.meshes import FORMAT, part_label, read_mesh, sample_surface
from monster.io.sources import Source

SQUARE = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], float)
OBJ = """o Office_Chair
v 0 0 0 1 0 0
v 1 0 0 1 0 0
v 1 1 0 1 0 0
v 0 1 0 1 0 0
f 1 2 3 4
o Object_7
v 0 0 3 1 0 0
v 1 0 3 1 0 0
v 0 1 3 1 0 0
vn 0 0 1
f 5//1 6//1 7//1
"""


def test_points_are_spread_by_area() -> None:
    vertices = np.concatenate([SQUARE, SQUARE * 2 + [0, 0, 1]])
    faces = np.array([[0, 1, 2], [0, 2, 3], [4, 5, 6], [4, 6, 7]])
    drawn = sample_surface(vertices, faces, 20_000)
    upper = drawn.points[:, 2] > 0.5
    assert upper.mean() == pytest.approx(0.8, abs=0.02)
    assert np.allclose(drawn.points[upper, :2].mean(axis=0), 1, atol=0.03)
    assert np.allclose(drawn.weights.sum(axis=1), 1) and drawn.weights.min() >= 0
    assert np.array_equal(drawn.points, sample_surface(vertices, faces, 20_000).points)
    with pytest.raises(InputError, match="2 faces without area"):
        sample_surface(vertices * 0, faces[:2])


def test_obj_parts_have_names(tmp_path: Path) -> None:
    (tmp_path / "room.obj").write_text(OBJ)
    cloud = read_mesh(tmp_path / "room.obj")
    upper = cloud.points[:, 2] > 1
    assert len(np.unique(cloud.parts)) == 2 and len(np.unique(cloud.parts[upper])) == 1
    assert set(cloud.names.values()) <= {"office chair"}
    assert (~upper).mean() == pytest.approx(2 / 3, abs=0.02)


@pytest.mark.parametrize("places", ["vt .1\n", "vt inf nan\n", "vt 1e400 0\nvt 0 1\n", "vt 0 1 2 3\n", "vt 1e300 1\n"])
def test_damaged_places_in_a_texture_cost_the_colors_and_no_more(tmp_path: Path, places: str) -> None:
    text = (
        OBJ.replace(" 1 0 0\n", "\n")
        .replace("o Object_7", f"{places}usemtl a\no Object_7")
        .replace("f 1 2 3 4", "f 1/1 2/1 3/1 4/1")
    )
    (tmp_path / "room.obj").write_text(text)
    cloud = read_mesh(tmp_path / "room.obj")
    assert len(cloud.points) > 1000


def test_glb_parts_stand_where_their_nodes_put_them(tmp_path: Path) -> None:
    import trimesh

    scene = trimesh.Scene()
    box = trimesh.creation.box((1, 1, 1))
    box.visual.vertex_colors = [255, 0, 0, 255]
    scene.add_geometry(
        box, node_name="coffee_table.001", transform=trimesh.transformations.translation_matrix([0, 0.5, 4])
    )
    scene.add_geometry(trimesh.creation.icosphere(), node_name="Mesh_2")
    (tmp_path / "room.glb").write_bytes(scene.export(file_type="glb"))
    cloud = read_mesh(tmp_path / "room.glb")
    table = next(key for key, name in cloud.names.items() if name == "coffee table")
    assert list(cloud.names) == [table]
    assert np.allclose(cloud.points[cloud.parts == table].mean(axis=0), [0, 0.5, 4], atol=0.02)
    assert cloud.colors is not None and np.allclose(cloud.colors[cloud.parts == table], [1, 0, 0])


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Office_Chair.001", "office chair"),
        ("KitchenTable", "kitchen table"),
        ("mesh_01", None),
        ("Object.3", None),
        ("", None),
    ],
)
def test_labels_from_names(name: str, label: str | None) -> None:
    assert part_label(name) == label


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.obj", b"v 0 0 0\nv 1 0 0\nv 0 1 0\n"),
        ("a.obj", b"f 1 2 9\n"),
        ("a.obj", b"noise"),
        ("a.obj", b"v 0 0 0\nv 0 0 0\nv 0 0 0\nf 1 2 3\n"),
        ("a.glb", b"glTF\x02\x00\x00\x00"),
        ("a.glb", b"noise" * 20),
    ],
)
def test_broken_meshes(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FileFormatError, match=r"expected a (mesh|whole GLB)|expected the JSON") as caught:
        read_mesh(tmp_path / name)
    assert str(caught.value).startswith(f"{name}: ") and "\n" not in str(caught.value)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), kind=st.sampled_from(["obj", "glb"]))
def test_mutations_give_an_error_or_points(tmp_path: Path, data: st.DataObject, kind: str) -> None:
    import trimesh

    content = bytearray(OBJ.encode() if kind == "obj" else trimesh.creation.box().export(file_type="glb"))
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / f"a.{kind}"
    path.write_bytes(bytes(content[: data.draw(st.integers(1, len(content)))]))
    try:
        cloud = read_mesh(path)
    except FileFormatError as error:
        assert "\n" not in str(error)
    else:
        assert np.isfinite(cloud.points).all()


def test_the_number_of_vertices_is_stated(tmp_path: Path) -> None:
    import trimesh

    (tmp_path / "a.obj").write_text("# a mesh\n" + OBJ)
    mesh = trimesh.Trimesh(np.random.default_rng(0).random((300, 3)), np.arange(300).reshape(-1, 3), process=False)
    (tmp_path / "a.glb").write_bytes(trimesh.Scene(mesh).export(file_type="glb"))
    for name, count in (("a.obj", 7), ("a.glb", 300)):
        with Source(tmp_path / name) as source:
            assert FORMAT.count(source) == count


CUBE = np.array([[x, y, z] for x in (0.0, 2.0) for y in (0.0, 1.0) for z in (0.0, 3.0)])
SIDES = np.array(
    [[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]]
)  # corners of each side, counter-clockwise


@pytest.mark.parametrize("corner", ["{v}", "{v}/{v}", "{v}//{v}", "{v}/{v}/{v}"])
def test_faces_that_count_back_are_those_that_count_on(tmp_path: Path, corner: str) -> None:
    """Two cubes, each with its faces behind its own vertices: a face counts back from where it stands."""
    parts: dict[str, list[str]] = {"on": [], "back": []}
    for number, shift in enumerate((0.0, 10.0)):
        for way, lines in parts.items():
            lines.append(f"o Cube{number}")
            lines += [f"v {x + shift} {y} {z}" for x, y, z in CUBE]
            lines += ["vt 0.5 0.5"] * 8 + ["vn 0 0 1"] * 8
            for side in SIDES:
                places = side + 1 + 8 * number if way == "on" else side - 8
                lines.append("f " + " ".join(corner.format(v=place) for place in places))
    for way, lines in parts.items():
        (tmp_path / f"{way}.obj").write_text("\r\n".join(lines) + "\r\n")
    on, back = (read_mesh(tmp_path / f"{way}.obj") for way in parts)
    assert np.array_equal(on.points, back.points) and np.array_equal(on.parts, back.parts)
    assert np.allclose(back.points.max(axis=0), [12, 1, 3], atol=0.01)
    first = back.points[back.parts == back.parts[back.points[:, 0].argmin()]]
    assert np.allclose(np.ptp(first, axis=0), [2, 1, 3], atol=0.01)


@pytest.mark.parametrize(("code", "component"), [("<i2", 5122), ("<i1", 5120), ("<u2", 5123), ("<u1", 5121)])
def test_normalised_positions_are_shares_of_the_largest_number(tmp_path: Path, code: str, component: int) -> None:
    largest = np.iinfo(code).max
    quantised = np.round(CUBE / 3 * largest).astype(code)
    padded = np.zeros((8, 4), dtype=code)
    padded[:, :3] = quantised
    faces = np.array([[a, b, c, a, c, d] for a, b, c, d in SIDES], dtype="<u2").reshape(-1)
    data = padded.tobytes() + faces.tobytes()
    item = np.dtype(code).itemsize
    accessor = {"bufferView": 0, "componentType": component, "normalized": True, "count": 8, "type": "VEC3"}
    document = {
        "asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": [0]}],
        "extensionsUsed": ["KHR_mesh_quantization"], "extensionsRequired": ["KHR_mesh_quantization"],
        "nodes": [{"mesh": 0, "name": "Crate", "scale": [3, 3, 3]}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "buffers": [{"byteLength": len(data)}],
        "bufferViews": [
            {"buffer": 0, "byteLength": padded.nbytes, "byteStride": 4 * item},
            {"buffer": 0, "byteOffset": padded.nbytes, "byteLength": faces.nbytes},
        ],
        "accessors": [
            {**accessor, "min": quantised.min(axis=0).tolist(), "max": quantised.max(axis=0).tolist()},
            {"bufferView": 1, "componentType": 5123, "count": len(faces), "type": "SCALAR"},
        ],
    }  # fmt: skip
    (tmp_path / "crate.glb").write_bytes(packed_glb(document, data))
    found = read_mesh(tmp_path / "crate.glb")
    step = 3 / largest
    assert np.allclose(np.ptp(found.points, axis=0), [2, 1, 3], atol=0.01 + step)
    assert found.names == {0: "crate"}
