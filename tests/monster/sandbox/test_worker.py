"""The program in the child process: its limits, its messages, and its end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from monster.sandbox.protocol import load_arrays
from monster.sandbox.worker import address_space, load_function

ROOT = Path(__file__).parents[3]
linux = pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit the address space")

FUNCTIONS = """
import os, time
import numpy as np
from monster.errors import InputError, MissingExtra

def answer(what):
    print("no message")
    if what == "input":
        raise InputError("not good")
    if what == "extra":
        raise MissingExtra("splitting", "scene")
    if what == "memory":
        bytes(600 << 20)
    yield {"number": 1, "rows": np.arange(3)}
    if what == "sleep":
        time.sleep(60)
    yield {"number": 2}
"""


def asked(folder: Path, *requests: str) -> list[dict[str, Any]]:
    """The messages of a worker that runs in a folder."""
    (folder / "functions.py").write_text(FUNCTIONS)
    command = [sys.executable, "-P", "-m", "monster.sandbox.worker", "functions:answer", "300", "20"]
    given = "".join(json.dumps({"arguments": {"what": what}}) + "\n" for what in requests)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(folder)))}
    done = subprocess.run(command, cwd=folder, env=environment, input=given, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_answers_and_their_arrays(tmp_path: Path) -> None:
    ready, first, second, done = asked(tmp_path, "yield")
    assert ready == {"ready": True} and done == {"done": True}
    assert first["answer"] == {"number": 1} and second == {"answer": {"number": 2}, "arrays": None}
    assert np.array_equal(load_arrays(tmp_path / first["arrays"])["rows"], [0, 1, 2])


def test_errors_are_messages_and_the_next_request_is_answered(tmp_path: Path) -> None:
    _, first, second, *rest = asked(tmp_path, "input", "extra", "yield")
    assert first == {"error": "input", "text": "not good", "extra": ""}
    assert (second["error"], second["extra"]) == ("extra", "scene") and "monster-retrieval[scene]" in second["text"]
    assert len(rest) == 3


@linux
def test_memory_is_limited_beyond_what_the_worker_starts_with(tmp_path: Path) -> None:
    assert asked(tmp_path, "memory")[1]["error"] == "memory"
    assert address_space() > 1 << 20


def test_a_function_is_named_by_module_and_name() -> None:
    assert load_function("json:dumps") is json.dumps
    with pytest.raises(AttributeError):
        load_function("json:none")


def test_a_worker_ends_when_its_caller_is_killed(tmp_path: Path) -> None:
    (tmp_path / "functions.py").write_text(
        FUNCTIONS.replace("time.sleep(60)", "yield {'pid': os.getpid()}; time.sleep(60)")
    )
    (tmp_path / "caller.py").write_text(
        "import sys\n"
        "from monster.sandbox.client import Worker\n"
        "for answer in Worker('functions:answer').ask({'what': 'sleep'}, 'a'):\n"
        "    print(answer.get('pid', ''), flush=True)\n"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(tmp_path)))}
    with subprocess.Popen(
        [sys.executable, str(tmp_path / "caller.py")], env=environment, stdout=subprocess.PIPE, text=True
    ) as caller:
        assert caller.stdout is not None and caller.stdout.readline() == "\n"
        worker = int(caller.stdout.readline())
        caller.send_signal(signal.SIGKILL)
    until = time.monotonic() + 20
    while is_running(worker):
        assert time.monotonic() < until
        time.sleep(0.1)


def is_running(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
