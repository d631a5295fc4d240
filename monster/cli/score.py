"""The command ``score``: one motion, or every motion of a file against its own text."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monster.cli.declared import check_used, reads_files
from monster.cli.inputs import NOTHING, Parts, parts_of, read_parts, split_key
from monster.cli.output import leave_out, print_json, progress
from monster.cli.search import Json, Text, Weights, load_model
from monster.errors import InputError, MonsterError
from monster.io.declared import Declared

if TYPE_CHECKING:
    from monster.io import Source
    from monster.model import MonSTeR
    from monster.types import Scene


@dataclass(frozen=True)
class _Sample:
    """The scores of one motion of a file, and the text that they are about."""

    key: str
    text: str | None
    scores: Mapping[str, float]
    lines: Parts

    def to_json(self) -> dict[str, Any]:
        """The sample as plain values."""
        return {"key": self.key, "text": self.text, "scores": _rounded(self.scores), **self.lines.to_json()}


@dataclass(frozen=True)
class _Batch:
    """Motions of one file by their keys, each with its own text where ``text`` is None, and the scene of all."""

    source: Source
    keys: tuple[str, ...]
    captions: Mapping[str, tuple[str, ...]]
    text: str | None
    scene: Scene | None
    reading: Mapping[str, Any]

    def sample(self, key: str, model: MonSTeR) -> _Sample:
        """The scores of one motion. Raises a MonsterError if it cannot be read, or there is nothing to score."""
        text = self.text or next(iter(self.captions.get(key, ())), None)
        if text is None and self.scene is None:
            raise InputError("expected a text, got none in the file or beside it; --text says one for all")
        from monster.io import read_motion

        motion = read_motion(self.source, key=key, **self.reading)
        scores = model.score(text=text, motion=motion, scene=self.scene)
        lines = parts_of(motion, None, names=(f"{self.source.name}#{key}", "")).with_text(scores.remarks)
        return _Sample(key, text, scores.given(), replace(lines, assumed=(*scores.notes, *lines.assumed)))


@reads_files
def score(
    text: Text = None,
    motion: Annotated[str | None, typer.Option(help="A motion: file, file#key, or id with --gallery.")] = None,
    scene: Annotated[str | None, typer.Option(help="A scene: file, or id with --gallery.")] = None,
    gallery: Annotated[Path | None, typer.Option(help="Gallery that ids belong to.")] = None,
    placed: Annotated[bool, typer.Option(help="The motion's coordinates are those of the scene.")] = False,
    weights: Weights = None,
    as_json: Json = False,
    declared: Declared = NOTHING,
) -> None:
    """Score how well two or three of text, motion and scene fit.

    A score is between 0 and 1; higher is better. Without --text, motions of a file that has their texts (such as
    results.npy) are scored against these; a file with several motions gets a line each. Exit code 3 if some are broken.
    """
    from monster.checks import TextCutWarning
    from monster.gallery import Gallery
    from monster.io import Source

    warnings.simplefilter("ignore", TextCutWarning)  # a remark says it
    check_used(declared, motion, scene)
    with ExitStack() as stack:
        opened = None if gallery is None else stack.enter_context(Gallery.open(gallery))
        batch = None
        if motion is not None and (path := split_key(motion)[0]).is_file():
            batch = _batch(stack.enter_context(Source(path)), motion, text, {"placed": placed, **declared.motion()})
        if batch is not None and len(batch.keys) > 1:
            parts = read_parts(None, scene, gallery=opened, placed=placed, declared=declared)
            reading = {**batch.reading, "keep_height": scene is not None}
            _score_all(replace(batch, scene=parts.scene, reading=reading), parts, load_model(weights), as_json=as_json)
            return
        own = None if batch is None or text is not None else next(iter(batch.captions.get(batch.keys[0], ())), None)
        if sum(value is not None for value in (text or own, motion, scene)) < 2:
            raise InputError("a score needs at least two of --text, --motion and --scene")
        parts = read_parts(motion, scene, gallery=opened, placed=placed, declared=declared)
    scores = load_model(weights).score(text=text or own, motion=parts.motion, scene=parts.scene)
    parts = replace(parts.with_text(scores.remarks), assumed=(*scores.notes, *parts.assumed))
    if as_json:
        of_file = {} if own is None else {"text": own}
        print_json({"scores": _rounded(scores.given()), **of_file, **parts.to_json()})
        return
    for name, value in scores.given().items():
        typer.echo(f"{name:<5} {value:.3f}")
    if own is not None:
        typer.echo(f"text  {own} (the file's own)")
    parts.print(typer.echo)


def _batch(source: Source, name: str, text: str | None, reading: Mapping[str, Any]) -> _Batch:
    """The motions of a file, or the one that the name picks, with their captions unless a text is given."""
    from monster.io import motion_captions, motion_ids

    key = split_key(name)[1]
    keys = motion_ids(source) if key is None else (key,)
    captions = motion_captions(source) if text is None else {}
    return _Batch(source, keys, captions, text, None, reading)


def _score_all(batch: _Batch, scene: Parts, model: MonSTeR, *, as_json: bool) -> None:
    samples, left_out = [], []
    with progress("scoring", len(batch.keys)) as advance:
        for done, key in enumerate(batch.keys, 1):
            try:
                samples.append(batch.sample(key, model))
            except MonsterError as error:
                left_out.append(f"{batch.source.name}#{key}: {str(error).removeprefix(f'{batch.source.name}: ')}")
            advance(done)
    if not samples:
        raise InputError(f"expected a motion that can be scored, got none; {left_out[0]}")
    tasks = dict.fromkeys(task for sample in samples for task in sample.scores)
    mean = {task: fmean(sample.scores[task] for sample in samples if task in sample.scores) for task in tasks}
    if as_json:
        print_json({
            "samples": [sample.to_json() for sample in samples],
            "mean": _rounded(mean), "left_out": left_out, **scene.to_json(),
        })  # fmt: skip
    else:
        _print_table(samples, mean, scene)
    leave_out(left_out)


def _print_table(samples: Sequence[_Sample], mean: Mapping[str, float], scene: Parts) -> None:
    """A line a sample and their mean; below it what was assumed, once for all samples with the same line."""
    width = max(len("mean"), *(len(sample.key) for sample in samples))
    typer.echo("  ".join([f"{'':<{width}}", *(f"{task:<5}" for task in mean), "text"]))
    for sample in samples:
        values = (f"{sample.scores[task]:.3f}" if task in sample.scores else "-    " for task in mean)
        typer.echo("  ".join([f"{sample.key:<{width}}", *values, sample.text or ""]))
    typer.echo("  ".join([f"{'mean':<{width}}", *(f"{value:.3f}" for value in mean.values())]))
    scene.print(typer.echo)
    for label, name in (("assumed", "assumed"), ("warning", "remarks")):
        lines = [line for sample in samples for line in getattr(sample.lines, name)]
        for line, count in Counter(_without_key(line) for line in lines).items():
            typer.echo(f"{label}: {count} of {len(samples)}: {line}")


def _without_key(line: str) -> str:
    """The line about one of many motions without the motion's name."""
    name, _, rest = line.partition(": ")
    return rest if "#" in name else line


def _rounded(scores: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 6) for name, value in scores.items()}
