"""Single files: inspect and view."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monster.cli.given import motion_of, scene_of
from monster.cli.output import print_json
from monster.cli.search import Json

if TYPE_CHECKING:
    from monster.types import Motion, Scene


def inspect(
    file: Annotated[str, typer.Argument(help="A motion or scene file, or file#key.")],
    as_json: Json = False,
) -> None:
    """Tell what a motion or scene file holds.

    Each finding says whether it was given by the file, detected, or guessed.
    """
    found = _described(file)
    if as_json:
        print_json(found)
        return
    for name, value in found.items():
        if name == "findings":
            for finding in value:
                note = f"; {finding['note']}" if finding["note"] else ""
                typer.echo(f"{finding['what']:<10} {finding['value']} ({finding['how']}{note})")
        elif name == "objects" and value:
            typer.echo(f"{name:<10} {', '.join(f'{n} {label}' for label, n in value.items())}")
        else:
            typer.echo(f"{name:<10} {value}")


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

    draw = {".html": motion_in_scene_html, ".png": motion_in_scene_png}.get(out.suffix.lower())
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


def _described(file: str) -> dict[str, Any]:
    from monster.errors import InputError
    from monster.readers import MOTION_SUFFIXES, SCENE_SUFFIXES, file_kind, motion_ids

    path = Path(file) if Path(file).exists() else Path(file.rpartition("#")[0] or file)
    kind = file_kind(path)
    if kind == "scene":
        return _scene(file, scene_of(file))
    if kind is None:
        known = " ".join(sorted({*MOTION_SUFFIXES, *SCENE_SUFFIXES}))
        raise InputError(f"{path.name}: expected a motion or a scene ({known}), got something else")
    if str(path) == file and len(clips := motion_ids(path)) > 1:
        return _many(file, clips)
    return _motion(file, motion_of(file))


def _many(file: str, clips: tuple[str, ...]) -> dict[str, Any]:
    shown = {**_motion(f"{file}#{clips[0]}", motion_of(f"{file}#{clips[0]}")), "file": file}
    return {"file": file, "kind": "motions", "count": len(clips), "keys": list(clips[:8]), "first": clips[0]} | {
        name: value for name, value in shown.items() if name not in ("file", "kind")
    }


def _motion(file: str, motion: Motion) -> dict[str, Any]:
    from monster.types import person_size

    low = float(motion.joints[..., 2].min())
    return {
        "file": file,
        "kind": "motion",
        "joints": motion.joints.shape[1],
        "frames": len(motion),
        "fps": motion.fps,
        "duration": f"{motion.duration:.2f} s",
        "height": f"{person_size(motion.joints):.2f} m along the body",
        "floor": f"lowest joint at {low:.3f} m",
        "placed": motion.placed,
        "findings": _findings(motion),
    }


def _scene(file: str, scene: Scene) -> dict[str, Any]:
    import numpy as np

    size = scene.points.max(axis=0) - scene.points.min(axis=0)
    objects = Counter(thing.label or "unnamed" for thing in scene.objects())
    return {
        "file": file,
        "kind": "scene",
        "points": len(scene.points),
        "colors": scene.colors is not None,
        "size": " x ".join(f"{side:.2f}" for side in size) + " m",
        "floor": f"about {float(np.percentile(scene.points[:, 2], 1)):.2f} m",
        "objects": dict(objects.most_common()),
        "findings": _findings(scene),
    }


def _findings(value: Motion | Scene) -> list[dict[str, str]]:
    return [{"what": f.what, "value": f.value, "how": f.how, "note": f.note} for f in value.provenance]
