"""Where a motion or scene comes from: what its reader found out, and what may be wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

Level = Literal["note", "warning", "error"]
_LEVELS: Final[tuple[Level, ...]] = ("note", "warning", "error")


@dataclass(frozen=True)
class Finding:
    """One fact about how a file was read: what it is about, its value, and where the value comes from."""

    what: str  # "axes", "unit", "fps", "joints", "floor", "objects" ...
    value: str
    how: Literal["given", "detected", "guessed"]
    note: str = ""

    def __str__(self) -> str:
        return f"{self.what}: {self.value} ({self.how}{'; ' + self.note if self.note else ''})"


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


@dataclass(frozen=True)
class Provenance:
    """The source of a motion or scene, what the reader converted or guessed, and the remarks of ``monster.checks``.

    ``remarks`` is None for what no reader has checked.
    """

    source: str = ""
    findings: tuple[Finding, ...] = ()
    remarks: tuple[Remark, ...] | None = None

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    @property
    def guesses(self) -> tuple[Finding, ...]:
        """The values that nothing in the file states or shows."""
        return tuple(finding for finding in self.findings if finding.how == "guessed")

    @property
    def warnings(self) -> tuple[Remark, ...]:
        """The remarks that are no mere information."""
        return tuple(remark for remark in self.remarks or () if remark.level != "note")
