"""The command ``evaluate``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monster.cli.output import print_json, progress, say
from monster.cli.search import Json, Weights


def evaluate(
    corpus: Annotated[Path, typer.Option(help="Corpus folder.")],
    split: Annotated[str, typer.Option(help="train, val, test or all.")] = "test",
    weights: Weights = None,
    limit: Annotated[int | None, typer.Option(min=2, help="Only the first items.")] = None,
    labels: Annotated[bool, typer.Option(help="Give the model the names of the scenes' objects.")] = True,
    html: Annotated[Path | None, typer.Option(help="Write a page of the worst queries and their results.")] = None,
    as_json: Json = False,
) -> None:
    """Measure the twelve tasks on a corpus, with the values of random scores."""
    from monster.corpus.storage import Corpus
    from monster.files import check_writable
    from monster.metrics.evaluation.protocols import evaluation_card, gather, measure
    from monster.model import load

    opened = Corpus.open(corpus)
    if html is not None:
        check_writable(html)
    say("loading the model ...")
    model = load(weights)
    with progress("encoding") as advance:
        inputs = gather(model, opened, split=split, limit=limit, labels=labels, progress=advance)
    report = measure(inputs, evaluation_card(model, opened, inputs, split=split, labels=labels))
    if html is not None:
        from monster.metrics.evaluation.page import write_page

        say(f"{write_page(html, opened, inputs, report)}: the worst queries and their results")
    if as_json:
        print_json(report.to_json())
    else:
        typer.echo(report.markdown())
