"""The motion decoder of the training: one vector of the shared space back to joints."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from monster.networks.config import NetworkConfig, StackConfig
from monster.networks.layers import PositionCodes, decoder_layers
from monster.skeleton import JOINT_COUNT


class MotionDecoder(nn.Module):
    """A vector (batch, dim) and a mask (batch, frames) to joints (batch, frames, 66), 0 where padded."""

    def __init__(self, config: NetworkConfig, stack: StackConfig) -> None:
        super().__init__()
        self.dim = config.dim
        self.positions = PositionCodes(config.dim, config.dropout)
        self.layers = decoder_layers(config.dim, stack, config.dropout)
        self.output = nn.Linear(config.dim, 3 * JOINT_COUNT)

    def forward(self, vector: Tensor, mask: Tensor) -> Tensor:
        """vector (batch, dim), mask (batch, frames) to (batch, frames, 66)."""
        frames = self.positions(torch.zeros(*mask.shape, self.dim, device=vector.device))
        memory, real = vector.unsqueeze(1), mask.new_ones(len(mask), 1)
        for layer in self.layers:
            frames = layer(frames, mask, memory=memory, memory_mask=real)
        joints: Tensor = self.output(frames)
        return joints.masked_fill(~mask.unsqueeze(-1), 0.0)
