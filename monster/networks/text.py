"""The text encoder: self-attention over the token states of a frozen language model."""

from __future__ import annotations

from torch import Tensor, nn

from monster.networks.collate import Encoding
from monster.networks.config import NetworkConfig
from monster.networks.layers import SummaryEncoder
from monster.networks.packing import in_length_groups


class TextEncoder(nn.Module):
    """Token states (batch, length, text.width) and mask (batch, length) to an `Encoding`."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.input = nn.Linear(config.text.width, config.hidden) if config.text.project else nn.Identity()
        self.residual = nn.Linear(config.text.width, config.dim, bias=False) if config.text.residual else None
        self.body = SummaryEncoder(config.hidden, config.dim, config.text.stack, dropout=config.dropout)

    @in_length_groups
    def forward(self, tokens: Tensor, mask: Tensor) -> Encoding:
        """tokens (batch, length, text.width), mask (batch, length); tokens of the encoding: (batch, length, hidden)."""
        mean, log_variance, states = self.body(self.input(tokens), mask)
        if self.residual is not None:
            mean = mean + self.residual(sentence_vectors(tokens, mask).to(mean.dtype))
        return Encoding(mean, log_variance, states, mask)


def sentence_vectors(tokens: Tensor, mask: Tensor) -> Tensor:
    """The unit sentence vectors (batch, width) of the language model: the mean of its token states, normalised."""
    real = mask.unsqueeze(-1)
    total = tokens.float().masked_fill(~real, 0.0).sum(dim=1)
    return nn.functional.normalize(total, dim=-1)
