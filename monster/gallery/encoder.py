"""The interface of a model that a gallery uses: unit rows of one width, and a fingerprint of the weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from monster.arrays import FloatArray, Progress
from monster.provenance import Remark
from monster.results import ItemEmbeddings, Scores
from monster.types import Item, Motion, Scene


class Encoder(Protocol):
    """The part of `MonSTeR` that a gallery uses; every method returns unit rows of float32."""

    @property
    def fingerprint(self) -> str:
        """Hexadecimal hash of the weights."""

    @property
    def dim(self) -> int:
        """Width of every embedding."""

    def encode_text(self, texts: str | Sequence[str]) -> FloatArray:
        """(n, dim)."""

    def check_text(self, text: str) -> tuple[Remark, ...]:
        """What of a text is cut, or not known to the model."""

    def encode_motion(self, motions: Motion | Sequence[Motion]) -> FloatArray:
        """(n, dim)."""

    def encode_scene(self, scenes: Scene | Sequence[Scene]) -> FloatArray:
        """(n, dim)."""

    def encode_pair(
        self,
        *,
        text: str | Sequence[str] | None = None,
        motion: Motion | Sequence[Motion] | None = None,
        scene: Scene | Sequence[Scene] | None = None,
    ) -> FloatArray:
        """(n, dim) from exactly two of the three."""

    def encode_items(self, items: Sequence[Item], *, progress: Progress | None = None) -> list[ItemEmbeddings]:
        """The embeddings of each item, in order."""

    def score(self, *, text: str | None = None, motion: Motion | None = None, scene: Scene | None = None) -> Scores:
        """How well two or three of text, motion and scene fit."""
