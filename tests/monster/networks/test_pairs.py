from __future__ import annotations

import dataclasses

import pytest
import torch
from tiny_networks import TINY_PAPER, TINY_SMALL, tiny_batch, tiny_network
from torch import Tensor

from monster.errors import InputError
from monster.networks.collate import Encoding
from monster.networks.layers import position_codes
from monster.networks.packing import cut_encoding
from monster.networks.pairs import PAIR_PARTS, PairEncoder
from monster.tasks import Kind


def alone(encoding: Encoding, row: int = 0) -> Encoding:
    """A row without its padding."""
    return cut_encoding(encoding, torch.tensor([row]))


def test_types_and_boxes_are_added_before_every_layer_and_stay() -> None:
    network = tiny_network(TINY_PAPER)
    six = network(*tiny_batch(TINY_PAPER))
    for kind in ("st", "mt"):
        pair = network.pairs[kind]
        assert isinstance(pair, PairEncoder)
        given: list[Tensor] = []
        left: list[Tensor] = []
        hooks = [
            layer.register_forward_hook(lambda _, inputs, out, g=given, o=left: (g.append(inputs[0]), o.append(out))[0])
            for layer in pair.layers
        ]
        a, b = (alone(six[part]) for part in PAIR_PARTS[kind])
        pair(a, b)
        extra = pair.boxes(b.boxes) if pair.boxes is not None else 0.0
        added = torch.cat([pair.types[0].expand_as(a.tokens), pair.types[1] + extra + torch.zeros_like(b.tokens)], 1)
        assert torch.allclose(given[0], torch.cat([a.tokens, b.tokens], 1) + added, atol=1e-6)
        assert torch.allclose(given[1], left[0] + added, atol=1e-6)
        for hook in hooks:
            hook.remove()


def test_target_is_summary_then_b_and_memory_is_a_both_with_position_codes() -> None:
    network = tiny_network(TINY_PAPER)
    six = network(*tiny_batch(TINY_PAPER))
    pair = network.pairs["st"]
    assert isinstance(pair, PairEncoder)
    seen: list[tuple[Tensor, ...]] = []
    pair.decoder[0].register_forward_hook(
        lambda _, inputs, kinds, __: seen.append((inputs[0], kinds["memory"])), with_kwargs=True
    )
    text = alone(six["t"])
    tokens = pair(text, alone(six["s"])).tokens
    target, memory = seen[0]
    words = text.tokens.shape[1]
    assert torch.allclose(memory, tokens[:, :words] + position_codes(words, 24), atol=1e-6)
    codes = position_codes(2 + tokens.shape[1] - words, 24)
    assert torch.allclose(target[:, :2], (pair.summary + codes[:2]).expand(1, -1, -1), atol=1e-6)
    assert torch.allclose(target[:, 2:], tokens[:, words:] + codes[2:], atol=1e-6)


@pytest.mark.parametrize("kind", list(PAIR_PARTS))
def test_padding_of_either_part_is_unseen(kind: Kind) -> None:
    for config in (TINY_PAPER, TINY_SMALL):
        network = tiny_network(config)
        six = network(*tiny_batch(config))
        a, b = (six[part] for part in PAIR_PARTS[kind])
        noisy = [
            dataclasses.replace(part, tokens=torch.where(part.mask.unsqueeze(-1), part.tokens, 30.0)) for part in (a, b)
        ]
        found = network.encode_pair(kind, noisy[0], noisy[1])
        assert torch.allclose(found.mean, six[kind].mean, atol=1e-5)
        assert torch.allclose(found.log_variance, six[kind].log_variance, atol=1e-5)


def test_only_pairs_with_a_scene_know_boxes() -> None:
    network = tiny_network()
    assert [kind for kind, pair in network.pairs.items() if pair.boxes is not None] == ["st", "ms"]
    six = network(*tiny_batch())
    with pytest.raises(InputError, match="needs the scene's boxes"):
        network.encode_pair("st", six["t"], dataclasses.replace(six["s"], boxes=None))
    moved = dataclasses.replace(six["s"], boxes=six["s"].boxes + 1.0)
    assert not torch.allclose(network.encode_pair("ms", six["m"], moved).mean, six["ms"].mean, atol=1e-4)


def test_both_parts_matter() -> None:
    network = tiny_network()
    six = network(*tiny_batch())
    other = network(*tiny_batch(seed=1))
    for kind, (a, b) in PAIR_PARTS.items():
        for pair in ((other[a], six[b]), (six[a], other[b])):
            assert not torch.allclose(network.encode_pair(kind, *pair).mean, six[kind].mean, atol=1e-3)
