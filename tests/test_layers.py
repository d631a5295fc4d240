"""The direction of imports: service -> monster -> indexes, and no other arrow."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BELOW = {"service": {"monster"}, "worlds": {"monster"}, "monster": {"indexes"}, "indexes": set[str]()}
# What service may use of monster: the package's own names and these submodules.
PUBLIC = {
    "monster",
    "monster.errors",
    "monster.io",
    "monster.io.npz",
    "monster.sandbox.client",
    "monster.skeleton",
    "monster.viz",
    "monster.metrics",
    "monster.tasks",
    "monster.types",
    "monster.gallery",
}


def imports(path: Path) -> Iterator[str]:
    """Absolute names of all modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield str(node.module)
            yield from (
                f"{node.module}.{alias.name}"
                for alias in node.names
                if (ROOT / str(node.module).replace(".", "/") / f"{alias.name}.py").exists()
            )


def files(package: str) -> list[Path]:
    """All Python files of a package."""
    return sorted((ROOT / package).rglob("*.py"))


# Still import the generator: to be replaced by the Checker protocol.
NOT_YET = {
    "monster/corpus/storage.py",
    "monster/corpus/joined.py",
    "monster/training/hard_negatives.py",
    "monster/training/preparation.py",
    "monster/metrics/evaluation/truth.py",
    "monster/metrics/evaluation/triples.py",
    "monster/placement/__init__.py",
}


@pytest.mark.parametrize("package", BELOW)
def test_imports_go_down_only(package: str) -> None:
    forbidden = set(BELOW) - BELOW[package] - {package}
    wrong = [
        (path.relative_to(ROOT).as_posix(), name)
        for path in files(package)
        for name in imports(path)
        if name.partition(".")[0] in forbidden and path.relative_to(ROOT).as_posix() not in NOT_YET
    ]
    assert files(package) and wrong == []


def test_service_uses_public_names_only() -> None:
    wrong = [
        (path.relative_to(ROOT).as_posix(), name)
        for path in files("service")
        for name in imports(path)
        if name.partition(".")[0] == "monster" and name not in PUBLIC
    ]
    assert wrong == []


def test_nobody_uses_another_package_s_private_names() -> None:
    wrong = [
        (path.relative_to(ROOT).as_posix(), alias.name)
        for package in BELOW
        for path in files(package)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and str(node.module).partition(".")[0] in BELOW
        for alias in node.names
        if alias.name.startswith("_") and not alias.name.startswith("__")
    ]
    assert wrong == []


def test_no_circle_of_imports() -> None:
    """Modules of the project import each other in one direction (imports inside functions and for types left out)."""
    known = {
        path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__"): path
        for p in BELOW
        for path in files(p)
    }
    graph = {
        name: {found for found in _at_import(path) if found in known and found != name} for name, path in known.items()
    }
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " -> ".join((*way[way.index(name) :], name))
        if name not in done:
            for below in sorted(graph[name]):
                visit(below, (*way, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def _at_import(path: Path) -> Iterator[str]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = {f"{node.module}.{alias.name}" for alias in node.names}
            submodules = {part for part in parts if (ROOT / part.replace(".", "/")).with_suffix(".py").exists()}
            yield from submodules
            if len(submodules) < len(parts):
                yield str(node.module)
