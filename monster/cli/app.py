"""The command ``monster``: where its commands come from, and what happens when one fails.

Exit codes: 0 done; 2 nothing done, one clear line why; 3 done in part, with the list of what was left out; 1 a defect.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from types import TracebackType
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

from monster.cli import convert, corpus, demo, doctor, evaluate, files, search, train, validate
from monster.errors import MonsterError

ENTRY_POINTS: Final = "monster.commands"
TRACEBACK: Final = "MONSTER_TRACEBACK"
_KNOWN_HELP: Final = {"serve": "Answer searches and scores over HTTP."}


class _LaterCommand(TyperCommand):
    """A command of an upper layer: listed by name, imported when it is called."""

    def __init__(self, name: str, target: str) -> None:
        summary = _KNOWN_HELP.get(name, f"A command of {target.partition(':')[0]}.")
        super().__init__(name, help=summary, short_help=summary, add_help_option=False)
        self.target = target

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        module, _, attribute = self.target.partition(":")
        real = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        real.command(self.name)(getattr(import_module(module), attribute))
        return typer.main.get_command(real).make_context(info_name, args, parent=parent, **extra)


class _Commands(TyperGroup):
    """All commands; whatever they raise on purpose becomes one line and exit code 2."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Names of the own commands and of those that upper layers bring."""
        return [*super().list_commands(ctx), *(name for name in _later() if name not in self.commands)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """An own command, or one that is imported when it is called."""
        found = super().get_command(ctx, cmd_name)
        target = _later().get(cmd_name) if found is None else None
        return found if target is None else _LaterCommand(cmd_name, target)

    def invoke(self, ctx: Any) -> Any:
        """Run the chosen command."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise  # whoever read the output has gone; typer ends quietly
        except MonsterError as error:
            reason = str(error)
        except KeyboardInterrupt:
            reason = "interrupted"
        except OSError as error:
            reason = f"{error.filename or 'a file'}: {error.strerror or error}"
        except ImportError as error:
            reason = f"{error}; `monster doctor` tells what is missing"
        except MemoryError:
            reason = "out of memory"
        typer.echo(f"error: {' '.join(reason.split())}", err=True)
        raise typer.Exit(2)


def _later() -> dict[str, str]:
    from importlib.metadata import entry_points

    return {entry.name: entry.value for entry in entry_points(group=ENTRY_POINTS)}


app = typer.Typer(
    name="monster",
    cls=_Commands,
    help="Find human motion, 3D scenes and text from one another, and rate how well they fit.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich" if sys.stdout.isatty() else None,  # elsewhere plain lines, and the help comes twice as fast
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("demo")(demo.demo)
app.command("doctor")(doctor.doctor)
app.command("inspect")(files.inspect)
app.command("validate")(validate.validate)
app.command("view")(files.view)
app.command("convert")(convert.convert)
app.command("index")(search.index)
app.add_typer(search.gallery, name="gallery")
app.command("search")(search.search)
app.command("score")(search.score)
app.add_typer(corpus.corpus, name="corpus")
app.command("train")(train.train)
app.command("evaluate")(evaluate.evaluate)


def _version(show: bool) -> None:
    if show:
        from monster import __version__

        typer.echo(f"monster {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    pass


def _defect(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What a defect of ours looks like to a user: one line that says how to see more."""
    typer.echo(f"error: a defect in monster: {kind.__name__}: {error}; set {TRACEBACK}=1 to see where", err=True)


def main() -> None:
    """Run the command line."""
    if not os.environ.get(TRACEBACK):
        sys.excepthook = _defect
    typer.main.get_command(app)()  # not app(), which would put typer's own hook in the place of ours


if __name__ == "__main__":
    main()
