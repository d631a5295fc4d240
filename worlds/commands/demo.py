"""The command ``demo``."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monster.cli.output import print_json, progress, say
from monster.cli.search import Json, Weights

if TYPE_CHECKING:
    from worlds.demo import Asked, Fit


def demo(
    out: Annotated[Path, typer.Option(help="Folder for the corpus, the gallery and the pictures.")] = Path("demo"),
    rooms: Annotated[int, typer.Option(min=2, help="Number of rooms.")] = 24,
    items: Annotated[int, typer.Option(min=20, help="Number of items.")] = 240,
    weights: Weights = None,
    as_json: Json = False,
) -> None:
    """Make a small gallery, search it, and draw the best hit."""
    from monster.extras import require_extra
    from monster.model import load
    from worlds import demo as steps

    require_extra("cpu", "monster demo")
    require_extra("viz", "monster demo")
    start = time.monotonic()
    steps.prepare(out)
    say("loading the model ...")
    model = load(weights)
    corpus, gallery = steps.build(out, model, progress, rooms=rooms, items=items)
    asked = []
    with gallery:
        with progress("searching", len(steps.TASKS) * steps.QUERIES_A_TASK) as advance:
            for query in steps.queries(corpus, gallery, steps.QUERIES_A_TASK):
                asked.append(query)
                advance(len(asked), None)
        best = steps.best(asked)
        fit = steps.fit(corpus, model, next(r for r in corpus.records if r.id == best.item.id))
        pictures = steps.draw(out, corpus, gallery, best)
    shares = steps.shares(asked)
    if as_json:
        print_json(_json(shares, fit, [str(picture) for picture in pictures]))
        return
    _show(asked, best, shares)
    _show_fit(fit)
    typer.echo(f"\nThe best hit in its room: {pictures[0]} (it plays) and {pictures[1]}")
    folder = out / "gallery"
    typer.echo(f'The gallery: {folder}; try  monster search {folder} --text "..." --target motion')
    say(f"done in {time.monotonic() - start:.0f} s")


def _show(asked: list[Asked], best: Asked, shares: dict[str, tuple[int, int]]) -> None:
    """One query of each task with its top three, and how many of all were right."""
    from worlds.demo import TOP, kind_name

    for task in shares:
        query = best if task == best.task else next(query for query in asked if query.task == task)
        typer.echo(f"\n{task}  {query.question}")
        for hit, right, words in zip(query.hits, query.expected, query.words, strict=True):
            mark = "✓" if right else " "
            typer.echo(f"   {mark} {hit.rank}  {hit.score:.3f}  {kind_name(hit.kind)} {hit.id}  {words}".rstrip())
    found, total = (sum(pair[i] for pair in shares.values()) for i in (0, 1))
    share = f"{found} of {total} queries, {100 * found / total:.0f} %"
    listed = ", ".join(f"{task} {hits} of {count}" for task, (hits, count) in shares.items())
    typer.echo(f"\nExpected answer (✓: the checker proves it right) within the top {TOP}: {share} ({listed})")


def _show_fit(fit: Fit) -> None:
    typer.echo(f'\ntm2s of "{fit.caption}" in room {fit.scene}')
    typer.echo(f"   {fit.fitting[1]:.3f}  with motion {fit.fitting[0]}, which does it there")
    typer.echo(f"   {fit.unfitting[1]:.3f}  with motion {fit.unfitting[0]}, which does something else elsewhere")


def _json(shares: dict[str, tuple[int, int]], fit: Fit, pictures: list[str]) -> dict[str, Any]:
    found, total = (sum(pair[i] for pair in shares.values()) for i in (0, 1))
    return {
        "queries": total,
        "found": found,
        "share": round(found / total, 4),
        "tasks": {task: {"found": hits, "queries": count} for task, (hits, count) in shares.items()},
        "tm2s": {"caption": fit.caption, "fitting": fit.fitting[1], "unfitting": fit.unfitting[1]},
        "pictures": pictures,
    }
