"""The command ``monster``: its commands, and the exit code and message when one fails.

Exit codes: 0 done; 2 nothing done, one line with the reason; 3 partly done, with a list of what was left out; 1 a bug.
"""

from __future__ import annotations

import os
import sys
import warnings
from types import TracebackType
from typing import Any, Final

import typer

from monster.cli import convert, corpus, doctor, evaluate, files, score, search, train, validate, weights
from monster.cli.output import as_options
from monster.cli.plugins import PluginGroup
from monster.errors import MonsterError
from monster.malloc import tune_malloc

TRACEBACK: Final = "MONSTER_TRACEBACK"


class _Commands(PluginGroup):
    """All commands. Errors that they raise on purpose become one line on stderr and exit code 2."""

    def invoke(self, ctx: Any) -> Any:
        """Run the chosen command."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise  # the reader of the output has ended; typer ends without a message
        except MonsterError as error:
            reason = str(error)
        except KeyboardInterrupt:
            reason = "interrupted"
        except OSError as error:
            reason = f"{error.filename or 'a file'}: {error.strerror or error}"
        except ImportError as error:
            reason = f"{error}; `monster doctor` lists what is missing"
        except MemoryError:
            reason = "out of memory"
        typer.echo(f"error: {as_options(' '.join(reason.split()))}", err=True)
        raise typer.Exit(2)


app = typer.Typer(
    name="monster",
    cls=_Commands,
    help="Search between human motion, 3D scenes and text, and score how well they fit.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich" if sys.stdout.isatty() else None,  # without a terminal: plain lines, twice as fast
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("doctor")(doctor.doctor)
app.command("inspect")(files.inspect)
app.command("validate")(validate.validate)
app.command("view")(files.view)
app.command("convert")(convert.convert)
app.command("index")(search.index)
app.add_typer(search.gallery_commands, name="gallery")
app.command("search")(search.search)
app.command("score")(score.score)
app.add_typer(corpus.corpus, name="corpus")
app.command("train")(train.train)
app.add_typer(weights.weights, name="weights")
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
    """Print an unexpected error as one line that says how to get the traceback."""
    typer.echo(f"error: a bug in monster: {kind.__name__}: {error}; set {TRACEBACK}=1 for the traceback", err=True)


def _warn(message: Warning | str, category: type[Warning], *_: Any, **__: Any) -> None:
    """Print a warning as one line; texts that are cut only where no remark of the command says so."""
    typer.echo(f"warning: {message}", err=True)


def main() -> None:
    """Run the command line."""
    tune_malloc()
    warnings.showwarning = _warn
    if not os.environ.get(TRACEBACK):
        sys.excepthook = _defect
    typer.main.get_command(app)()  # not app(), which would install the excepthook of typer


if __name__ == "__main__":
    main()
