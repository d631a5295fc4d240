"""Freed memory is kept, counted in page faults, and not where somebody else decides."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest

from monster.malloc import keep_freed_memory

ROUNDS = """
import resource, sys
import numpy as np
from monster.malloc import keep_freed_memory
if "keep" in sys.argv:
    assert keep_freed_memory()
def batch():
    parts = [np.ones(1_000_000) for _ in range(8)]
for _ in range(3):
    batch()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    batch()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(*arguments: str) -> int:
    """Pages that ten rounds of arrays fault in, in a process of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")}
    command = [sys.executable, "-c", ROUNDS, *arguments]
    return int(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="needs glibc")
def test_arrays_of_the_next_round_lie_where_those_of_the_last_one_lay() -> None:
    assert faults("keep") < 1000 < faults()


def test_settings_of_somebody_else_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MALLOC_ARENA_MAX", "2")
    assert keep_freed_memory() is False
