"""Furniture: realistic sizes, seats and tops on surfaces, handles within reach."""

from __future__ import annotations

import numpy as np
import pytest

from monster.errors import InputError
from worlds.objects import CATEGORIES, OBJECT_KINDS, make_object
from worlds.types import PlacedObject

# Least and most width (x), depth (y), height (z) in metres that furniture of the kind has.
PLAUSIBLE = {
    "chair": ((0.38, 0.4, 0.75), (0.65, 0.65, 1.1)),
    "office chair": ((0.5, 0.5, 0.8), (0.75, 0.75, 1.3)),
    "armchair": ((0.65, 0.65, 0.7), (1.3, 1.1, 1.1)),
    "sofa": ((1.4, 0.75, 0.7), (2.7, 1.16, 1.16)),
    "stool": ((0.28, 0.28, 0.4), (0.6, 0.55, 0.76)),
    "bench": ((0.9, 0.3, 0.4), (1.8, 0.5, 1.0)),
    "bed": ((1.9, 0.85, 0.6), (2.45, 2.0, 1.42)),
    "desk": ((1.0, 0.45, 0.68), (2.0, 0.9, 0.8)),
    "table": ((0.7, 0.7, 0.67), (2.0, 1.47, 0.92)),
    "coffee table": ((0.75, 0.45, 0.31), (1.54, 0.98, 0.54)),
    "nightstand": ((0.36, 0.32, 0.4), (0.6, 0.55, 0.7)),
    "wardrobe": ((0.8, 0.5, 1.7), (2.3, 0.75, 2.3)),
    "bookshelf": ((0.5, 0.2, 1.2), (1.3, 0.47, 2.2)),
    "refrigerator": ((0.55, 0.55, 1.4), (1.16, 0.85, 2.04)),
    "toilet": ((0.35, 0.6, 0.7), (0.54, 0.96, 1.03)),
    "bathtub": ((1.4, 0.65, 0.45), (1.8, 0.9, 0.8)),
    "treadmill": ((0.7, 1.5, 1.2), (0.95, 2.0, 1.5)),
    "weight bench": ((1.0, 0.25, 0.4), (1.7, 1.6, 1.3)),
    "locker": ((0.6, 0.4, 1.6), (1.6, 0.6, 2.0)),
    "blackboard": ((1.8, 0.02, 0.9), (3.0, 0.12, 1.3)),
    "kitchen island": ((1.0, 0.6, 0.85), (1.8, 1.0, 0.96)),
    "school desk": ((0.6, 0.45, 0.68), (1.35, 0.6, 0.78)),
    "meeting table": ((1.7, 0.9, 0.7), (3.0, 1.3, 0.78)),
    "bunk bed": ((1.9, 0.9, 1.5), (2.2, 1.15, 1.8)),
    "door": ((0.8, 0.05, 1.95), (1.1, 0.2, 2.15)),
}
SEATS = ("chair", "office chair", "armchair", "sofa", "stool", "bench", "ottoman", "toilet", "bed")
PULLED = (
    "door", "wardrobe", "cabinet", "refrigerator", "stove", "microwave", "dresser", "nightstand", "filing cabinet",
    "washing machine", "counter",
)  # fmt: skip
TOPPED = ("table", "desk", "counter", "dresser", "nightstand", "tv stand", "coffee table", "end table", "cabinet")
REACHED = ("desk", "table", "bookshelf", "wardrobe", "refrigerator", "sink", "counter", "lamp", "door", "cabinet")


def variants(category: str, count: int = 25) -> list[PlacedObject]:
    rng = np.random.default_rng(7)
    return [make_object(category, rng) for _ in range(count)]


def bounds(object_: PlacedObject) -> tuple[np.ndarray, np.ndarray]:
    centers = np.array([solid.center for solid in object_.solids])
    halves = np.array([solid.size for solid in object_.solids]) / 2
    return centers - halves, centers + halves


def test_there_are_enough_categories() -> None:
    assert len(CATEGORIES) >= 55
    assert len(set(CATEGORIES)) == len(CATEGORIES)


@pytest.mark.parametrize("category", OBJECT_KINDS)
def test_size_is_the_extent_of_the_solids(category: str) -> None:
    for object_ in variants(category):
        low, high = bounds(object_)
        base = low[:, 2].min() if category == "toilet" else 0.0  # some hang on the wall
        assert low.min(axis=0) == pytest.approx([-object_.size[0] / 2, -object_.size[1] / 2, base], abs=2e-3)
        assert high.max(axis=0) == pytest.approx([object_.size[0] / 2, object_.size[1] / 2, object_.size[2]], abs=2e-3)
        assert (object_.id, object_.yaw, object_.position) == (0, 0.0, (0.0, 0.0, 0.0))
        assert object_.category == {"school desk": "desk", "meeting table": "table", "low box": "box"}.get(
            category, category
        )
        assert all(min(solid.size) > 0 for solid in object_.solids)
        assert all(0 <= channel <= 1 for solid in object_.solids for channel in solid.color)


@pytest.mark.parametrize("category", PLAUSIBLE)
def test_sizes_are_realistic(category: str) -> None:
    low, high = PLAUSIBLE[category]
    sizes = np.array([object_.size for object_ in variants(category, 60)])
    assert (sizes >= low).all(), sizes.min(axis=0)
    assert (sizes <= high).all(), sizes.max(axis=0)


@pytest.mark.parametrize("category", OBJECT_KINDS)
def test_shapes_vary(category: str) -> None:
    made = variants(category, 12)
    assert len({object_.size for object_ in made}) > 6
    assert len({tuple(solid.color for solid in object_.solids) for object_ in made}) > 6


@pytest.mark.parametrize("category", ["chair", "stool", "bed", "table", "desk", "cabinet", "bookshelf", "lamp", "box"])
def test_variants_differ_in_structure(category: str) -> None:
    assert len({len(object_.solids) for object_ in variants(category, 40)}) >= 2


def top_below(object_: PlacedObject, point: tuple[float, float, float]) -> float:
    """Height of the highest solid at that place which is not above the point by more than a hand's breadth."""
    low, high = bounds(object_)
    x, y, z = point
    over = (low[:, 0] <= x) & (x <= high[:, 0]) & (low[:, 1] <= y) & (y <= high[:, 1]) & (high[:, 2] <= z + 0.12)
    return float(high[over, 2].max()) if over.any() else -1.0


@pytest.mark.parametrize("category", SEATS)
def test_seats_rest_on_a_surface_at_sitting_height(category: str) -> None:
    for object_ in variants(category):
        assert object_.seats
        for seat in object_.seats:
            assert top_below(object_, seat) == pytest.approx(seat[2], abs=0.011)
            assert 0.36 <= seat[2] <= 0.62


@pytest.mark.parametrize("category", ["chair", "office chair", "armchair", "sofa"])
def test_seats_have_a_backrest_behind_and_nothing_above(category: str) -> None:
    for object_ in variants(category):
        low, high = bounds(object_)
        for x, y, z in object_.seats:
            tall = high[:, 2] > z + 0.25
            behind = tall & (high[:, 1] <= y - 0.1)
            assert behind.any()
            over = (low[:, 0] < x) & (x < high[:, 0]) & (low[:, 1] < y) & (y < high[:, 1]) & (high[:, 2] > z + 0.02)
            assert not over.any()


def test_long_sofas_have_seats_and_a_lying_place() -> None:
    sofas = variants("sofa", 40)
    assert {len(sofa.seats) for sofa in sofas} == {2, 3}
    for sofa in sofas:
        if sofa.lying is None:
            assert sofa.size[0] < 2.2
        else:
            pelvis, head = np.array(sofa.lying)
            assert 0.6 <= np.linalg.norm(pelvis[:2] - head[:2]) <= 0.75
    assert any(sofa.lying for sofa in sofas)


def test_a_bed_is_long_enough_for_a_body() -> None:
    beds = variants("bed", 40)
    for bed in beds:
        assert bed.lying is not None
        pelvis, head = np.array(bed.lying)
        assert top_below(bed, tuple(pelvis)) == pytest.approx(pelvis[2], abs=0.011)
        away = bed.size[0] / 2 + np.sign(head[0]) * pelvis[0] * -1  # from the pelvis to the foot end
        assert np.linalg.norm(pelvis[:2] - head[:2]) == pytest.approx(0.69, abs=0.05)
        assert bed.size[0] - away > 0.9
        assert abs(head[1]) <= bed.size[1] / 2 - 0.2
    assert {float(np.sign(bed.lying[1][0])) for bed in beds if bed.lying} == {-1.0, 1.0}
    assert min(bed.size[1] for bed in beds) < 1.2 < 1.4 < max(bed.size[1] for bed in beds)


@pytest.mark.parametrize("category", REACHED)
def test_handles_are_on_the_surface_and_within_reach(category: str) -> None:
    handled = 0
    for object_ in variants(category):
        low, high = bounds(object_)
        handled += bool(object_.handles)
        for point in np.array(object_.handles).reshape(-1, 3):
            gaps = np.linalg.norm(np.maximum(np.maximum(low - point, point - high), 0.0), axis=1)
            assert gaps.min() < 0.035
            assert 0.68 <= point[2] <= 1.7
    assert handled == 25


@pytest.mark.parametrize("category", OBJECT_KINDS)
def test_handles_and_grips_are_inside_the_bounds(category: str) -> None:
    for object_ in variants(category):
        low, high = bounds(object_)
        for point in np.array([*object_.handles, *object_.grips, *object_.seats]).reshape(-1, 3):
            gaps = np.linalg.norm(np.maximum(np.maximum(low - point, point - high), 0.0), axis=1)
            assert gaps.min() < 0.05, (category, point)
            assert (np.abs(point[:2]) <= np.array(object_.size[:2]) / 2 + 0.015).all()
            assert point[2] <= object_.size[2] + 1e-3


@pytest.mark.parametrize("category", PULLED)
def test_doors_and_drawers_have_grips_on_their_front_within_reach(category: str) -> None:
    made = variants(category)
    assert np.mean([bool(object_.grips) for object_ in made]) >= 0.8
    for object_ in made:
        low, high = bounds(object_)
        for x, y, z in object_.grips:
            assert category == "microwave" or 0.45 <= z <= 1.6
            before = (low[:, 0] < x) & (x < high[:, 0]) & (low[:, 2] < z) & (z < high[:, 2]) & (low[:, 1] > y + 0.01)
            assert not before.any()  # no solid in front of the grip
            assert y > 0


@pytest.mark.parametrize("category", OBJECT_KINDS)
def test_tops_are_solid_and_free(category: str) -> None:
    made = variants(category)
    assert any(object_.top for object_ in made) or category not in TOPPED
    for object_ in made:
        if object_.top is None:
            continue
        left, right, back, front, height = object_.top
        assert (np.abs([left, right]) <= object_.size[0] / 2 + 1e-3).all()
        assert (np.abs([back, front]) <= object_.size[1] / 2 + 1e-3).all()
        assert min(right - left, front - back) > 0.2
        assert 0.3 <= height <= 1.15
        low, high = bounds(object_)
        for x in np.linspace(left + 0.01, right - 0.01, 5):
            for y in np.linspace(back + 0.01, front - 0.025, 5):
                over = (low[:, 0] <= x) & (x <= high[:, 0]) & (low[:, 1] <= y) & (y <= high[:, 1])
                assert high[over, 2].max(initial=0.0) == pytest.approx(height, abs=2e-3)


def test_a_basin_has_free_space_above() -> None:
    for object_ in variants("sink", 40):
        assert object_.basin is not None
        low, high = bounds(object_)
        point = np.array(object_.basin)
        inside = ((low + 0.001 < point) & (point < high - 0.001)).all(axis=1)
        assert not inside.any()
        assert top_below(object_, (point[0], point[1], point[2])) < point[2] - 0.08  # the bowl is deep
        assert abs(point[1]) < object_.size[1] / 2 - 0.1


@pytest.mark.parametrize("category", OBJECT_KINDS)
def test_portable_objects_fit_between_two_hands(category: str) -> None:
    for object_ in variants(category):
        if object_.portable:
            assert 0.15 <= object_.size[0] <= 0.5
            assert 0.1 <= object_.size[1] <= 0.5
            assert object_.size[2] < 0.45


@pytest.mark.parametrize("category", ["step", "bag", "toy", "low box"])
def test_low_objects_can_be_stepped_over(category: str) -> None:
    for object_ in variants(category, 40):
        assert 0.12 <= object_.size[2] <= 0.35
        assert min(object_.size[:2]) < 0.5


def test_an_unknown_category_raises() -> None:
    with pytest.raises(InputError, match=r"unknown category 'throne'.*armchair"):
        make_object("throne", np.random.default_rng(0))


@pytest.mark.parametrize("category", OBJECT_KINDS)
def test_the_same_seed_makes_the_same_object(category: str) -> None:
    one, two = (make_object(category, np.random.default_rng(3)) for _ in range(2))
    assert repr(one.solids) == repr(two.solids)
    assert one.handles == two.handles
