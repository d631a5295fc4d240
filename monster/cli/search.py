"""The commands of galleries: index, gallery, search."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monster.cli.declared import check_used, reads_files
from monster.cli.inputs import NOTHING, read_parts
from monster.cli.output import as_options, leave_out, print_json, progress, say
from monster.io.declared import Declared

if TYPE_CHECKING:
    from monster.corpus.folder import Folder
    from monster.gallery import Gallery
    from monster.model import MonSTeR
    from monster.results import Hit
    from monster.types import Item

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Weights = Annotated[Path | None, typer.Option(help="Weights file, instead of the default weights.")]
GalleryFolder = Annotated[Path, typer.Argument(metavar="GALLERY", help="Gallery folder, made by `monster index`.")]
FromFolder = Annotated[Path, typer.Argument(help="Folder with motions and scenes, or a corpus.")]
Text = Annotated[str | None, typer.Option(help="Description of the motion.")]

gallery_commands = typer.Typer(help="Show a gallery, add to it, remove from it.", no_args_is_help=True)


@reads_files
def index(
    folder: FromFolder,
    out: Annotated[Path, typer.Option(help="Gallery folder to make.")],
    force: Annotated[bool, typer.Option("--force", help="Replace an existing gallery.")] = False,
    weights: Weights = None,
    as_json: Json = False,
    declared: Declared = NOTHING,
) -> None:
    """Make a gallery of the motions and scenes in a folder."""
    from monster.corpus.folder import Folder
    from monster.extras import require_extra
    from monster.files import atomic_folder
    from monster.gallery import Gallery

    require_extra("cpu", "monster index")
    _check_new(out, force)
    source = Folder(folder, declared)
    with atomic_folder(out, replace=force) as temporary, Gallery.create(temporary, load_model(weights)) as made:
        counts = _add(made, source)
    _print_added(out, counts, source, as_json=as_json)


@gallery_commands.command("info")
def info(folder: GalleryFolder, as_json: Json = False) -> None:
    """Show how many items a gallery has, and the fingerprint of its weights."""
    from monster.gallery import Gallery

    with Gallery.open(folder) as opened:
        facts = {"gallery": str(folder), "fingerprint": opened.fingerprint, "dim": opened.dim, **opened.counts()}
    if as_json:
        print_json(facts)
        return
    for name, value in facts.items():
        typer.echo(f"{name:<12} {value}")


@gallery_commands.command("add")
@reads_files
def add(
    gallery: GalleryFolder,
    folder: FromFolder,
    weights: Weights = None,
    as_json: Json = False,
    declared: Declared = NOTHING,
) -> None:
    """Add all motions and scenes in a folder to a gallery."""
    from monster.corpus.folder import Folder
    from monster.extras import require_extra
    from monster.gallery import Gallery

    require_extra("cpu", "monster gallery add")
    source = Folder(folder, declared)
    with Gallery.open(gallery, load_model(weights)) as opened:
        counts = _add(opened, source)
    _print_added(gallery, counts, source, as_json=as_json)


@gallery_commands.command("remove")
def remove(
    gallery: GalleryFolder, ids: Annotated[list[str], typer.Argument(help="Ids of items.")], as_json: Json = False
) -> None:
    """Remove items: all of these ids, or none if one is unknown."""
    from monster.gallery import Gallery

    with Gallery.open(gallery) as opened:
        opened.remove(ids)
        count = len(opened)
    if as_json:
        print_json({"removed": ids, "items": count})
    else:
        typer.echo(f"removed {len(ids)}, {count} items left")


@reads_files
def search(
    gallery: GalleryFolder,
    target: Annotated[str, typer.Option(help="What to find: text, motion, scene, or a pair such as motion+scene.")],
    text: Text = None,
    motion: Annotated[str | None, typer.Option(help="A motion: file, file#key, or id in the gallery.")] = None,
    scene: Annotated[str | None, typer.Option(help="A scene: file, or id in the gallery.")] = None,
    k: Annotated[int, typer.Option("-k", "--k", help="Number of hits.")] = 10,
    placed: Annotated[bool, typer.Option(help="The motion's coordinates are those of the scene.")] = False,
    weights: Weights = None,
    as_json: Json = False,
    declared: Declared = NOTHING,
) -> None:
    """Search a gallery by one or two of text, motion and scene."""
    from monster.checks import TextCutWarning
    from monster.extras import require_extra
    from monster.gallery import Gallery
    from monster.types import Query

    require_extra("cpu", "monster search")
    warnings.simplefilter("ignore", TextCutWarning)  # a remark says it
    check_used(declared, motion, scene)
    with Gallery.open(gallery, None if weights is None else load_model(weights)) as opened:
        parts = read_parts(motion, scene, gallery=opened, placed=placed, declared=declared)
        query = Query(text, parts.motion, parts.scene)
        hits = opened.search(query, target, k)
        if text is not None:
            parts = parts.with_text(opened.check_text(text))
    if as_json:
        found = {"query": list(query.modalities), "target": target, "hits": [_hit(hit) for hit in hits]}
        print_json(found | parts.to_json())
        return
    for hit in hits:
        typer.echo(str(hit))
    parts.print(say)


def _check_new(out: Path, force: bool) -> None:
    """Raises GalleryError if there is something in the folder that may not be replaced."""
    from monster.errors import GalleryError

    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return
    if not (out / "gallery.json").exists():
        raise GalleryError(f"{out}: expected a new folder for the gallery, got other files; choose another name")
    if not force:
        raise GalleryError(f"{out}: expected a new folder, got an existing gallery; add --force to replace it")


def load_model(weights: Path | None) -> MonSTeR:
    """The model of a weights file, or the default one; a line on stderr says that it is being loaded."""
    from monster.model import load

    say("loading the model ...")
    return load(weights)


def _add(gallery: Gallery, source: Folder) -> dict[str, int]:
    """Add every readable item; returns the counts of what was added. Raises InputError if there is none."""
    from monster.errors import InputError

    def at_least_one(items: Iterator[Item]) -> Iterator[Item]:
        empty = True
        for item in items:
            empty = False
            yield item
        if empty:
            reason = f"; the first of {len(source.left_out)} left out: {source.left_out[0]}" if source.left_out else ""
            raise InputError(f"{source.path}: expected motions or scenes, found none that can be read{reason}")

    with progress("encoding") as advance:
        return asdict(gallery.add(at_least_one(iter(source)), progress=advance))


def _print_added(gallery: Path, counts: dict[str, int], source: Folder, *, as_json: bool) -> None:
    if as_json:
        remarks = [{"id": id, "code": r.code, "level": r.level, "text": r.text} for id, r in source.remarks]
        print_json({
            "gallery": str(gallery), **counts,
            "left_out": source.left_out, "ignored": source.ignored, "remarks": remarks,
            "assumed": [{"id": id, "finding": as_options(str(finding))} for id, finding in source.guesses],
        })  # fmt: skip
    else:
        listed = ", ".join(f"{count} {name}" for name, count in counts.items())
        typer.echo(f"{gallery}: added {listed}")
        if source.ignored:
            typer.echo(f"{source.ignored} files of unknown formats ignored")
        if source.remarks:
            codes = Counter(remark.code for _, remark in source.remarks)
            listed = ", ".join(f"{count} {code}" for code, count in codes.most_common())
            say(f"remarks: {listed} (`monster validate {source.path}` lists them)")
        for what, count in Counter(finding.what for _, finding in source.guesses).most_common():
            id, first = next((id, finding) for id, finding in source.guesses if finding.what == what)
            say(f"assumed for {count}, such as {id}: {as_options(str(first))}")
    leave_out(source.left_out)


def _hit(hit: Hit) -> dict[str, Any]:
    fields = {"rank": hit.rank, "id": hit.id, "score": round(hit.score, 6), "kind": hit.kind, "items": list(hit.items)}
    if hit.text is not None:
        fields["text"] = hit.text
    if hit.scene is not None:
        fields["scene"] = hit.scene
    if hit.metadata:
        fields["metadata"] = dict(hit.metadata)
    return fields
