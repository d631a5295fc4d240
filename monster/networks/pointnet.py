"""PointNet++ (Qi et al., 2017) over the points of single objects, in plain tensor operations.

The points of an object are in its unit sphere. All objects of a batch are encoded together; in evaluation in slices,
to bound the memory.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Final, cast

import torch
from torch import Tensor, nn

from monster.networks.config import GroupConfig, NetworkConfig
from monster.networks.packing import flat_index, gather_rows

SKIP_NORM: Final = 1e-3  # points of at most this squared norm are never picked as centres
SLICE: Final = 320  # objects at a time in evaluation
NEAR: Final = 32  # objects at a time, so that their distances stay in the cache of a CPU
BALLS: Final = 1024  # balls of similar size at a time in evaluation


def squared_distances(a: Tensor, b: Tensor) -> Tensor:
    """Squared distances (n, s, p) of a (n, s, 3) and b (n, p, 3) from differences, exact for equal points."""
    total = (a[:, :, None, 0] - b[:, None, :, 0]).square_()
    for axis in (1, 2):
        difference = a[:, :, None, axis] - b[:, None, :, axis]
        total.addcmul_(difference, difference)
    return total


def farthest_points(xyz: Tensor, count: int) -> Tensor:
    """Indices (n, count) of farthest point sampling over xyz (n, p, 3).

    Starts at point 0; afterwards never picks a point whose squared norm is at most `SKIP_NORM`. The first of equally
    far points wins. Index 0 if no point may be picked.
    """
    rows = torch.arange(len(xyz), device=xyz.device)
    nearest = torch.full(xyz.shape[:2], 1e10, device=xyz.device)
    nearest[xyz.square().sum(-1) <= SKIP_NORM] = -1.0
    planes = xyz.transpose(1, 2).contiguous()
    away = torch.empty_like(planes)
    chosen = torch.zeros(len(xyz), count, dtype=torch.long, device=xyz.device)
    for step in range(1, count):
        torch.sub(planes, planes[rows, :, chosen[:, step - 1]].unsqueeze(-1), out=away)
        torch.minimum(nearest, away.square_().sum(1), out=nearest)
        chosen[:, step] = nearest.max(1).indices  # faster on a CPU than argmax
    return chosen


def ball_neighbours(xyz: Tensor, centers: Tensor, radius: float, count: int) -> Tensor:
    """Indices (n, s, count) of the first points of xyz (n, p, 3) strictly within the radius of centers (n, s, 3).

    First in index order. A short list is filled with its first member; index 0 if no point is within the radius.
    """
    limit = torch.tensor(radius, device=xyz.device).square()
    parts = zip(torch.split(centers, NEAR), torch.split(xyz, NEAR), strict=True)
    inside = torch.cat([squared_distances(some, points) < limit for some, points in parts])
    centre, point = inside.flatten(0, 1).nonzero(as_tuple=True)  # in index order
    sizes = torch.bincount(centre, minlength=centers.shape[0] * centers.shape[1])
    rank = torch.arange(len(centre), device=xyz.device) - (sizes.cumsum(0) - sizes)[centre]
    first = rank < count
    found = torch.full((len(sizes), count), -1, device=xyz.device).index_put((centre[first], rank[first]), point[first])
    found = torch.where(found < 0, found[:, :1].clamp(min=0), found)
    return found.reshape(*centers.shape[:2], count)


class SetAbstraction(nn.Module):
    """Centres, their neighbours, a small network on each neighbour, the maximum: xyz (n, p, 3), features (n, p, c)."""

    def __init__(self, width: int, config: GroupConfig) -> None:
        super().__init__()
        self.config = config
        widths = [width + 3, *config.widths]
        pairs = list(itertools.pairwise(widths))
        self.linears = nn.ModuleList(nn.Linear(a, b, bias=False) for a, b in pairs)
        self.norms = nn.ModuleList(nn.BatchNorm1d(b) for _, b in pairs)

    def forward(self, xyz: Tensor, features: Tensor) -> tuple[Tensor, Tensor]:
        """Centres (n, s, 3) and their features (n, s, widths[-1]); s is 1 if all points are one group."""
        centers, near = self._groups(xyz)
        layers = [self._layer(index) for index in range(len(self.linears))]
        mapped = nn.functional.linear(torch.cat([xyz, features], dim=-1), layers[0].weight, layers[0].bias)
        if near is None:
            return centers, self._maximum(mapped, layers).unsqueeze(1)
        # The map is linear: that of a neighbour relative to its centre is the point's minus the centre's. So it is
        # computed once per point, not once per neighbour.
        offset = nn.functional.linear(centers, layers[0].weight[:, :3]).flatten(0, 1)
        found = self._ball_features(mapped.flatten(0, 1), offset, flat_index(near, xyz.shape[1]).flatten(0, 1), layers)
        return centers, found.reshape(*centers.shape[:2], -1)

    def _ball_features(self, mapped: Tensor, offset: Tensor, near: Tensor, layers: list[_Layer]) -> Tensor:
        """Balls (b, widths[-1]) from mapped points (points, c), their centres' offset (b, c), neighbours (b, k).

        In evaluation balls are computed in groups of similar size: a list filled with its first member has the same
        maximum when it is cut. In training the filling counts in the batch statistics, as published.
        """
        if self.training:
            return self._maximum(_relative(mapped, near, offset), layers)
        sizes = 1 + (near != near[:, :1]).sum(1)
        order = sizes.argsort()
        out = mapped.new_empty(len(near), layers[-1].weight.shape[0])
        for rows in torch.split(order, BALLS):
            some = near[rows, : int(sizes[rows[-1]])]
            out[rows] = self._maximum(_relative(mapped, some, offset[rows]), layers)
        return out

    @staticmethod
    def _maximum(rows: Tensor, layers: list[_Layer]) -> Tensor:
        """The maximum (b, widths[-1]) over neighbours (b, k, c), of which the first linear map is already computed."""
        shape = rows.shape[:2]
        rows = layers[0].norm(rows.flatten(0, 1))
        for layer in layers[1:-1]:
            rows = layer.norm(nn.functional.linear(torch.relu_(rows), layer.weight, layer.bias))
        last = layers[-1]
        rows = last.norm(nn.functional.linear(torch.relu_(rows), last.weight))
        most = rows.reshape(*shape, -1).amax(1)  # bias and relu commute with the maximum, which has fewer rows
        return (most if last.bias is None else most + last.bias).relu()

    def _groups(self, xyz: Tensor) -> tuple[Tensor, Tensor | None]:
        """Centres (n, s, 3) and the indices (n, s, k) of their neighbours, None for all points."""
        config = self.config
        if config.centers is None:
            return xyz[:, :1], None
        with torch.no_grad():
            centers = gather_rows(xyz, farthest_points(xyz, config.centers))
            return centers, ball_neighbours(xyz, centers, config.radius, config.neighbours)

    def _layer(self, index: int) -> _Layer:
        """A layer of the network of neighbours; in evaluation its norm is part of the linear map."""
        linear, norm = cast(nn.Linear, self.linears[index]), cast(nn.BatchNorm1d, self.norms[index])
        if norm.training:
            return _Layer(linear.weight, None, norm)
        scale = norm.weight / (cast(Tensor, norm.running_var) + norm.eps).sqrt()
        shift = norm.bias - cast(Tensor, norm.running_mean) * scale
        return _Layer(linear.weight * scale[:, None], shift, nn.Identity())


def _relative(mapped: Tensor, near: Tensor, offset: Tensor) -> Tensor:
    """Rows of mapped (points, c) by near (b, k), minus the offset (b, c) of their ball: (b, k, c)."""
    rows = mapped.index_select(0, near.flatten()).reshape(*near.shape, -1)
    return rows.sub_(offset.unsqueeze(1)) if not rows.requires_grad else rows - offset.unsqueeze(1)


@dataclass(frozen=True)
class _Layer:
    """A linear map and its normalisation."""

    weight: Tensor
    bias: Tensor | None
    norm: nn.Module


class PointEncoder(nn.Module):
    """Points of objects (n, points, 6), xyz and colour, to object features (n, hidden)."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        widths = [3, *(group.widths[-1] for group in config.scene.groups)]
        self.groups = nn.ModuleList(
            SetAbstraction(width, group) for width, group in zip(widths, config.scene.groups, strict=False)
        )
        self.output = nn.Linear(widths[-1], config.hidden)

    def forward(self, points: Tensor) -> Tensor:
        """(n, points, 6) to (n, hidden)."""
        if self.training:
            return self._encode(points)
        return torch.cat([self._encode(part) for part in torch.split(points, SLICE)])

    def _encode(self, points: Tensor) -> Tensor:
        xyz, features = points[..., :3].contiguous(), points[..., 3:]
        for group in self.groups:
            xyz, features = group(xyz, features)
        out: Tensor = self.output(features.squeeze(1))
        return out
