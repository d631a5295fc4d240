"""A small renderer in numpy: points as discs and bones as shaded capsules, sharing one depth buffer.

Outlines come from the depth buffer only: eye-dome lighting (Boucheny, "Visualisation scientifique interactive de
grands volumes de donnees", 2009), which needs no normals and therefore works on scans.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from monster.arrays import AnyArray, DoubleArray, FloatArray, IntArray

BACKGROUND: Final = (0.965, 0.97, 0.978)
_LIGHT: Final = np.array([-0.45, 0.62, 0.64])  # from the upper left behind the viewer; view coordinates
_SAMPLES: Final = 2  # pixels a side that are averaged into one


@dataclass(frozen=True)
class Camera:
    """A camera that looks at ``target`` from ``distance`` metres; angles in radians, azimuth 0 = from +x."""

    target: tuple[float, float, float]
    azimuth: float
    elevation: float
    distance: float
    view: float = 0.62  # vertical opening angle

    def axes(self) -> DoubleArray:
        """Rows right, up, backward (3, 3) of the camera in world coordinates."""
        ca, sa, ce, se = np.cos(self.azimuth), np.sin(self.azimuth), np.cos(self.elevation), np.sin(self.elevation)
        return np.array([[-sa, ca, 0.0], [-se * ca, -se * sa, ce], [ce * ca, ce * sa, se]])

    def project(self, points: AnyArray, width: int, height: int) -> tuple[DoubleArray, DoubleArray, DoubleArray, float]:
        """Pixel columns, pixel rows and depths (n,) of points (n, 3), and the focal length in pixels."""
        right, up, back = ((np.asarray(points, dtype=np.float64) - np.asarray(self.target)) @ self.axes().T).T
        depth = self.distance - back
        focal = height / (2 * np.tan(self.view / 2))
        safe = np.maximum(depth, 1e-6)
        return width / 2 + focal * right / safe, height / 2 - focal * up / safe, depth, focal

    def fitted(self, points: AnyArray, aspect: float) -> Camera:
        """The same direction, at the smallest distance at which all points (n, 3) fit into the picture."""
        right, up, back = ((np.asarray(points, dtype=np.float64)) @ self.axes().T).T
        half = np.tan(self.view / 2) * 0.96
        x, y = _middle(right, back, half * aspect), _middle(up, back, half)
        needed = np.maximum(np.abs(right - x) / (half * aspect), np.abs(up - y) / half) + back
        middle = float(back.mean())
        target = np.array([x, y, middle]) @ self.axes()
        return Camera(tuple(target.tolist()), self.azimuth, self.elevation, float(needed.max()) - middle, self.view)


def _middle(across: DoubleArray, back: DoubleArray, half: float) -> float:
    """The camera position along one axis at which both edges need the same distance."""
    return float(((across + half * back).max() + (across - half * back).min()) / 2)


@dataclass(eq=False)
class Canvas:
    """Buffers of a picture: colours (height, width, 3) and depths, at twice the resolution of the result."""

    camera: Camera
    width: int
    height: int
    samples: int = _SAMPLES
    colors: FloatArray = field(init=False)
    depth: FloatArray = field(init=False)
    _level: FloatArray = field(init=False)  # depth without the roundness of the discs, for the outlines

    def __post_init__(self) -> None:
        self.width, self.height = self.width * self.samples, self.height * self.samples
        self.colors = np.full((self.height, self.width, 3), BACKGROUND, dtype=np.float32)
        self.depth = np.full((self.height, self.width), np.inf, dtype=np.float32)
        self._level = self.depth.copy()

    def discs(self, points: FloatArray, colors: FloatArray, radius: float | FloatArray, *, nearer: float = 0.0) -> None:
        """Draw points (n, 3) as discs of ``radius`` metres; ``nearer`` moves them towards the camera."""
        x, y, depth, focal = self.camera.project(points, self.width, self.height)
        metres = np.broadcast_to(np.asarray(radius, dtype=np.float64), depth.shape)
        size = np.clip(focal * metres / np.maximum(depth, 0.1), 0.7, 9.0 * self.samples)
        reach = np.where(depth > 0.1, np.ceil(size), 0)  # points behind the camera are not drawn
        spread = [
            self._spread(x, y, size, np.flatnonzero(reach == pixels))
            for pixels in range(1, int(reach.max(initial=0)) + 1)
        ]
        if not spread:
            return
        pixels, owners, rims = (np.concatenate(parts) for parts in zip(*spread, strict=True))
        self._write(pixels, owners, rims * metres[owners], level=depth - nearer, colors=colors)

    def _spread(
        self, x: DoubleArray, y: DoubleArray, size: DoubleArray, rows: IntArray
    ) -> tuple[IntArray, IntArray, DoubleArray]:
        """Pixels of discs of about one size, the disc of each pixel, and its distance from the centre (0..1)."""
        column, row, square = np.rint(x[rows]).astype(np.int64), np.rint(y[rows]).astype(np.int64), size[rows] ** 2
        reach = int(np.ceil(size[rows].max(initial=0)))
        pixels, owners, rims = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0)]
        for dy in range(-reach, reach + 1):
            for dx in range(-reach, reach + 1):
                px, py, away = column + dx, row + dy, dx * dx + dy * dy
                inside = (away <= square) & (px >= 0) & (px < self.width) & (py >= 0) & (py < self.height)
                pixels.append((py * self.width + px)[inside])
                owners.append(rows[inside])
                rims.append(away / square[inside])
        return np.concatenate(pixels), np.concatenate(owners), np.concatenate(rims)

    def _write(
        self, pixels: IntArray, owners: IntArray, rims: DoubleArray, *, level: DoubleArray, colors: FloatArray
    ) -> None:
        # Discs bulge towards the camera, so each pixel gets the colour of the nearest centre.
        depth = (level[owners] + rims).astype(np.float32)
        np.minimum.at(self.depth.reshape(-1), pixels, depth)
        seen = depth == self.depth.reshape(-1)[pixels]
        pixels, owners = pixels[seen], owners[seen]
        self._level.reshape(-1)[pixels] = level[owners]
        self.colors.reshape(-1, 3)[pixels] = colors[owners]

    def capsules(self, starts: FloatArray, ends: FloatArray, radii: DoubleArray, colors: FloatArray) -> None:
        """Draw rounded bones (n) from starts (n, 3) to ends (n, 3); radii (n,) in metres, colors (n, 3)."""
        ax, ay, az, focal = self.camera.project(starts, self.width, self.height)
        bx, by, bz, _ = self.camera.project(ends, self.width, self.height)
        for i in np.flatnonzero((az > 0.2) & (bz > 0.2)):
            a, b = np.array([ax[i], ay[i], az[i]]), np.array([bx[i], by[i], bz[i]])
            self._capsule(a, b, float(radii[i]), focal=focal, color=colors[i])

    def _capsule(self, a: DoubleArray, b: DoubleArray, radius: float, *, focal: float, color: FloatArray) -> None:
        reach = focal * radius / min(a[2], b[2]) + 1
        left, top = (int(max(0, np.floor(min(a[i], b[i]) - reach))) for i in (0, 1))
        right = int(min(self.width, np.ceil(max(a[0], b[0]) + reach)))
        bottom = int(min(self.height, np.ceil(max(a[1], b[1]) + reach)))
        if left >= right or top >= bottom:
            return
        y, x = np.mgrid[top:bottom, left:right].astype(np.float32)
        along = b[:2] - a[:2]
        t = np.clip(((x - a[0]) * along[0] + (y - a[1]) * along[1]) / max(float(along @ along), 1e-9), 0, 1)
        axis_depth = a[2] + t * (b[2] - a[2])
        size = focal * radius / axis_depth
        u, v = (x - a[0] - t * along[0]) / size, (a[1] + t * along[1] - y) / size
        w = np.sqrt(np.maximum(1 - u * u - v * v, 0))
        depth = axis_depth - radius * w
        here = self.depth[top:bottom, left:right]
        win = (u * u + v * v < 1) & (depth < here)
        light = np.maximum(u * _LIGHT[0] + v * _LIGHT[1] + w * _LIGHT[2], 0)
        shade = np.clip(0.5 + 0.58 * light, 0, 1.15)[..., None] * color + 0.16 * (light[..., None] ** 12)
        here[win] = self._level[top:bottom, left:right][win] = depth[win]
        self.colors[top:bottom, left:right][win] = np.clip(shade, 0, 1)[win]

    def picture(self, strength: float = 0.9) -> FloatArray:
        """The finished colours (height, width, 3) in 0..1, outlined by depth and averaged down."""
        shaded = self.colors * _eye_dome(self._level, strength, self.samples)[..., None]
        n = self.samples
        return np.asarray(
            shaded.reshape(self.height // n, n, self.width // n, n, 3).mean(axis=(1, 3)), dtype=np.float32
        )


def _eye_dome(depth: FloatArray, strength: float, step: int) -> FloatArray:
    """Brightness (height, width): darker where neighbouring pixels are nearer to the camera."""
    with np.errstate(invalid="ignore"):
        logs = np.where(np.isfinite(depth), np.log2(np.maximum(depth, 1e-3)), np.float32(30))
    deeper = np.zeros_like(depth)
    for reach, weight in ((step, 1.0), (2 * step, 0.5)):
        for dy, dx in ((0, reach), (0, -reach), (reach, 0), (-reach, 0)):
            deeper += weight * np.clip(logs - np.roll(logs, (dy, dx), axis=(0, 1)), 0, 0.12)
    return np.where(np.isfinite(depth), np.exp(-strength * 2.2 * deeper), 1.0).astype(np.float32)
