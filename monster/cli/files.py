"""The commands of single files: inspect and view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monster.cli.declared import check_used, reads_files
from monster.cli.inputs import NOTHING, motion_of, scene_of, split_key
from monster.cli.output import as_options, print_json
from monster.cli.search import Json
from monster.io.declared import Declared

if TYPE_CHECKING:
    from monster.gallery import Gallery
    from monster.inspection.report import Report
    from monster.types import Motion, Scene


@dataclass(frozen=True)
class _Inspection:
    """A report, what was read, the keys of all motions of the file, and how its kind is known."""

    report: Report
    value: Motion | Scene
    keys: tuple[str, ...]
    evidence: str


@reads_files
def inspect(
    file: Annotated[str, typer.Argument(help="A motion or scene file, or file#key.")],
    html: Annotated[Path | None, typer.Option(help="Page to write with the same facts and a picture.")] = None,
    mapping: Annotated[Path | None, typer.Option(help="JSON: our joint names to those of the file's rig.")] = None,
    fps: Annotated[float | None, typer.Option(hidden=True)] = None,
    as_json: Json = False,
    declared: Declared = NOTHING,
) -> None:
    """Show what a motion or scene file contains, and what may be wrong with it.

    Each line says whether the file gives the value, or whether it was detected or guessed.
    """
    found = _inspected(file, declared if fps is None else replace(declared, fps=fps), mapping)
    report, keys = found.report, found.keys
    if html is not None:
        _write_page(html, report, found.value)
    if as_json:
        print_json(_to_json(file, report, keys))
        return
    typer.echo(f"{'file':<10} {file}")
    kind = f"{report.kind}s" if len(keys) > 1 else report.kind
    typer.echo(f"{'kind':<10} {kind} ({found.evidence})")
    if len(keys) > 1:
        typer.echo(f"{'keys':<10} {len(keys)}: {', '.join(keys[:8])}{', ...' if len(keys) > 8 else ''}")
        typer.echo(f"{'first':<10} {report.key}")
    for fact in report.facts:
        note = f"; {as_options(fact.note)}" if fact.note else ""
        typer.echo(f"{fact.what:<10} {fact.value} ({fact.how}{note})")
    if report.objects:
        typer.echo(f"{'named':<10} {', '.join(f'{count} {name}' for name, count in report.objects)}")
    for remark in report.remarks:
        typer.echo(as_options(str(remark)))


@reads_files
def view(
    out: Annotated[Path, typer.Option(help="File to write: .html (an animation) or .png.")],
    gallery: Annotated[Path | None, typer.Argument(help="Gallery folder.")] = None,
    item: Annotated[str | None, typer.Argument(metavar="ID", help="Id of an item or a motion in the gallery.")] = None,
    motion: Annotated[str | None, typer.Option(help="A motion: file, file#key, or id in the gallery.")] = None,
    scene: Annotated[str | None, typer.Option(help="A scene: file, or id in the gallery.")] = None,
    declared: Declared = NOTHING,
) -> None:
    """Draw a motion in its room, as an animated page or as a picture."""
    from monster.gallery import Gallery

    draw = _drawer(out)
    check_used(declared, motion, scene)
    opened = None if gallery is None else Gallery.open(gallery)
    shown = _Shown() if item is None or opened is None else _of_gallery(opened, item)
    if motion is not None:
        shown.motions.append(
            (Path(motion).name, motion_of(motion, opened, keep_height=scene is not None, declared=declared))
        )
    if scene is not None:
        shown.scene = scene_of(scene, opened, declared=declared)
    title = item or " in ".join(Path(name).name for name in (motion, scene) if name)
    if shown.scene is not None and any(not value.placed for _, value in shown.motions):
        shown.captions.append("the motion is not placed in this room: it is drawn in its own coordinates")
    typer.echo(str(draw(out, shown.scene, shown.motions, title=title, caption="; ".join(shown.captions))))


@dataclass
class _Shown:
    """What a picture shows."""

    motions: list[tuple[str, Motion]] = field(default_factory=list)
    scene: Scene | None = None
    captions: list[str] = field(default_factory=list)


def _drawer(out: Path) -> Callable[..., Path]:
    """The function that draws this kind of file. Raises InputError for another suffix, MissingExtra."""
    from monster.errors import InputError
    from monster.extras import require_extra
    from monster.viz import motion_in_scene_html, motion_in_scene_png

    if out.suffix.lower() == ".html":
        return motion_in_scene_html
    if out.suffix.lower() != ".png":
        raise InputError(f"{out.name}: expected a name that ends with .html or .png")
    require_extra("viz", "a PNG picture")
    return motion_in_scene_png


def _of_gallery(gallery: Gallery, id: str) -> _Shown:
    """The item of that id, or the motion."""
    from monster.errors import TaskError

    try:
        item = gallery.item(id)
    except TaskError:
        return _Shown([(id, gallery.motion(id))])
    motions = [] if item.motion is None else [(id, item.motion)]
    return _Shown(motions, item.scene, list(item.captions[:1]))


def _inspected(file: str, declared: Declared, mapping: Path | None) -> _Inspection:
    """The report on a file; on its first motion where it holds many."""
    from monster.inspection.report import expected_kind, report_motion, report_scene
    from monster.io import Source, file_kind, motion_ids, read_motion, read_scene
    from monster.io.detection import is_told_by_suffix

    path, key = split_key(file)
    with Source(path) as source:
        kind = file_kind(source)
        if kind is None:
            raise expected_kind(path)
        evidence = "given; by the suffix" if is_told_by_suffix(source) else "detected; from the contents"
        if kind == "scene":
            scene = read_scene(source, **declared.scene())
            return _Inspection(report_scene(scene, file=path.name), scene, (), evidence)
        keys = motion_ids(source) if key is None else ()
        key = keys[0] if len(keys) > 1 else key
        motion = read_motion(source, key=key, mapping=mapping, **declared.motion())
        return _Inspection(report_motion(motion, file=path.name, key=key or ""), motion, keys, evidence)


def _write_page(out: Path, report: Report, value: Motion | Scene) -> None:
    from monster.errors import InputError
    from monster.types import Motion
    from monster.viz import motion_in_scene_html

    if out.suffix.lower() != ".html":
        raise InputError(f"{out.name}: expected a name that ends with .html")
    lines = [(fact.what, fact.value, "; ".join(filter(None, (fact.how, fact.note)))) for fact in report.facts]
    if report.objects:
        lines.append(("objects", ", ".join(f"{count} {name}" for name, count in report.objects), ""))
    lines += [(remark.level, remark.text, remark.code) for remark in report.remarks]
    name = f"{report.file}#{report.key}" if report.key else report.file
    motions = [(name, value)] if isinstance(value, Motion) else []
    scene = None if isinstance(value, Motion) else value
    motion_in_scene_html(out, scene, motions, title=name, caption=f"a {report.kind}", details=lines)


def _to_json(file: str, report: Report, keys: tuple[str, ...]) -> dict[str, Any]:
    facts = [{"what": f.what, "value": f.value, "how": f.how, "note": f.note} for f in report.facts]
    many = {"kind": "motions", "count": len(keys), "keys": list(keys[:8]), "first": keys[0]} if len(keys) > 1 else {}
    return {
        "file": file,
        "kind": report.kind,
        **many,
        "facts": facts,
        "objects": dict(report.objects),
        "remarks": [{"code": r.code, "level": r.level, "text": r.text} for r in report.remarks],
    }
