"""Every example runs as a user would run it and prints what its docstring shows."""

from __future__ import annotations

import ast
import re
import runpy
from pathlib import Path

import pytest

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.py"))


def test_examples_are_numbered_without_a_gap() -> None:
    assert [int(path.name[:2]) for path in EXAMPLES] == list(range(1, len(EXAMPLES) + 1))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_prints_what_its_docstring_shows(
    path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(path), run_name="__main__")
    printed = {pattern_of(line) for line in capsys.readouterr().out.splitlines()}
    shown = shown_lines(path)
    assert shown
    assert [line for line in shown if pattern_of(line) not in printed] == []
    assert not list(tmp_path.iterdir())


def shown_lines(path: Path) -> list[str]:
    """The indented lines of the docstring."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return [line.strip() for line in docstring.splitlines() if line.startswith("    ")]


def pattern_of(line: str) -> str:
    """A line with all numbers replaced."""
    return re.sub(r"-?\d+(\.\d+)?", "0", line.strip())


def test_numbers_of_a_line_do_not_matter() -> None:
    assert pattern_of("  step 20: loss 4.75") == pattern_of("step 3: loss -12")
    assert pattern_of("step 20: loss") != pattern_of("step 20: recall")
