"""The scene encoder: object features, class vectors, attention over the spatial relations of objects."""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor, nn

from monster.networks.collate import Encoding, SceneBatch
from monster.networks.config import NetworkConfig, StackConfig
from monster.networks.layers import BoxCode, SummaryEncoder, weighted
from monster.networks.packing import in_length_groups
from monster.networks.pointnet import PointEncoder

TINY: Final = 1e-10
PAIR_FEATURES: Final = 5


def pair_features(centers: Tensor, mask: Tensor, origin: Tensor | None = None) -> Tensor:
    """Spatial relations of objects, query minus key: (batch, q, k, 5) from centers (batch, objects, 3).

    Distance over the largest distance between real objects (mask (batch, objects)), dz / distance, horizontal
    distance / distance, dy / horizontal, dx / horizontal. In rows where ``origin`` (batch,) is True the distances from
    the origin, where padding is, count in the largest distance too.
    """
    delta = centers.unsqueeze(2) - centers.unsqueeze(1)
    distance = (delta.square().sum(-1) + TINY).sqrt()
    level = (delta[..., :2].square().sum(-1) + TINY).sqrt()
    both = mask.unsqueeze(2) & mask.unsqueeze(1)
    largest = distance.masked_fill(~both, TINY**0.5).amax(dim=(1, 2), keepdim=True)
    if origin is not None:
        reach = (centers.square().sum(-1) + TINY).sqrt().masked_fill(~(mask & origin[:, None]), TINY**0.5)
        largest = torch.maximum(largest, reach.amax(dim=1)[:, None, None])
    dx, dy, dz = delta.unbind(-1)
    return torch.stack([distance / largest, dz / distance, level / distance, dy / level, dx / level], dim=-1)


class SpatialAttention(nn.Module):
    """Attention whose logits gain the log of a gate over `pair_features` that each query and head sets (3D-VisTA)."""

    def __init__(self, hidden: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.output = (nn.Linear(hidden, hidden) for _ in range(4))
        self.condition = nn.Linear(hidden, heads * (PAIR_FEATURES + 1))
        self.dropout = nn.Dropout(dropout)
        self.norm = nn.LayerNorm(hidden)

    def forward(self, tokens: Tensor, relations: Tensor, mask: Tensor) -> Tensor:
        """tokens (batch, objects, hidden), relations (batch, objects, objects, 5), mask (batch, objects)."""
        batch, objects, hidden = tokens.shape
        query, key, value = (
            part(tokens).reshape(batch, objects, self.heads, -1).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        )
        condition = self.condition(tokens).reshape(batch, objects, self.heads, -1)
        gate = condition[..., 1:] @ relations.transpose(2, 3) + condition[..., :1]  # (batch, query, head, key)
        logits = gate.sigmoid().clamp(min=1e-6).log().masked_fill(~mask[:, None, None], float("-inf"))
        read = weighted(query, key, value, logits.transpose(1, 2))
        mixed = self.output(read.transpose(1, 2).reshape(batch, objects, hidden))
        out: Tensor = self.norm(self.dropout(mixed) + tokens)
        return out


class SpatialLayer(nn.Module):
    """Spatial attention (with its own norm), the input added again, norm, feed-forward, norm."""

    def __init__(self, hidden: int, stack: StackConfig, dropout: float) -> None:
        super().__init__()
        self.attention = SpatialAttention(hidden, stack.heads, dropout)
        self.linear1 = nn.Linear(hidden, stack.feedforward)
        self.linear2 = nn.Linear(stack.feedforward, hidden)
        self.norm1, self.norm2 = nn.LayerNorm(hidden), nn.LayerNorm(hidden)
        self.activation = nn.GELU() if stack.activation == "gelu" else nn.ReLU()
        self.dropout = nn.Dropout(dropout)

    def forward(self, tokens: Tensor, relations: Tensor, mask: Tensor) -> Tensor:
        """Shapes as in `SpatialAttention.forward`."""
        tokens = self.norm1(tokens + self.dropout(self.attention(tokens, relations, mask)))
        wide = self.dropout(self.activation(self.linear1(tokens)))
        out: Tensor = self.norm2(tokens + self.dropout(self.linear2(wide)))
        return out


class SceneEncoder(nn.Module):
    """A `SceneBatch` to an `Encoding` whose tokens (batch, objects, hidden) are the objects.

    ``class_vectors`` (classes, class_width) holds the vector of each class that the class head can predict; an object
    with a known label takes the caller's vector instead.
    """

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        scene, hidden = config.scene, config.hidden
        self.config = scene
        self.points = PointEncoder(config)
        self.dropout = nn.Dropout(config.dropout)
        self.class_head = nn.Sequential(
            nn.Linear(hidden, scene.class_hidden),
            nn.ReLU(),
            nn.LayerNorm(scene.class_hidden, eps=1e-12),
            nn.Dropout(config.dropout),
            nn.Linear(scene.class_hidden, scene.classes),
        )
        self.class_vectors: Tensor
        self.register_buffer("class_vectors", torch.zeros(scene.classes, scene.class_width))
        self.class_map = nn.Sequential(
            nn.Linear(scene.class_width, hidden), nn.LayerNorm(hidden), nn.Dropout(config.dropout)
        )
        self.padding = nn.Parameter(torch.randn(1, hidden) * 0.02)
        self.boxes = BoxCode(hidden, scene.box_frequencies)
        self.spatial = nn.ModuleList(
            SpatialLayer(hidden, scene.spatial, config.dropout) for _ in range(scene.spatial.layers)
        )
        self.body = SummaryEncoder(hidden, config.dim, scene.summary, dropout=config.dropout)

    def object_features(self, points: Tensor, mask: Tensor) -> Tensor:
        """PointNet++ alone: points (batch, objects, points, 6) to (batch, objects, hidden), 0 where padded."""
        encoded: Tensor = self.points(points[mask])
        features = encoded.new_zeros(*mask.shape, encoded.shape[-1])
        features[mask] = encoded
        return features

    def forward(self, batch: SceneBatch, label_probability: float = 1.0) -> Encoding:
        """The encoding; a given label is used with ``label_probability``, else the class that the head finds."""
        features = batch.features if batch.points is None else self.object_features(batch.points, batch.mask)
        features = self.dropout(features)
        logits: Tensor = self.class_head(features)
        named = features + self.class_map(self._class_vectors(logits, batch, label_probability))
        tokens = torch.where(batch.mask.unsqueeze(-1), named, self.padding)
        is_padded = ~batch.mask.all(dim=1) & self.config.padding_in_distance
        return self.encode_tokens(tokens, batch.boxes, logits, is_padded, batch.mask)

    @in_length_groups
    def encode_tokens(  # noqa: PLR0917  what the decorator cuts is positional
        self, tokens: Tensor, boxes: Tensor, logits: Tensor, is_padded: Tensor, mask: Tensor
    ) -> Encoding:
        """Object tokens (batch, objects, hidden), boxes and class logits, and their mask (batch, objects).

        ``is_padded`` (batch,): distances from the origin, where padding is, count in the largest distance of the scene.
        """
        relations = pair_features(boxes[..., :3], mask, is_padded)
        box_code = self.boxes(boxes)
        for layer in self.spatial:
            tokens = layer(tokens + box_code, relations, mask)
        mean, log_variance = self.body.summarise(tokens, mask)
        return Encoding(mean, log_variance, tokens, mask, boxes=boxes, class_logits=logits)

    def _class_vectors(self, logits: Tensor, batch: SceneBatch, probability: float) -> Tensor:
        vectors = self.class_vectors[logits.argmax(-1)]
        if batch.label_vectors is None or batch.has_label is None:
            return vectors
        use = batch.has_label
        if probability < 1:
            use = use & (torch.rand(use.shape, device=use.device) < probability)
        return torch.where(use.unsqueeze(-1), batch.label_vectors, vectors)
