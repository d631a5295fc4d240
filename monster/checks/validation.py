"""All files of a folder, each read and checked in processes that may die, several at a time."""

from __future__ import annotations

import csv
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from monster.checks.remark import Level
from monster.checks.report import Report, unreadable
from monster.corpus.folder import check_is_folder, paths_in
from monster.errors import FileFormatError
from monster.sandbox.client import Child, Limits

PROGRAM: Final = "monster.sandbox.check_worker"
DEFAULT: Final = Limits(seconds=60.0)
Progress = Callable[[int, int | None], None]
COLUMNS: Final = ("file", "key", "kind", "status", "code", "message")


@dataclass(eq=False)
class Validation:
    """Reports on everything in a folder, in the order of its names; afterwards ``ignored`` files held neither kind.

    ``jobs`` processes work at once. A file whose reading dies, hangs or takes too much memory is unreadable, no more.
    """

    folder: Path
    jobs: int = 1
    split: bool = True
    limits: Limits = DEFAULT
    ignored: int = field(default=0, init=False)
    files: int = field(default=0, init=False)

    def reports(self, progress: Progress | None = None) -> Iterator[Report]:
        """The reports; ``progress`` takes how many files are done, of how many. Raises InputError without a folder."""
        check_is_folder(self.folder)
        paths = list(paths_in(self.folder))
        self.files, self.ignored = len(paths), 0
        crew = _Crew(self.limits, split=self.split)
        threads = ThreadPoolExecutor(max(1, self.jobs))
        try:
            for done, reports in enumerate(threads.map(crew.examine, paths), 1):
                if progress is not None:
                    progress(done, len(paths))
                self.ignored += not reports
                yield from reports
        finally:
            threads.shutdown(wait=False, cancel_futures=True)
            crew.close()  # no thread waits for an answer any more
            threads.shutdown(wait=True)
            crew.close()  # a process that a thread was just starting


class _Crew:
    """One process for each thread that asks."""

    def __init__(self, limits: Limits, *, split: bool) -> None:
        self._limits, self._split = limits, split
        self._own = threading.local()
        self._all: list[Child] = []

    def examine(self, named: tuple[Path, str]) -> list[Report]:
        """The reports on one file."""
        path, name = named
        request = {"path": str(path.absolute()), "name": name, "split": self._split}
        found: list[Report] = []
        try:
            for answer in self._child().ask(request, path.name):
                found += [Report.from_json(answer)]
        except FileFormatError as error:
            found.append(unreadable(error, file=name))
        except (KeyError, TypeError, ValueError):  # only a parser that a hostile file has taken over answers like this
            found.append(unreadable("the parser gave up on it", file=name))
        return found

    def close(self) -> None:
        """End all processes."""
        for child in self._all:
            child.close()

    def _child(self) -> Child:
        if not hasattr(self._own, "child"):
            self._own.child = Child(PROGRAM, limits=self._limits)
            self._all.append(self._own.child)
        child: Child = self._own.child
        return child


@dataclass
class Summary:
    """How many there are of each kind, how many of them have something wrong, and what."""

    kinds: Counter[str] = field(default_factory=Counter)
    status: Counter[str] = field(default_factory=Counter)
    codes: Counter[tuple[Level, str]] = field(default_factory=Counter)

    def add(self, report: Report) -> None:
        """Count one more."""
        self.kinds[report.kind] += 1
        self.status[status_of(report.level)] += 1
        self.codes.update({(remark.level, remark.code) for remark in report.remarks})

    @property
    def readable(self) -> int:
        """How many motions and scenes could be read."""
        return self.kinds["motion"] + self.kinds["scene"]


def status_of(level: Level | None) -> str:
    """What a level is called in a table: ok, warn or error; a note leaves things ok."""
    return {"warning": "warn", "error": "error"}.get(level or "", "ok")


def write_csv(path: Path, reports: Iterable[Report]) -> Iterator[Report]:
    """Hand reports on while writing a table of them: a line for each remark, or one that says ok."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for report in reports:
            where = (report.file, report.key, report.kind)
            for remark in report.remarks:
                table.writerow(map(_plain, (*where, status_of(remark.level), remark.code, remark.text)))
            if not report.remarks:
                table.writerow(map(_plain, (*where, "ok", "", "")))
            yield report


def _plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell
