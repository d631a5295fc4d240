"""Corpora: generate, import and stats."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from monster.cli.output import leave_out, print_json, progress
from monster.cli.search import Json

corpus = typer.Typer(help="Make a corpus of rooms, motions and captions, and look into one.", no_args_is_help=True)


@corpus.command("generate")
def generate(
    out: Annotated[Path, typer.Option(help="Folder to make; an unfinished one is continued.")],
    rooms: Annotated[int, typer.Option(min=1, help="How many rooms.")] = 100,
    items: Annotated[int, typer.Option(min=1, help="How many items (motion, room, captions).")] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same corpus.")] = 0,
    workers: Annotated[int, typer.Option(min=1, help="Processes that work at once.")] = 2,
    as_json: Json = False,
) -> None:
    """Generate a corpus from a seed."""
    from monster.corpus.generate import generate as make

    with progress("rooms", rooms) as advance:
        made = make(out, rooms=rooms, items=items, seed=seed, workers=workers, progress=advance)
    if as_json:
        print_json({"corpus": str(out), "items": len(made.records), "rooms": rooms, "seed": seed})
    else:
        typer.echo(f"{out}: {len(made.records)} items in {rooms} rooms")


@corpus.command("import")
def import_(
    kind: Annotated[str, typer.Argument(help="humanise (also HUMANISE+), trumans (also TRUMANS+), humanml3d, table.")],
    folder: Annotated[
        Path, typer.Argument(help="The data set as its authors lay it out; for table: a CSV beside files.")
    ],
    out: Annotated[Path, typer.Option(help="New or empty folder for the corpus.")],
    scenes: Annotated[
        Path | None, typer.Option(help="Where the scenes lie, if elsewhere: for HUMANISE the ScanNet v2 scans.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="For the order of items, and for splits that nobody gave.")] = 0,
    as_json: Json = False,
) -> None:
    """Make a corpus of a published data set, or of your own files with a table.

    What is missing or known to be broken is left out and listed; then the exit code is 3.
    """
    from monster.corpus.imports import open_data_set
    from monster.corpus.imports.writer import import_corpus

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


@corpus.command("stats")
def stats(folder: Annotated[Path, typer.Argument(help="A corpus folder.")], as_json: Json = False) -> None:
    """Count what a corpus holds."""
    from monster.corpus.storage import Corpus

    found = _counted(Corpus.open(folder))
    if as_json:
        print_json(found)
        return
    for name, value in found.items():
        shown = ", ".join(f"{key} {count}" for key, count in value.items()) if isinstance(value, dict) else value
        typer.echo(f"{name:<18} {shown}")


def _counted(opened: Any) -> dict[str, Any]:
    records = opened.records
    captions = Counter(caption for record in records for caption in record.captions)
    words = [len(caption.split()) for caption in captions]
    metadata = {
        key: Counter(_words(record.metadata[key]) for record in records if key in record.metadata)
        for key in ("action", "room")
    }
    return {
        "name": opened.info.get("name"),
        "items": len(records),
        "motions": len({record.motion for record in records if record.motion}),
        "scenes": len({record.scene for record in records if record.scene}),
        "captions": sum(captions.values()),
        "distinct captions": len(captions),
        "words a caption": round(sum(words) / max(len(words), 1), 1),
        "splits": dict(Counter(record.split for record in records)),
        **{f"{key}s": dict(counts.most_common()) for key, counts in metadata.items() if counts},
    }


def _words(value: Any) -> str:
    return " then ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
