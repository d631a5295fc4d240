"""How commands speak: results on stdout, progress on stderr (bars on a terminal, plain lines elsewhere)."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import typer

if TYPE_CHECKING:
    from monster.arrays import Progress as Advance

PLAIN_SECONDS: Final = 5.0  # between two plain lines of one progress


def print_json(value: Any) -> None:
    """One JSON document on stdout."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def say(line: str) -> None:
    """One line of progress or remark, on stderr."""
    typer.echo(line, err=True)


def leave_out(left_out: Sequence[str]) -> None:
    """List what was left out and end with exit code 3; nothing happens when nothing was."""
    if not left_out:
        return
    say(f"left out {len(left_out)}:")
    for line in left_out:
        say(f"  {line}")
    raise typer.Exit(3)


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Advance]:
    """Tell how far something has come: the function that is handed out takes (done, all or None)."""
    if sys.stderr.isatty():
        with _bar(what, total) as advance:
            yield advance
        return
    yield _Lines(what, total)


@contextmanager
def _bar(what: str, total: int | None) -> Iterator[Advance]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = [TextColumn("{task.description:<22}"), BarColumn(40), MofNCompleteColumn(), TimeElapsedColumn()]
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as shown:
        known, task = total, shown.add_task(what, total=total)

        def advance(done: int, total: int | None = None, stage: str = "") -> None:
            shown.update(task, description=stage or what, completed=done, total=known if total is None else total)

        yield advance


class _Lines:
    """A line at the start, one now and then, and one at the end."""

    def __init__(self, what: str, total: int | None) -> None:
        self.what, self.total = what, total
        self.began = self.said = time.monotonic()
        self.first: int | None = None  # what was done already when it began
        say(f"{what} ...")

    def __call__(self, done: int, total: int | None = None, stage: str = "") -> None:
        total = self.total if total is None else total
        now = time.monotonic()
        self.first = done - 1 if self.first is None else self.first
        if now - self.said >= PLAIN_SECONDS or done == total:
            say(f"{stage or self.what}: {done}{'' if total is None else f' of {total}'}{self._left(done, total, now)}")
            self.said = now

    def _left(self, done: int, total: int | None, now: float) -> str:
        """How long the rest will take if it goes on like this; nothing while nobody can know."""
        came = done - (self.first or 0)
        if total is None or done >= total or came < 1 or now - self.began < 1.0:
            return ""
        seconds = (now - self.began) / came * (total - done)
        return f", {seconds / 60:.0f} min left" if seconds >= 90 else f", {seconds:.0f} s left"
