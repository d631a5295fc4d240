"""Output of commands: results on stdout, progress on stderr (bars on a terminal, plain lines elsewhere)."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import typer

if TYPE_CHECKING:
    from monster.arrays import Progress

_ARGUMENT: Final = re.compile(r"\b[a-z_]+= \((--[a-z-]+|FILE#KEY)\)")
PLAIN_SECONDS: Final = 5.0  # between two plain lines of one progress


def as_options(text: str) -> str:
    """A message of the library in the words of the command line: "fps= (--source-fps)" becomes "--source-fps"."""
    return _ARGUMENT.sub(r"\1", text)


def print_json(value: Any) -> None:
    """Print one JSON document on stdout."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def say(line: str) -> None:
    """Print one line on stderr."""
    typer.echo(line, err=True)


def leave_out(left_out: Sequence[str]) -> None:
    """If the list is not empty, print it on stderr and end with exit code 3."""
    if not left_out:
        return
    say(f"left out {len(left_out)}:")
    for line in left_out:
        say(f"  {as_options(line)}")
    raise typer.Exit(3)


@contextmanager
def progress(stage: str, total: int | None = None) -> Iterator[Progress]:
    """Show the progress of long work; yields the function that the work calls."""
    if sys.stderr.isatty():
        with _bar(stage, total) as advance:
            yield advance
        return
    yield _Lines(stage, total)


@contextmanager
def _bar(name: str, known_total: int | None) -> Iterator[Progress]:
    from rich import progress as rich_progress
    from rich.console import Console

    columns = (
        rich_progress.TextColumn("{task.description:<22}"),
        rich_progress.BarColumn(40),
        rich_progress.MofNCompleteColumn(),
        rich_progress.TimeElapsedColumn(),
        rich_progress.TimeRemainingColumn(),
    )
    with rich_progress.Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(name, total=known_total)

        def advance(done: int, total: int | None = None, stage: str = "") -> None:
            bar.update(task, description=stage or name, completed=done, total=known_total if total is None else total)

        yield advance


class _Lines:
    """Prints a line at the start, one every few seconds, and one at the end."""

    def __init__(self, name: str, total: int | None) -> None:
        self.name = name
        self.total = total
        self.start = self.last_line = time.monotonic()
        self.first: int | None = None  # what an interrupted run had already done
        say(f"{name} ...")

    def __call__(self, done: int, total: int | None = None, stage: str = "") -> None:
        total = self.total if total is None else total
        now = time.monotonic()
        self.first = done - 1 if self.first is None else self.first
        if now - self.last_line >= PLAIN_SECONDS or done == total:
            count = f"{done}" if total is None else f"{done} of {total}"
            say(f"{stage or self.name}: {count}{self._remaining(done, total, now)}")
            self.last_line = now

    def _remaining(self, done: int, total: int | None, now: float) -> str:
        """The estimated time for the rest; empty while there is no estimate."""
        completed = done - (self.first or 0)
        if total is None or done >= total or completed < 1 or now - self.start < 1.0:
            return ""
        seconds = (now - self.start) / completed * (total - done)
        return f", {seconds / 60:.0f} min left" if seconds >= 90 else f", {seconds:.0f} s left"
