"""Functions for untrusted files, run in a child process, because a native parser can crash or hang its process.

``client`` starts a worker and sends requests, ``worker`` is the program in the child process, ``protocol`` defines
their messages. The package is independent of file formats: the caller names the function to run.
"""

from __future__ import annotations

from monster.sandbox.client import (
    SandboxError,
    Worker,
    WorkerDied,
    WorkerOutOfMemory,
    WorkerTimeout,
    call,
    call_kept,
    is_worker,
)
from monster.sandbox.protocol import Limits

__all__ = [
    "Limits",
    "SandboxError",
    "Worker",
    "WorkerDied",
    "WorkerOutOfMemory",
    "WorkerTimeout",
    "call",
    "call_kept",
    "is_worker",
]
