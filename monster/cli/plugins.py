"""Commands of upper layers: found as entry points, listed by name, imported when called.

An entry point of the group ``monster.commands`` named ``serve`` is the command ``monster serve``; one named
``corpus.generate`` is ``monster corpus generate``.
"""

from __future__ import annotations

import ast
from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

GROUP: Final = "monster.commands"


class PluginGroup(TyperGroup):
    """A command group that contains commands of other packages, found by name."""

    @property
    def prefix(self) -> str:
        """Prefix of the entry point names of this group: empty for the root, else such as "corpus."."""
        return ""

    def list_commands(self, ctx: Any) -> list[str]:
        """Names of the built-in commands of the group and of its entry points."""
        return [*super().list_commands(ctx), *(name for name in self._targets() if name not in self.commands)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A built-in command, or one that is imported when called; None for an unknown name."""
        built_in = super().get_command(ctx, cmd_name)
        target = self._targets().get(cmd_name) if built_in is None else None
        return built_in if target is None else _PluginCommand(cmd_name, target)

    def _targets(self) -> dict[str, str]:
        names = {entry.name: entry.value for entry in entry_points(group=GROUP)}
        within = {
            name.removeprefix(self.prefix): value for name, value in names.items() if name.startswith(self.prefix)
        }
        return {name: value for name, value in within.items() if "." not in name}


class CorpusGroup(PluginGroup):
    """The group ``monster corpus``."""

    @property
    def prefix(self) -> str:
        """``corpus.``"""
        return "corpus."


class _PluginCommand(TyperCommand):
    """A command that is not imported yet."""

    def __init__(self, name: str, target: str) -> None:
        summary = _summary(target)
        super().__init__(name, help=summary, short_help=summary, add_help_option=False)
        self.target = target

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        module, _, attribute = self.target.partition(":")
        real = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        real.command(self.name)(getattr(import_module(module), attribute))
        return typer.main.get_command(real).make_context(info_name, args, parent=parent, **extra)


def _summary(target: str) -> str:
    """The first sentence of the command's docstring, read from its source: an import would make ``--help`` slow."""
    module, _, attribute = target.partition(":")
    try:
        spec = find_spec(module)
        source = Path(str(spec.origin)).read_text(encoding="utf-8") if spec is not None else ""
        for node in ast.parse(source).body:
            if isinstance(node, ast.FunctionDef) and node.name == attribute:
                line = (ast.get_docstring(node) or "").partition("\n")[0]
                return line.partition(". ")[0].removesuffix(".") + "."
    except (ImportError, OSError, SyntaxError, ValueError):
        pass
    return f"A command of {module}."
