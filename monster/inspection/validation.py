"""Reports on all files of a folder, read in several child processes, because a file can crash its reader."""

from __future__ import annotations

import csv
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from monster.corpus.folder import check_is_folder, paths_in
from monster.errors import FileFormatError
from monster.inspection.report import Report, unreadable
from monster.io.declared import Declared
from monster.io.registry import registered_modules
from monster.provenance import Level
from monster.sandbox import Limits, Worker

REPORTER: Final = "monster.inspection.report:report_file"
DEFAULT: Final = Limits(seconds=60.0)
COLUMNS: Final = ("file", "key", "kind", "status", "code", "message")


@dataclass(eq=False)
class Validation:
    """Reports on all motions and scenes of a folder, in the order of their names.

    ``jobs`` processes work in parallel. A file that crashes its reader or exceeds the limits gets a report with the
    error. Afterwards ``files`` is the number of files, and ``ignored`` the number without motion or scene.
    """

    folder: Path
    jobs: int = 1
    split: bool = True
    limits: Limits = DEFAULT
    declared: Declared = field(default_factory=Declared)
    ignored: int = field(default=0, init=False)
    files: int = field(default=0, init=False)

    def reports(self, progress: Callable[[int, int | None], None] | None = None) -> Iterator[Report]:
        """The reports; ``progress`` counts files. Raises InputError if the path is not a folder."""
        check_is_folder(self.folder)
        paths = list(paths_in(self.folder))
        self.files, self.ignored = len(paths), 0
        workers = _Workers(self.limits, {"split": self.split, "declared": asdict(self.declared)})
        threads = ThreadPoolExecutor(max(1, self.jobs))
        try:
            for done, reports in enumerate(threads.map(workers.examine, paths), 1):
                if progress is not None:
                    progress(done, len(paths))
                self.ignored += not reports
                yield from reports
        finally:
            threads.shutdown(wait=False, cancel_futures=True)
            workers.close()  # ends the threads' waiting for answers
            threads.shutdown(wait=True)
            workers.close()  # workers that threads were starting


class _Workers:
    """One worker per thread."""

    def __init__(self, limits: Limits, options: Mapping[str, Any]) -> None:
        self._limits, self._options = limits, options
        self._local = threading.local()
        self._all: list[Worker] = []

    def examine(self, named: tuple[Path, str]) -> list[Report]:
        """The reports on one file."""
        path, name = named
        request = {"path": str(path.absolute()), "name": name, **self._options, "formats": registered_modules()}
        reports: list[Report] = []
        try:
            for answer in self._worker().ask(request, path.name):
                reports += [Report.from_json(answer)]
        except FileFormatError as error:
            reports.append(unreadable(error, file=name))
        except (KeyError, TypeError, ValueError):  # a hostile file can control the parser's answer
            reports.append(unreadable("the parser gave an invalid answer", file=name))
        return reports

    def close(self) -> None:
        """End all workers."""
        for worker in self._all:
            worker.close()

    def _worker(self) -> Worker:
        if not hasattr(self._local, "worker"):
            self._local.worker = Worker(REPORTER, limits=self._limits)
            self._all.append(self._local.worker)
        worker: Worker = self._local.worker
        return worker


@dataclass
class Summary:
    """Counts of reports by kind, by status, and by the codes of their remarks."""

    kinds: Counter[str] = field(default_factory=Counter)
    status: Counter[str] = field(default_factory=Counter)
    codes: Counter[tuple[Level, str]] = field(default_factory=Counter)

    def add(self, report: Report) -> None:
        """Count one report."""
        self.kinds[report.kind] += 1
        self.status[status_of(report.level)] += 1
        self.codes.update({(remark.level, remark.code) for remark in report.remarks})

    @property
    def readable(self) -> int:
        """How many motions and scenes could be read."""
        return self.kinds["motion"] + self.kinds["scene"]


def status_of(level: Level | None) -> str:
    """The word for a level in a table: ok (also for a note), warn or error."""
    return {"warning": "warn", "error": "error"}.get(level or "", "ok")


def write_csv(path: Path, reports: Iterable[Report]) -> Iterator[Report]:
    """Write a table of reports while passing them on: a row for each remark, or one row "ok"."""
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
    """A cell that a spreadsheet does not execute as a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell
