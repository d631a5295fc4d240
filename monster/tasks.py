"""Modalities, embedding kinds and the twelve retrieval tasks.

A motion has one embedding in its own frame ("m", and "mt" with a text) and one in the frame of each of its scenes
("m@s", "mt@s"). A task that involves motion and scene uses the second: see `Task.rows`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from monster.errors import TaskError

Modality = Literal["text", "motion", "scene"]
Kind = Literal["t", "m", "s", "st", "mt", "ms", "m@s", "mt@s"]

ROW_KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
KINDS: Final[tuple[Kind, ...]] = ROW_KINDS[:6]
PLACED: Final[dict[Kind, Kind]] = {"m": "m@s", "mt": "mt@s"}  # of a motion: in its own frame, in a scene's frame
UNPLACED: Final[dict[Kind, Kind]] = {placed: kind for kind, placed in PLACED.items()}
SINGLE_KINDS: Final[tuple[Kind, ...]] = ("t", "m", "s")
PAIR_KINDS: Final[tuple[Kind, ...]] = ("st", "mt", "ms")
MODALITY_OF: Final[dict[str, Modality]] = {"t": "text", "m": "motion", "s": "scene"}
LETTER_OF: Final[dict[Modality, Kind]] = {"text": "t", "motion": "m", "scene": "s"}
_KIND_OF_LETTERS: Final[dict[frozenset[str], Kind]] = {frozenset(kind): kind for kind in KINDS}
_SPELLING: Final[dict[Kind, str]] = {"t": "t", "m": "m", "s": "s", "st": "st", "mt": "tm", "ms": "ms"}
_PRINTED: Final = ("t2m", "m2t", "t2s", "s2t", "m2s", "s2m", "st2m", "m2st", "tm2s", "s2tm", "ms2t", "t2ms")


def kind_of(letters: str) -> Kind:
    """The embedding kind of one or two modality letters in any order (``"tm"`` is ``"mt"``).

    Raises TaskError for anything else.
    """
    kind = _KIND_OF_LETTERS.get(frozenset(letters))
    if kind is None or len(letters) != len(kind):
        raise TaskError(f"unknown modalities {letters!r}: expected one or two of t (text), m (motion), s (scene)")
    return kind


@dataclass(frozen=True)
class Task:
    """A search direction: the embedding kind of the query and of the target, which share no modality."""

    query: Kind
    target: Kind

    @classmethod
    def parse(cls, name: str) -> Task:
        """The task of a name such as ``"st2m"``; the letters of a pair may be in any order (``sm2t`` is ``ms2t``).

        Raises TaskError for anything else.
        """
        query, _, target = name.strip().lower().partition("2") if isinstance(name, str) else ("", "", "")
        task = _TASK_OF_LETTERS.get((frozenset(query), frozenset(target)))
        if task is None or len(query) != len(task.query) or len(target) != len(task.target):
            raise TaskError(f"unknown task {name!r}: expected one of {' '.join(_PRINTED)}")
        return task

    @property
    def rows(self) -> tuple[Kind, Kind]:
        """The kinds of the embeddings that are compared: those in the scene's frame where a scene is involved."""
        if "s" not in self.query + self.target:
            return self.query, self.target
        return PLACED.get(self.query, self.query), PLACED.get(self.target, self.target)

    def __str__(self) -> str:
        return f"{_SPELLING[self.query]}2{_SPELLING[self.target]}"


TASKS: Final[tuple[Task, ...]] = tuple(Task(kind_of(a), kind_of(b)) for a, b in (name.split("2") for name in _PRINTED))
_TASK_OF_LETTERS: Final = {(frozenset(task.query), frozenset(task.target)): task for task in TASKS}
SCORE_TASKS: Final[tuple[Task, ...]] = tuple(
    Task.parse(name) for name in ("tm2s", "st2m", "ms2t", "t2m", "t2s", "m2s")
)  # one direction of each: a score has no direction
