"""Libraries: index, gallery, search, score."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monster.cli.inputs import motion_of, scene_of
from monster.cli.output import leave_out, print_json, progress, say

if TYPE_CHECKING:
    from monster.corpus.folder import Folder
    from monster.gallery import Gallery
    from monster.model import MonSTeR
    from monster.results import Hit
    from monster.types import Item

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Weights = Annotated[Path | None, typer.Option(help="Other weights than the default ones.")]
Library = Annotated[Path, typer.Argument(help="Library folder, made by `monster index`.")]
FromFolder = Annotated[Path, typer.Argument(help="Folder with motions and scenes, or a corpus.")]
Text = Annotated[str | None, typer.Option(help="What happens, in words.")]

gallery = typer.Typer(help="Look into a library, add to it, remove from it.", no_args_is_help=True)


def index(
    folder: FromFolder,
    out: Annotated[Path, typer.Option(help="Library folder to make.")],
    force: Annotated[bool, typer.Option(help="Replace a library that is there.")] = False,
    weights: Weights = None,
    as_json: Json = False,
) -> None:
    """Make a library of the motions and scenes in a folder."""
    from monster.corpus.folder import Folder
    from monster.errors import GalleryError
    from monster.gallery import Gallery

    old = out.exists() and any(out.iterdir())
    if old and not (force and (out / "gallery.json").exists()):
        advice = (
            "add --force to replace it"
            if (out / "gallery.json").exists()
            else "it holds other things, choose another name"
        )
        raise GalleryError(f"{out}: expected a new folder for the library, got one that is there; {advice}")
    source, making = Folder(folder), out.with_name(f".{out.name}.making")
    shutil.rmtree(making, ignore_errors=True)
    try:
        with Gallery.create(making, _model(weights)) as made:
            counts = _add(made, source)
        if old:
            shutil.rmtree(out)
        elif out.exists():
            out.rmdir()
        making.rename(out)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    _told(out, counts, source, as_json=as_json)


@gallery.command("info")
def info(library: Library, as_json: Json = False) -> None:
    """How much a library holds, and whose embeddings."""
    from monster.gallery import Gallery

    with Gallery.open(library) as opened:
        known = {"library": str(library), "fingerprint": opened.fingerprint, "dim": opened.dim, **opened.counts()}
    if as_json:
        print_json(known)
        return
    for name, value in known.items():
        typer.echo(f"{name:<12} {value}")


@gallery.command("add")
def add(library: Library, folder: FromFolder, weights: Weights = None, as_json: Json = False) -> None:
    """Add all motions and scenes in a folder to a library."""
    from monster.corpus.folder import Folder
    from monster.gallery import Gallery

    source = Folder(folder)
    with Gallery.open(library, _model(weights)) as opened:
        counts = _add(opened, source)
    _told(library, counts, source, as_json=as_json)


@gallery.command("remove")
def remove(
    library: Library, ids: Annotated[list[str], typer.Argument(help="Ids of items.")], as_json: Json = False
) -> None:
    """Forget items: all that are named, or none when one is unknown."""
    from monster.gallery import Gallery

    with Gallery.open(library) as opened:
        opened.remove(ids)
        left = len(opened)
    if as_json:
        print_json({"removed": ids, "items": left})
    else:
        typer.echo(f"removed {len(ids)}, {left} items left")


def search(
    library: Library,
    target: Annotated[str, typer.Option(help="What to find: text, motion, scene, or two as in motion+scene.")],
    text: Text = None,
    motion: Annotated[str | None, typer.Option(help="A motion: file, file#key, or id in the library.")] = None,
    scene: Annotated[str | None, typer.Option(help="A scene: file, or id in the library.")] = None,
    k: Annotated[int, typer.Option("-k", "--k", help="How many hits.")] = 10,
    placed: Annotated[bool, typer.Option(help="The motion's coordinates are those of the scene.")] = False,
    weights: Weights = None,
    as_json: Json = False,
) -> None:
    """Find what fits one or two of text, motion and scene."""
    from monster.gallery import Gallery
    from monster.types import Query

    with Gallery.open(library, None if weights is None else _model(weights)) as opened:
        query = Query(
            text,
            motion=None if motion is None else motion_of(motion, opened, placed=placed),
            scene=None if scene is None else scene_of(scene, opened),
        )
        hits = opened.search(query, target, k)
    if as_json:
        print_json({"query": list(query.modalities), "target": target, "hits": [_hit(hit) for hit in hits]})
        return
    for hit in hits:
        typer.echo(str(hit))


def score(
    text: Text = None,
    motion: Annotated[str | None, typer.Option(help="A motion: file, file#key, or id with --library.")] = None,
    scene: Annotated[str | None, typer.Option(help="A scene: file, or id with --library.")] = None,
    library: Annotated[Path | None, typer.Option(help="Library that ids belong to.")] = None,
    placed: Annotated[bool, typer.Option(help="The motion's coordinates are those of the scene.")] = False,
    weights: Weights = None,
    as_json: Json = False,
) -> None:
    """Rate how well text, motion and scene fit.

    Any two or three of them; from 0 to 1, higher is better.
    """
    from monster.errors import InputError
    from monster.gallery import Gallery

    if sum(value is not None for value in (text, motion, scene)) < 2:
        raise InputError("a score needs at least two of --text, --motion and --scene")
    opened = None if library is None else Gallery.open(library)
    the_motion = None if motion is None else motion_of(motion, opened, placed=placed)
    the_scene = None if scene is None else scene_of(scene, opened)
    scores = _model(weights).score(text=text, motion=the_motion, scene=the_scene)
    guessed = [
        f"{given}: {finding}"
        for given, value in ((motion, the_motion), (scene, the_scene))
        if value is not None
        for finding in value.provenance
        if finding.how == "guessed"
    ]
    assumed = [*scores.notes, *guessed]
    if as_json:
        print_json({"scores": {name: round(value, 6) for name, value in scores.given().items()}, "assumed": assumed})
        return
    for name, value in scores.given().items():
        typer.echo(f"{name:<5} {value:.3f}")
    for line in assumed:
        typer.echo(f"assumed: {line}")


def _model(weights: Path | None) -> MonSTeR:
    from monster.model import load

    say("loading the model ...")
    return load(weights)


def _add(opened: Gallery, source: Folder) -> dict[str, int]:
    """Add everything that can be read; counts of what was added. Raises InputError when there was nothing."""
    from monster.errors import InputError

    def some(items: Iterator[Item]) -> Iterator[Item]:
        empty = True
        for item in items:
            empty = False
            yield item
        if empty:
            reason = f"; the first of {len(source.left_out)} left out: {source.left_out[0]}" if source.left_out else ""
            raise InputError(f"{source.path}: expected motions or scenes, found none that can be read{reason}")

    with progress("encoding") as advance:
        report = opened.add(some(iter(source)), progress=advance)
    return {name: getattr(report, name) for name in ("items", "motions", "scenes", "captions")}


def _told(library: Path, counts: dict[str, int], source: Folder, *, as_json: bool) -> None:
    if as_json:
        remarks = [{"id": id, "code": r.code, "level": r.level, "text": r.text} for id, r in source.remarks]
        left = {"left_out": source.left_out, "ignored": source.ignored, "remarks": remarks}
        print_json({"library": str(library), **counts, **left})
    else:
        listed = ", ".join(f"{count} {name}" for name, count in counts.items())
        typer.echo(f"{library}: added {listed}")
        if source.ignored:
            typer.echo(f"{source.ignored} files are of kinds that are not read")
        if source.remarks:
            codes = Counter(remark.code for _, remark in source.remarks)
            listed = ", ".join(f"{count} {code}" for code, count in codes.most_common())
            say(f"remarkable: {listed} (`monster validate {source.path}` tells more)")
    leave_out(source.left_out)


def _hit(hit: Hit) -> dict[str, Any]:
    known = {"rank": hit.rank, "id": hit.id, "score": round(hit.score, 6), "kind": hit.kind, "items": list(hit.items)}
    return (
        known
        | ({} if hit.text is None else {"text": hit.text})
        | ({"metadata": dict(hit.metadata)} if hit.metadata else {})
    )
