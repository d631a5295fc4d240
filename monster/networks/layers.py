"""Parts that several encoders share: position codes, place features, box codes, transformer stacks, summary tokens.

Masks are True where a token is real. Layers are torch's own post-norm ones, but for how attention is computed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, cast

import torch
from torch import Tensor, nn

from monster.networks.config import StackConfig

LONGEST_WAVE: Final = 16.0  # metres; each further frequency halves it


def position_codes(length: int, width: int) -> Tensor:
    """Sine (even channels) and cosine (odd channels) codes (length, width), base 10000 (Vaswani et al., 2017)."""
    # On the CPU: loading builds networks on the "meta" device, which has no values, and these are not loaded.
    step = torch.exp(torch.arange(0, width, 2, device="cpu") * (-math.log(10000.0) / width))
    angles = torch.arange(length, dtype=torch.float32, device="cpu")[:, None] * step
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1)


def place_features(positions: Tensor, frequencies: int) -> Tensor:
    """Sine and cosine (..., 3 * 2 * frequencies) of positions (..., 3) in metres, wavelengths 16, 8, 4, 2 m ...

    Close places differ in many channels at these wavelengths, but little in raw coordinates.
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


class EncoderLayer(nn.TransformerEncoderLayer):
    """torch's post-norm layer: with `attend` in training, with the fused operation of torch otherwise."""

    def forward(self, tokens: Tensor, mask: Tensor) -> Tensor:  # type: ignore[override]  # one mask is enough
        """tokens (batch, length, width), mask (batch, length)."""
        if not self.training:
            return super().forward(tokens, src_key_padding_mask=~mask)
        tokens = self.norm1(tokens + self.dropout1(attend(self.self_attn, tokens, tokens, mask)))
        out: Tensor = self.norm2(tokens + self.dropout2(_feed_forward(self, tokens)))
        return out

    def read_summary(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """The output (batch, 2, width) of the two summary tokens alone.

        Nothing reads the other tokens of a last layer; skipping them saves most of its work.
        """
        summary = tokens[:, :2]
        summary = self.norm1(summary + self.dropout1(attend(self.self_attn, summary, tokens, mask)))
        out: Tensor = self.norm2(summary + self.dropout2(_feed_forward(self, summary)))
        return out


class DecoderLayer(nn.TransformerDecoderLayer):
    """torch's post-norm layer, with `attend`."""

    def forward(  # type: ignore[override]  # masks are True where real
        self, tokens: Tensor, mask: Tensor, *, memory: Tensor, memory_mask: Tensor
    ) -> Tensor:
        """tokens (batch, length, width), memory (batch, other, width), and their masks."""
        return self._attend(tokens, tokens, mask, memory=memory, memory_mask=memory_mask)

    def read_summary(self, tokens: Tensor, mask: Tensor, *, memory: Tensor, memory_mask: Tensor) -> Tensor:
        """Like `EncoderLayer.read_summary`."""
        return self._attend(tokens[:, :2], tokens, mask, memory=memory, memory_mask=memory_mask)

    def _attend(self, query: Tensor, tokens: Tensor, mask: Tensor, *, memory: Tensor, memory_mask: Tensor) -> Tensor:
        query = self.norm1(query + self.dropout1(attend(self.self_attn, query, tokens, mask)))
        query = self.norm2(query + self.dropout2(attend(self.multihead_attn, query, memory, memory_mask)))
        out: Tensor = self.norm3(query + self.dropout3(_feed_forward(self, query)))
        return out


def attend(attention: nn.MultiheadAttention, query: Tensor, keys: Tensor, mask: Tensor) -> Tensor:
    """Multi-head attention of query (batch, q, width) over keys (batch, k, width) with mask (batch, k).

    Equal to torch's own, whose packing of query, key and value copies each gradient three times.
    """
    weight, bias, width = attention.in_proj_weight, attention.in_proj_bias, attention.embed_dim
    if query is keys:
        q, k, v = _heads(nn.functional.linear(query, weight, bias), attention.num_heads, 3)
    else:
        (q,) = _heads(nn.functional.linear(query, weight[:width], bias[:width]), attention.num_heads, 1)
        k, v = _heads(nn.functional.linear(keys, weight[width:], bias[width:]), attention.num_heads, 2)
    logit_bias = q.new_zeros(mask.shape).masked_fill(~mask, float("-inf"))[:, None, None]
    mixed = weighted(q, k, v, logit_bias, dropout=attention.dropout if attention.training else 0.0)
    out: Tensor = attention.out_proj(mixed.transpose(1, 2).flatten(2))
    return out


def _heads(tokens: Tensor, heads: int, parts: int) -> Sequence[Tensor]:
    """(batch, n, parts * width) as ``parts`` tensors (batch, heads, n, width / heads)."""
    split = tokens.reshape(*tokens.shape[:2], parts, heads, -1)
    return split.permute(2, 0, 3, 1, 4).unbind(0)


def weighted(query: Tensor, key: Tensor, value: Tensor, bias: Tensor, *, dropout: float = 0.0) -> Tensor:
    """Scaled dot-product attention, (batch, heads, n, width) each; ``bias`` is added to the logits.

    Training on a CPU uses the plain formula, which needs a real key in every row: its backward pass takes less than
    half the time of that of torch's fused kernel.
    """
    if not (query.device.type == "cpu" and torch.is_grad_enabled()):
        out: Tensor = nn.functional.scaled_dot_product_attention(
            query, key, value, attn_mask=bias.to(query.dtype), dropout_p=dropout
        )
        return out
    logits = (query * query.shape[-1] ** -0.5) @ key.transpose(-1, -2) + bias
    weights = nn.functional.dropout(logits.softmax(-1), dropout) if dropout else logits.softmax(-1)
    return weights @ value


def encoder_layers(width: int, stack: StackConfig, dropout: float) -> nn.ModuleList:
    """Post-norm self-attention layers of a stack."""
    return nn.ModuleList(
        EncoderLayer(width, stack.heads, stack.feedforward, dropout, activation=stack.activation, batch_first=True)
        for _ in range(stack.layers)
    )


def decoder_layers(width: int, stack: StackConfig, dropout: float) -> nn.ModuleList:
    """Post-norm layers of a stack that attend to themselves and to a memory."""
    return nn.ModuleList(
        DecoderLayer(width, stack.heads, stack.feedforward, dropout, activation=stack.activation, batch_first=True)
        for _ in range(stack.layers)
    )


def _feed_forward(layer: nn.TransformerEncoderLayer | nn.TransformerDecoderLayer, tokens: Tensor) -> Tensor:
    out: Tensor = layer.linear2(layer.dropout(layer.activation(layer.linear1(tokens))))
    return out


def with_summary(summary: Tensor, tokens: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """The two summary tokens (2, width) in front of tokens (b, n, width), and the mask (b, n + 2) that fits."""
    batch = len(tokens)
    front = summary.expand(batch, -1, -1)
    return torch.cat([front, tokens], dim=1), torch.cat([mask.new_ones(batch, len(summary)), mask], dim=1)


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
        """Mean, log-variance and the tokens after the last layer (table in the class)."""
        tokens, mask = with_summary(self.summary, tokens, mask)
        tokens = self.positions(tokens)
        for layer in self.layers:
            tokens = layer(tokens, mask)
        mean, log_variance = self.project(tokens[:, :2]).unbind(1)
        return mean, log_variance, tokens[:, 2:]

    def summarise(self, tokens: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance alone, which is less work."""
        tokens, mask = with_summary(self.summary, tokens, mask)
        tokens = self.positions(tokens)
        for layer in self.layers[:-1]:
            tokens = layer(tokens, mask)
        last = cast(EncoderLayer, self.layers[-1])
        mean, log_variance = self.project(last.read_summary(tokens, mask)).unbind(1)
        return mean, log_variance
