"""Malloc tuning, measured in page faults; loading a model does not tune."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest

from monster.malloc import tune_malloc

needs_glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="needs glibc")
ROUNDS = """
import resource, sys
import numpy as np
if "tune" in sys.argv:
    from monster.malloc import tune_malloc
    assert tune_malloc()
if "load" in sys.argv:
    import monster
    monster.load()
def batch():
    parts = [np.ones(1_000_000) for _ in range(8)]
for _ in range(3):
    batch()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    batch()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def page_faults(*arguments: str) -> int:
    """Page faults of ten rounds of array allocations in a new process."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")}
    command = [sys.executable, "-c", ROUNDS, *arguments]
    return int(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)


@needs_glibc
def test_tuned_malloc_reuses_freed_memory() -> None:
    assert page_faults("tune") < 1000 < page_faults()


@needs_glibc
def test_load_does_not_tune_malloc() -> None:
    assert page_faults("load") > 1000


def test_settings_of_the_user_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MALLOC_ARENA_MAX", "2")
    assert tune_malloc() is False
