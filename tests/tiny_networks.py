"""Small networks for tests, shaped like the published one and the shipped one; and the published key scheme."""

from __future__ import annotations

import dataclasses
import itertools

import torch
from torch import nn

from monster.networks.collate import MotionBatch, SceneBatch, TextBatch
from monster.networks.config import (
    PAPER,
    SMALL,
    GroupConfig,
    NetworkConfig,
    PairConfig,
    StackConfig,
)
from monster.networks.network import Network

TINY_PAPER = dataclasses.replace(
    PAPER,
    name="tiny paper",
    hidden=24,
    dim=8,
    motion=dataclasses.replace(PAPER.motion, stack=StackConfig(2, 4, 32)),
    text=dataclasses.replace(PAPER.text, stack=StackConfig(2, 4, 32), width=24),
    scene=dataclasses.replace(
        PAPER.scene,
        groups=(
            GroupConfig((8, 8, 16), centers=8, radius=0.4, neighbours=4),
            GroupConfig((16, 16, 24), centers=4, radius=0.8, neighbours=4),
            GroupConfig((24, 32, 24)),
        ),
        spatial=StackConfig(2, 3, 32),
        summary=StackConfig(2, 2, 32, "relu"),
        classes=7,
        class_width=5,
        class_hidden=12,
        points=40,
        max_objects=6,
    ),
    pair=PairConfig(stack=StackConfig(2, 3, 32, "relu"), decoder=StackConfig(2, 2, 32, "relu")),
    decoder=StackConfig(2, 4, 32),
)
TINY_SMALL = dataclasses.replace(
    SMALL,
    name="tiny small",
    hidden=24,
    dim=8,
    dropout=0.1,
    motion=dataclasses.replace(
        SMALL.motion, stack=StackConfig(2, 4, 32), features="local", frames_per_token=4, root_frequencies=4
    ),
    text=dataclasses.replace(SMALL.text, stack=StackConfig(1, 4, 32), width=10),
    scene=dataclasses.replace(
        TINY_PAPER.scene, pad_to_max=False, padding_in_distance=False, box_frequencies=4, summary=StackConfig(1, 2, 32)
    ),
    pair=PairConfig(stack=StackConfig(2, 3, 32), decoder=StackConfig(1, 2, 32)),
)


def tiny_network(config: NetworkConfig = TINY_SMALL, seed: int = 0) -> Network:
    """A network in evaluation mode with weights that a seed decides, class vectors and batch statistics included."""
    torch.manual_seed(seed)
    network = Network(config)
    network.set_class_vectors(torch.randn(config.scene.classes, config.scene.class_width))
    for module in network.modules():
        if isinstance(module, nn.BatchNorm1d) and module.running_mean is not None and module.running_var is not None:
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)
    return network.eval()


def tiny_batch(config: NetworkConfig = TINY_SMALL, seed: int = 0) -> tuple[TextBatch, MotionBatch, SceneBatch]:
    """Three items: texts of 5, 3, 4 tokens, motions of 9, 12, 6 frames, scenes of 4, 2, 3 objects."""
    noise = torch.Generator().manual_seed(seed)

    def rows(*lengths: int, shape: tuple[int, ...]) -> list[torch.Tensor]:
        return [torch.randn(length, *shape, generator=noise) for length in lengths]

    text = TextBatch.of([row.numpy() for row in rows(5, 3, 4, shape=(config.text.width,))])
    motion = MotionBatch.of([row.numpy() for row in rows(9, 12, 6, shape=(22, 3))])
    points = [(row * 0.4).numpy() for row in rows(4, 2, 3, shape=(config.scene.points, 6))]
    boxes = [row.numpy() for row in rows(4, 2, 3, shape=(6,))]
    pad_to = config.scene.max_objects if config.scene.pad_to_max else None
    return text, motion, SceneBatch.of(points, boxes, pad_to=pad_to)


def reference_shapes(config: NetworkConfig) -> dict[str, tuple[int, ...]]:
    """Every key of the authors' state dict for a configuration, with its shape: from their scheme, not from ours."""
    found = _sequence_shapes(config) | _scene_shapes(config)
    for pair in ("ts", "tm", "ms"):
        found |= _pair_shapes(f"{pair}_encoder", config)
    return found


def _module(prefix: str, module: nn.Module) -> dict[str, tuple[int, ...]]:
    return {f"{prefix}.{name}": tuple(value.shape) for name, value in module.state_dict().items()}


def _encoder(prefix: str, width: int, stack: StackConfig) -> dict[str, tuple[int, ...]]:
    return _module(prefix, nn.TransformerEncoderLayer(width, stack.heads, stack.feedforward))


def _decoder(prefix: str, width: int, stack: StackConfig) -> dict[str, tuple[int, ...]]:
    return _module(prefix, nn.TransformerDecoderLayer(width, stack.heads, stack.feedforward))


def _sequence_shapes(config: NetworkConfig) -> dict[str, tuple[int, ...]]:
    found = _module("motion_encoder.projection", nn.Linear(66, config.hidden))
    for name, stack in (("motion", config.motion.stack), ("text", config.text.stack)):
        found[f"{name}_encoder.tokens"] = (2, config.hidden)
        found |= _module(f"{name}_encoder.tok_projection", nn.Linear(config.hidden, config.dim))
        for layer in range(stack.layers):
            found |= _encoder(f"{name}_encoder.seqTransEncoder.layers.{layer}", config.hidden, stack)
    assert config.decoder is not None
    for layer in range(config.decoder.layers):
        found |= _decoder(f"motion_decoder.seqTransDecoder.layers.{layer}", config.dim, config.decoder)
    return found | _module("motion_decoder.final_layer", nn.Linear(config.dim, 66))


def _pair_shapes(prefix: str, config: NetworkConfig) -> dict[str, tuple[int, ...]]:
    hidden, pair = config.hidden, config.pair
    found = {f"{prefix}.unified_encoder.token_type_embeddings.weight": (2, hidden)}
    found[f"{prefix}.cross_attention.token"] = (2, hidden)
    for layer in range(pair.stack.layers):
        found |= _encoder(f"{prefix}.unified_encoder.unified_encoder.{layer}", hidden, pair.stack)
    for layer in range(pair.decoder.layers):
        found |= _decoder(f"{prefix}.cross_attention.decoder.layers.{layer}", hidden, pair.decoder)
    found |= _decoder(f"{prefix}.cross_attention.decoder_layer", hidden, pair.decoder)
    found |= _boxes(f"{prefix}.unified_encoder", hidden)
    found |= _module(f"{prefix}.cross_attention.projection", nn.Linear(hidden, config.dim))
    return found | _module(f"{prefix}.project", nn.Linear(hidden, config.dim))


def _boxes(prefix: str, hidden: int) -> dict[str, tuple[int, ...]]:
    return _module(f"{prefix}.loc_layers.0", nn.Sequential(nn.Linear(6, hidden), nn.LayerNorm(hidden)))


def _scene_shapes(config: NetworkConfig) -> dict[str, tuple[int, ...]]:
    hidden, scene = config.hidden, config.scene
    shared = _point_shapes(config)
    head = (nn.Linear(hidden, scene.class_hidden), nn.ReLU(), nn.LayerNorm(scene.class_hidden), nn.Dropout())
    shared |= _module("point_cls_head", nn.Sequential(*head, nn.Linear(scene.class_hidden, scene.classes)))
    shared |= _module(
        "sem_cls_embed_layer", nn.Sequential(nn.Linear(scene.class_width, hidden), nn.LayerNorm(hidden), nn.Dropout())
    )
    shared["sem_mask_embeddings.weight"] = (1, hidden)
    for layer in range(scene.spatial.layers):
        shared |= _spatial_shapes(f"spatial_encoder.{layer}", config)
    found = {f"scene_encoder.{name}": shape for name, shape in shared.items()}
    found |= {f"scene_encoder.point_tokenize_encoder.{name}": shape for name, shape in shared.items()}
    found |= _boxes("scene_encoder.point_tokenize_encoder", hidden)
    found["scene_encoder.self_attention.token"] = (2, hidden)
    found |= _module("scene_encoder.self_attention.projection", nn.Linear(hidden, config.dim))
    found |= _encoder("scene_encoder.self_attention.encoder_layer", hidden, scene.summary)
    for layer in range(scene.summary.layers):
        found |= _encoder(f"scene_encoder.self_attention.encoder.layers.{layer}", hidden, scene.summary)
    return found


def _point_shapes(config: NetworkConfig) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    width = 3
    for group, settings in enumerate(config.scene.groups):
        for layer, (a, b) in enumerate(itertools.pairwise([width + 3, *settings.widths])):
            prefix = f"point_feature_extractor.encoder.{group}.mlps.0.layer{layer}"
            found |= _module(f"{prefix}.conv", nn.Conv2d(a, b, 1, bias=False))
            found |= _module(f"{prefix}.bn.bn", nn.BatchNorm2d(b))
        width = settings.widths[-1]
    return found | _module("point_feature_extractor.fc", nn.Linear(width, config.hidden))


def _spatial_shapes(prefix: str, config: NetworkConfig) -> dict[str, tuple[int, ...]]:
    hidden, stack = config.hidden, config.scene.spatial
    found = _module(f"{prefix}.linear1", nn.Linear(hidden, stack.feedforward))
    found |= _module(f"{prefix}.linear2", nn.Linear(stack.feedforward, hidden))
    for name in ("norm1", "norm2", "self_attn.layer_norm"):
        found |= _module(f"{prefix}.{name}", nn.LayerNorm(hidden))
    for name in ("w_qs", "w_ks", "w_vs", "fc"):
        found |= _module(f"{prefix}.self_attn.{name}", nn.Linear(hidden, hidden))
    return found | _module(f"{prefix}.self_attn.lang_cond_fc", nn.Linear(hidden, stack.heads * 6))
