"""Mutation testing: the places it finds, the draw, and a run of two mutants on a small tree."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from textwrap import dedent
from types import ModuleType
from typing import Any

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def tools() -> Iterator[Callable[[str], ModuleType]]:
    """Imports a script of the benchmarks by its name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARKS))
        yield import_module
    for name in ("mutation", "mutation_sites"):
        sys.modules.pop(name, None)


@pytest.fixture
def changes(tools: Callable[[str], ModuleType], tmp_path: Path) -> Callable[[str], list[str]]:
    """The sources that the mutants of a source make."""

    def find(source: str) -> list[str]:
        path = tmp_path / "module.py"
        path.write_text(source, encoding="utf-8")
        return [mutant.apply(source) for mutant in tools("mutation_sites").mutants(tmp_path, path)]

    return find


@pytest.mark.parametrize(
    ("source", "changed"),
    [
        ("x = a < b", ["x = a <= b"]),
        ("x = a <= b", ["x = a < b"]),
        ("x = (a) is not (b)", ["x = (a) is (b)"]),
        ("x = a in b", ["x = a not in b"]),
        ("x = a and b and c", ["x = a or b and c", "x = a and b or c"]),
        ("x = a - b", ["x = a + b"]),
        ("x += b", ["x -= b"]),
        ("x = not a", ["x = (a)"]),
        ("x = b if a else c", ["x = b if (not (a)) else c"]),
        ("x = y[:-1]", ["x = y[:-2]"]),
        ("x = np.zeros(n, np.int64)", ["x = np.zeros(n, np.int8)"]),
        ("def f():\n    return é < a", ["def f():\n    return None", "def f():\n    return é <= a"]),
    ],
)
def test_each_operator_changes_one_place(changes: Callable[[str], list[str]], source: str, changed: list[str]) -> None:
    assert changes(source) == changed


@pytest.mark.parametrize(
    "source",
    [
        '"""Less < more, 1 + 1."""',
        'x = f"{1 + a}"',
        "x: Literal[1] | None = None",
        "raise ValueError(1 + a)",
        "if TYPE_CHECKING:\n    x = 1",
        "def __repr__(self):\n    return 1",
        "__all__ = [1]",
        "log.warning(a + b)",
        "say(1)",
        "x = NDArray[np.int64]",
        "x = f(timeout=3)",
        "x = 1000",
        "x = 'a' + b",
        "def f():\n    return None",
    ],
)
def test_places_without_behaviour_are_not_mutated(changes: Callable[[str], list[str]], source: str) -> None:
    assert changes(source) == []


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A package ``monster`` of one module whose test checks one of its two functions."""
    files = {
        "pyproject.toml": "[tool.pytest.ini_options]\naddopts = '--import-mode=importlib'\n",
        "monster/__init__.py": "",
        "monster/small.py": """
            def checked(a, b):
                return a < b


            def unchecked(a, b):
                return a < b
            """,
        "tests/monster/test_small.py": """
            from monster.small import checked


            def test_it() -> None:
                assert checked(1, 2) and not checked(1, 1)
            """,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(dedent(text).lstrip(), encoding="utf-8")
    return tmp_path


def test_the_draw_is_seeded_and_takes_a_line_once(tools: Callable[[str], ModuleType], tree: Path) -> None:
    draw: Any = tools("mutation").draw
    chosen = draw(tree, 10, seed=1)
    assert chosen == draw(tree, 10, seed=1)
    assert sorted(mutant.line for mutant in chosen) == [2, 6]
    assert len({tuple(draw(tree, 1, seed=seed)) for seed in range(20)}) > 1
    assert draw(tree, 10, seed=1, only=["monster/__init__.py"]) == []


def test_a_run_reports_killed_and_survived_mutants_and_changes_no_file(
    tools: Callable[[str], ModuleType], tree: Path, tmp_path: Path
) -> None:
    before = (tree / "monster" / "small.py").read_text()
    out = tmp_path / "mutants.txt"
    arguments = ["--root", str(tree), "--count", "2", "--seed", "3", "--seconds", "60", "--out", str(out)]
    verdicts = {verdict.mutant.line: verdict for verdict in tools("mutation").main(arguments)}
    assert (verdicts[2].killed, verdicts[6].killed) == (True, False)
    assert verdicts[2].reason == "tests/monster/test_small.py::test_it"
    lines = out.read_text().splitlines()
    assert lines[0] == "seed 3, 2 mutants"
    assert lines[-1] == "1 of 2 killed"
    assert (tree / "monster" / "small.py").read_text() == before


def test_tests_are_run_mirrored_first_then_by_distance(tools: Callable[[str], ModuleType], tree: Path) -> None:
    (tree / "monster" / "above.py").write_text("from monster.small import checked\n")
    (tree / "tests" / "monster" / "test_above.py").write_text("import monster.above\n")
    (tree / "tests" / "monster" / "test_a.py").write_text("from monster import small\n")
    groups = tools("mutation").Tree(tree, tree.parent / f"{tree.name}-copy").tests_of("monster/small.py")
    assert groups == [
        ("tests/monster/test_small.py", "tests/monster/test_a.py"),
        ("tests/monster/test_above.py",),
    ]


def test_a_run_that_takes_too_long_counts_if_it_ends_without_the_change(
    tools: Callable[[str], ModuleType], tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tools("mutation").Tree(tree, tree.parent / f"{tree.name}-copy")
    mutant = tools("mutation").draw(tree, 1, seed=0)[0]
    slow_without_change = False

    def run(tests: object, seconds: float) -> str | None:
        changed = mutant.new in (made.folder / mutant.path).read_text()
        return None if changed or slow_without_change else "1 passed"

    monkeypatch.setattr(made, "_pytest", run)
    assert made.judge(mutant, 60.0).reason == "does not end: tests/monster/test_small.py"
    slow_without_change = True
    made.ending.clear()
    assert not made.judge(mutant, 60.0).killed


def test_a_test_that_fails_without_the_mutation_is_ignored(tools: Callable[[str], ModuleType], tree: Path) -> None:
    test = tree / "tests" / "monster" / "test_small.py"
    test.write_text("def test_broken() -> None:\n    assert False\n\n\n" + test.read_text())
    made = tools("mutation").Tree(tree, tree.parent / f"{tree.name}-copy")
    verdicts = {mutant.line: made.judge(mutant, 60.0) for mutant in tools("mutation").draw(tree, 2, seed=3)}
    assert (verdicts[2].killed, verdicts[6].killed) == (True, False)
    assert made.failing == {"tests/monster/test_small.py::test_broken"}
