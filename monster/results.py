"""What searches, scores and encoders return: Hit, Scores, ItemEmbeddings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from monster.arrays import FloatArray
from monster.provenance import Remark
from monster.tasks import Kind, Task


@dataclass(frozen=True)
class Hit:
    """One result: an entity (motion, scene or caption), or an item for a pair target. ``rank`` counts from 1."""

    rank: int
    id: str
    score: float  # (1 + cosine) / 2
    kind: Kind
    text: str | None = None  # the caption, where the hit has one
    items: tuple[str, ...] = ()  # ids of the items that the entity belongs to
    metadata: Mapping[str, Any] = field(default_factory=dict)
    scene: str | None = None  # id of the scene in whose frame its motion was compared; None: in its own frame

    def __str__(self) -> str:
        scene = f"  in {self.scene}" if self.scene and self.scene != self.id else ""
        return f"{self.rank:3d}  {self.score:.3f}  {self.id}{scene}{'  ' + self.text if self.text else ''}"


class _TaskScore:
    """Attribute of `Scores` that has the name of a task and holds the score of that task."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._task = Task.parse(name)

    def __get__(self, scores: Scores, owner: type) -> float | None:
        return scores.by_task.get(self._task)


@dataclass(frozen=True)
class Scores:
    """How well text, motion and scene fit: a score 0..1 for each task whose three or two modalities were given.

    ``scores.tm2s`` and its like are None for a task without a score. ``remarks`` are about the text.
    """

    by_task: Mapping[Task, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()

    def given(self) -> dict[str, float]:
        """The scores by the names of their tasks."""
        return {str(task): score for task, score in self.by_task.items()}

    tm2s = _TaskScore()
    st2m = _TaskScore()
    ms2t = _TaskScore()
    t2m = _TaskScore()
    t2s = _TaskScore()
    m2s = _TaskScore()


# Embeddings of one item by kind: unit rows of float32. t, st and mt have one row a caption: (captions, dim);
# m, s and ms have one row: (1, dim). "m@s" and "mt@s" are those of the motion in the frame of the item's scene, as is
# ms; "m" and "mt" those of the motion in its own frame. Kinds whose modalities the item lacks are absent.
ItemEmbeddings = dict[Kind, FloatArray]
