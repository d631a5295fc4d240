"""Corpora: generate, align, import, validate and stats."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from monster.cli.align import align
from monster.cli.output import leave_out, print_json, progress, say
from monster.cli.search import Json

if TYPE_CHECKING:
    from monster.corpus.audit.audit import Audit

_SHOWN: Final = 20

corpus = typer.Typer(help="Make a corpus of rooms, motions and captions, and look into one.", no_args_is_help=True)
corpus.command("align")(align)


@corpus.command("generate")
def generate(
    out: Annotated[Path, typer.Option(help="Folder to make; an unfinished one is continued.")],
    rooms: Annotated[int, typer.Option(min=1, help="How many rooms.")] = 100,
    items: Annotated[int, typer.Option(min=1, help="How many items (motion, room, captions).")] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same corpus.")] = 0,
    unlabelled: Annotated[bool, typer.Option("--unlabelled", help="Scenes of points and colours alone.")] = False,
    workers: Annotated[int, typer.Option(min=1, help="Processes that work at once.")] = 2,
    as_json: Json = False,
) -> None:
    """Generate a corpus from a seed."""
    from monster.corpus.generate import generate as make

    with progress("rooms", rooms) as advance:
        made = make(out, rooms=rooms, items=items, seed=seed, unlabelled=unlabelled, workers=workers, progress=advance)
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
def stats(
    folder: Annotated[Path, typer.Argument(help="A corpus folder.")],
    html: Annotated[Path | None, typer.Option(help="Page to write: tables as bars, and items as pictures.")] = None,
    as_json: Json = False,
) -> None:
    """Count what a corpus holds."""
    from monster.corpus.audit.stats import stats as count
    from monster.corpus.storage import Corpus

    opened = Corpus.open(folder)
    found = count(opened)
    if html is not None:
        from monster.corpus.audit.page import stats_page

        say(f"page: {stats_page(html, opened)}")
    if as_json:
        print_json(found.to_json())
        return
    for name, value in found.to_json().items():
        shown = ", ".join(f"{key} {count}" for key, count in value.items()) if isinstance(value, dict) else value
        typer.echo(f"{name:<18} {shown}")


@corpus.command("validate")
def validate(
    folder: Annotated[Path, typer.Argument(help="A corpus folder.")],
    jobs: Annotated[int, typer.Option(min=1, max=256, help="Processes at once.")] = 2,
    as_json: Json = False,
) -> None:
    """Hold every item to what it claims: files, bodies, floor, furniture, captions, near misses, splits.

    Ends with 0 when nothing is wrong, with 3 when something is.
    """
    from monster.corpus.audit.audit import audit
    from monster.corpus.storage import Corpus

    opened = Corpus.open(folder)
    with progress("items", len(opened)) as advance:
        found = audit(opened, workers=jobs, progress=advance)
    if as_json:
        print_json(_audited(found))
    else:
        _tell(found)
    if found.faults:
        raise typer.Exit(3)


def _audited(found: Audit) -> dict[str, Any]:
    return {
        "items": found.items,
        "scenes": found.scenes,
        "claims": found.claims,
        "broken": len(found.broken),
        "faults": dict(found.counts.most_common()),
        "shared_with_training": [vars(shared) for shared in found.shared],
        "list": [vars(fault) for fault in found.faults],
    }


def _tell(found: Audit) -> None:
    checked = f"{found.claims} captions by the checker" if found.claims else "captions not checked: no rooms.jsonl"
    typer.echo(f"{found.items} items, {found.scenes} scenes, {checked}; {len(found.broken)} with something wrong")
    for code, count in found.counts.most_common():
        typer.echo(f"  {count:6d}  {code}")
    for shared in found.shared:
        typer.echo(
            f"{shared.split}: {shared.items} items, {shared.captions} with a caption that training has, "
            f"{shared.motions} with nearly a motion of it"
        )
    for fault in found.faults[:_SHOWN]:
        typer.echo(str(fault))
    if len(found.faults) > _SHOWN:
        typer.echo(f"... and {len(found.faults) - _SHOWN} more (--json lists them all)")
