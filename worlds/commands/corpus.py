"""The commands ``corpus generate``, ``corpus stats`` and ``corpus validate`` (also ``corpus audit``)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from monster.cli.output import print_json, progress, say
from monster.cli.search import Json

if TYPE_CHECKING:
    from worlds.audit.audit import Audit

_MAX_LISTED: Final = 20


def generate(
    out: Annotated[Path, typer.Option(help="New folder; an unfinished corpus in it is continued.")],
    rooms: Annotated[int, typer.Option(min=1, help="Number of rooms.")] = 100,
    items: Annotated[int, typer.Option(min=1, help="Number of items (motion, room, captions).")] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same corpus.")] = 0,
    unlabelled: Annotated[
        bool, typer.Option("--unlabelled", help="Store scenes without instances and labels.")
    ] = False,
    workers: Annotated[int, typer.Option(min=1, help="Number of processes.")] = 2,
    as_json: Json = False,
) -> None:
    """Generate a corpus from a seed."""
    from worlds.generate import generate as generate_corpus

    with progress("rooms", rooms) as advance:
        corpus = generate_corpus(
            out, rooms=rooms, items=items, seed=seed, unlabelled=unlabelled, workers=workers, progress=advance
        )
    if as_json:
        print_json({"corpus": str(out), "items": len(corpus.records), "rooms": rooms, "seed": seed})
    else:
        typer.echo(f"{out}: {len(corpus.records)} items in {rooms} rooms")


def stats(
    folder: Annotated[Path, typer.Argument(help="A corpus folder.")],
    html: Annotated[
        Path | None, typer.Option(help="HTML page to write, with bar charts and pictures of items.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Count items, actions, objects and words of a corpus."""
    from monster.corpus.storage import Corpus
    from monster.extras import require_extra
    from worlds.audit.stats import corpus_statistics

    if html is not None:
        require_extra("viz", "monster corpus stats --html")
    opened = Corpus.open(folder)
    result = corpus_statistics(opened)
    if html is not None:
        from worlds.audit.page import write_stats_page

        say(f"page: {write_stats_page(html, opened)}")
    if as_json:
        print_json(result.to_json())
        return
    for name, value in result.to_json().items():
        text = str(value)
        if isinstance(value, dict):
            text = ", ".join(f"{key} {count}" for key, count in value.items())
        typer.echo(f"{name:<18} {text}")


def validate(
    folder: Annotated[Path, typer.Argument(help="A corpus folder.")],
    jobs: Annotated[int, typer.Option(min=1, max=256, help="Number of processes.")] = 2,
    as_json: Json = False,
) -> None:
    """Check every item: files, bodies, floor, furniture, captions, hard negatives, splits.

    The exit code is 0 without faults, 3 with faults.
    """
    from monster.corpus.storage import Corpus
    from worlds.audit.audit import audit

    opened = Corpus.open(folder)
    with progress("items", len(opened)) as advance:
        result = audit(opened, workers=jobs, progress=advance)
    if as_json:
        print_json(_result_json(result))
    else:
        _print_result(result)
    if result.faults:
        raise typer.Exit(3)


def _result_json(result: Audit) -> dict[str, Any]:
    return {
        "items": result.items,
        "scenes": result.scenes,
        "claims": result.claims,
        "broken": len(result.broken),
        "faults": dict(result.counts.most_common()),
        "shared_with_training": [vars(overlap) for overlap in result.overlaps],
        "list": [vars(fault) for fault in result.faults],
    }


def _print_result(result: Audit) -> None:
    checked = f"{result.claims} captions by the checker" if result.claims else "captions not checked: no rooms.jsonl"
    typer.echo(f"{result.items} items, {result.scenes} scenes, {checked}; {len(result.broken)} with faults")
    for code, count in result.counts.most_common():
        typer.echo(f"  {count:6d}  {code}")
    for overlap in result.overlaps:
        typer.echo(
            f"{overlap.split}: {overlap.items} items, {overlap.captions} with a caption of training, "
            f"{overlap.motions} with a near duplicate of a training motion"
        )
    for fault in result.faults[:_MAX_LISTED]:
        typer.echo(str(fault))
    if len(result.faults) > _MAX_LISTED:
        typer.echo(f"... and {len(result.faults) - _MAX_LISTED} more (--json lists them all)")
