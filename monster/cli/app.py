"""The command ``monster``: where its commands come from, and what happens when one fails.

Exit codes: 0 done; 2 nothing done, one clear line why; 3 done in part, with the list of what was left out; 1 a defect.
"""

from __future__ import annotations

import os
import sys
from types import TracebackType
from typing import Any, Final

import typer

from monster.cli import convert, corpus, doctor, evaluate, files, search, train, validate
from monster.cli.plugins import PluginGroup
from monster.errors import MonsterError
from monster.malloc import tune_malloc

TRACEBACK: Final = "MONSTER_TRACEBACK"


class _Commands(PluginGroup):
    """All commands; whatever they raise on purpose becomes one line and exit code 2."""

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
    tune_malloc()
    if not os.environ.get(TRACEBACK):
        sys.excepthook = _defect
    typer.main.get_command(app)()  # not app(), which would put typer's own hook in the place of ours


if __name__ == "__main__":
    main()
