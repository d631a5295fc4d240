"""Scans: points on surfaces, occlusion, labels."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from monster.types import Scene
from worlds.objects import make_object
from worlds.rooms.floor import inside
from worlds.rooms.rooms import ROOM_KINDS, make_room
from worlds.rooms.scan import MIN_POINTS, NOISE, scan, viewpoints, visible, without_labels
from worlds.rooms.surfaces import room_faces
from worlds.types import PlacedObject, Room, Solid

OFF_SURFACE = 3**0.5 * (3 * NOISE + 0.003 + 0.0005) + 1e-3  # noise, drift and rounding
SQUARE = np.array([[-2.0, -2.0], [2.0, -2.0], [2.0, 2.0], [-2.0, 2.0]])


@cache
def scanned(kind: str, seed: int = 0) -> tuple[Room, Scene]:
    rng = np.random.default_rng(seed)
    room = make_room(kind, rng)
    return room, scan(room, rng)


def block(x: float, y: float, size: tuple[float, float, float], *, id: int = 1) -> PlacedObject:
    return PlacedObject(id, "cabinet", (x, y, 0.0), 0.0, size, (Solid((0.0, 0.0, size[2] / 2), size, (0.6, 0.4, 0.2)),))


def plain(*objects: PlacedObject) -> Room:
    return Room("office", SQUARE, 2.5, ((0.0, -1.5),), objects)


def off_surface(object_: PlacedObject, points: np.ndarray) -> np.ndarray:
    """Distance of room points to the nearest face of the object's solids."""
    local = object_.to_local(points)
    nearest = np.full(len(local), np.inf)
    for solid in object_.solids:
        beyond = np.abs(local - np.array(solid.center)) - np.array(solid.size) / 2
        outside = np.linalg.norm(np.maximum(beyond, 0.0), axis=1)
        nearest = np.minimum(nearest, np.where(outside > 0, outside, -beyond.max(axis=1)))
    return nearest


@pytest.mark.parametrize("kind", ROOM_KINDS)
def test_every_object_has_points_on_its_surface(kind: str) -> None:
    room, scene = scanned(kind)
    assert scene.instances is not None
    for object_ in room.objects:
        points = scene.points[scene.instances == object_.id].astype(np.float64)
        assert len(points) >= MIN_POINTS, object_.category
        assert off_surface(object_, points).max() < OFF_SURFACE, object_.category


@pytest.mark.parametrize("kind", ROOM_KINDS)
def test_size_labels_and_values(kind: str) -> None:
    room, scene = scanned(kind)
    assert scene.points.shape == (20_000, 3)
    assert scene.points.dtype == np.float32
    assert np.abs(scene.points - np.round(scene.points, 3)).max() < 1e-6
    assert scene.colors is not None
    assert np.allclose(scene.colors * 255, np.round(scene.colors * 255), atol=1e-3)
    assert scene.instances is not None
    assert scene.labels is not None
    assert set(scene.instances.tolist()) == set(scene.labels)
    assert {object_.id: object_.category for object_ in room.objects}.items() <= scene.labels.items()
    extra = [name for instance, name in sorted(scene.labels.items()) if instance > len(room.objects)]
    assert extra == ["floor"] + ["wall"] * len(room.outline)


def test_an_unlabelled_scan_has_the_same_points() -> None:
    _, scene = scanned("hallway")
    plain_scene = without_labels(scene)
    assert plain_scene.instances is None
    assert plain_scene.labels is None
    assert plain_scene.points.tobytes() == scene.points.tobytes()
    assert plain_scene.colors is not None
    assert scene.colors is not None
    assert plain_scene.colors.tobytes() == scene.colors.tobytes()
    assert plain_scene.objects() == []


@pytest.mark.parametrize("kind", ROOM_KINDS)
def test_floor_and_wall_points_are_on_the_outline(kind: str) -> None:
    room, scene = scanned(kind)
    assert scene.instances is not None
    floor_id = len(room.objects) + 1
    floor = scene.points[scene.instances == floor_id]
    assert np.abs(floor[:, 2]).max() < OFF_SURFACE
    assert inside(room.outline * 1.02, floor[:, :2].astype(np.float64)).mean() > 0.98
    for index, (a, b) in enumerate(zip(room.outline, np.roll(room.outline, -1, axis=0), strict=True)):
        wall = scene.points[scene.instances == floor_id + 1 + index]
        normal = np.array([a[1] - b[1], b[0] - a[0]]) / np.linalg.norm(b - a)
        assert np.abs((wall[:, :2] - a) @ normal).max() < OFF_SURFACE
        assert wall[:, 2].max() < room.height + OFF_SURFACE


def test_doors_and_windows_leave_holes_in_their_walls() -> None:
    room, scene = scanned("office")
    assert scene.labels is not None
    walls = np.isin(scene.instances, [i for i, name in scene.labels.items() if name == "wall"])
    for object_ in room.objects:
        if object_.category in ("door", "window"):
            local = np.abs(object_.to_local(scene.points[walls].astype(np.float64)) - [0, 0, object_.size[2] / 2])
            assert not (local < [object_.size[0] / 2 - 0.06, 0.1, object_.size[2] / 2 - 0.06]).all(axis=1).any()


def test_shares_of_points_match_real_scans() -> None:
    """ScanNet rooms spend 15 to 30 % of their points on walls and 12 to 25 % on the floor (medians of six rooms)."""
    shares = []
    for kind in ROOM_KINDS:
        _, scene = scanned(kind)
        assert scene.labels is not None
        names = (
            np.array([scene.labels[int(i)] for i in scene.instances]) if scene.instances is not None else np.array([])
        )
        shares.append([(names == "floor").mean(), (names == "wall").mean()])
    floor, wall = np.median(shares, axis=0)
    assert 0.1 < floor < 0.28
    assert 0.12 < wall < 0.32


def test_hidden_surfaces_have_no_points() -> None:
    wardrobe = block(0.0, 1.7, (1.6, 0.6, 2.3))
    scene = scan(plain(wardrobe), np.random.default_rng(0))
    x, y, z = scene.points.T
    behind = (np.abs(x) < 0.6) & (y > 1.97) & (z < 2.0)
    beside = (x < -1.0) & (x > -1.9) & (y > 1.97) & (z < 2.0)
    assert behind.sum() <= 0.02 * beside.sum()
    slab = replace(block(0.0, 0.0, (1.0, 1.0, 0.1)), solids=(Solid((0.0, 0.0, 0.7), (1.0, 1.0, 0.1), (0.5, 0.5, 0.5)),))
    below = scan(plain(slab), np.random.default_rng(0))
    local = slab.to_local(below.points[below.instances == 1].astype(np.float64))
    middle = local[(np.abs(local[:, :2]) < 0.45).all(axis=1)]
    assert len(middle) > 100
    assert middle[:, 2].min() > 0.72


def test_an_occluded_object_has_the_least_points() -> None:
    walls = [block(x, y, size, id=i + 2) for i, (x, y, size) in enumerate([
        (-1.7, 1.2, (0.6, 0.1, 2.4)), (-1.2, 1.6, (0.1, 0.8, 2.4)),
    ])]  # fmt: skip
    scene = scan(plain(block(-1.7, 1.7, (0.3, 0.3, 0.3)), *walls), np.random.default_rng(1))
    assert (scene.instances == 1).sum() >= MIN_POINTS


def test_a_panel_occludes_the_points_behind_it() -> None:
    rng = np.random.default_rng(0)
    eye = np.array([[0.0, 0.0, 1.5]], dtype=np.float32)
    panel = np.column_stack([np.full(20_000, 1.0), rng.uniform(-0.5, 0.5, 20_000), rng.uniform(1.0, 2.0, 20_000)])
    wall = np.column_stack([np.full(20_000, 2.0), rng.uniform(-2, 2, 20_000), rng.uniform(0.0, 3.0, 20_000)])
    points = np.concatenate([panel, wall]).astype(np.float32)
    normals = np.tile(np.array([-1.0, 0.0, 0.0], dtype=np.float32), (len(points), 1))
    density = visible(points, normals, eye)
    shadow = (np.abs(wall[:, 1]) < 0.85) & (np.abs(wall[:, 2] - 1.5) < 0.85)
    lit = (np.abs(wall[:, 1]) > 1.2) | (np.abs(wall[:, 2] - 1.5) > 1.2)
    assert (density[:20_000] > 0).all()
    assert (density[20_000:][shadow] > 0).mean() < 0.01
    assert (density[20_000:][lit] > 0).mean() > 0.98
    assert density[:20_000].mean() > density[20_000:][lit].mean()  # nearer, denser
    assert not visible(points, -normals, eye).any()  # from behind


@pytest.mark.parametrize("kind", ROOM_KINDS)
def test_viewpoints_are_over_free_floor_at_eye_height(kind: str) -> None:
    room, _ = scanned(kind)
    eyes = viewpoints(room, np.random.default_rng(3))
    assert 3 <= len(eyes) <= 5
    assert ((eyes[:, 2] >= 1.4) & (eyes[:, 2] <= 1.8)).all()
    assert inside(room.outline, eyes[:, :2].astype(np.float64)).all()
    solid = [object_ for object_ in room.objects if object_.category not in ("rug", "exercise mat")]
    rectangles = [o.distance(eyes.astype(np.float64)).min() for o in solid if len(o.solids) < 8]  # compact ones
    assert min(rectangles) > 0.1


def test_scans_have_holes_and_uneven_density() -> None:
    largest, emptiest = [], []
    for seed in range(4):
        scene = scan(plain(), np.random.default_rng(seed), points=40_000)
        floor = scene.points[scene.instances == 1]
        counts, _, _ = np.histogram2d(floor[:, 0], floor[:, 1], bins=16, range=[[-2, 2], [-2, 2]])
        expected = len(floor) / 256
        largest.append(counts.max() / expected)
        emptiest.append(counts.min() / expected)
    chance = 5 / np.sqrt(expected)  # five standard deviations of evenly spread points
    assert np.median(largest) > 1.25
    assert min(emptiest) < 1 - chance


def test_colours_are_shaded_object_colours() -> None:
    scene = scan(plain(block(0.0, 0.5, (0.8, 0.8, 0.8))), np.random.default_rng(0))
    assert scene.colors is not None
    red, green, blue = scene.colors[scene.instances == 1].mean(axis=0)
    assert red / green == pytest.approx(1.5, abs=0.2)
    assert red / blue == pytest.approx(3.0, abs=0.6)


def test_faces_cover_the_surface_of_every_solid() -> None:
    object_ = replace(make_object("sofa", np.random.default_rng(1)), id=1, position=(0.3, 0.2, 0.0), yaw=0.7)
    faces, labels = room_faces(plain(object_), np.random.default_rng(0))
    mine = faces.rows(faces.instance == 1)
    sizes = np.array([solid.size for solid in object_.solids])
    area = 2 * (sizes[:, 0] * sizes[:, 1] + sizes[:, 1] * sizes[:, 2] + sizes[:, 2] * sizes[:, 0]).sum()
    assert len(mine) == 6 * len(object_.solids)
    assert mine.weight.sum() == pytest.approx(area, rel=1e-4)
    assert off_surface(object_, (mine.corner + 0.5 * mine.edge_u + 0.5 * mine.edge_v).astype(np.float64)).max() < 1e-5
    turned = np.cross(mine.edge_u, mine.edge_v)
    assert np.abs(np.abs((turned * mine.normal).sum(axis=1)) - mine.weight).max() < 1e-5
    assert labels[1] == "sofa"


def test_the_same_seed_makes_the_same_scan() -> None:
    room, _ = scanned("bedroom")
    one, two = (scan(room, np.random.default_rng(9), points=5_000) for _ in range(2))
    assert one.points.tobytes() == two.points.tobytes()
    assert one.colors is not None
    assert two.colors is not None
    assert one.colors.tobytes() == two.colors.tobytes()
    assert len(one.points) == 5_000
    assert scan(room, np.random.default_rng(10)).points.tobytes() != one.points.tobytes()
