"""Inputs and outputs of the network: padded batches of tensors with masks (True = real)."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor

from monster.arrays import FloatArray
from monster.errors import InputError

_Batch = TypeVar("_Batch", "TextBatch", "MotionBatch", "SceneBatch", "Encoding")


def _moved(batch: _Batch, device: torch.device | str) -> _Batch:
    values: dict[str, Any] = {field.name: getattr(batch, field.name) for field in dataclasses.fields(batch)}
    return dataclasses.replace(batch, **{name: value.to(device) for name, value in values.items() if value is not None})


def pad(rows: Sequence[FloatArray], *, length: int | None = None, fill: float = 0.0) -> tuple[Tensor, Tensor]:
    """Arrays (n_i, ...) as one tensor (batch, longest or ``length``, ...) and its mask.

    Raises InputError for an array without rows or one longer than ``length``.
    """
    counts = [len(row) for row in rows]
    if not counts or min(counts) < 1:
        raise InputError("expected at least one entry, each with at least one row to encode")
    longest = max(counts) if length is None else length
    if max(counts) > longest:
        raise InputError(f"expected at most {longest} rows, got {max(counts)}")
    out = np.full((len(rows), longest, *np.shape(rows[0])[1:]), fill, dtype=np.float32)
    for place, row in zip(out, rows, strict=True):
        place[: len(row)] = row
    mask = torch.arange(longest) < torch.tensor(counts)[:, None]
    return torch.from_numpy(out), mask


@dataclass(frozen=True, eq=False)
class TextBatch:
    """Token states of a frozen language model: tokens (batch, length, width), mask (batch, length)."""

    tokens: Tensor
    mask: Tensor

    @classmethod
    def of(cls, tokens: Sequence[FloatArray]) -> TextBatch:
        """Arrays (length_i, width), padded to the longest."""
        return cls(*pad(tokens))

    def to(self, device: torch.device | str) -> TextBatch:
        """The batch on another device."""
        return _moved(self, device)


@dataclass(frozen=True, eq=False)
class MotionBatch:
    """World joints in metres at 20 frames a second: joints (batch, frames, 22, 3), mask (batch, frames)."""

    joints: Tensor
    mask: Tensor

    @classmethod
    def of(cls, joints: Sequence[FloatArray]) -> MotionBatch:
        """Arrays (frames_i, 22, 3), padded to the longest."""
        return cls(*pad(joints))

    def to(self, device: torch.device | str) -> MotionBatch:
        """The batch on another device."""
        return _moved(self, device)


@dataclass(frozen=True, eq=False)
class SceneBatch:
    """Objects of scenes, padded.

    ==================== ================================ ==========================================================
    boxes                (batch, objects, 6)              centre and size in metres; padding 0
    mask                 (batch, objects)                 True = real; at least one a scene
    points               (batch, objects, points, 6)      unit-sphere xyz and colour -1..1; padding 1; or None
    features             (batch, objects, hidden)         from `Network.encode_objects`, instead of points; or None
    label_vectors        (batch, objects, class_width)    vectors of known labels; or None
    has_label            (batch, objects)                 True where label_vectors is used; or None
    ==================== ================================ ==========================================================
    """

    boxes: Tensor
    mask: Tensor
    points: Tensor | None = None
    features: Tensor | None = None
    label_vectors: Tensor | None = None
    has_label: Tensor | None = None

    def __post_init__(self) -> None:
        if (self.points is None) == (self.features is None):
            raise InputError("a batch of scenes holds either points or object features")
        if (self.label_vectors is None) != (self.has_label is None):
            raise InputError("a batch of scenes holds label_vectors and has_label together, or neither")

    @classmethod
    def of(cls, points: Sequence[FloatArray], boxes: Sequence[FloatArray], *, pad_to: int | None = None) -> SceneBatch:
        """Arrays (objects_i, points, 6) and (objects_i, 6), padded to the most objects or to ``pad_to``.

        Pass ``pad_to=scene.max_objects`` for a configuration with ``scene.pad_to_max``.
        """
        padded, mask = pad(points, length=pad_to, fill=1.0)
        return cls(pad(boxes, length=pad_to)[0], mask, points=padded)

    def to(self, device: torch.device | str) -> SceneBatch:
        """The batch on another device."""
        return _moved(self, device)


@dataclass(frozen=True, eq=False)
class Encoding:
    """Output of an encoder: a Gaussian in the shared space, and the tokens that a pair encoder reads.

    The length is that of the longest row: columns that are padding in every row are dropped.

    ============ ======================== ==================================================
    mean         (batch, dim)             the embedding, not normalised
    log_variance (batch, dim)
    tokens       (batch, length, hidden)
    mask         (batch, length)          True = real
    boxes        (batch, objects, 6)      of a scene, else None
    class_logits (batch, objects, classes) of a scene, else None
    ============ ======================== ==================================================
    """

    mean: Tensor
    log_variance: Tensor
    tokens: Tensor
    mask: Tensor
    boxes: Tensor | None = None
    class_logits: Tensor | None = None

    def sample(self) -> Tensor:
        """One draw (batch, dim) from the Gaussian, differentiable in mean and log-variance."""
        return self.mean + torch.randn_like(self.mean) * (0.5 * self.log_variance).exp()

    def take(self, rows: Tensor) -> Encoding:
        """The encoding of the given rows (an index or mask tensor); rows may repeat."""
        rows = rows.nonzero().flatten() if rows.dtype == torch.bool else rows  # index_select has the faster gradient
        values: dict[str, Any] = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return dataclasses.replace(
            self, **{name: value.index_select(0, rows) for name, value in values.items() if value is not None}
        )

    def to(self, device: torch.device | str) -> Encoding:
        """The encoding on another device."""
        return _moved(self, device)
