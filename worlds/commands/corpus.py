"""The commands ``corpus generate``, ``corpus stats`` and ``corpus validate``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from monster.cli.output import print_json, progress, say
from monster.cli.search import Json

if TYPE_CHECKING:
    from worlds.audit.audit import Audit

_SHOWN: Final = 20


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
    from worlds.generate import generate as make

    with progress("rooms", rooms) as advance:
        made = make(out, rooms=rooms, items=items, seed=seed, unlabelled=unlabelled, workers=workers, progress=advance)
    if as_json:
        print_json({"corpus": str(out), "items": len(made.records), "rooms": rooms, "seed": seed})
    else:
        typer.echo(f"{out}: {len(made.records)} items in {rooms} rooms")


def stats(
    folder: Annotated[Path, typer.Argument(help="A corpus folder.")],
    html: Annotated[Path | None, typer.Option(help="Page to write: tables as bars, and items as pictures.")] = None,
    as_json: Json = False,
) -> None:
    """Count what a corpus holds."""
    from monster.corpus.storage import Corpus
    from monster.extras import require_extra
    from worlds.audit.stats import stats as count

    if html is not None:
        require_extra("viz", "monster corpus stats --html")
    opened = Corpus.open(folder)
    found = count(opened)
    if html is not None:
        from worlds.audit.page import stats_page

        say(f"page: {stats_page(html, opened)}")
    if as_json:
        print_json(found.to_json())
        return
    for name, value in found.to_json().items():
        shown = ", ".join(f"{key} {count}" for key, count in value.items()) if isinstance(value, dict) else value
        typer.echo(f"{name:<18} {shown}")


def validate(
    folder: Annotated[Path, typer.Argument(help="A corpus folder.")],
    jobs: Annotated[int, typer.Option(min=1, max=256, help="Processes at once.")] = 2,
    as_json: Json = False,
) -> None:
    """Check every item: files, bodies, floor, furniture, captions, hard negatives, splits.

    Ends with 0 when nothing is wrong, with 3 when something is.
    """
    from monster.corpus.storage import Corpus
    from worlds.audit.audit import audit

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
