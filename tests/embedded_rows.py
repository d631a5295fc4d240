"""Embedded items for tests of evaluation: random unit rows, sentence vectors, the report of some rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from fakes import FakeModel

from monster.arrays import FloatArray
from monster.metrics.evaluation.positives import Embedded
from monster.metrics.evaluation.protocols import EvaluationInputs, measure
from monster.metrics.evaluation.report import Report
from monster.metrics.evaluation.truth import Truth
from monster.tasks import KINDS


def embedded(captions: Sequence[object], scenes: Sequence[object], motions: Sequence[object], dim: int = 8) -> Embedded:
    """Random unit rows over these names."""
    rows = np.random.default_rng(0).standard_normal((6, len(captions), dim)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=-1, keepdims=True)
    names = [tuple(map(str, values)) for values in (captions, scenes, motions)]
    return Embedded(dict(zip(KINDS, rows, strict=True)), names[0], names[1], names[2])


def distinct(count: int) -> Embedded:
    """Items that share nothing."""
    return embedded(range(count), range(count), range(count), dim=64)


def measured(data: Embedded, card: Mapping[str, Any] | None = None, truth: Truth | None = None) -> Report:
    """The report of these rows; their text embeddings serve as sentence vectors."""
    return measure(EvaluationInputs([], data, data.rows["t"][data.first_rows()], truth), card or {})


def sentences(texts: Sequence[str]) -> FloatArray:
    """Sentence vectors of the fake model."""
    return FakeModel().encode_text(list(texts))
