"""The program in the child process: answers requests with one function until its caller ends.

    python -m monster.sandbox.worker FUNCTION MEGABYTES SECONDS [MODULE ...]

FUNCTION is "module:name" and takes the arguments of a request by name; it yields dicts of JSON values and NumPy arrays.
It and every MODULE are imported before the memory limit is set, so that the limit counts what the files need.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import IO, Any, Final

from monster.errors import MissingExtra, MonsterError
from monster.sandbox.protocol import MAX_ANSWER, ErrorKind, save_arrays, split_answer

Function = Callable[..., Iterable[Mapping[str, Any]]]
_WATCH_SECONDS: Final = 1.0


def main(arguments: list[str]) -> int:
    """Answer the requests of the standard input, one a line."""
    function, megabytes, seconds, *modules = arguments
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)  # output of a parser goes to the log, not to the client
        for module in modules:
            import_module(module)
        run = load_function(function)
        limit_memory(address_space() + (int(megabytes) << 20))
        _send(out, {"ready": True})
        for line in sys.stdin.buffer:
            _send(out, _answer(run, json.loads(line)["arguments"], out, float(seconds)))
    return 0


def load_function(name: str) -> Function:
    """The function that "module:name" names."""
    module, _, attribute = name.partition(":")
    function: Function = getattr(import_module(module), attribute)
    return function


def limit_memory(size: int) -> None:
    """Limit this process to ``size`` bytes of address space, for good; no large files, no core dump.

    Uses the limits that the system supports; Windows has none.
    """
    try:
        import resource
    except ImportError:
        return
    wanted = {resource.RLIMIT_AS: size, resource.RLIMIT_FSIZE: MAX_ANSWER, resource.RLIMIT_CORE: 0}
    for what, limit in wanted.items():
        _, ceiling = resource.getrlimit(what)
        lowest = limit if ceiling == resource.RLIM_INFINITY else min(limit, ceiling)
        try:
            resource.setrlimit(what, (lowest, lowest))
        except (ValueError, OSError):  # macOS refuses a limit of address space
            continue


def address_space() -> int:
    """Bytes of address space of this process; 0 if unknown."""
    pages = Path("/proc/self/statm")
    return int(pages.read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE") if pages.exists() else 0


def _answer(run: Function, arguments: dict[str, Any], out: IO[bytes], seconds: float) -> dict[str, Any]:
    """Send everything that the function yields; returns the message that ends the request."""
    _allow(seconds)
    try:
        for number, answer in enumerate(run(**arguments)):
            values, arrays = split_answer(answer)
            name = f"{number}.npz" if arrays else None
            if name is not None:
                save_arrays(Path(name), arrays)
            _send(out, {"answer": values, "arrays": name})
            _allow(seconds)
    except MissingExtra as error:
        return _error("extra", str(error), error.extra)
    except MonsterError as error:
        return _error("input", str(error))
    except MemoryError:
        return _error("memory", "")
    return {"done": True}


def _error(kind: ErrorKind, text: str, extra: str = "") -> dict[str, Any]:
    return {"error": kind, "text": text, "extra": extra}


def _allow(seconds: float) -> None:
    """Give this process that many CPU seconds from now on; then the system ends it.

    RLIMIT_CPU is not used, because it counts ticks, which exceed the used CPU time.
    """
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _end_with(parent: int) -> None:
    """End this process when its parent has ended, because a killed caller cannot end it."""
    while os.getppid() == parent:
        time.sleep(_WATCH_SECONDS)
    os._exit(1)


def _send(out: IO[bytes], message: dict[str, Any]) -> None:
    out.write(json.dumps(message).encode() + b"\n")
    out.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
