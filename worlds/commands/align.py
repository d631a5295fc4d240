"""corpus align: a motion library placed into rooms."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monster.cli.output import leave_out, print_json, progress
from monster.cli.search import Json


def align(
    motions: Annotated[Path, typer.Option(help="Folder of motion files, with captions.jsonl beside them or without.")],
    scenes: Annotated[Path, typer.Option(help="A generated corpus, or a folder of scans.")],
    out: Annotated[Path, typer.Option(help="New or empty folder for the corpus.")],
    per_clip: Annotated[int, typer.Option(min=1, help="Places of one clip, at most.")] = 3,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same corpus.")] = 0,
    as_json: Json = False,
) -> None:
    """Place clips of a motion library into rooms where they fit, with captions that tell a true relation.

    Clips that fit nowhere are left out and listed with the reason; then the exit code is 3.
    """
    from worlds.align import Settings
    from worlds.align import align as make

    with progress("clips") as advance:
        made = make(motions, scenes, out, Settings(per_clip, seed), progress=advance)
    counts = made.corpus.info["counts"]
    if as_json:
        told = {"clips": made.clips, "placed": made.placed, "reasons": dict(made.reasons.most_common())}
        print_json({"corpus": str(out), **counts, **told, "left_out": list(made.left_out)})
    else:
        typer.echo(f"{out}: {counts['items']} items of {made.placed} of {made.clips} clips in {counts['rooms']} rooms")
        for reason, count in made.reasons.most_common():
            typer.echo(f"  {count:>5} not placed: {reason}")
    leave_out(made.left_out)
