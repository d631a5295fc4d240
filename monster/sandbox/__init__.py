"""Functions for untrusted files, run in a child process, because a native parser can crash or hang its process.

``client`` starts a worker and asks it, ``worker`` is the program in the child process, ``protocol`` is what they say to
each other. The package knows no file format: the caller names the function to run.
"""

from __future__ import annotations

from monster.sandbox.client import Limits, SandboxError, Worker, WorkerDied, WorkerOutOfMemory, WorkerTimeout, call

__all__ = ["Limits", "SandboxError", "Worker", "WorkerDied", "WorkerOutOfMemory", "WorkerTimeout", "call"]
