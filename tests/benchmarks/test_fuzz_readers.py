"""The fuzzer itself, and a short run of it: damaged files of every format give a right answer or a clear error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
SLOW = {
    "las": 8,
    "c3d": 8,
    "fbx": 8,
    "obj": 12,
    "glb": 25,
    "ply": 40,
    "scannet": 40,
}  # processes are started, surfaces sampled
READERS = (
    "bvh", "amc", "c3d", "joints", "features", "smpl", "generators", "captions", "soma", "fbx", "gltf",
    "las", "kimodo", "robot-tables", "robot-arrays", "own", "ply", "pcd", "text", "points", "obj", "glb", "scannet",
)  # fmt: skip


@pytest.fixture(scope="module")
def tools() -> Iterator[Callable[[str], ModuleType]]:
    """Imports a script of the benchmarks by its name."""
    from importlib import import_module

    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARKS))
        yield import_module
    for name in [name for name in sys.modules if name.startswith("fuzz_")]:
        del sys.modules[name]


def outcome(tools: Callable[[str], ModuleType], files: dict[str, bytes], main: str, kind: str) -> str:
    """How reading such files in a folder of their own ends."""
    with TemporaryDirectory() as made:
        folder = Path(made, "scene0000_00")
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content)
        told: str = tools("fuzz_program").attempt(folder / main, kind, split=False)
        return told.partition(" ")[0]


def test_every_reader_is_fuzzed(tools: Callable[[str], ModuleType]) -> None:
    assert tuple(tools("fuzz_seeds").SEEDS) == READERS


@pytest.mark.parametrize("reader", READERS)
def test_seeds_can_be_read(tools: Callable[[str], ModuleType], reader: str) -> None:
    for seed in tools("fuzz_seeds").SEEDS[reader]():
        assert outcome(tools, seed.files, seed.main, seed.kind) == "right", seed.main


@pytest.mark.parametrize("reader", READERS)
def test_damaged_files_give_a_right_answer_or_a_clear_error(tools: Callable[[str], ModuleType], reader: str) -> None:
    seeds = tools("fuzz_seeds").SEEDS[reader]()
    if not seeds:
        pytest.skip("the library that makes such files is not installed")

    @settings(
        max_examples=SLOW.get(reader, 100), suppress_health_check=list(HealthCheck), derandomize=True, deadline=None
    )
    @given(st.integers(0, 2**32 - 1))
    def tries(number: int) -> None:
        random = np.random.default_rng(number)
        chosen, lender = (seeds[int(random.integers(len(seeds)))] for _ in range(2))
        files = tools("fuzz_mutations").damaged(chosen.files, lender.files, random)
        assert outcome(tools, files, chosen.main, chosen.kind) in ("right", "error")

    tries()


@pytest.mark.parametrize("reader", ["joints", "kimodo", "gltf"])
def test_most_changed_contents_are_still_read(tools: Callable[[str], ModuleType], reader: str) -> None:
    seeds = [seed for seed in tools("fuzz_seeds").SEEDS[reader]() if seed.main.endswith((".npz", ".npy", ".glb"))]
    outcomes = []
    for number in range(40):
        random = np.random.default_rng(number)
        seed = seeds[number % len(seeds)]
        files = tools("fuzz_structure").changed(seed.files, random)
        outcomes.append(outcome(tools, files, seed.main, seed.kind))
    assert set(outcomes) == {"right", "error"} and outcomes.count("right") >= 0.3 * len(outcomes)


@given(st.binary(max_size=300), st.binary(max_size=300), st.integers(0, 2**32 - 1))
def test_damage_is_deterministic_for_any_bytes(
    tools: Callable[[str], ModuleType], content: bytes, other: bytes, number: int
) -> None:
    first, second = (
        tools("fuzz_mutations").damaged({"a": content}, {"a": other}, np.random.default_rng(number)) for _ in range(2)
    )
    assert first == second and set(first) == {"a"} and len(first["a"]) <= 1 << 20


def run(tools: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["fuzz_readers.py", *map(str, arguments)])
    code: int = tools("fuzz_readers").main()
    return code


def test_the_table_and_the_exit_code(
    tools: Callable[[str], ModuleType],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(tools, monkeypatch, "--reader", "text", "features", "--count", 5, "--out", tmp_path) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["reader", "text", "features"]
    assert sum(map(int, lines[1].split()[1:-1])) == 7 and not list(tmp_path.iterdir())
    (tmp_path / "program.py").write_text(
        "import os\n"
        "def outcome(path, kind, split):\n"
        "    name = path.split(os.sep)[-3]\n"
        "    if name == '2':\n        os.abort()\n"
        "    yield {'outcome': 'other' if name == '3' else 'right', 'text': 'what was said', 'seconds': 0.1}\n"
    )
    monkeypatch.setattr(tools("fuzz_readers"), "FUNCTION", "program:outcome")
    monkeypatch.setattr(tools("fuzz_readers"), "FOLDER", tmp_path)
    out = tmp_path / "found"
    assert run(tools, monkeypatch, "--reader", "features", "--count", 4, "--out", out) == 1
    saved = sorted(path.name for path in (out / "features").iterdir())
    assert saved == ["0-2-crash", "0-3-other"]
    assert (out / "features" / "0-3-other" / "said.txt").read_text() == "what was said"
    assert (out / "features" / "0-2-crash" / "files" / "walk.npy").exists()
