from __future__ import annotations

import torch
from tiny_networks import TINY_PAPER, tiny_network


def test_padding_decodes_to_zero_and_changes_nothing() -> None:
    network = tiny_network(TINY_PAPER)
    vector, mask = torch.randn(2, 8), torch.arange(7) < torch.tensor([7, 4])[:, None]
    joints = network.decode_motion(vector, mask)
    assert joints.shape == (2, 7, 66)
    assert (joints[1, 4:] == 0).all()
    assert torch.allclose(joints[1:, :4], network.decode_motion(vector[1:], mask[1:, :4]), atol=1e-5)
    assert (joints[0].std(dim=0) > 0).all()  # frames differ by their position alone


def test_another_vector_gives_another_motion() -> None:
    network = tiny_network(TINY_PAPER)
    mask = torch.ones(1, 5, dtype=torch.bool)
    one, other = (network.decode_motion(torch.randn(1, 8), mask) for _ in range(2))
    assert not torch.allclose(one, other, atol=1e-3)
