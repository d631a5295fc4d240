"""The command ``corpus align``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monster.cli.output import leave_out, print_json, progress
from monster.cli.search import Json


def align(
    motions: Annotated[Path, typer.Option(help="Folder of motion files, with or without captions.jsonl beside them.")],
    scenes: Annotated[Path, typer.Option(help="A generated corpus, or a folder of scans.")],
    out: Annotated[Path, typer.Option(help="New or empty folder for the corpus.")],
    per_clip: Annotated[int, typer.Option(min=1, help="Most places of one clip.")] = 3,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same corpus.")] = 0,
    workers: Annotated[int | None, typer.Option(min=0, help="Processes; otherwise one for each processor.")] = None,
    as_json: Json = False,
) -> None:
    """Place clips of a motion library in rooms where they fit, with captions that name a true relation to the room.

    Clips that fit nowhere are left out and listed with the reason; the exit code is 3 then. After a kill the same
    command continues.
    """
    from worlds.align import AlignSettings
    from worlds.align import align as align_clips

    with progress("clips") as advance:
        report = align_clips(motions, scenes, out, AlignSettings(per_clip, seed), workers=workers, progress=advance)
    counts = report.corpus.info["counts"]
    if as_json:
        clips = {"clips": report.clips, "placed": report.placed, "reasons": dict(report.reasons.most_common())}
        print_json({"corpus": str(out), **counts, **clips, "left_out": list(report.left_out)})
    else:
        placed = f"{report.placed} of {report.clips} clips"
        typer.echo(f"{out}: {counts['items']} items of {placed} in {counts['rooms']} rooms")
        for reason, count in report.reasons.most_common():
            typer.echo(f"  {count:>5} not placed: {reason}")
    leave_out(report.left_out)
