"""Corpora: import, export; entry points add more commands to the group (generate, align, validate, stats)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monster.cli.output import leave_out, print_json, progress
from monster.cli.plugins import CorpusGroup
from monster.cli.search import Json

corpus = typer.Typer(
    cls=CorpusGroup, help="Make a corpus of rooms, motions and captions, and look into one.", no_args_is_help=True
)


@corpus.command("import")
def import_(
    kind: Annotated[
        str,
        typer.Argument(help="humanise (also HUMANISE+), trumans (also TRUMANS+), humanml3d, bones-seed, table."),
    ],
    folder: Annotated[
        Path, typer.Argument(help="The data set in its authors' layout; for table: a folder with a CSV.")
    ],
    out: Annotated[Path, typer.Option(help="New or empty folder for the corpus.")],
    scenes: Annotated[
        Path | None, typer.Option(help="Where the scenes lie, if elsewhere: for HUMANISE the ScanNet v2 scans.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="For the order of items, and for rooms without a split.")] = 0,
    as_json: Json = False,
) -> None:
    """Make a corpus of a published data set, or of your own files with a table.

    Missing or corrupt parts are left out and listed; then the exit code is 3.
    """
    from monster.corpus.importers import open_data_set
    from monster.corpus.importers.writer import import_corpus

    data = open_data_set(kind, folder, scenes=scenes)
    with progress("items") as advance:
        made = import_corpus(data, out, seed=seed, progress=advance)
    counts = made.corpus.info["counts"]
    if as_json:
        print_json({"corpus": str(out), **counts, "moved": made.moved, "left_out": list(made.left_out)})
    else:
        typer.echo(f"{out}: " + ", ".join(f"{count} {name}" for name, count in counts.items()))
        if made.moved:
            typer.echo(f"{made.moved} items went to another split with their room")
    leave_out(made.left_out)


@corpus.command("export")
def export(
    folder: Annotated[Path, typer.Argument(help="A corpus folder.")],
    out: Annotated[Path, typer.Option(help="New or empty folder for the Parquet files.")],
    as_json: Json = False,
) -> None:
    """Write a corpus as Parquet files with a dataset card.

    What cannot be read is left out and listed; then the exit code is 3.
    """
    from monster.corpus.export import export_parquet
    from monster.corpus.storage import Corpus
    from monster.extras import require_extra

    require_extra("parquet", "monster corpus export")

    with progress("items") as advance:
        made = export_parquet(
            Corpus.open(folder), out, progress=lambda done, total=None, stage="": advance(done, total)
        )
    if as_json:
        print_json({"folder": str(out), "items": dict(made.items), "scenes": made.scenes, "left_out": made.left_out})
    else:
        typer.echo(f"{out}: {sum(made.items.values())} items, {made.scenes} scenes")
    leave_out(made.left_out)
