"""Sequences of different lengths: encoded in groups of similar length and packed, to compute little padding."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

import torch
from torch import Tensor
from torch.nn import functional

from monster.networks.collate import Encoding

P = ParamSpec("P")
Encoder = TypeVar("Encoder")

GROUP_SIZE: Final = 64  # sequences at a time: fewer are slower per token, more have more padding
FEW: Final = 16  # up to so many sequences keep their number and length; larger numbers are rounded up to a multiple,
LENGTH_STEP: Final = 8  # and their lengths to a multiple of this, to reuse kernels, which are compiled for every shape
_WITHOUT_LENGTH: Final = ("mean", "log_variance")  # fields of an encoding


def in_length_groups(
    encode: Callable[Concatenate[Encoder, P], Encoding],
) -> Callable[Concatenate[Encoder, P], Encoding]:
    """Decorates a method that encodes padded sequences: it gets groups of similar length, cut to their longest row.

    The positional arguments are tensors (batch, length, ...) of which the last is their mask, tensors (batch,), or
    encodings, each with its own mask; keyword arguments are passed on. The result has the order of the batch, and the
    length of its longest row.
    """

    @functools.wraps(encode)
    def grouped(encoder: Encoder, /, *args: P.args, **kwargs: P.kwargs) -> Encoding:
        mask = _mask_of(args)
        order = mask.sum(1).argsort(descending=True)
        parts = []
        for rows in order.tensor_split(-(-len(order) // GROUP_SIZE)):
            cut: Any = _cut(args, _rounded_up(rows))
            parts.append(_first(encode(encoder, *cut, **kwargs), len(rows)))
        return _joined(parts, mask.shape[1]).take(order.argsort())

    return grouped


def _mask_of(args: tuple[Any, ...]) -> Tensor:
    """The mask (batch, length) of all that is encoded."""
    if isinstance(args[-1], Encoding):
        return torch.cat([part.mask for part in args], dim=1)
    mask: Tensor = args[-1]
    return mask


def _cut(args: tuple[Any, ...], rows: Tensor) -> tuple[Any, ...]:
    """Rows of every argument, as long as `bucket` says."""
    if isinstance(args[-1], Encoding):
        return tuple(cut_encoding(part, rows) for part in args)
    longest = bucket(args[-1][rows])
    return tuple(part[rows] if part.dim() == 1 else _cut_tensor(part, rows, longest) for part in args)


def _cut_tensor(values: Tensor, rows: Tensor, length: int) -> Tensor:
    return _of_length(values[:, :length].index_select(0, rows), length)


def cut_encoding(encoding: Encoding, rows: Tensor) -> Encoding:
    """The encoding of rows, as long as `bucket` says."""
    return _with_length(encoding.take(rows), bucket(encoding.mask[rows]))


def bucket(mask: Tensor) -> int:
    """The longest row of mask (batch, length), rounded up where there are more than a `FEW`."""
    longest = int(mask.sum(1).max())
    return longest if len(mask) <= FEW else -(-longest // LENGTH_STEP) * LENGTH_STEP


def _rounded_up(rows: Tensor) -> Tensor:
    """The rows, the last one repeated until their number is a multiple of `FEW`."""
    missing = -len(rows) % FEW if len(rows) > FEW else 0
    return torch.cat([rows, rows[-1:].expand(missing)]) if missing else rows


def _first(encoding: Encoding, count: int) -> Encoding:
    return _each(encoding, lambda _, value: value[:count])


def _each(encoding: Encoding, change: Callable[[str, Tensor], Tensor]) -> Encoding:
    """The encoding with each of its tensors changed, by name and value."""
    values: dict[str, Any] = {n: change(n, value) for n, value in vars(encoding).items() if value is not None}
    return Encoding(**values)


def _joined(parts: list[Encoding], most: int) -> Encoding:
    """The parts concatenated, as long as the longest of them but not longer than ``most``."""
    length = min(most, max(part.mask.shape[1] for part in parts))
    same = [_with_length(part, length) for part in parts]
    return _each(same[0], lambda name, _: torch.cat([getattr(part, name) for part in same]))


def _with_length(encoding: Encoding, length: int) -> Encoding:
    return _each(encoding, lambda name, value: value if name in _WITHOUT_LENGTH else _of_length(value, length))


def _of_length(values: Tensor, length: int) -> Tensor:
    """Values (batch, n, ...) cut or padded with 0 to (batch, length, ...)."""
    missing = length - values.shape[1]
    if missing <= 0:
        return values[:, :length]
    return functional.pad(values, (0, 0) * (values.dim() - 2) + (0, missing))


@dataclass(frozen=True, eq=False)
class Packing:
    """How real tokens with padding between them move to the front of their row. ``mask`` (batch, longest) of them."""

    mask: Tensor
    source: Tensor  # (batch, longest): the place that each packed token comes from
    target: Tensor  # (batch, length): the packed place of each token; 0 for padding

    @classmethod
    def of(cls, mask: Tensor) -> Packing:
        """The packing of rows of which mask (batch, length) is real."""
        counts = mask.sum(1)
        longest = bucket(mask)
        source = _of_length((~mask).to(torch.uint8).argsort(dim=1, stable=True), longest)
        packed = torch.arange(longest, device=mask.device) < counts[:, None]
        return cls(packed, source, (mask.cumsum(1) - 1).clamp(min=0))

    def pack(self, tokens: Tensor) -> Tensor:
        """(batch, length, width) to (batch, longest, width)."""
        return gather_rows(tokens, self.source)

    def unpack(self, tokens: Tensor) -> Tensor:
        """(batch, longest, width) to (batch, length, width); values at padding are undefined."""
        return gather_rows(tokens, self.target)


def gather_rows(values: Tensor, index: Tensor) -> Tensor:
    """Rows of values (n, p, c) by index (n, ...): (n, ..., c)."""
    flat = flat_index(index, values.shape[1])
    return values.flatten(0, 1).index_select(0, flat.flatten()).reshape(*index.shape, values.shape[-1])


def flat_index(index: Tensor, length: int) -> Tensor:
    """Index (n, ...) into rows of (n, length, ...) as an index into the flattened (n * length, ...)."""
    offset = torch.arange(len(index), device=index.device) * length
    return index + offset.reshape(-1, *[1] * (index.dim() - 1))
