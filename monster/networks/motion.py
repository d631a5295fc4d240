"""The motion encoder: world joints to features, frames folded into tokens, self-attention over them.

Features of a frame, by `MotionConfig.features`:

"joints"  the 66 world coordinates (the published network)
"local"   root (pelvis) in world metres / 4; the 21 other joints relative to the root, world axes, * 2; the root's
          velocity since the frame before in metres a second (0 in the first frame): 69 numbers of about unit size
"""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor, nn

from monster.networks.collate import Encoding
from monster.networks.config import MotionConfig, NetworkConfig
from monster.networks.layers import SummaryEncoder, place_features
from monster.networks.packing import in_length_groups
from monster.skeleton import JOINT_COUNT

ROOT_SCALE: Final = 0.25
LOCAL_SCALE: Final = 2.0
FPS: Final = 20.0


def feature_width(config: MotionConfig) -> int:
    """Width of the features of a frame."""
    return 3 * JOINT_COUNT + (3 if config.features == "local" else 0) + 6 * config.root_frequencies


def frame_features(joints: Tensor, config: MotionConfig) -> Tensor:
    """Joints (batch, frames, 22, 3) to features (batch, frames, `feature_width`)."""
    root = joints[:, :, 0]
    if config.features == "joints":
        parts = [joints.flatten(2)]
    else:
        local = (joints[:, :, 1:] - root.unsqueeze(2)).flatten(2) * LOCAL_SCALE
        velocity = torch.diff(root, dim=1, prepend=root[:, :1]) * FPS
        parts = [root * ROOT_SCALE, local, velocity]
    if config.root_frequencies:
        parts.append(place_features(root, config.root_frequencies))
    return torch.cat(parts, dim=-1)


def whole_tokens(joints: Tensor, mask: Tensor, frames: int) -> tuple[Tensor, Tensor]:
    """Pads time to a multiple of ``frames``; the last real frame of each motion replaces its padding.

    Returns joints (batch, tokens * frames, 22, 3) and the mask of the tokens (batch, tokens): True = has a real frame.
    """
    lengths = mask.sum(dim=1, keepdim=True)
    tokens = -(-joints.shape[1] // frames)
    time = torch.arange(tokens * frames, device=joints.device)
    source = torch.minimum(time, (lengths - 1).clamp(min=0))
    rows = torch.arange(len(joints), device=joints.device)[:, None]
    return joints[rows, source], time[::frames] < lengths


class MotionEncoder(nn.Module):
    """Joints (batch, frames, 22, 3) and mask (batch, frames) to an `Encoding`, a token for each frames_per_token."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.config = config.motion
        self.input = nn.Linear(feature_width(config.motion) * config.motion.frames_per_token, config.hidden)
        self.frame = nn.Parameter(torch.zeros(2, config.hidden)) if config.frames == "own" else None
        self.body = SummaryEncoder(config.hidden, config.dim, config.motion.stack, dropout=config.dropout)

    def forward(self, joints: Tensor, mask: Tensor, *, placed: bool = False) -> Encoding:
        """joints (batch, frames, 22, 3) or (batch, frames, 66); real frames come first in ``mask``.

        ``placed``: the joints are in the frame of a scene, not in the motion's own.
        """
        joints = joints.reshape(*joints.shape[:2], JOINT_COUNT, 3)
        frames = self.config.frames_per_token
        if frames > 1:
            joints, mask = whole_tokens(joints, mask, frames)
        features = frame_features(joints, self.config)
        tokens = self.input(features.reshape(len(features), -1, features.shape[-1] * frames))
        if self.frame is not None:
            tokens = tokens + self.frame[int(placed)]
        return self.encode_tokens(tokens, mask)

    @in_length_groups
    def encode_tokens(self, tokens: Tensor, mask: Tensor) -> Encoding:
        """Tokens (batch, tokens, hidden) and their mask (batch, tokens)."""
        mean, log_variance, states = self.body(tokens, mask)
        return Encoding(mean, log_variance, states, mask)
