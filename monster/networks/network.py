"""The network: six Gaussians in one space, for text, motion, scene and their three pairs.

    from monster.networks.config import SMALL
    network = Network(SMALL.with_classes(25))
    t = network.encode_text(tokens, mask)                # (b, length, 384), (b, length) -> Encoding
    m = network.encode_motion(joints, mask)              # (b, frames, 22, 3), (b, frames) -> Encoding
    s = network.encode_scene(SceneBatch.of(points, boxes))
    st = network.encode_pair("st", t, s)                 # order of PAIR_PARTS: st = t, s; mt = t, m; ms = m, s
    six = network(text_batch, motion_batch, scene_batch)  # {"t": Encoding, ..., "ms": Encoding}

An `Encoding` holds mean (the embedding, not normalised), log_variance, tokens and mask; `Encoding.sample()` draws.
For training: `encode_objects` computes the object features of a `SceneBatch(features=...)`, `Encoding.class_logits`
train the class head, `label_probability` mixes true labels in, `decode_motion` reconstructs.
Call `set_class_vectors` before encoding; the vectors are part of the weights.
"""

from __future__ import annotations

import dataclasses
from typing import cast

import torch
from torch import Tensor, nn

from monster.errors import InputError, ModelError
from monster.networks.collate import Encoding, MotionBatch, SceneBatch, TextBatch
from monster.networks.config import NetworkConfig
from monster.networks.decoder import MotionDecoder
from monster.networks.motion import MotionEncoder
from monster.networks.pairs import PAIR_PARTS, PairEncoders
from monster.networks.scene import SceneEncoder
from monster.networks.text import TextEncoder
from monster.tasks import KINDS, UNPLACED, Kind


class ProjectionHead(nn.Module):
    """A two-layer perceptron added to an embedding (batch, dim); initialised to add 0."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(config.dim, config.head), nn.GELU(), nn.Linear(config.head, config.dim))
        for parameter in self.layers[2].parameters():
            nn.init.zeros_(parameter)

    def forward(self, mean: Tensor) -> Tensor:
        """(batch, dim) to (batch, dim)."""
        out: Tensor = mean + self.layers(mean)
        return out


class Network(nn.Module):
    """All encoders of one configuration. The docstring of the module shows its use."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.config = config
        self.text = TextEncoder(config)
        self.motion = MotionEncoder(config)
        self.scene = SceneEncoder(config)
        self.pairs = PairEncoders(config)
        self.decoder = None if config.decoder is None else MotionDecoder(config, config.decoder)
        self.heads = nn.ModuleDict({kind: ProjectionHead(config) for kind in KINDS} if config.head else {})

    def set_class_vectors(self, vectors: Tensor) -> None:
        """Set the class table (classes, class_width). Raises ModelError for another shape."""
        table = self.scene.class_vectors
        if vectors.shape != table.shape:
            raise ModelError(f"expected class vectors {tuple(table.shape)}, got {tuple(vectors.shape)}")
        with torch.no_grad():
            table.copy_(vectors)

    def encode_text(self, tokens: Tensor, mask: Tensor) -> Encoding:
        """Token states (batch, length, text.width) and mask (batch, length)."""
        return self._with_head("t", self.text(tokens, mask))

    def encode_motion(self, joints: Tensor, mask: Tensor, *, placed: bool = False) -> Encoding:
        """Joints (batch, frames, 22, 3) or (batch, frames, 66) and mask (batch, frames).

        ``placed``: the joints are in the frame of a scene, not in the motion's own (`monster.frames`).
        """
        return self._with_head("m", self.motion(joints, mask, placed=placed))

    def encode_objects(self, points: Tensor, mask: Tensor) -> Tensor:
        """Object points (batch, objects, points, 6) and mask (batch, objects) to features (batch, objects, hidden)."""
        return self.scene.object_features(points, mask)

    def encode_scene(self, batch: SceneBatch, *, label_probability: float = 1.0) -> Encoding:
        """A scene batch, with points or features of `encode_objects`; the encoding also has boxes and class logits."""
        return self._with_head("s", self.scene(batch, label_probability))

    def encode_pair(self, kind: Kind, a: Encoding, b: Encoding) -> Encoding:
        """The pair ``kind`` of two encodings of equal batch size, in the order of `PAIR_PARTS`."""
        kind = UNPLACED.get(kind, kind)
        if kind not in PAIR_PARTS:
            raise InputError(f"expected a pair, one of {', '.join(PAIR_PARTS)}, got {kind!r}")
        if len(a.mean) != len(b.mean):
            raise InputError(f"a pair needs equally many of both, got {len(a.mean)} and {len(b.mean)}")
        return self._with_head(kind, self.pairs(kind, a, b))

    def _with_head(self, kind: Kind, encoding: Encoding) -> Encoding:
        if not self.config.head:
            return encoding
        return dataclasses.replace(encoding, mean=self.heads[kind](encoding.mean))

    def forward(
        self, text: TextBatch, motion: MotionBatch, scene: SceneBatch, *, label_probability: float = 1.0
    ) -> dict[Kind, Encoding]:
        """All six encodings of a batch of items, by kind."""
        found: dict[Kind, Encoding] = {
            "t": self.encode_text(text.tokens, text.mask),
            "m": self.encode_motion(motion.joints, motion.mask),
            "s": self.encode_scene(scene, label_probability=label_probability),
        }
        pairs = {kind: self.encode_pair(kind, found[a], found[b]) for kind, (a, b) in PAIR_PARTS.items()}
        return found | pairs

    def decode_motion(self, vector: Tensor, mask: Tensor) -> Tensor:
        """A vector (batch, dim) and mask (batch, frames) to joints (batch, frames, 66). ModelError: no decoder."""
        if self.decoder is None:
            raise ModelError(f"config {self.config.name!r} has no motion decoder: set its decoder")
        return cast(Tensor, self.decoder(vector, mask))
