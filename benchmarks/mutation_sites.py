"""Places where one small change to the source should make a test fail, found in the syntax tree.

Left out are places whose change is usually equivalent or not behaviour: docstrings, annotations, decorators, error
messages, f-strings, logging and printed lines, `TYPE_CHECKING` blocks, `__repr__` and `__str__`, `__all__`, large
numbers and arguments that tune speed or layout.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

COMPARISONS: Final = {
    ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">"), ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="), ast.Is: ("is", "is not"), ast.IsNot: ("is not", "is"), ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
}  # fmt: skip
DTYPES: Final = {
    "int64": "int8", "int32": "int8", "int16": "int8", "long": "int8", "uint64": "uint8", "uint32": "uint8",
    "float64": "float16", "float32": "float16",
}  # fmt: skip
MAX_INT: Final = 10  # one more than a large number is usually as good
SIGNS: Final[dict[type[ast.operator], tuple[str, str]]] = {ast.Add: ("+", "-"), ast.Sub: ("-", "+")}
SILENT_CALLS: Final = {"say", "echo", "print", "debug", "info", "warning", "warn", "error", "exception", "add_argument"}
TUNING: Final = {"maxsize", "indent", "timeout", "most", "stacklevel", "help", "separators", "max_workers", "chunk"}
SKIPPED_FUNCTIONS: Final = {"__repr__", "__str__", "__getattr__", "__dir__"}


@dataclass(frozen=True)
class Mutant:
    """One change: the text between two offsets of a file is replaced."""

    path: str  # relative to the root of the tree
    line: int
    operator: str
    start: int
    end: int
    old: str
    new: str

    def apply(self, source: str) -> str:
        """The changed source. Raises ValueError if the source is not the one that the mutant was found in."""
        if source[self.start : self.end] != self.old:
            raise ValueError(f"{self.path}:{self.line}: expected {self.old!r}, got {source[self.start : self.end]!r}")
        return source[: self.start] + self.new + source[self.end :]

    def __str__(self) -> str:
        return f"{self.path}:{self.line} [{self.operator}] {_flat(self.old)} -> {_flat(self.new)}"


def _flat(text: str, most: int = 70) -> str:
    joined = " ".join(text.split())
    return joined if len(joined) <= most else joined[: most - 3] + "..."


def mutants(root: Path, path: Path) -> list[Mutant]:
    """All mutants of a file, in the order of the source."""
    source = path.read_text(encoding="utf-8")
    finder = _Finder(source, path.relative_to(root).as_posix())
    return sorted(finder.visit(ast.parse(source)), key=lambda mutant: (mutant.start, mutant.end, mutant.operator))


class _Finder:
    """Walks a syntax tree and yields the mutants of each node."""

    def __init__(self, source: str, path: str) -> None:
        self.source, self.path = source, path
        self.lines = [f"{line}\n" for line in source.split("\n")]
        self.starts = [0, *accumulate(len(line) for line in self.lines)]
        self.finders: dict[type[ast.AST], Callable[[Any], Iterable[Mutant]]] = {
            ast.Compare: self._comparisons,
            ast.BoolOp: self._boolean,
            ast.BinOp: self._sum,
            ast.AugAssign: self._added,
            ast.UnaryOp: self._negation,
            ast.If: self._condition,
            ast.While: self._condition,
            ast.IfExp: self._condition,
            ast.Return: self._returned,
            ast.Constant: self._constant,
            ast.Attribute: self._dtype,
        }

    def visit(self, node: ast.AST) -> Iterator[Mutant]:
        """The mutants of a node and of everything below it."""
        if _is_skipped(node):
            return
        if type(node) in self.finders:
            yield from self.finders[type(node)](node)
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list"):
                continue
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from self.visit(child)

    def _boolean(self, node: ast.BoolOp) -> Iterator[Mutant]:
        old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for left, right in zip(node.values, node.values[1:], strict=False):
            yield from self._between(left, right, "and/or", (old, new))

    def _sum(self, node: ast.BinOp) -> Iterator[Mutant]:
        signs = SIGNS.get(type(node.op))
        if signs and not (_is_text(node.left) or _is_text(node.right)):
            yield from self._between(node.left, node.right, "plus/minus", signs)

    def _added(self, node: ast.AugAssign) -> Iterator[Mutant]:
        signs = SIGNS.get(type(node.op))
        if signs:
            yield from self._between(node.target, node.value, "plus/minus", (f"{signs[0]}=", f"{signs[1]}="))

    def _negation(self, node: ast.UnaryOp) -> Iterator[Mutant]:
        if isinstance(node.op, ast.Not):
            yield self._replace(node, "removed not", f"({self._text(node.operand)})")

    def _condition(self, node: ast.If | ast.While | ast.IfExp) -> Iterator[Mutant]:
        yield self._replace(node.test, "negated condition", f"(not ({self._text(node.test)}))")

    def _returned(self, node: ast.Return) -> Iterator[Mutant]:
        if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
            yield self._replace(node.value, "return None", "None")

    def _constant(self, node: ast.Constant) -> Iterator[Mutant]:
        if type(node.value) is int and node.value <= MAX_INT:
            yield self._replace(node, "off by one", str(node.value + 1))

    def _dtype(self, node: ast.Attribute) -> Iterator[Mutant]:
        if node.attr in DTYPES and isinstance(node.value, ast.Name):
            yield self._replace(node, "dtype", f"{node.value.id}.{DTYPES[node.attr]}")

    def _comparisons(self, node: ast.Compare) -> Iterator[Mutant]:
        sides = [node.left, *node.comparators]
        for left, operator, right in zip(sides, node.ops, sides[1:], strict=False):
            old, new = COMPARISONS[type(operator)]
            yield from self._between(left, right, "comparison", (old, new))

    def _between(self, left: ast.expr, right: ast.expr, operator: str, change: tuple[str, str]) -> Iterator[Mutant]:
        """Replaces the operator between two operands; nothing if a comment stands there too."""
        old, new = change
        start, end = self._span(left)[1], self._span(right)[0]
        gap = self.source[start:end]
        if gap.count(old) == 1 and "#" not in gap:
            at = start + gap.index(old)
            line = self.source.count("\n", 0, at) + 1
            yield Mutant(self.path, line, operator, at, at + len(old), old, new)

    def _replace(self, node: ast.expr, operator: str, new: str) -> Mutant:
        start, end = self._span(node)
        return Mutant(self.path, node.lineno, operator, start, end, self.source[start:end], new)

    def _text(self, node: ast.expr) -> str:
        start, end = self._span(node)
        return self.source[start:end]

    def _span(self, node: ast.expr) -> tuple[int, int]:
        """Offsets of a node in characters; the syntax tree counts columns in bytes."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._offset(node.lineno, node.col_offset), self._offset(node.end_lineno, node.end_col_offset)

    def _offset(self, line: int, column: int) -> int:
        before = self.lines[line - 1].encode()[:column].decode()
        return self.starts[line - 1] + len(before)


def _is_skipped(node: ast.AST) -> bool:
    if isinstance(node, ast.Raise | ast.JoinedStr | ast.Import | ast.ImportFrom | ast.Assert):
        return True
    if isinstance(node, ast.If):
        return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.FunctionDef):
        return node.name in SKIPPED_FUNCTIONS
    if isinstance(node, ast.Assign):
        return any(isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets)
    if isinstance(node, ast.Subscript):
        return isinstance(node.value, ast.Name) and node.value.id in ("NDArray", "Final")
    if isinstance(node, ast.keyword):
        return node.arg in TUNING
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        return name in SILENT_CALLS or name.endswith(("Error", "Missing", "Extra"))
    return False


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))
