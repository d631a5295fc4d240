"""Lets a forked child compute: it has no threads but the one that forked, and OpenMP waits for those it had before."""

from __future__ import annotations

import os
import sys
from functools import cache


@cache
def compute_after_fork() -> None:
    """From now on torch and FAISS use one thread in a forked child; otherwise their first parallel loop never ends.

    Children that are started by ``spawn`` use all threads, and share nothing.
    """
    if hasattr(os, "register_at_fork"):  # Windows has no fork
        os.register_at_fork(after_in_child=_use_one_thread)


def _use_one_thread() -> None:
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)
    if "faiss" in sys.modules:
        sys.modules["faiss"].omp_set_num_threads(1)
