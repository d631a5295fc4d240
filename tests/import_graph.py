"""The imports of the project's packages, read from their source: what `test_architecture.py` judges."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
PACKAGES: Final = ("indexes", "monster", "service", "worlds")

Graph = Mapping[str, Collection[str]]


@dataclass(frozen=True)
class Import:
    """One imported module of one module; ``deferred`` means inside a function, ``names`` what is taken from it."""

    importer: str
    module: str
    names: tuple[str, ...]
    line: int
    deferred: bool

    def __str__(self) -> str:
        names = f" ({', '.join(self.names)})" if self.names else ""
        return f"{source(self.importer)}:{self.line} imports {self.module}{names}"


@cache
def modules(package: str) -> dict[str, Path]:
    """The files of a top-level package by the dotted names of their modules."""
    found = {}
    for path in sorted((ROOT / package).rglob("*.py")):
        dotted = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
        found[dotted.removesuffix(".__init__")] = path
    return found


@cache
def all_modules() -> dict[str, Path]:
    """The modules of all packages."""
    return {name: path for package in PACKAGES for name, path in modules(package).items()}


def source(module: str) -> str:
    """Path of a module relative to the repository."""
    return all_modules()[module].relative_to(ROOT).as_posix()


@cache
def imports(module: str) -> tuple[Import, ...]:
    """All imports of a module, those inside functions included, those under ``if TYPE_CHECKING`` left out."""
    tree = ast.parse(all_modules()[module].read_text(encoding="utf-8"))
    return tuple(_imports(module, tree.body, deferred=False))


def _imports(module: str, body: Iterable[ast.AST], *, deferred: bool) -> Iterator[Import]:
    for node in body:
        if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            yield from _imports(module, node.orelse, deferred=deferred)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(module, alias.name, (), node.lineno, deferred)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno}: relative import"
            yield from _from_imports(module, node, deferred)
        else:
            inside = deferred or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from _imports(module, ast.iter_child_nodes(node), deferred=inside)


def _from_imports(module: str, node: ast.ImportFrom, deferred: bool) -> Iterator[Import]:
    """``from a import b`` imports module a.b if there is one, else name b of module a, wherever a lazy a keeps it."""
    names_by_module: dict[str, list[str]] = {}
    for alias in node.names:
        submodule = f"{node.module}.{alias.name}"
        if submodule in all_modules():
            names_by_module.setdefault(submodule, [])
        else:
            names_by_module.setdefault(str(node.module), []).append(alias.name)
            home = lazy_names(str(node.module)).get(alias.name)
            if home is not None:
                names_by_module.setdefault(home, []).append(alias.name)
    for name, taken in names_by_module.items():
        yield Import(module, name, tuple(taken), node.lineno, deferred)


@cache
def lazy_names(module: str) -> dict[str, str]:
    """Names that a package's ``__getattr__`` finds in other modules: its table ``_HOME`` of name to module."""
    path = all_modules().get(module)
    if path is None:
        return {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if isinstance(target, ast.Name) and target.id == "_HOME":
                table: dict[str, str] = ast.literal_eval(node.value)
                return table
    return {}


def module_graph(names: Iterable[str], *, deferred: bool) -> dict[str, set[str]]:
    """Which of these modules each of them imports; with ``deferred`` also inside functions."""
    names = set(names)
    return {
        name: {found.module for found in imports(name) if deferred or not found.deferred} & names - {name}
        for name in names
    }


def package_of(module: str) -> str:
    """``monster.io.npz`` belongs to ``monster.io``, ``monster.model`` to itself, as every module directly below."""
    return ".".join(module.split(".")[:2])


def package_imports(top: str) -> dict[str, dict[str, Import]]:
    """For each package of a top-level package: the packages that it imports, each with one import that shows it."""
    graph: dict[str, dict[str, Import]] = {package_of(module): {} for module in modules(top)}
    for module in modules(top):
        for found in imports(module):
            if found.module in modules(top) and package_of(found.module) != package_of(module):
                graph[package_of(module)].setdefault(package_of(found.module), found)
    return graph


def circles(graph: Graph) -> list[list[str]]:
    """Groups of nodes that reach each other (strongly connected components of more than one node)."""
    reached = {node: _reach(graph, node) for node in graph}
    groups = {tuple(sorted(other for other in reached[node] if node in reached[other])) for node in graph}
    return sorted(list(group) for group in groups if len(group) > 1)


def _reach(graph: Graph, start: str) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for below in graph[waiting.pop()]:
            if below not in found:
                found.add(below)
                waiting.append(below)
    return found


def longest_chain(graph: Graph) -> list[str]:
    """The longest path of an acyclic graph, from the module that imports to the last that is imported."""
    best: dict[str, list[str]] = {}

    def chain(node: str) -> list[str]:
        if node not in best:
            best[node] = [node, *max((chain(below) for below in sorted(graph[node])), key=len, default=[])]
        return best[node]

    return max((chain(node) for node in graph), key=len)
