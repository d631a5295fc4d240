"""Processes that read files and may die: one for one file, and one that is asked again and again."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reader_files import walking, z_up

from monster.errors import FileFormatError, InputError
from monster.io.npz import save_scene
from monster.sandbox import client as isolated
from monster.sandbox.client import Child, Limits, ParserDied, ParserHung, read_isolated
from monster.types import Scene

ECHO = """
import os, signal, sys, time
from monster.sandbox.worker import answer_requests

def handle(request):
    what = request.get("what")
    yield {"pid": os.getpid(), "given": request}
    if what == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    elif what == "fail":
        raise ValueError("a defect")
    elif what == "sleep":
        time.sleep(60)
    elif what == "compute":
        while True:
            pass
    elif what == "print":
        print("x" * 100_000)
        yield {"answer": 2}
    elif what == "grow":
        try:
            bytes(600 << 20)
        except MemoryError:
            yield {"answer": "bound"}

answer_requests(handle, megabytes=int(sys.argv[1]), seconds=float(sys.argv[2]))
"""


def test_a_motion_and_its_options_go_through_the_process(tmp_path: Path) -> None:
    np.savez(tmp_path / "two.npz", a=walking(20), b=walking(30))
    motion = read_isolated(tmp_path / "two.npz", "motion", key="b", fps=50)
    assert (len(motion), motion.fps) == (30, 50)
    assert np.allclose(np.diff(motion.joints, axis=0), np.diff(z_up(walking(30)), axis=0), atol=1e-3)
    assert {"axes", "fps"} <= {finding.what for finding in motion.provenance}


def test_a_scene_comes_back(tmp_path: Path) -> None:
    points = np.random.default_rng(0).uniform(0, 3, (100, 3)).astype(np.float32)
    save_scene(tmp_path / "room.npz", Scene(points, instances=np.arange(100) // 50))
    scene = read_isolated(tmp_path / "room.npz", "scene")
    assert np.allclose(scene.points, points, atol=6e-4) and len(scene.objects()) == 2


def test_what_is_wrong_with_a_file_is_told_with_its_name_alone(tmp_path: Path) -> None:
    (tmp_path / "walk.bvh").write_text("HIERARCHY\nROOT")
    with pytest.raises(FileFormatError, match=r"^walk\.bvh: expected a MOTION part") as caught:
        read_isolated(tmp_path / "walk.bvh", "motion")
    assert str(tmp_path) not in str(caught.value)
    np.save(tmp_path / "long.npy", walking(50))
    with pytest.raises(FileFormatError, match="at most 40 frames, got 50"):
        read_isolated(tmp_path / "long.npy", "motion", limits=Limits(frames=40))


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Child]]:
    """Makes a child that runs the program above, and ends it afterwards."""
    (tmp_path / "echo_program.py").write_text(ECHO)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    made: list[Child] = []

    def make(program: str = "echo_program", *, seconds: float = 20.0, most: int = 1000) -> Child:
        made.append(Child(program, limits=Limits(seconds, 300), most=most))
        return made[-1]

    yield make
    for one in made:
        one.close()


def whole(asked: Child, **request: object) -> dict[str, Any]:
    """The first of all answers to a request."""
    answers = list(asked.ask(request, "b.ply"))
    return answers[0]


def test_one_process_answers_many_requests(child: Callable[..., Child]) -> None:
    asked = child()
    first, second = (list(asked.ask({"number": number}, "a.ply")) for number in (1, 2))
    assert first[0]["given"] == {"number": 1} and second[0]["given"] == {"number": 2}
    assert first[0]["pid"] == second[0]["pid"]
    assert list(asked.ask({"what": "print"}, "a.ply"))[1] == {"answer": 2}


@pytest.mark.parametrize(
    ("what", "error", "words"),
    [
        ("die", ParserDied, "gave up"),
        ("fail", ParserDied, "gave up"),
        ("sleep", ParserHung, "longer than 1 s"),
        ("compute", ParserHung, "longer than 1 s"),
    ],
)
def test_a_process_that_dies_or_hangs_is_replaced(
    child: Callable[..., Child], monkeypatch: pytest.MonkeyPatch, what: str, error: type[FileFormatError], words: str
) -> None:
    monkeypatch.setattr(isolated, "GRACE", 0.5 if what == "sleep" else 30.0)
    asked = child(seconds=1.0)
    answers = asked.ask({"what": what}, "a.ply")
    before = next(answers)["pid"]
    with pytest.raises(error, match=rf"^a\.ply: .*{words}"):
        next(answers)
    after = whole(asked)["pid"]
    assert after != before


def test_a_process_is_replaced_after_so_many_answers(child: Callable[..., Child]) -> None:
    asked = child(most=2)
    pids = [whole(asked)["pid"] for _ in range(4)]
    assert pids[0] == pids[1] != pids[2] == pids[3]


def test_a_request_that_is_given_up_leaves_no_answer_behind(child: Callable[..., Child]) -> None:
    asked = child()
    answers = asked.ask({"what": "print"}, "a.ply")
    next(answers)
    answers.close()  # type: ignore[attr-defined]
    assert whole(asked, number=2)["given"] == {"number": 2}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit the address space")
def test_memory_is_limited_beyond_what_the_program_has(child: Callable[..., Child]) -> None:
    assert list(child().ask({"what": "grow"}, "a.ply"))[1:] == [{"answer": "bound"}]


def test_a_program_that_does_not_start_is_told(child: Callable[..., Child]) -> None:
    with pytest.raises(InputError, match="no_such_program"):
        list(child("no_such_program").ask({}, "a.ply"))
