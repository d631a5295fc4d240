from __future__ import annotations

import math

import pytest
import torch
from torch import nn

from monster.networks.config import StackConfig
from monster.networks.layers import (
    BoxCode,
    DecoderLayer,
    EncoderLayer,
    PositionCodes,
    SummaryEncoder,
    decoder_layers,
    encoder_layers,
    place_features,
    position_codes,
    weighted,
)


def test_position_codes_follow_the_formula() -> None:
    codes = position_codes(7, 10)
    for position in range(7):
        for channel in range(10):
            angle = position / 10000 ** ((channel // 2 * 2) / 10)
            expected = math.sin(angle) if channel % 2 == 0 else math.cos(angle)
            assert codes[position, channel].item() == pytest.approx(expected, abs=1e-6)


def test_position_codes_reach_beyond_what_was_prepared() -> None:
    short, long = PositionCodes(6, 0.0, prepared=4), PositionCodes(6, 0.0, prepared=50)
    tokens = torch.randn(2, 9, 6)
    assert torch.equal(short(tokens), long(tokens))
    assert not list(short.state_dict())


def test_place_features_repeat_every_sixteen_metres_and_tell_near_places_apart() -> None:
    here = torch.tensor([[0.5, -1.0, 0.2]])
    assert place_features(here, 4).shape == (1, 24)
    assert torch.allclose(place_features(here, 4), place_features(here + 16.0, 4), atol=1e-4)
    assert (place_features(here, 4) - place_features(here + torch.tensor([0.5, 0, 0]), 4)).abs().max() > 0.9
    assert place_features(here, 0).shape == (1, 0)


def test_a_box_code_without_frequencies_is_a_linear_map_and_a_norm() -> None:
    code = BoxCode(8, 0)
    boxes = torch.randn(2, 3, 6)
    assert torch.allclose(code(boxes), nn.functional.layer_norm(code.linear(boxes), (8,)), atol=1e-6)
    assert BoxCode(8, 4)(boxes).shape == (2, 3, 8)


def test_summary_tokens_take_the_first_two_positions() -> None:
    encoder = SummaryEncoder(6, 4, StackConfig(0, 1, 1), dropout=0.0)  # no layers: what goes in comes out
    tokens, mask = torch.randn(2, 3, 6), torch.ones(2, 3, dtype=torch.bool)
    mean, log_variance, out = encoder(tokens, mask)
    codes = position_codes(5, 6)
    assert torch.allclose(out, tokens + codes[2:])
    assert torch.allclose(mean, encoder.project(encoder.summary[0] + codes[0]).expand(2, -1))
    assert torch.allclose(log_variance, encoder.project(encoder.summary[1] + codes[1]).expand(2, -1))


@pytest.mark.parametrize("gradients", [False, True])
@pytest.mark.parametrize("training", [False, True])
def test_layers_give_what_those_of_torch_give(training: bool, gradients: bool) -> None:
    torch.manual_seed(3)
    stack = StackConfig(1, 2, 16, "relu")
    tokens, memory = torch.randn(3, 6, 8), torch.randn(3, 4, 8)
    mask = torch.arange(6) < torch.tensor([6, 3, 5])[:, None]
    memory_mask = torch.arange(4) < torch.tensor([1, 4, 2])[:, None]
    encoder, decoder = encoder_layers(8, stack, 0.0)[0], decoder_layers(8, stack, 0.0)[0]
    assert isinstance(encoder, EncoderLayer)
    assert isinstance(decoder, DecoderLayer)
    encoder.train(training), decoder.train(training)
    with torch.set_grad_enabled(gradients):
        whole = nn.TransformerEncoderLayer.forward(encoder, tokens, src_key_padding_mask=~mask)
        assert torch.allclose(encoder(tokens, mask)[mask], whole[mask], atol=1e-6)
        assert torch.allclose(encoder.read_summary(tokens, mask), whole[:, :2], atol=1e-6)
        padding = {"tgt_key_padding_mask": ~mask, "memory_key_padding_mask": ~memory_mask}
        whole = nn.TransformerDecoderLayer.forward(decoder, tokens, memory, **padding)
        parts = {"memory": memory, "memory_mask": memory_mask}
        assert torch.allclose(decoder(tokens, mask, **parts)[mask], whole[mask], atol=1e-6)
        assert torch.allclose(decoder.read_summary(tokens, mask, **parts), whole[:, :2], atol=1e-6)


def test_dropout_leaves_out_weights_of_attention() -> None:
    torch.manual_seed(0)
    query, bias = torch.zeros(1, 1, 500, 4), torch.zeros(1, 1, 1, 1)
    value = torch.ones(1, 1, 1, 4)
    kept = weighted(query, torch.zeros(1, 1, 1, 4), value, bias, dropout=0.25)[..., 0]
    assert kept.unique().tolist() == pytest.approx([0.0, 4 / 3])
    assert float((kept == 0).float().mean()) == pytest.approx(0.25, abs=0.06)


def test_the_shortcut_gives_the_mean_and_log_variance_of_the_whole_stack() -> None:
    torch.manual_seed(4)
    encoder = SummaryEncoder(8, 4, StackConfig(3, 2, 16), dropout=0.1).eval()
    tokens, mask = torch.randn(2, 5, 8), torch.arange(5) < torch.tensor([5, 2])[:, None]
    mean, log_variance, _ = encoder(tokens, mask)
    short = encoder.summarise(tokens, mask)
    assert torch.allclose(short[0], mean, atol=1e-6)
    assert torch.allclose(short[1], log_variance, atol=1e-6)
