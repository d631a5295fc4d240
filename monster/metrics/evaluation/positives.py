"""Embeddings of items, and the relevant targets of each query by identity: targets of equal content, as sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from monster.arrays import AnyArray, BoolArray, FloatArray, IntArray
from monster.tasks import PLACED, Kind, Task


@dataclass(frozen=True, eq=False)
class Embedded:
    """Embeddings (n, dim) of n rows by kind, and the text, scene id and motion id of each row.

    A row is an item with one of its captions. ``owner`` (n,) is the item number of each row; an item's first row has
    its first caption. By default every row is an item. Without rows of motions in the frame of their scene ("m@s",
    "mt@s") those in their own frame are used.
    """

    rows: Mapping[Kind, FloatArray]
    captions: tuple[str, ...]
    scenes: tuple[str, ...]
    motions: tuple[str, ...]
    owner: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def __post_init__(self) -> None:
        if len(self.owner) != len(self.captions):
            object.__setattr__(self, "owner", np.arange(len(self.captions)))
        placed = {placed: self.rows[kind] for kind, placed in PLACED.items() if kind in self.rows}
        object.__setattr__(self, "rows", {**placed, **self.rows})

    def __len__(self) -> int:
        return len(self.captions)

    def take(self, rows: IntArray) -> Embedded:
        """Some of the rows, by index (k,)."""
        return Embedded(
            {kind: values[rows] for kind, values in self.rows.items()},
            captions=tuple(self.captions[row] for row in rows),
            scenes=tuple(self.scenes[row] for row in rows),
            motions=tuple(self.motions[row] for row in rows),
            owner=self.owner[rows],
        )

    def first_rows(self) -> IntArray:
        """The row of each item's first caption, (items,)."""
        return np.unique(self.owner, return_index=True)[1]

    def scores(self, task: Task, *, alone: bool = False) -> FloatArray:
        """Cosines (n, n) of the task's queries with its targets.

        ``alone``: every motion in its own frame, as if the frame of its scene were not known.
        """
        query, target = (task.query, task.target) if alone else task.rows
        return np.asarray(self.rows[query] @ self.rows[target].T, dtype=np.float32)

    @property
    def has_frames(self) -> bool:
        """Whether a motion in its own frame has other embeddings than in the frame of its scene."""
        return not np.array_equal(self.rows["m"], self.rows["m@s"])


def codes(data: Embedded, kind: Kind) -> IntArray:
    """Numbers (n,) of the rows' contents of a kind: equal contents have equal numbers."""
    values = {"t": data.captions, "s": data.scenes, "m": data.motions}
    combined = np.zeros(len(data), dtype=np.int64)
    for letter in kind:
        local = np.unique(np.array(values[letter], dtype=object).astype(str), return_inverse=True)[1].reshape(-1)
        combined = np.unique(combined * (local.max() + 1) + local, return_inverse=True)[1].reshape(-1)
    return combined.astype(np.int64)


def similar_texts(vectors: AnyArray, threshold: float) -> BoolArray:
    """(n, n) mask of captions that count as equal: the cosine of their unit sentence vectors exceeds the threshold."""
    same = np.asarray(vectors @ vectors.T > threshold)
    np.fill_diagonal(same, True)
    return same


def positives(data: Embedded, task: Task, same_text: BoolArray | None = None) -> BoolArray:
    """(n, n) mask: target j is relevant to query i if some row has the content of query i and that of target j.

    Equal captions share their motions, and items of a room share their scene. ``same_text`` (n, n) says which
    captions count as equal; None compares them as strings.
    """
    if same_text is None:
        query, target = codes(data, task.query), codes(data, task.target)
        known = np.zeros((int(query.max()) + 1, int(target.max()) + 1), dtype=bool)
        known[query, target] = True
        return np.asarray(known[np.ix_(query, target)])
    query_same, target_same = (_same(data, kind, same_text) for kind in (task.query, task.target))
    return np.asarray(query_same.astype(np.float32) @ target_same.astype(np.float32) > 0)


def _same(data: Embedded, kind: Kind, same_text: BoolArray) -> BoolArray:
    """(n, n) mask of rows with equal content of a kind."""
    same = np.ones((len(data), len(data)), dtype=bool)
    for letter in kind:
        if letter == "t":
            same &= same_text
        else:
            content = codes(data, "s" if letter == "s" else "m")
            same &= content[:, None] == content[None, :]
    return same
