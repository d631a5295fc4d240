"""One HTML file that plays motions in a room; it needs no network, no other files and no graphics card."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

import numpy as np

from monster.arrays import AnyArray, FloatArray
from monster.files import atomic_file
from monster.skeleton import BONES
from monster.types import Motion, Scene
from monster.viz.bodies import HEAD_RADIUS, bone_radii, floor_path, motion_color
from monster.viz.picture import best_camera
from monster.viz.stage import SECTORS, NamedMotion, Stage, key_frames, stage_of

MAX_POINTS = 30_000
Detail = tuple[str, str, str]


def motion_in_scene_html(
    path: Path | str,
    scene: Scene | None,
    motions: Sequence[NamedMotion],
    *,
    title: str = "",
    caption: str = "",
    details: Sequence[Detail] = (),
) -> Path:
    """Write a page that plays named motions in a scene (or on a plain floor); returns its path.

    ``details`` are listed beside the picture: name, value and note each; the name "warning" is highlighted.
    The near walls are hidden; mouse, touch and keys turn the view. Raises InputError if there is nothing to
    show or the file cannot be written.
    """
    path = Path(path)
    text = page(stage_of(scene, motions, most=MAX_POINTS), title=title, caption=caption, details=details)
    with atomic_file(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return path


def page(stage: Stage, *, title: str, caption: str, details: Sequence[Detail] = ()) -> str:
    """The text of the page."""
    folder = files("monster.viz")
    template = Template((folder / "viewer.html").read_text(encoding="utf-8"))
    scripts = [(folder / name).read_text(encoding="utf-8") for name in ("viewer.js", "controls.js")]
    return template.substitute(
        title=escape(title or "Motion"),
        caption=escape(caption),
        details=_details(details),
        # "</script>" would end the element.
        stage=json.dumps(_payload(stage), separators=(",", ":")).replace("<", "\\u003c"),
        script="\n".join(scripts),
    )


def _details(details: Sequence[Detail]) -> str:
    """A collapsible box with a line for each detail; empty without details."""
    rows = "".join(
        f"<dt{' class=warning' if name == 'warning' else ''}>{escape(name)}</dt>"
        f"<dd>{escape(value)}{f' <small>{escape(note)}</small>' if note else ''}</dd>"
        for name, value, note in details
    )
    return f"<details id=details open><summary>details</summary><dl>{rows}</dl></details>" if rows else ""


def _payload(stage: Stage) -> dict[str, Any]:
    camera = best_camera(stage, 1.6)
    return {
        "points": _packed(stage.points),
        "colors": _base64((stage.colors * 255).round().clip(0, 255).astype(np.uint8)),
        "walls": _base64(np.where(stage.walls < 0, 255, stage.walls).astype(np.uint8)),
        "sectors": SECTORS,
        "floor": round(stage.floor, 3),
        "top": round(stage.top, 3),
        "radii": _base64((stage.spacing * 950).round().clip(4, 255).astype(np.uint8)),  # millimetres
        "scene": stage.has_scene,
        "camera": {
            "target": [round(value, 3) for value in camera.target],
            "azimuth": round(camera.azimuth, 4),
            "elevation": round(camera.elevation, 4),
            "distance": round(camera.distance, 3),
            "view": camera.view,
        },
        "bones": BONES,
        "thickness": bone_radii().tolist(),
        "head": HEAD_RADIUS,
        "motions": [_motion(number, name, motion, stage) for number, (name, motion) in enumerate(stage.motions)],
    }


def _motion(number: int, name: str, motion: Motion, stage: Stage) -> dict[str, Any]:
    path, shares = floor_path(motion, stage.floor, step=0.05)
    return {
        "name": name,
        "fps": motion.fps,
        "frames": len(motion),
        "joints": _packed(motion.joints),
        "keys": key_frames(motion).tolist(),
        "path": _packed(path),
        "shares": [round(float(share), 4) for share in shares],
        "first": (motion_color(number, 0) * 255).round().astype(int).tolist(),
        "last": (motion_color(number, 1) * 255).round().astype(int).tolist(),
    }


def _packed(values: FloatArray) -> dict[str, Any]:
    """Metres as 16-bit integers: steps of 0.2 mm in a room of ten metres."""
    flat = np.asarray(values, dtype=np.float64).reshape(-1, 3)
    origin = flat.min(axis=0)
    step = max(float((flat - origin).max()) / 65535, 1e-6)
    steps = np.rint((flat - origin) / step).astype("<u2")
    return {"origin": origin.round(5).tolist(), "step": step, "data": _base64(steps)}


def _base64(values: AnyArray) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")
