"""Sequences in groups and packed: the same numbers in the same order as one by one."""

from __future__ import annotations

import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from monster.networks.collate import Encoding
from monster.networks.packing import FEW, GROUP, STEP, Packing, bucket, cut, grouped

LENGTHS = st.lists(st.integers(1, 19), min_size=1, max_size=2 * GROUP + 5)


def masked(lengths: list[int]) -> Tensor:
    """Rows that are real up to their length."""
    return torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]


@given(LENGTHS)
@settings(max_examples=40)
def test_groups_come_back_in_order(lengths: list[int]) -> None:
    mask = masked(lengths)
    tokens = torch.arange(mask.numel(), dtype=torch.float32).reshape(*mask.shape, 1) + 1
    seen: list[int] = []

    def encode(rows: Tensor) -> Encoding:
        own, values = cut(rows, mask, tokens)
        seen.append(len(rows.unique()))
        assert own.shape[1] <= max(lengths[row] for row in rows) + STEP - 1
        return Encoding(values[:, 0], values[:, 0] + 0.5, values, own)

    found = grouped(encode, mask)
    assert sum(seen) == len(lengths)
    assert max(seen) <= GROUP
    assert torch.equal(found.mean, tokens[:, 0])
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
    rows = torch.arange(2 * FEW)
    own, values = cut(rows, mask.repeat(FEW, 1), torch.ones(2 * FEW, 12, 3))
    assert own.shape == (2 * FEW, 16)
    assert not own[:, 9:].any()
    assert values.shape == (2 * FEW, 16, 3)
