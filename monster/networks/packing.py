"""Sequences of unlike lengths: encoded in groups of like ones and packed, so that little padding is computed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import Tensor
from torch.nn import functional

from monster.networks.collate import Encoding

GROUP: Final = 64  # sequences at a time: fewer are slower a token, more are longer than most of them
FEW: Final = 16  # up to so many sequences are computed as they are; numbers of more are rounded up to it,
STEP: Final = 8  # and their lengths to this, since kernels are made anew for every shape
_WHOLE: Final = ("mean", "log_variance")  # fields of an encoding that have no length


def grouped(encode: Callable[[Tensor], Encoding], mask: Tensor) -> Encoding:
    """One encoding of all rows of mask (batch, length), made by ``encode(rows)`` of groups of similar length.

    ``rows`` (k,) are indices; what is given back has the order of the batch and no greater length.
    """
    order = mask.sum(1).argsort(descending=True)
    groups = order.tensor_split(-(-len(order) // GROUP))
    parts = [_first(encode(_filled(rows)), len(rows)) for rows in groups]
    return _joined(parts, mask.shape[1]).take(order.argsort())


def cut(rows: Tensor, mask: Tensor, *values: Tensor) -> tuple[Tensor, ...]:
    """Rows of mask and of each of values (batch, length, ...), as long as `bucket` says."""
    longest = bucket(mask[rows])
    return tuple(_of_length(value[:, :longest].index_select(0, rows), longest) for value in (mask, *values))


def cut_encoding(encoding: Encoding, rows: Tensor) -> Encoding:
    """The encoding of rows, as long as `bucket` says."""
    return _with_length(encoding.take(rows), bucket(encoding.mask[rows]))


def bucket(mask: Tensor) -> int:
    """The longest row of mask (batch, length), rounded up where there are more than a `FEW`."""
    longest = int(mask.sum(1).max())
    return longest if len(mask) <= FEW else -(-longest // STEP) * STEP


def _filled(rows: Tensor) -> Tensor:
    """The rows, the last again and again until their number is round."""
    missing = -len(rows) % FEW if len(rows) > FEW else 0
    return torch.cat([rows, rows[-1:].expand(missing)]) if missing else rows


def _first(encoding: Encoding, count: int) -> Encoding:
    return _each(encoding, lambda _, value: value[:count])


def _each(encoding: Encoding, change: Callable[[str, Tensor], Tensor]) -> Encoding:
    """The encoding with each of its tensors changed, by name and value."""
    values: dict[str, Any] = {n: change(n, value) for n, value in vars(encoding).items() if value is not None}
    return Encoding(**values)


def _joined(parts: list[Encoding], most: int) -> Encoding:
    """The parts below each other, as long as the longest of them but not longer than ``most``."""
    length = min(most, max(part.mask.shape[1] for part in parts))
    same = [_with_length(part, length) for part in parts]
    return _each(same[0], lambda name, _: torch.cat([getattr(part, name) for part in same]))


def _with_length(encoding: Encoding, length: int) -> Encoding:
    return _each(encoding, lambda name, value: value if name in _WHOLE else _of_length(value, length))


def _of_length(values: Tensor, length: int) -> Tensor:
    """Values (batch, n, ...) cut or filled with 0 to (batch, length, ...)."""
    missing = length - values.shape[1]
    if missing <= 0:
        return values[:, :length]
    return functional.pad(values, (0, 0) * (values.dim() - 2) + (0, missing))


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
        there = _of_length((~mask).to(torch.uint8).argsort(dim=1, stable=True), longest)
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
    flat = flat_index(index, values.shape[1])
    return values.flatten(0, 1).index_select(0, flat.flatten()).reshape(*index.shape, values.shape[-1])


def flat_index(index: Tensor, length: int) -> Tensor:
    """Index (n, ...) into rows of (n, length, ...) as an index into all of them below each other."""
    offset = torch.arange(len(index), device=index.device) * length
    return index + offset.reshape(-1, *[1] * (index.dim() - 1))
