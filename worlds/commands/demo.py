"""The command ``demo``."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monster.cli.output import print_json, progress, say
from monster.cli.search import Json, Weights

if TYPE_CHECKING:
    from worlds.demo import DemoQuery, ScoreComparison


def demo(
    out: Annotated[Path, typer.Option(help="Folder for the corpus, the gallery and the pictures.")] = Path("demo"),
    rooms: Annotated[int, typer.Option(min=2, help="Number of rooms.")] = 24,
    items: Annotated[int, typer.Option(min=20, help="Number of items.")] = 240,
    weights: Weights = None,
    as_json: Json = False,
) -> None:
    """Generate a small gallery, search it, and draw the best hit."""
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
    answered: list[DemoQuery] = []
    with gallery:
        with progress("searching", len(steps.TASKS) * steps.QUERIES_PER_TASK) as advance:
            for query in steps.queries(corpus, gallery, steps.QUERIES_PER_TASK):
                answered.append(query)
                advance(len(answered), None)
        best = steps.best_query(answered)
        comparison = steps.compare_scores(corpus, model, next(r for r in corpus.records if r.id == best.item.id))
        pictures = steps.draw_best_hit(out, gallery, best)
    counts = steps.success_counts(answered)
    if as_json:
        print_json(_json(counts, comparison, [str(picture) for picture in pictures]))
        return
    _print_queries(answered, best, counts)
    _print_comparison(comparison)
    typer.echo(f"\nThe best hit in its room: {pictures[0]} (animated) and {pictures[1]}")
    folder = out / "gallery"
    typer.echo(f'The gallery: {folder}; try  monster search {folder} --text "..." --target motion')
    say(f"done in {time.monotonic() - start:.0f} s")


def _print_queries(answered: list[DemoQuery], best: DemoQuery, counts: dict[str, tuple[int, int]]) -> None:
    """Print one query of each task with its hits, and how many queries had a right answer."""
    from worlds.demo import TOP_K, kind_name

    for task in counts:
        query = best if task == best.task else next(query for query in answered if query.task == task)
        typer.echo(f"\n{task}  {query.question}")
        for hit, is_right, caption in zip(query.hits, query.expected, query.captions, strict=True):
            mark = "✓" if is_right else " "
            typer.echo(f"   {mark} {hit.rank}  {hit.score:.3f}  {kind_name(hit.kind)} {hit.id}  {caption}".rstrip())
    right, total = _totals(counts)
    share = f"{right} of {total} queries, {100 * right / total:.0f} %"
    by_task = ", ".join(f"{task} {hits} of {count}" for task, (hits, count) in counts.items())
    typer.echo(f"\nExpected answer (✓: the checker proves it right) within the top {TOP_K}: {share} ({by_task})")


def _print_comparison(comparison: ScoreComparison) -> None:
    (matching, matching_score), (other, other_score) = comparison.matching, comparison.other
    typer.echo(f'\ntm2s of "{comparison.caption}" in room {comparison.scene}')
    typer.echo(f"   {matching_score:.3f}  with motion {matching}, which does it there")
    typer.echo(f"   {other_score:.3f}  with motion {other}, which does another action in another room")


def _totals(counts: dict[str, tuple[int, int]]) -> tuple[int, int]:
    """Queries with a right answer, and all queries."""
    return sum(right for right, _ in counts.values()), sum(total for _, total in counts.values())


def _json(counts: dict[str, tuple[int, int]], comparison: ScoreComparison, pictures: list[str]) -> dict[str, Any]:
    right, total = _totals(counts)
    scores = {"fitting": comparison.matching[1], "unfitting": comparison.other[1]}
    return {
        "queries": total,
        "found": right,
        "share": round(right / total, 4),
        "tasks": {task: {"found": hits, "queries": count} for task, (hits, count) in counts.items()},
        "tm2s": {"caption": comparison.caption, **scores},
        "pictures": pictures,
    }
