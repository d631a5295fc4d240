"""PNG pictures: a motion in its room from the side and from above, and contact sheets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from monster.arrays import FloatArray
from monster.errors import InputError
from monster.extras import require_extra
from monster.files import atomic_file
from monster.types import Motion, Scene
from monster.viz.bodies import draw_body, floor_path, motion_color, shaded_floor
from monster.viz.render import Camera, Canvas
from monster.viz.stage import NamedMotion, Stage, key_frames, stage_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_TEXT_COLOR: Final = "#20242c"
_MUTED_COLOR: Final = "#6b7280"
_OVERLAP: Final = 0.95  # radius of a disc against the distance to its neighbours
_ELEVATION: Final = math.radians(38)
_UNNAMED_LABELS: Final = frozenset(
    {"wall", "floor", "ceiling", "unannotated", "otherfurniture", "otherstructure", "otherprop"}
)
Cell = tuple[str, Scene | None, Motion]


def motion_in_scene_png(
    path: Path | str,
    scene: Scene | None,
    motions: Sequence[NamedMotion],
    *,
    title: str = "",
    caption: str = "",
    most: int = 150_000,
) -> Path:
    """Draw named motions in a scene (or on a plain floor) as PNG: a side view without the near walls, and a plan.

    Bodies change from light (first frame) to dark (last). Returns the path. Raises MissingExtra without matplotlib and
    InputError if there is nothing to show.
    """
    figure = _figure((14.0, 7.2))
    stage = stage_of(scene, motions, most=most)
    size = 17 if len(title) <= 90 else 13
    figure.text(
        0.02,
        0.955,
        _wrapped(title, 125),
        fontsize=size,
        weight="bold",
        color=_TEXT_COLOR,
        va="center",
        parse_math=False,
    )
    figure.text(0.02, 0.9, _wrapped(caption, 160), fontsize=11, color=_MUTED_COLOR, va="center", parse_math=False)
    side = figure.add_axes((0.0, 0.0, 0.585, 0.87))
    side.imshow(view_from_side(stage, 984, 750), interpolation="antialiased", aspect="auto")
    side.set_axis_off()
    plan = figure.add_axes((0.635, 0.09, 0.345, 0.76))
    _draw_plan(plan, stage, scene)
    return _save(figure, Path(path))


def contact_sheet_png(path: Path | str, cells: Sequence[Cell], *, columns: int = 4, title: str = "") -> Path:
    """Draw many motions on one sheet; a cell is (text, scene or None, motion). Returns the path.

    Raises MissingExtra without matplotlib, InputError for no cells or fewer than one column.
    """
    if not cells or columns < 1:
        raise InputError(f"a contact sheet needs at least one cell and one column, got {len(cells)} and {columns}")
    columns = min(columns, len(cells))
    rows = math.ceil(len(cells) / columns)
    figure = _figure((4.0 * columns, 3.5 * rows + 0.6))
    top = 1 - 0.55 / (3.5 * rows + 0.6)
    figure.text(
        0.01, (1 + top) / 2, title, fontsize=15, weight="bold", color=_TEXT_COLOR, va="center", parse_math=False
    )
    for number, (text, scene, motion) in enumerate(cells):
        row, column = divmod(number, columns)
        axes = figure.add_axes((column / columns, top * (1 - (row + 1) / rows), 1 / columns, top / rows * 0.97))
        image = view_from_side(stage_of(scene, [("", motion)], most=40_000), 400, 300)
        axes.imshow(image, interpolation="antialiased")
        axes.set_title(_wrapped(text, 52), fontsize=9, color=_TEXT_COLOR, parse_math=False)
        axes.set_axis_off()
    return _save(figure, Path(path))


def view_from_side(stage: Stage, width: int, height: int) -> FloatArray:
    """The room without the near walls, from the side that hides the bodies least: colours (height, width, 3)."""
    return _drawn(stage, Canvas(best_camera(stage, width / height), width, height))[0].picture()


def best_camera(stage: Stage, aspect: float) -> Camera:
    """The camera that sees most of the bodies, from eight directions, far enough to show the room around them."""
    cameras = [_camera(stage, turn, aspect) for turn in np.arange(8) * (math.pi / 4) + math.pi / 8]
    if not stage.motions:
        return cameras[5]
    seen = [_drawn(stage, Canvas(camera, round(90 * aspect), 90, samples=1))[1] for camera in cameras]
    return cameras[int(np.argmax(seen))]


def _camera(stage: Stage, azimuth: float, aspect: float) -> Camera:
    low, high = stage.focus
    margin = 3.0 if stage.motions else 0.5
    shown = stage.points[stage.visible(azimuth)]
    around = (np.abs(shown[:, :2] - (low[:2] + high[:2]) / 2) < (high[:2] - low[:2]) / 2 + margin).all(axis=1)
    corners = np.array([[x, y, z] for x in (low[0], high[0]) for y in (low[1], high[1]) for z in (low[2], high[2])])
    return Camera((0, 0, 0), azimuth, _ELEVATION, 1.0).fitted(np.concatenate([shown[around], corners]), aspect)


def _drawn(stage: Stage, canvas: Canvas) -> tuple[Canvas, int]:
    """The finished canvas, and the number of pixels that show a body."""
    frames = [key_frames(motion) for _, motion in stage.motions]
    poses = [motion.joints[i] for (_, motion), chosen in zip(stage.motions, frames, strict=True) for i in chosen]
    shown = stage.visible(canvas.camera.azimuth)
    canvas.discs(stage.points[shown], shaded_floor(stage, poses)[shown], stage.spacing[shown] * _OVERLAP)
    for number, (_, motion) in enumerate(stage.motions):
        path, share = floor_path(motion, stage.floor)
        canvas.discs(path, np.stack([motion_color(number, s) for s in share]), 0.022, nearer=0.12)
    empty = canvas.depth.copy()
    for number, ((_, motion), chosen) in enumerate(zip(stage.motions, frames, strict=True)):
        for frame in chosen:
            draw_body(canvas, motion.joints[frame], motion_color(number, frame / (len(motion) - 1)))
    return canvas, int((canvas.depth < empty).sum())


def _draw_plan(axes: Axes, stage: Stage, scene: Scene | None) -> None:
    """The room from above, with the path of each motion, its start (ring) and its end (dot)."""
    seen = np.flatnonzero(stage.points[:, 2] < stage.top)
    order = seen[np.argsort(stage.points[seen, 2])]
    corners = np.concatenate([stage.points[seen, :2], stage.focus[:, :2]])
    low, high = corners.min(axis=0), corners.max(axis=0)
    axes.set(xlim=(low[0] - 0.1, high[0] + 0.1), ylim=(low[1] - 0.1, high[1] + 0.1), aspect="equal")
    axes.set_facecolor("white")
    points = stage.points[order]
    span = max(float((high - low).max()), 1e-3)
    size = (stage.spacing[order] * 1.5 / span * 380) ** 2
    axes.scatter(points[:, 0], points[:, 1], s=size, c=stage.colors[order], marker="s", linewidths=0, rasterized=True)
    for number, (name, motion) in enumerate(stage.motions):
        path, share = floor_path(motion, stage.floor)
        axes.plot(path[:, 0], path[:, 1], color="white", linewidth=5.5, solid_capstyle="round")
        axes.scatter(
            path[:, 0], path[:, 1], s=11, c=np.stack([motion_color(number, s) for s in share]), linewidths=0, zorder=3
        )
        axes.scatter(
            path[0, 0],
            path[0, 1],
            s=75,
            facecolor="white",
            edgecolor=motion_color(number, 0.25),
            linewidth=2.5,
            zorder=4,
        )
        axes.scatter(
            path[-1, 0],
            path[-1, 1],
            s=85,
            color=motion_color(number, 1),
            edgecolor="white",
            linewidth=1.5,
            zorder=4,
            label=name,
        )
    if scene is not None:
        _name_objects(axes, scene)
    _format_axes(axes, legend=any(name for name, _ in stage.motions))


def _format_axes(axes: Axes, *, legend: bool) -> None:
    axes.locator_params(integer=True)
    axes.tick_params(labelsize=9, colors=_MUTED_COLOR, length=0)
    axes.set_xlabel("metres; ring = start, dot = end", fontsize=10, color=_MUTED_COLOR)
    for edge in axes.spines.values():
        edge.set_color("#d4d8de")
    if legend:
        axes.legend(
            loc="upper center", bbox_to_anchor=(0.5, 1.12), frameon=False, fontsize=10, ncols=3, labelcolor=_TEXT_COLOR
        )


def _name_objects(axes: Axes, scene: Scene) -> None:
    """Write the names of the largest labelled objects at their positions in the plan."""
    named = [object_ for object_ in scene.objects() if (object_.label or "wall").lower() not in _UNNAMED_LABELS][:14]
    for object_ in named:
        x, y = np.median(object_.points[:, :2], axis=0)
        box = {"boxstyle": "round,pad=0.18", "facecolor": "white", "alpha": 0.72, "linewidth": 0}
        axes.text(
            x,
            y,
            str(object_.label),
            fontsize=8,
            color=_TEXT_COLOR,
            ha="center",
            va="center",
            bbox=box,
            zorder=2.5,
            parse_math=False,
        )


def _figure(size: tuple[float, float]) -> Figure:
    require_extra("viz", "a PNG picture")
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, dpi=120, facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def _save(figure: Figure, path: Path) -> Path:
    with atomic_file(path) as temporary:
        figure.savefig(temporary, format="png", metadata={"Software": None})
    return path


def _wrapped(text: str, width: int) -> str:
    import textwrap

    return "\n".join(textwrap.wrap(text, width)[:2])
