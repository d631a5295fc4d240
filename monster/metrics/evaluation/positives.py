"""Embeddings of items, and which targets count as found for which query: those with equal content, as sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from monster.metrics.functional.recall import Array, Numbers, Positives
from monster.tasks import Kind, Task
from monster.types import FloatArray


@dataclass(frozen=True, eq=False)
class Embedded:
    """Embeddings (n, dim) of n rows by kind, with what says which of them are equal as texts, scenes, motions.

    A row is an item with one of its captions; ``owner`` (n,) says whose, and an item's first row has its first one.
    """

    rows: Mapping[Kind, FloatArray]
    captions: tuple[str, ...]
    scenes: tuple[str, ...]
    motions: tuple[str, ...]
    owner: Numbers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def __post_init__(self) -> None:
        if len(self.owner) != len(self.captions):
            object.__setattr__(self, "owner", np.arange(len(self.captions)))

    def __len__(self) -> int:
        return len(self.captions)

    def take(self, rows: Numbers) -> Embedded:
        """Some of the rows."""
        captions, scenes, motions = (
            tuple(values[row] for row in rows) for values in (self.captions, self.scenes, self.motions)
        )
        found = {kind: values[rows] for kind, values in self.rows.items()}
        return Embedded(found, captions, scenes, motions, owner=self.owner[rows])

    def first_rows(self) -> Numbers:
        """The row of each item's first caption."""
        return np.unique(self.owner, return_index=True)[1]

    def scores(self, task: Task) -> FloatArray:
        """Cosines (n, n) of the task's queries with its targets."""
        return np.asarray(self.rows[task.query] @ self.rows[task.target].T, dtype=np.float32)


def codes(data: Embedded, kind: Kind) -> Numbers:
    """Numbers (n,) of the rows' contents of a kind: equal for equal ones."""
    values = {"t": data.captions, "s": data.scenes, "m": data.motions}
    found = np.zeros(len(data), dtype=np.int64)
    for letter in kind:
        own = np.unique(np.array(values[letter], dtype=object).astype(str), return_inverse=True)[1].reshape(-1)
        found = np.unique(found * (own.max() + 1) + own, return_inverse=True)[1].reshape(-1)
    return found.astype(np.int64)


def similar_texts(vectors: Array, threshold: float) -> Positives:
    """Which captions (n, n), given their unit sentence vectors, count as equal: cosine above the threshold."""
    same = np.asarray(vectors @ vectors.T > threshold)
    np.fill_diagonal(same, True)
    return same


def positives(data: Embedded, task: Task, same_text: Positives | None = None) -> Positives:
    """Which rows, as targets (columns), answer which rows, as queries: those that share their content with a row
    whose query has the same content; so equal captions share their motions, and items of a room their scene.

    ``same_text`` (n, n) says which captions count as equal; left out, those that are letter by letter.
    """
    if same_text is None:
        query, target = codes(data, task.query), codes(data, task.target)
        known = np.zeros((int(query.max()) + 1, int(target.max()) + 1), dtype=bool)
        known[query, target] = True
        return np.asarray(known[np.ix_(query, target)])
    query_same, target_same = (_same(data, kind, same_text) for kind in (task.query, task.target))
    return np.asarray(query_same.astype(np.float32) @ target_same.astype(np.float32) > 0)


def _same(data: Embedded, kind: Kind, same_text: Positives) -> Positives:
    same = np.ones((len(data), len(data)), dtype=bool)
    for letter in kind:
        if letter == "t":
            same &= same_text
        else:
            own = codes(data, "s" if letter == "s" else "m")
            same &= own[:, None] == own[None, :]
    return same
