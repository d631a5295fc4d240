"""Tells glibc malloc to keep freed memory: returning it to the system causes page faults on every batch.

The command line and the service call `tune_malloc` when they start; importing or loading a model does not.
"""

from __future__ import annotations

import ctypes
import os
from typing import Final

TRIM_THRESHOLD, TOP_PAD, MMAP_THRESHOLD = -1, -2, -3  # parameters of mallopt(3)
SETTINGS: Final = {
    MMAP_THRESHOLD: 32 << 20,  # larger arrays, such as points of large scans, are still returned to the system
    TRIM_THRESHOLD: 256 << 20,
    TOP_PAD: 64 << 20,
}


def tune_malloc() -> bool:
    """Let glibc keep up to 256 MB of freed memory. Returns False, and changes nothing, if that is not possible.

    By default glibc returns memory once twice its largest block is free. A ``MALLOC_...`` variable in the environment,
    or another C library, means that the user has chosen other settings.
    """
    if any(name.startswith("MALLOC_") for name in os.environ):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return False
    return all(mallopt(name, value) == 1 for name, value in SETTINGS.items())
