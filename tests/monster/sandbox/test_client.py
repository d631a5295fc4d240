"""Workers that die, hang, or answer nonsense are one clear error, and are replaced."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from monster.errors import FileFormatError, InputError, MissingExtra
from monster.sandbox import Limits, Worker, WorkerDied, WorkerOutOfMemory, WorkerTimeout, call, client

FUNCTIONS = """
import json, os, signal, sys, time
from types import SimpleNamespace
import numpy as np
from monster.errors import InputError, MissingExtra

def echo(**request):
    what = request.get("what")
    if what == "refuse":
        raise InputError("b.ply: not good")
    if what == "lack":
        raise MissingExtra("no libusb", "scene")
    yield {"pid": os.getpid(), "request": request, "modules": sorted(sys.modules), "environment": dict(os.environ),
           "cwd": os.getcwd()}
    if what == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    elif what == "fail":
        raise ValueError("a defect")
    elif what == "sleep":
        time.sleep(60)
    elif what == "compute":
        while True:
            pass
    elif what == "shut":
        os.closerange(3, 30)
        time.sleep(60)
    elif what == "print":
        print("x" * 100_000)
        yield {"rows": np.arange(2)}
    elif what == "grow":
        bytes(600 << 20)

def lie(text):
    sys.modules["__main__"].json = SimpleNamespace(dumps=lambda message: text, loads=json.loads)
    yield {}

def broken():
    sys.modules["__main__"].save_arrays = lambda path, arrays: path.write_bytes(b"PK")
    yield {"rows": np.arange(2)}
"""


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    """Makes a worker of one of the functions above, and ends it afterwards."""
    (tmp_path / "functions.py").write_text(FUNCTIONS)
    made: list[Worker] = []

    def make(function: str = "functions:echo", *, seconds: float = 20.0, **more: Any) -> Worker:
        made.append(Worker(function, limits=Limits(seconds, 300), search=[tmp_path], **more))
        return made[-1]

    yield make
    for one in made:
        one.close()


def first(asked: Worker, **request: object) -> dict[str, Any]:
    """The first of all answers to a request."""
    answers = list(asked.ask(request, "b.ply"))
    return answers[0]


def test_one_process_answers_many_requests(worker: Callable[..., Worker]) -> None:
    asked = worker()
    one, two = (first(asked, number=number) for number in (1, 2))
    assert one["request"] == {"number": 1} and two["request"] == {"number": 2}
    assert one["pid"] == two["pid"]
    assert np.array_equal(list(asked.ask({"what": "print"}, "a.ply"))[1]["rows"], [0, 1])


@pytest.mark.parametrize(
    ("what", "error", "words"),
    [
        ("die", WorkerDied, "the parser failed"),
        ("fail", WorkerDied, "the parser failed"),
        ("sleep", WorkerTimeout, "longer than 1 s"),
        ("shut", WorkerTimeout, "longer than 1 s"),
        ("compute", WorkerTimeout, "longer than 1 s"),
    ],
)
def test_a_worker_that_dies_or_hangs_is_replaced(
    worker: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch, what: str, error: type[FileFormatError], words: str
) -> None:
    monkeypatch.setattr(client, "GRACE", 30.0 if what == "compute" else 0.5)
    asked = worker(seconds=1.0)
    answers = asked.ask({"what": what}, "a.ply")
    before = next(answers)["pid"]
    with pytest.raises(error, match=rf"^a\.ply: .*{words}"):
        next(answers)
    assert first(asked)["pid"] != before


def test_a_defect_is_logged(worker: Callable[..., Worker], caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(WorkerDied):
        list(worker().ask({"what": "fail"}, "a.ply"))
    assert "ValueError: a defect" in caplog.text


def test_a_worker_is_replaced_after_so_many_answers(worker: Callable[..., Worker]) -> None:
    asked = worker(most_answers=2)
    pids = [first(asked)["pid"] for _ in range(4)]
    assert pids[0] == pids[1] != pids[2] == pids[3]


def test_a_request_that_is_given_up_leaves_no_answer_behind(worker: Callable[..., Worker]) -> None:
    asked = worker()
    answers = asked.ask({"what": "print"}, "a.ply")
    next(answers)
    answers.close()  # type: ignore[attr-defined]
    assert first(asked, number=2)["request"] == {"number": 2}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit the address space")
def test_too_much_memory_is_an_error_and_the_worker_goes_on(worker: Callable[..., Worker]) -> None:
    asked = worker()
    answers = asked.ask({"what": "grow"}, "a.ply")
    pid = next(answers)["pid"]
    with pytest.raises(WorkerOutOfMemory, match=r"^a\.ply: .* more memory than the limit"):
        next(answers)
    assert first(asked)["pid"] == pid


def test_errors_of_the_function_are_raised_here(
    worker: Callable[..., Worker], caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(FileFormatError, match=r"^b\.ply: not good$"):
        first(worker(), what="refuse")
    with pytest.raises(MissingExtra, match=r"reading b\.ply needs") as caught:
        first(worker(), what="lack")
    assert caught.value.extra == "scene" and "no libusb" in caplog.text


def test_a_worker_that_does_not_start_is_an_error(worker: Callable[..., Worker]) -> None:
    for function in ("no_such_module:f", "functions:none"):
        with pytest.raises(InputError, match=f"^{function}: the worker process does not start"):
            first(worker(function))


@pytest.mark.parametrize(
    "text", ["noise", "[]", "{}", '{"answer": 3}', '{"answer": {}, "arrays": 3}', '{"error": "x"}']
)
def test_a_worker_that_answers_nonsense_gave_up(worker: Callable[..., Worker], text: str) -> None:
    with pytest.raises(WorkerDied):
        first(worker("functions:lie"), text=text)


def test_corrupt_arrays_are_an_error(worker: Callable[..., Worker], caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(WorkerDied):
        first(worker("functions:broken"))
    assert "corrupt answer" in caplog.text


def test_a_worker_sees_no_key_and_leaves_nothing(
    worker: Callable[..., Worker], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONSTER_API_KEY", "not for parsers")
    (folder := tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    asked = worker(modules=["wave"])
    answer = first(asked)
    assert "not for parsers" not in answer["environment"].values()
    assert Path(answer["cwd"]).is_relative_to(folder) and "wave" in answer["modules"]
    asked.close()
    assert list(folder.iterdir()) == []


def test_a_worker_loads_nothing_but_what_it_runs(worker: Callable[..., Worker]) -> None:
    loaded = {name for name in first(worker())["modules"] if name.startswith("monster.")}
    assert not {name for name in loaded if name.startswith(("monster.io", "monster.checks", "monster.corpus"))}


def test_a_call_has_one_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "functions.py").write_text(FUNCTIONS)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert call("functions:echo", {"number": 1}, name="a")["request"] == {"number": 1}
    with pytest.raises(WorkerDied):
        call("functions:echo", {"what": "print"}, name="a")
