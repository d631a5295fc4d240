"""A format of motion files whose reader ends its process, as a broken native parser does, and tasks that do."""

from __future__ import annotations

import os

from monster.io.formats import MotionFormat, MotionOptions, RawMotion
from monster.io.sources import Source


def crash(source: Source, key: str, options: MotionOptions) -> RawMotion:
    os._exit(3)


CRASHING = MotionFormat("crashing", (".crash",), crash)


def double(number: int) -> int:
    """Twice a number, in a process that 7 ends."""
    if number == 7:
        os._exit(3)
    return 2 * number
