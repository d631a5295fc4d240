"""Sequences of unlike lengths: encoded in groups of like ones and moved together, so that no padding is computed."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import Tensor
from torch.nn import functional

from monster.networks.batches import Encoding

GROUP: Final = 64  # sequences at a time: fewer are slower a token, more are longer than most of them
STEP: Final = 8  # lengths are rounded up to it: kernels are made anew for every shape
_WHOLE: Final = ("mean", "log_variance")  # fields of an encoding that have no length


def grouped(encode: Callable[[Tensor], Encoding], mask: Tensor) -> Encoding:
    """One encoding of all rows of mask (batch, length), made by ``encode(rows)`` of groups of similar length.

    ``rows`` (k,) are indices; what is given back has the order of the batch and the length of the longest row.
    """
    order = mask.sum(1).argsort(descending=True)
    parts = [encode(rows) for rows in order.tensor_split(-(-len(order) // GROUP))]
    return parts[0].take(order.argsort()) if len(parts) == 1 else _joined(parts).take(order.argsort())


def cut(rows: Tensor, mask: Tensor, *values: Tensor) -> tuple[Tensor, ...]:
    """Rows of mask and of each of values (batch, length, ...), as long as the longest of these rows."""
    longest = bucket(mask[rows])
    return tuple(value[:, :longest].index_select(0, rows) for value in (mask, *values))


def bucket(mask: Tensor) -> int:
    """The longest row of mask (batch, length), rounded up to a multiple of `STEP` where the mask is so long."""
    return min(-(-int(mask.sum(1).max()) // STEP) * STEP, mask.shape[1])


def _joined(parts: list[Encoding]) -> Encoding:
    longest = max(part.mask.shape[1] for part in parts)
    joined: dict[str, Any] = {}
    for field in dataclasses.fields(Encoding):
        values = [getattr(part, field.name) for part in parts]
        if values[0] is not None:
            whole = field.name in _WHOLE
            joined[field.name] = torch.cat([value if whole else _lengthened(value, longest) for value in values])
    return Encoding(**joined)


def _lengthened(values: Tensor, length: int) -> Tensor:
    missing = length - values.shape[1]
    return functional.pad(values, (0, 0) * (values.dim() - 2) + (0, missing)) if missing else values


@dataclass(frozen=True, eq=False)
class Packing:
    """How real tokens between padding move to the front of their row: ``mask`` (batch, longest) tells what is real."""

    mask: Tensor
    there: Tensor  # (batch, longest): where each packed token comes from
    back: Tensor  # (batch, length): where each token goes to; padding to the first

    @classmethod
    def of(cls, mask: Tensor) -> Packing:
        """The packing of rows of which mask (batch, length) is real."""
        counts = mask.sum(1)
        longest = bucket(mask)
        there = (~mask).to(torch.uint8).argsort(dim=1, stable=True)[:, :longest]
        return cls(
            torch.arange(longest, device=mask.device) < counts[:, None], there, (mask.cumsum(1) - 1).clamp(min=0)
        )

    def pack(self, tokens: Tensor) -> Tensor:
        """(batch, length, width) to (batch, longest, width)."""
        return gather_rows(tokens, self.there)

    def unpack(self, tokens: Tensor) -> Tensor:
        """(batch, longest, width) to (batch, length, width); what stands where padding was means nothing."""
        return gather_rows(tokens, self.back)


def gather_rows(values: Tensor, index: Tensor) -> Tensor:
    """Rows of values (n, p, c) by index (n, ...): (n, ..., c)."""
    offset = torch.arange(len(values), device=values.device) * values.shape[1]
    flat = index + offset.reshape(-1, *[1] * (index.dim() - 1))
    return values.flatten(0, 1).index_select(0, flat.flatten()).reshape(*index.shape, values.shape[-1])
