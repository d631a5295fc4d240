"""Single files: inspect and view."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monster.cli.inputs import motion_of, scene_of, split_key
from monster.cli.output import print_json
from monster.cli.search import Json

if TYPE_CHECKING:
    from monster.inspection.report import Report
    from monster.types import Motion, Scene


def inspect(
    file: Annotated[str, typer.Argument(help="A motion or scene file, or file#key.")],
    html: Annotated[Path | None, typer.Option(help="Page to write that shows it with all that is said here.")] = None,
    mapping: Annotated[Path | None, typer.Option(help="JSON: our joint names to those of the file's rig.")] = None,
    axes: Annotated[str | None, typer.Option(help="The axis that points up, instead of the one found.")] = None,
    unit: Annotated[str | None, typer.Option(help="m, cm, mm, in or ft, instead of the one found.")] = None,
    fps: Annotated[float | None, typer.Option(help="Frames a second, instead of those found.")] = None,
    as_json: Json = False,
) -> None:
    """Tell what a motion or scene file holds, and what may be wrong with it.

    Each line says whether it was given by the file, detected, or guessed.
    """
    report, value, keys = _inspected(file, mapping, fps, axes=axes, unit=unit)
    if html is not None:
        _drawn(html, report, value)
    if as_json:
        print_json(_plain(file, report, keys))
        return
    typer.echo(f"{'file':<10} {file}")
    kind = f"{report.kind}s" if len(keys) > 1 else report.kind
    typer.echo(f"{'kind':<10} {kind} ({_how_known(file)})")
    if len(keys) > 1:
        typer.echo(f"{'keys':<10} {len(keys)}: {', '.join(keys[:8])}{', ...' if len(keys) > 8 else ''}")
        typer.echo(f"{'first':<10} {report.key}")
    for fact in report.facts:
        typer.echo(f"{fact.what:<10} {fact.value} ({fact.how}{'; ' + fact.note if fact.note else ''})")
    if report.objects:
        typer.echo(f"{'named':<10} {', '.join(f'{count} {name}' for name, count in report.objects)}")
    for remark in report.remarks:
        typer.echo(str(remark))


def view(
    out: Annotated[Path, typer.Option(help="Picture to write: .html (it plays) or .png.")],
    library: Annotated[Path | None, typer.Argument(help="Library folder.")] = None,
    item: Annotated[str | None, typer.Argument(metavar="ID", help="Id of an item or a motion in the library.")] = None,
    motion: Annotated[str | None, typer.Option(help="A motion: file, file#key, or id in the library.")] = None,
    scene: Annotated[str | None, typer.Option(help="A scene: file, or id in the library.")] = None,
) -> None:
    """Draw a motion in its room: a page that plays, or a picture."""
    from monster.errors import InputError, TaskError
    from monster.gallery import Gallery
    from monster.viz import motion_in_scene_html, motion_in_scene_png

    drawers: dict[str, Callable[..., Path]] = {".html": motion_in_scene_html, ".png": motion_in_scene_png}
    draw = drawers.get(out.suffix.lower())
    if draw is None:
        raise InputError(f"{out.name}: expected a name that ends with .html or .png")
    opened = None if library is None else Gallery.open(library)
    motions, room, title, caption = [], None, item or "", ""
    if item is not None and opened is not None:
        try:
            found = opened.item(item)
            motions, room = ([(item, found.motion)] if found.motion else []), found.scene
            caption = found.captions[0] if found.captions else ""
        except TaskError:
            motions = [(item, opened.motion(item))]
    if motion is not None:
        motions.append((Path(motion).name, motion_of(motion, opened)))
    if scene is not None:
        room = scene_of(scene, opened)
    title = title or " in ".join(Path(given).name for given in (motion, scene) if given)
    if room is not None and any(not value.placed for _, value in motions):
        caption = (
            f"{caption}{'; ' if caption else ''}the clip has no place in this room: it is drawn in its own coordinates"
        )
    typer.echo(str(draw(out, room, motions, title=title, caption=caption)))


def _inspected(
    file: str, mapping: Path | None, fps: float | None, *, axes: str | None, unit: str | None
) -> tuple[Report, Motion | Scene, tuple[str, ...]]:
    """The report on a file, what it holds, and the keys of all its motions (of which the first is reported on)."""
    from monster.inspection.report import expected_kind, report_motion, report_scene
    from monster.io import file_kind, motion_ids, read_motion, read_scene

    path, named = split_key(file)
    kind = file_kind(path)
    if kind is None:
        raise expected_kind(path)
    if kind == "scene":
        scene = read_scene(path, axes=axes, unit=unit)
        return report_scene(scene, file=path.name), scene, ()
    keys = motion_ids(path) if named is None else ()
    key = keys[0] if len(keys) > 1 else named
    motion = read_motion(path, axes=axes, unit=unit, fps=fps, key=key, mapping=mapping)
    return report_motion(motion, file=path.name, key=key or ""), motion, keys


def _how_known(file: str) -> str:
    path, _ = split_key(file)
    says_nothing = path.is_dir() or path.suffix.lower() in (".npy", ".npz", ".txt", ".pkl")
    return "detected; by what it holds" if says_nothing else "given; by its ending"


def _drawn(out: Path, report: Report, value: Motion | Scene) -> None:
    from monster.errors import InputError
    from monster.types import Motion
    from monster.viz import motion_in_scene_html

    if out.suffix.lower() != ".html":
        raise InputError(f"{out.name}: expected a name that ends with .html")
    lines = [(fact.what, fact.value, "; ".join(filter(None, (fact.how, fact.note)))) for fact in report.facts]
    lines += [("objects", ", ".join(f"{count} {name}" for name, count in report.objects), "")] if report.objects else []
    lines += [(remark.level, remark.text, remark.code) for remark in report.remarks]
    name = f"{report.file}#{report.key}" if report.key else report.file
    is_motion = isinstance(value, Motion)
    scene, motions = (None, [(name, value)]) if is_motion else (value, [])
    motion_in_scene_html(out, scene, motions, title=name, caption=f"a {report.kind}", details=lines)  # type: ignore[arg-type]


def _plain(file: str, report: Report, keys: tuple[str, ...]) -> dict[str, Any]:
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
