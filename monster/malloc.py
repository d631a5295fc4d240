"""Freed memory is kept for the next batch: handed back to the system it comes again page by page, which costs time."""

from __future__ import annotations

import ctypes
import os
from typing import Final

TRIM_THRESHOLD, TOP_PAD, MMAP_THRESHOLD = -1, -2, -3  # the names of mallopt(3)
KEPT: Final = {
    MMAP_THRESHOLD: 32 << 20,  # arrays above it, points of large scans, go back to the system as ever
    TRIM_THRESHOLD: 256 << 20,
    TOP_PAD: 64 << 20,
}


def keep_freed_memory() -> bool:
    """Have glibc keep up to 256 MB of what is freed. False, and nothing is changed, with another allocator's settings.

    By itself it gives memory back whenever twice its largest block is free, so that each batch of texts asks for its
    activations anew. ``MALLOC_...`` in the environment, or another C library, means that somebody else decides.
    """
    if any(name.startswith("MALLOC_") for name in os.environ):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return False
    return all(mallopt(name, value) == 1 for name, value in KEPT.items())
