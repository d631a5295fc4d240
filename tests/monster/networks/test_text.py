from __future__ import annotations

import torch
from tiny_networks import TINY_PAPER, TINY_SMALL, tiny_network


def test_the_text_of_a_batch_is_the_text_alone() -> None:
    for config in (TINY_PAPER, TINY_SMALL):
        network = tiny_network(config)
        tokens, mask = torch.randn(2, 6, config.text.width), torch.arange(6) < torch.tensor([6, 2])[:, None]
        found = network.encode_text(tokens, mask)
        alone = network.encode_text(tokens[1:, :2], mask[1:, :2])
        assert found.tokens.shape == (2, 6, config.hidden)
        assert torch.allclose(found.mean[1:], alone.mean, atol=1e-5)
        assert torch.allclose(found.log_variance[1:], alone.log_variance, atol=1e-5)


def test_only_another_width_is_mapped() -> None:
    assert not list(tiny_network(TINY_PAPER).text.input.parameters())
    assert [tuple(p.shape) for p in tiny_network(TINY_SMALL).text.input.parameters()] == [(24, 10), (24,)]


def test_word_order_matters() -> None:
    network = tiny_network()
    tokens, mask = torch.randn(1, 6, 10), torch.ones(1, 6, dtype=torch.bool)
    found = network.encode_text(tokens, mask).mean
    assert not torch.allclose(network.encode_text(tokens.flip(1), mask).mean, found, atol=1e-3)
