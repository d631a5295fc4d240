"""Weights: write what training made as a file to ship."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from monster.cli.output import print_json
from monster.cli.search import Json

weights = typer.Typer(help="Files of weights.", no_args_is_help=True)


@weights.callback()
def _group() -> None:
    pass  # keeps `export` a subcommand while the group has only one


@weights.command("export")
def export(
    run: Annotated[Path, typer.Argument(help="Folder of a run of `monster train`, or a weights file.")],
    out: Annotated[Path, typer.Option(help="Weights file to write (.safetensors).")],
    dtype: Annotated[Literal["float16", "float32"], typer.Option(help="float16 halves the file.")] = "float16",
    as_json: Json = False,
) -> None:
    """Write the weights of a run as one file, rounded to half precision, with all its metadata."""
    from monster.checkpoints import WEIGHTS_FILE, load_weights, save_weights
    from monster.errors import WeightsMissing

    source = run / WEIGHTS_FILE if run.is_dir() else run
    if run.is_dir() and not source.is_file():
        raise WeightsMissing(f"{run}: expected a run folder with {WEIGHTS_FILE}, got none; did the run finish?")
    network, metadata = load_weights(source)
    stored = save_weights(out, network, metadata, dtype=dtype)
    size = out.stat().st_size
    if as_json:
        print_json({"weights": str(out), "fingerprint": stored.fingerprint, "dtype": dtype, "bytes": size})
    else:
        typer.echo(f"{out}: fingerprint {stored.fingerprint}, {dtype}, {size / 1e6:.1f} MB")
