"""The program that reads one file: its job, its limits, its answers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shelf import npy, standing

from monster import Motion
from monster.errors import FileFormatError, MissingExtra
from monster.io.npz import load_motion
from monster.sandbox import protocol as reading
from monster.sandbox.protocol import Job, Limits, main, read

ROOT = Path(__file__).parents[3]


@given(st.dictionaries(st.sampled_from(["key", "fps", "placed"]), st.none() | st.text() | st.floats(1, 1000)))
def test_a_job_arrives_as_it_was_sent(options: dict[str, object]) -> None:
    job = Job(Limits(seconds=1.5, frames=7), options)
    assert Job.from_json(job.to_json()) == job


@pytest.fixture
def walk(tmp_path: Path) -> Path:
    path = tmp_path / "walk.npy"
    path.write_bytes(npy(standing(6, x=0.5)))
    return path


@pytest.mark.parametrize("placed", [True, False])
def test_choices_reach_the_reader(walk: Path, placed: bool) -> None:
    motion = read("motion", walk, Job(options={"fps": 30, "placed": placed}))
    assert isinstance(motion, Motion)
    assert (motion.fps, motion.placed, len(motion)) == (30, placed, 6)


def test_more_frames_than_allowed(walk: Path) -> None:
    with pytest.raises(FileFormatError, match=r"walk\.npy: expected at most 5 frames, got 6"):
        read("motion", walk, Job(Limits(frames=5)))


def test_the_program_answers_in_a_file(walk: Path, tmp_path: Path) -> None:
    answer = tmp_path / "answer.npz"
    command = [sys.executable, "-m", "monster.sandbox.protocol", "motion", str(walk), str(answer), Job().to_json()]
    subprocess.run(command, cwd=ROOT, check=True)
    assert np.allclose(load_motion(answer).joints[:, 0, 0], 0.5, atol=0.01)


@pytest.mark.parametrize(
    ("error", "status", "line"),
    [
        (FileFormatError("walk.npy: expected joints"), reading.REFUSED, "walk.npy: expected joints"),
        (MissingExtra("splitting", "scene"), reading.LACKING, "scene\n" + str(MissingExtra("splitting", "scene"))),
        (MemoryError(), reading.REFUSED, "walk.npy: reading it needs more memory than is allowed"),
    ],
)
def test_a_failure_is_one_line(
    walk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, line: str
) -> None:
    def fails(*_: object) -> Motion:
        raise error

    monkeypatch.setattr(reading, "restrict", lambda **_: None)  # it would bind the tests for good
    monkeypatch.setattr(reading, "read", fails)
    assert main(["motion", str(walk), str(tmp_path / "answer.npz"), Job().to_json()]) == status
    assert (tmp_path / "answer.npz.error").read_text() == line


def test_limits_bind_the_process() -> None:
    code = (
        "from monster.sandbox.protocol import restrict\n"
        "restrict(memory=512 << 20)\n"
        "try:\n    bytes(1 << 30)\nexcept MemoryError:\n    print('bound')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    if sys.platform == "linux":
        assert done.stdout == "bound\n"
    assert "Traceback" not in done.stderr
