"""The twelve retrieval tasks, parsed once: after that nobody looks at the letters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from monster.errors import TaskError

Modality = Literal["text", "motion", "scene"]
Kind = Literal["t", "m", "s", "st", "mt", "ms"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
SINGLE_KINDS: Final[tuple[Kind, ...]] = ("t", "m", "s")
PAIR_KINDS: Final[tuple[Kind, ...]] = ("st", "mt", "ms")
MODALITY_OF: Final[dict[str, Modality]] = {"t": "text", "m": "motion", "s": "scene"}
LETTER_OF: Final[dict[Modality, str]] = {modality: letter for letter, modality in MODALITY_OF.items()}
_KIND_OF_LETTERS: Final[dict[frozenset[str], Kind]] = {frozenset(kind): kind for kind in KINDS}
_SPELLING: Final[dict[Kind, str]] = {"t": "t", "m": "m", "s": "s", "st": "st", "mt": "tm", "ms": "ms"}
_PRINTED: Final = ("t2m", "m2t", "t2s", "s2t", "m2s", "s2m", "st2m", "m2st", "tm2s", "s2tm", "ms2t", "t2ms")


def kind_of(letters: str) -> Kind:
    """The embedding kind of one or two modality letters in any order (``"tm"`` is ``"mt"``)."""
    kind = _KIND_OF_LETTERS.get(frozenset(letters)) if len(set(letters)) == len(letters) else None
    if kind is None:
        raise TaskError(f"unknown modalities {letters!r}: expected one or two of t (text), m (motion), s (scene)")
    return kind


@dataclass(frozen=True)
class Task:
    """A search direction: the embedding kind of the query and of the target, which share no modality."""

    query: Kind
    target: Kind

    @classmethod
    def parse(cls, name: str) -> Task:
        """Read ``"st2m"`` and its like; the letters of a pair come in any order (``sm2t`` is ``ms2t``)."""
        query, separator, target = name.strip().lower().partition("2")
        try:
            task = cls(kind_of(query), kind_of(target))
        except TaskError:
            task = None
        if task is None or not separator or task not in _TASK_SET:
            raise TaskError(f"unknown task {name!r}: expected one of {' '.join(_PRINTED)}")
        return task

    def __str__(self) -> str:
        return f"{_SPELLING[self.query]}2{_SPELLING[self.target]}"


TASKS: Final[tuple[Task, ...]] = tuple(Task(kind_of(a), kind_of(b)) for a, b in (name.split("2") for name in _PRINTED))
_TASK_SET: Final = frozenset(TASKS)
