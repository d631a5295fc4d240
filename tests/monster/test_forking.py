"""A forked child encodes and searches."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

_PROGRAM = """
import os, sys
from monster.forking import compute_after_fork
compute_after_fork()
import faiss, numpy as np, torch
def compute():
    torch.nn.functional.layer_norm(torch.ones(512, 384, 384), (384,)).sum()
    index = faiss.IndexFlatIP(64)
    index.add(np.ones((20000, 64), np.float32))
    index.search(np.ones((64, 64), np.float32), 3)
compute()
child = os.fork()
if child == 0:
    compute()
    os._exit(7)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_a_forked_child_does_not_wait_for_threads_that_it_does_not_have() -> None:
    environment = os.environ | {"OMP_NUM_THREADS": "2"}
    command = [sys.executable, "-W", "ignore", "-c", _PROGRAM]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "7"
