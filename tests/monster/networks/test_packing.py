"""Sequences in groups and packed: the same numbers in the same order as one by one."""

from __future__ import annotations

import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from monster.networks.collate import Encoding
from monster.networks.packing import FEW, GROUP_SIZE, LENGTH_STEP, Packing, bucket, in_length_groups

LENGTHS = st.lists(st.integers(1, 19), min_size=1, max_size=2 * GROUP_SIZE + 5)


def masked(lengths: list[int]) -> Tensor:
    """Rows that are real up to their length."""
    return torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]


class Recorder:
    """An encoder that records the first token of every row of each group."""

    def __init__(self) -> None:
        self.first_tokens: list[Tensor] = []

    @in_length_groups
    def encode(self, tokens: Tensor, lengths: Tensor, mask: Tensor, *, scale: float) -> Encoding:
        assert torch.equal(mask.sum(1), lengths)
        assert mask.shape[1] == tokens.shape[1] < int(lengths.max()) + LENGTH_STEP
        self.first_tokens.append(tokens[:, 0])
        return Encoding(scale * tokens[:, 0], tokens[:, 0] + 0.5, tokens, mask)


@given(LENGTHS)
@settings(max_examples=40)
def test_groups_come_back_in_order(lengths: list[int]) -> None:
    mask = masked(lengths)
    tokens = torch.arange(mask.numel(), dtype=torch.float32).reshape(*mask.shape, 1) + 1
    encoder = Recorder()
    found = encoder.encode(tokens, mask.sum(1), mask, scale=2.0)
    seen = [int(lengths.unique().numel()) for lengths in encoder.first_tokens]
    assert sum(seen) == len(lengths)
    assert max(seen) <= GROUP_SIZE
    assert torch.equal(found.mean, 2 * tokens[:, 0])
    assert torch.equal(found.log_variance, tokens[:, 0] + 0.5)
    longest = found.mask.shape[1]
    assert torch.equal(found.mask, mask[:, :longest])
    assert not mask[:, longest:].any()
    assert torch.equal(found.tokens[found.mask], tokens[mask])


@given(LENGTHS, LENGTHS)
@settings(max_examples=40)
def test_what_is_packed_loses_its_gaps_and_finds_back(first: list[int], second: list[int]) -> None:
    count = min(len(first), len(second))
    mask = torch.cat([masked(first)[:count], masked(second)[:count]], dim=1)
    tokens = torch.rand(*mask.shape, 2)
    packing = Packing.of(mask)
    packed = packing.pack(tokens)
    assert packing.mask.sum(1).tolist() == mask.sum(1).tolist()
    for row in range(count):
        assert torch.equal(packed[row][packing.mask[row]], tokens[row][mask[row]])
        assert packing.mask[row].tolist() == sorted(packing.mask[row].tolist(), reverse=True)
    assert torch.equal(packing.unpack(packed)[mask], tokens[mask])


def test_lengths_are_rounded_up_where_there_are_many_and_exact_where_there_are_few() -> None:
    mask = torch.arange(12) < torch.tensor([3, 9])[:, None]
    assert bucket(mask) == 9
    assert bucket(mask.repeat(FEW, 1)) == 16


def test_encodings_are_cut_by_their_own_masks() -> None:
    lengths = [3, 9] * FEW
    mask = torch.arange(12) < torch.tensor(lengths)[:, None]
    values = torch.rand(2 * FEW, 12, 3)
    one = Encoding(values[:, 0], values[:, 0], values, mask)
    other = Encoding(values[:, 0], values[:, 0], values[:, :4], mask[:, :4])

    class Pair:
        @in_length_groups
        def encode(self, a: Encoding, b: Encoding) -> Encoding:
            assert (a.tokens.shape[1], b.tokens.shape[1]) == (16, 8)
            return Encoding(a.mean + b.mean, a.mean, a.tokens, a.mask)

    found = Pair().encode(one, other)
    assert torch.equal(found.mean, 2 * values[:, 0])
    assert torch.equal(found.tokens[found.mask], values[mask]) and found.mask.shape[1] == 16
