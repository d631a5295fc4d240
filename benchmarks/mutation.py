"""Mutation testing: does a test fail if the source is changed in one place?

    python benchmarks/mutation.py [--count 60] [--seed 0] [--seconds 60] [--out FILE] [--only monster/tasks.py ...]

Draws mutants (`mutation_sites`) from all packages, applies one at a time in a temporary copy of the tree, and runs the
tests that belong to the changed module: its mirrored test file, then the files that import it, directly first, until a
test fails or the time is up. Prints one line a mutant: killed by which test, or survived. A test counts only if it
passes without the change. A run that takes too long counts as killed if the same tests end in time without the change.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mutation_sites import Mutant, mutants

ROOT: Final = Path(__file__).resolve().parents[1]
PACKAGES: Final = ("indexes", "monster", "service", "worlds")
NOT_COPIED: Final = (".git", ".venv", "__pycache__", ".*_cache", ".hypothesis", "*.pyc")
MAX_FILES: Final = 12  # test files a mutant
EARLY: Final = "tests/worlds/test_recorded.py"  # notices most changes of the generator
MODULE: Final = re.compile(r"\w+(\.\w+)*")
FAILED: Final = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


@dataclass(frozen=True)
class Verdict:
    """Whether a mutant was killed, by which test or why, and how long it took."""

    mutant: Mutant
    killed: bool
    reason: str
    seconds: float

    def __str__(self) -> str:
        return f"{'killed  ' if self.killed else 'SURVIVED'} {self.mutant}: {self.reason} ({self.seconds:.0f} s)"


def main(arguments: Sequence[str] | None = None) -> list[Verdict]:
    """Draw mutants, test each, print and return the verdicts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=60.0, help="most seconds of tests a mutant")
    parser.add_argument("--out", type=Path, help="also write the lines there")
    parser.add_argument("--only", nargs="*", default=[], metavar="PATH", help="mutate these files alone")
    parser.add_argument("--root", type=Path, default=ROOT, help="the tree, with tests/ mirroring its packages")
    given = parser.parse_args(arguments)
    chosen = draw(given.root, given.count, seed=given.seed, only=given.only)
    verdicts: list[Verdict] = []
    lines = [f"seed {given.seed}, {len(chosen)} mutants"]
    print(lines[0], flush=True)
    with tempfile.TemporaryDirectory() as folder:
        tree = Tree(given.root, Path(folder, "tree"))
        for mutant in chosen:
            verdicts.append(tree.judge(mutant, given.seconds))
            lines.append(str(verdicts[-1]))
            print(lines[-1], flush=True)
    lines.append(f"{sum(verdict.killed for verdict in verdicts)} of {len(verdicts)} killed")
    print(lines[-1])
    if given.out:
        given.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return verdicts


def draw(root: Path, count: int, *, seed: int, only: Sequence[str] = ()) -> list[Mutant]:
    """Random mutants of the packages' modules (of ``only`` these), at most one a line, every place equally likely."""
    paths = [root / path for path in only] or [
        path for name in PACKAGES for path in sorted((root / name).rglob("*.py"))
    ]
    every = [mutant for path in paths for mutant in mutants(root, path)]
    random.Random(seed).shuffle(every)
    lines: dict[tuple[str, int], Mutant] = {}
    for mutant in every:
        lines.setdefault((mutant.path, mutant.line), mutant)
    return list(lines.values())[:count]


class Tree:
    """A copy of the tree in which sources are changed and tests are run."""

    def __init__(self, root: Path, copy: Path) -> None:
        shutil.copytree(root, copy, ignore=shutil.ignore_patterns(*NOT_COPIED), symlinks=True)
        self.folder = copy
        self.imports = {path: set(_imports(copy, path)) for path in self._sources()}
        self.passing: set[str] = set()  # tests that pass without a change
        self.failing: set[str] = set()  # tests that fail without a change: left out
        self.ending: set[tuple[str, ...]] = set()  # lists of test files that end in time without a change

    def _sources(self) -> list[str]:
        folders = [self.folder / name for name in (*PACKAGES, "tests")]
        return [path.relative_to(self.folder).as_posix() for folder in folders for path in sorted(folder.rglob("*.py"))]

    def judge(self, mutant: Mutant, seconds: float) -> Verdict:
        """Apply the mutant, run its tests, and restore the source."""
        began = time.monotonic()
        path = self.folder / mutant.path
        source = path.read_text(encoding="utf-8")
        killed, reason = False, "no test imports the module"
        groups = self.tests_of(mutant.path)
        while groups:
            files = groups.pop(0)
            left = seconds - (time.monotonic() - began)
            if left < 1:
                break
            path.write_text(mutant.apply(source), encoding="utf-8")
            try:
                output = self._pytest(files, left)
            finally:
                path.write_text(source, encoding="utf-8")
            known = len(self.failing)
            killed, reason = self._outcome(files, output, left)
            if killed:
                break
            if len(self.failing) > known:
                groups.insert(0, files)
        return Verdict(mutant, killed, reason, time.monotonic() - began)

    def _outcome(self, files: tuple[str, ...], output: str | None, seconds: float) -> tuple[bool, str]:
        """Whether the output of pytest (None: it took too long) shows that the change was noticed, and by what."""
        if output is None:
            if files not in self.ending and self._pytest(files, seconds) is None:
                return False, f"no failure in {seconds:.0f} s"
            self.ending.add(files)
            return True, f"does not end: {' '.join(files)}"
        failed = FAILED.search(output)
        if failed is None:
            return False, f"{len(files)} test files passed" if "passed" in output else f"no tests ran: {output[-200:]}"
        test = failed.group(1)
        if test not in self.passing:
            again = self._pytest((test,), 10 * seconds)
            if again is None or FAILED.search(again):
                self.failing.add(test)
                return False, f"{test} fails without the change too"
            self.passing.add(test)
        return True, test

    def tests_of(self, path: str) -> list[tuple[str, ...]]:
        """Test files of a module in the order in which they are run: mirrored and direct ones, then the others."""
        place = Path(path)
        mirrored = Path("tests", *place.parts[:-1], f"test_{place.stem}.py").as_posix()
        distance = self._importers(path)
        tests = [name for name in distance if Path(name).name.startswith("test_")]
        tests.sort(key=lambda name: (distance[name], -len(os.path.commonpath([name, mirrored])), name))
        direct = [name for name in tests if distance[name] == 1 and name != mirrored]
        first = [mirrored] if mirrored in self.imports else []
        if place.parts[0] == "worlds" and EARLY in tests:
            first.append(EARLY)
        first += [name for name in direct if name != EARLY]
        other = [name for name in tests if name not in first]
        groups = (tuple(first[:MAX_FILES]), tuple(other[:MAX_FILES]))
        return [group for group in groups if group]

    def _importers(self, path: str) -> dict[str, int]:
        """Files that import a file directly (1) or through others (2, 3, ...)."""
        found: dict[str, int] = {}
        level = {path}
        while level:
            level = {name for name, imported in self.imports.items() if imported & level and name not in found}
            found |= dict.fromkeys(level, max(found.values(), default=0) + 1)
        return found

    def _pytest(self, tests: Sequence[str], seconds: float) -> str | None:
        """Output of pytest on these files or tests until the first failure; None if it takes longer."""
        options = ("-x", "-q", "--no-header", "--tb=no", "-p", "no:cacheprovider")
        left_out = (f"--deselect={test}" for test in sorted(self.failing))
        command = [sys.executable, "-m", "pytest", *options, *tests, *left_out]
        settings = {"PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"}
        with subprocess.Popen(
            command,
            cwd=self.folder,
            env=os.environ | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as process:
            try:
                return process.communicate(timeout=seconds)[0]
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, 9)  # its children too
                return None


def _imports(root: Path, path: str) -> Iterator[str]:
    """Files of the tree that a file imports, anywhere in it, or names in a text."""
    for node in ast.walk(ast.parse((root / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            names = [node.value.partition(":")[0]]  # a module that is imported when it is used
        else:
            continue
        for name in filter(MODULE.fullmatch, names):
            for place in (f"{name.replace('.', '/')}.py", f"{name.replace('.', '/')}/__init__.py", f"tests/{name}.py"):
                if (root / place).exists():
                    yield place


if __name__ == "__main__":
    main()
