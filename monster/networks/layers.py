"""Parts that several encoders share: position codes, place features, box codes, transformer stacks, summary tokens.

Masks are True where a token is real. Layers are torch's own post-norm ones.
"""

from __future__ import annotations

import math
from typing import Final, cast

import torch
from torch import Tensor, nn

from monster.networks.config import StackConfig

LONGEST_WAVE: Final = 16.0  # metres; each further frequency halves it


def position_codes(length: int, width: int) -> Tensor:
    """Sine (even channels) and cosine (odd channels) codes (length, width), base 10000 (Vaswani et al., 2017)."""
    # Named device: networks are built without memory on the "meta" device when weights are loaded; these must be real.
    step = torch.exp(torch.arange(0, width, 2, device="cpu") * (-math.log(10000.0) / width))
    angles = torch.arange(length, dtype=torch.float32, device="cpu")[:, None] * step
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1)


def place_features(positions: Tensor, frequencies: int) -> Tensor:
    """Sine and cosine (..., 3 * 2 * frequencies) of positions (..., 3) in metres, wavelengths 16, 8, 4, 2 m ...

    A linear map of raw coordinates tells near places apart badly; at these wavelengths they differ in many channels.
    """
    scale = torch.arange(frequencies, device=positions.device).exp2() * (2 * math.pi / LONGEST_WAVE)
    angles = (positions.unsqueeze(-1) * scale).flatten(-2)
    return torch.cat([angles.sin(), angles.cos()], dim=-1)


class PositionCodes(nn.Module):
    """Adds position codes to (batch, length, width), then dropout."""

    def __init__(self, width: int, dropout: float, prepared: int = 512) -> None:
        super().__init__()
        self.width = width
        self.dropout = nn.Dropout(dropout)
        self.codes: Tensor
        self.register_buffer("codes", position_codes(prepared, width), persistent=False)

    def forward(self, tokens: Tensor) -> Tensor:
        """(batch, length, width) with the codes of positions 0 to length - 1 added."""
        length = tokens.shape[1]
        codes = self.codes[:length] if length <= len(self.codes) else position_codes(length, self.width).to(tokens)
        out: Tensor = self.dropout(tokens + codes)
        return out


class BoxCode(nn.Module):
    """Boxes (..., 6), centre and size in metres, to (..., hidden): linear and layer norm over box and place."""

    def __init__(self, hidden: int, frequencies: int) -> None:
        super().__init__()
        self.frequencies = frequencies
        self.linear = nn.Linear(6 + 6 * frequencies, hidden)
        self.norm = nn.LayerNorm(hidden)

    def forward(self, boxes: Tensor) -> Tensor:
        """(..., 6) to (..., hidden)."""
        if self.frequencies:
            boxes = torch.cat([boxes, place_features(boxes[..., :3], self.frequencies)], dim=-1)
        out: Tensor = self.norm(self.linear(boxes))
        return out


def encoder_layers(width: int, stack: StackConfig, dropout: float) -> nn.ModuleList:
    """Post-norm self-attention layers of a stack."""
    return nn.ModuleList(
        nn.TransformerEncoderLayer(
            width, stack.heads, stack.feedforward, dropout, activation=stack.activation, batch_first=True
        )
        for _ in range(stack.layers)
    )


def decoder_layers(width: int, stack: StackConfig, dropout: float) -> nn.ModuleList:
    """Post-norm layers of a stack that attend to themselves and to a memory."""
    return nn.ModuleList(
        nn.TransformerDecoderLayer(
            width, stack.heads, stack.feedforward, dropout, activation=stack.activation, batch_first=True
        )
        for _ in range(stack.layers)
    )


def with_summary(summary: Tensor, tokens: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """The two summary tokens (2, width) in front of tokens (b, n, width), and the mask (b, n + 2) that fits."""
    batch = len(tokens)
    front = summary.expand(batch, -1, -1)
    return torch.cat([front, tokens], dim=1), torch.cat([mask.new_ones(batch, len(summary)), mask], dim=1)


def read_summary(layer: nn.TransformerEncoderLayer, tokens: Tensor, mask: Tensor) -> Tensor:
    """The two summary tokens (batch, 2, width) as a `TransformerEncoderLayer` leaves them, the others not computed.

    Nothing reads the other tokens of a last layer; leaving them out saves most of its work.
    """
    summary = tokens[:, :2]
    read, _ = layer.self_attn(summary, tokens, tokens, key_padding_mask=~mask, need_weights=False)
    summary = layer.norm1(summary + layer.dropout1(read))
    out: Tensor = layer.norm2(summary + layer.dropout2(_feed_forward(layer, summary)))
    return out


def decode_summary(
    layer: nn.TransformerDecoderLayer, tokens: Tensor, mask: Tensor, *, memory: Tensor, memory_mask: Tensor
) -> Tensor:
    """Like `read_summary`, for a `TransformerDecoderLayer`."""
    summary = tokens[:, :2]
    read, _ = layer.self_attn(summary, tokens, tokens, key_padding_mask=~mask, need_weights=False)
    summary = layer.norm1(summary + layer.dropout1(read))
    read, _ = layer.multihead_attn(summary, memory, memory, key_padding_mask=~memory_mask, need_weights=False)
    summary = layer.norm2(summary + layer.dropout2(read))
    out: Tensor = layer.norm3(summary + layer.dropout3(_feed_forward(layer, summary)))
    return out


def _feed_forward(layer: nn.TransformerEncoderLayer | nn.TransformerDecoderLayer, tokens: Tensor) -> Tensor:
    out: Tensor = layer.linear2(layer.dropout(layer.activation(layer.linear1(tokens))))
    return out


class SummaryEncoder(nn.Module):
    """Two learned tokens in front of a sequence, position codes, self-attention; the two become mean and log-variance.

    ======== ================= =================================
    input    tokens            (batch, length, hidden)
    input    mask              (batch, length), True = real
    output   mean              (batch, dim)
    output   log_variance      (batch, dim)
    output   tokens            (batch, length, hidden)
    ======== ================= =================================
    """

    def __init__(self, hidden: int, dim: int, stack: StackConfig, *, dropout: float) -> None:
        super().__init__()
        self.summary = nn.Parameter(torch.randn(2, hidden))
        self.positions = PositionCodes(hidden, dropout)
        self.layers = encoder_layers(hidden, stack, dropout)
        self.project = nn.Linear(hidden, dim)

    def forward(self, tokens: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Mean, log-variance and the tokens as they leave the last layer (table in the class)."""
        tokens, mask = with_summary(self.summary, tokens, mask)
        tokens = self.positions(tokens)
        for layer in self.layers:
            tokens = layer(tokens, src_key_padding_mask=~mask)
        mean, log_variance = self.project(tokens[:, :2]).unbind(1)
        return mean, log_variance, tokens[:, 2:]

    def summarise(self, tokens: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance alone, for less work."""
        tokens, mask = with_summary(self.summary, tokens, mask)
        tokens = self.positions(tokens)
        for layer in self.layers[:-1]:
            tokens = layer(tokens, src_key_padding_mask=~mask)
        last = cast(nn.TransformerEncoderLayer, self.layers[-1])
        mean, log_variance = self.project(read_summary(last, tokens, mask)).unbind(1)
        return mean, log_variance
