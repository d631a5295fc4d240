"""One remark on a motion or a scene."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

Level = Literal["note", "warning", "error"]
_LEVELS: Final[tuple[Level, ...]] = ("note", "warning", "error")


@dataclass(frozen=True)
class Remark:
    """A short fixed name for programs (``code``), a level, and a line for a person.

    A "note" is information, a "warning" means that something is probably wrong, an "error" that reading failed.
    """

    code: str
    level: Level
    text: str

    def __str__(self) -> str:
        return f"{self.level}: {self.text} [{self.code}]"


def worst(remarks: Iterable[Remark]) -> Level | None:
    """The highest level among remarks; None without any."""
    return max((remark.level for remark in remarks), key=_LEVELS.index, default=None)
