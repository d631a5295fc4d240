"""The program that checks files one after another, run by `validation`.

    python -m monster.sandbox.check_worker MEGABYTES SECONDS

A request names a file (``path``), what to call it (``name``) and whether to split scenes (``split``).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from monster.checks.report import reports_of, unreadable
from monster.sandbox.worker import answer_requests


def examine(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The reports on one file, as plain values."""
    path, name = Path(request["path"]), str(request["name"])
    try:
        for report in reports_of(path, name=name, split=request["split"]):
            yield report.to_json()
    except MemoryError:
        yield unreadable("reading it needs more memory than is allowed", file=name).to_json()


if __name__ == "__main__":
    answer_requests(examine, megabytes=int(sys.argv[1]), seconds=float(sys.argv[2]))
