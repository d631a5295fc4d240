"""The inner end of `isolated.Child`: answers to requests, one JSON object a line, until nobody asks any more.

A program calls ``answer_requests`` with what it does; it imports what it needs before, so that its memory limit counts
what the files need and not the libraries.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Any

from monster.sandbox.protocol import restrict

Handle = Callable[[dict[str, Any]], Iterable[dict[str, Any]]]


def answer_requests(handle: Handle, *, megabytes: int, seconds: float) -> None:
    """Answer the requests of the standard input with what ``handle`` yields, within so much more memory.

    Computing longer than ``seconds`` for one answer ends the process.
    """
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)  # what a parser prints is no answer
        restrict(memory=address_space() + (megabytes << 20))
        _write(out, {"ready": True})
        for line in sys.stdin.buffer:
            _allow(seconds)
            for answer in handle(json.loads(line)):
                _write(out, answer)
                _allow(seconds)
            _write(out, {"done": True})


def _allow(seconds: float) -> None:
    """Let this process compute so much longer from now on; then it is ended, in the midst of whatever it does.

    A limit on all its computing (RLIMIT_CPU) would not do: the system counts that in ticks, which run ahead in time.
    """
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)


def address_space() -> int:
    """Bytes of address space that this process has; 0 where the system does not tell."""
    pages = Path("/proc/self/statm")
    return int(pages.read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE") if pages.exists() else 0


def _write(out: IO[bytes], answer: dict[str, Any]) -> None:
    out.write(json.dumps(answer).encode() + b"\n")
    out.flush()
