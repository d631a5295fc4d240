from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tiny_networks import TINY_PAPER, tiny_network

from monster.networks.config import GroupConfig
from monster.networks.packing import gather_rows
from monster.networks.pointnet import SLICE, PointEncoder, SetAbstraction, ball_neighbours, farthest_points


def slow_farthest(points: NDArray[np.float32], count: int) -> list[int]:
    """One point at a time, as the rule is told."""
    chosen = [0]
    while len(chosen) < count:
        best, found = -1.0, 0
        for index, point in enumerate(points):
            if (point**2).sum() <= 1e-3:
                continue
            nearest = min(float(((point - points[other]) ** 2).sum()) for other in chosen)
            if nearest > best:
                best, found = nearest, index
        chosen.append(found)
    return chosen


def slow_ball(points: NDArray[np.float32], center: NDArray[np.float32], radius: float, count: int) -> list[int]:
    inside = [index for index, point in enumerate(points) if ((point - center) ** 2).sum() < np.float32(radius) ** 2]
    return (inside[:count] + [inside[0] if inside else 0] * count)[:count]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 20), st.integers(1, 12))
def test_sampling_and_balls_follow_the_slow_rules(seed: int, points: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    cloud = rng.normal(scale=0.3, size=(2, points, 3)).astype(np.float32)
    cloud[:, rng.random(points) < 0.4] *= 0.05  # many near the origin
    cloud[:, -1] = cloud[:, 0]  # and one twice
    chosen = farthest_points(torch.from_numpy(cloud), count)
    assert chosen.tolist() == [slow_farthest(one, count) for one in cloud]
    centers = gather_rows(torch.from_numpy(cloud), chosen)
    near = ball_neighbours(torch.from_numpy(cloud), centers, 0.3, 5)
    expected = [[slow_ball(one, one[c], 0.3, 5) for c in row] for one, row in zip(cloud, chosen.tolist(), strict=True)]
    assert near.tolist() == expected


def test_points_at_the_origin_are_never_picked_except_as_the_first() -> None:
    cloud = torch.tensor([[[0, 0, 0], [0.03, 0, 0], [0.5, 0, 0], [0, 0.0316, 0], [0, 0.0317, 0]]])
    assert farthest_points(cloud, 4).tolist() == [
        [0, 2, 4, 2]
    ]  # then only 2 and 4 may be picked; both are at 0: the first
    assert farthest_points(cloud[:, :2], 3).tolist() == [[0, 0, 0]]  # nobody may be picked


def test_a_ball_is_open_ordered_and_filled_with_its_first_member() -> None:
    cloud = torch.tensor([[[0.5, 0, 0], [0.25, 0, 0], [0, 0, 0], [0.1, 0, 0]]])
    center = torch.zeros(1, 1, 3)
    assert ball_neighbours(cloud, center, 0.25, 3).tolist() == [[[2, 3, 2]]]  # the point on the sphere is outside
    assert ball_neighbours(cloud, center, 0.26, 2).tolist() == [[[1, 2]]]  # by index, not by distance
    assert ball_neighbours(cloud, center + 9, 0.25, 2).tolist() == [[[0, 0]]]  # nobody near


@pytest.mark.parametrize("radius", [0.05, 0.5, 9.0])
def test_a_set_abstraction_equals_its_definition(radius: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monster.networks.pointnet.BALLS", 4)  # balls of one size after the other
    torch.manual_seed(0)
    layer = SetAbstraction(2, GroupConfig((5, 4), centers=3, radius=radius, neighbours=4)).eval()
    xyz, features = torch.randn(3, 9, 3) * 0.4, torch.randn(3, 9, 2)
    centers, found = layer(xyz, features)
    near = ball_neighbours(xyz, centers, radius, 4)
    rows = torch.cat([gather_rows(xyz, near) - centers.unsqueeze(2), gather_rows(features, near)], dim=-1)
    for linear, norm in zip(layer.linears, layer.norms, strict=True):
        rows = torch.relu(norm(linear(rows).flatten(0, 2))).reshape(*rows.shape[:3], -1)
    assert torch.equal(centers, gather_rows(xyz, farthest_points(xyz, 3)))
    assert torch.allclose(found, rows.amax(2), atol=1e-6)


def test_one_group_of_all_points_keeps_absolute_places_and_ignores_order() -> None:
    torch.manual_seed(0)
    layer = SetAbstraction(2, GroupConfig((5,))).eval()
    xyz, features = torch.randn(1, 9, 3), torch.randn(1, 9, 2)
    _, found = layer(xyz, features)
    turned = torch.randperm(9)
    assert torch.allclose(layer(xyz[:, turned], features[:, turned])[1], found, atol=1e-6)
    assert not torch.allclose(layer(xyz + 1, features)[1], found, atol=1e-3)


def test_slices_in_evaluation_change_nothing() -> None:
    encoder = tiny_network(TINY_PAPER).scene.points
    points = torch.randn(SLICE + 2, 16, 6) * 0.4
    whole = encoder(points)
    assert torch.allclose(torch.cat([encoder(points[:3]), encoder(points[3:])]), whole, atol=1e-6)


def test_training_learns_through_every_layer_and_updates_batch_statistics() -> None:
    torch.manual_seed(0)
    encoder = PointEncoder(TINY_PAPER).train()
    before = [norm.running_mean.clone() for group in encoder.groups for norm in group.norms]  # type: ignore[union-attr]
    encoder(torch.randn(6, 40, 6) * 0.4).square().mean().backward()
    after = [norm.running_mean for group in encoder.groups for norm in group.norms]  # type: ignore[union-attr]
    assert all(parameter.grad is not None for parameter in encoder.parameters())
    assert not any(torch.equal(a, b) for a, b in zip(before, after, strict=True))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_the_device_gives_the_same_groups() -> None:
    cloud = torch.randn(4, 200, 3) * 0.4
    centers = gather_rows(cloud, farthest_points(cloud, 16))
    assert farthest_points(cloud.cuda(), 16).cpu().equal(farthest_points(cloud, 16))
    found = ball_neighbours(cloud.cuda(), centers.cuda(), 0.3, 8)
    assert found.cpu().equal(ball_neighbours(cloud, centers, 0.3, 8))
