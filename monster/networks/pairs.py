"""The pair encoders: two token sequences A and B to one Gaussian in the shared space."""

from __future__ import annotations

import dataclasses
from typing import Final, cast

import torch
from torch import Tensor, nn

from monster.errors import InputError
from monster.networks.collate import Encoding
from monster.networks.config import NetworkConfig
from monster.networks.layers import BoxCode, DecoderLayer, PositionCodes, decoder_layers, encoder_layers, with_summary
from monster.networks.packing import Packing, in_length_groups
from monster.tasks import Kind

PAIR_PARTS: Final[dict[Kind, tuple[Kind, Kind]]] = {"st": ("t", "s"), "mt": ("t", "m"), "ms": ("m", "s")}  # A and B
ROW_PARTS: Final[dict[Kind, tuple[Kind, Kind]]] = {
    "st": ("t", "s"), "mt": ("t", "m"), "mt@s": ("t", "m@s"), "ms": ("m@s", "s"),
}  # fmt: skip  # what each pair of a motion with several frames is made of
_TYPES: Final[dict[Kind, int]] = {"t": 0, "m": 1, "s": 2}  # of a shared encoder


class PairEncoder(nn.Module):
    """Layers over [A; B] with type vectors (and B's boxes) added before each, then two summary tokens read A into B.

    Input: the `Encoding` of A and of B, in the order of `PAIR_PARTS`; tokens (batch, a, hidden) and (batch, b, hidden).
    Output: an `Encoding` whose tokens are the real ones of A, then of B, after the last joint layer.
    """

    def __init__(self, config: NetworkConfig, *, boxes: bool, types: int = 2) -> None:
        super().__init__()
        hidden = config.hidden
        self.types = nn.Parameter(torch.randn(types, hidden) * 0.02)
        self.boxes = BoxCode(hidden, config.scene.box_frequencies) if boxes else None
        self.layers = encoder_layers(hidden, config.pair.stack, config.dropout)
        self.summary = nn.Parameter(torch.randn(2, hidden))
        self.positions = PositionCodes(hidden, config.dropout)
        self.decoder = decoder_layers(hidden, config.pair.decoder, config.dropout)
        self.project = nn.Linear(hidden, config.dim)

    @in_length_groups
    def forward(self, a: Encoding, b: Encoding, *, types: tuple[int, int] = (0, 1)) -> Encoding:
        """The encoding of the pair (shapes in the class); ``types`` are the rows of the type vectors of A and B."""
        length_a = a.tokens.shape[1]
        mask = torch.cat([a.mask, b.mask], dim=1)
        packing = Packing.of(mask)
        tokens = packing.pack(torch.cat([a.tokens, b.tokens], dim=1))
        added = packing.pack(self._added(a, b, types))
        for layer in self.layers:
            tokens = layer(tokens + added, packing.mask)
        unpacked = packing.unpack(tokens)
        memory = self.positions(unpacked[:, :length_a])
        target, target_mask = with_summary(self.summary, unpacked[:, length_a:], b.mask)
        target = self.positions(target)
        for layer in self.decoder[:-1]:
            target = layer(target, target_mask, memory=memory, memory_mask=a.mask)
        last = cast(DecoderLayer, self.decoder[-1])
        summary = last.read_summary(target, target_mask, memory=memory, memory_mask=a.mask)
        mean, log_variance = self.project(summary).unbind(1)
        return Encoding(mean, log_variance, tokens, packing.mask)

    def _added(self, a: Encoding, b: Encoding, types: tuple[int, int]) -> Tensor:
        of_a = self.types[types[0]].expand_as(a.tokens)
        of_b = self.types[types[1]].expand_as(b.tokens)
        if self.boxes is not None and types[1] == len(self.types) - 1:  # the scene is of the last type
            if b.boxes is None:
                raise InputError("a pair with a scene needs the scene's boxes: pass what encode_scene returned")
            of_b = of_b + self.boxes(b.boxes)
        return torch.cat([of_a, of_b], dim=1)


class PairEncoders(nn.ModuleDict):
    """The encoders of the three pairs, by `PairConfig.fusion`: one each, one for all, none, or one beside the sum."""

    def __init__(self, config: NetworkConfig) -> None:
        self.fusion = config.pair.fusion
        if self.fusion == "late":
            made = {}
        elif self.fusion == "shared":
            made = {"all": PairEncoder(config, boxes=True, types=len(_TYPES))}
        else:
            made = {kind: PairEncoder(config, boxes="s" in kind) for kind in PAIR_PARTS}
        super().__init__(made)
        if self.fusion == "beside":
            self.weight = nn.Parameter(torch.ones(len(PAIR_PARTS)))

    def forward(self, kind: Kind, a: Encoding, b: Encoding) -> Encoding:
        """The encoding of the pair ``kind`` of A and B, in the order of `PAIR_PARTS`."""
        if self.fusion == "late":
            return Encoding(late_fusion(a, b), (a.log_variance + b.log_variance) / 2, *_joined(a, b))
        if self.fusion == "shared":
            first, second = PAIR_PARTS[kind]
            return cast(Encoding, self["all"](a, b, types=(_TYPES[first], _TYPES[second])))
        pair = cast(Encoding, self[kind](a, b))
        if self.fusion == "separate":
            return pair
        weight = self.weight[list(PAIR_PARTS).index(kind)]
        mean = nn.functional.normalize(pair.mean.float(), dim=-1) + weight * late_fusion(a, b)
        return dataclasses.replace(pair, mean=mean)


def late_fusion(a: Encoding, b: Encoding) -> Tensor:
    """The sum (batch, dim) of the unit vectors of A and B."""
    return nn.functional.normalize(a.mean.float(), dim=-1) + nn.functional.normalize(b.mean.float(), dim=-1)


def _joined(a: Encoding, b: Encoding) -> tuple[Tensor, Tensor]:
    return torch.cat([a.tokens, b.tokens], dim=1), torch.cat([a.mask, b.mask], dim=1)
