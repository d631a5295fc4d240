"""A SMPL, SMPL-H or SMPL-X body model that the user has (``.npz``): the rest joints of a given shape.

Four arrays are read, none of them unpickled: the vertices of the mean body (``v_template``), how each shape number
moves them (``shapedirs``), joints as weighted means of vertices (``J_regressor``) and the tree (``kintree_table``), as
Loper et al. (2015) define them. No part of such a model comes with this project; its makers license it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from monster.arrays import AnyArray, DoubleArray
from monster.errors import FileFormatError
from monster.io.numpy_files import npz_arrays
from monster.io.sources import FileLike, Source, opened
from monster.skeleton import JOINT_COUNT, PARENTS

_NAMES: Final = ("J_regressor", "v_template", "shapedirs", "kintree_table")


@dataclass(frozen=True, eq=False)
class BodyModel:
    """Rest joints (22, 3) of the mean body in metres, and how each shape number moves them (22, 3, shapes)."""

    name: str
    mean: DoubleArray
    shapes: DoubleArray

    def rest_joints(self, betas: DoubleArray | None = None) -> DoubleArray:
        """Rest joints (22, 3) of a shape; shape numbers beyond those of the model are ignored."""
        used = np.zeros(0) if betas is None else np.ravel(betas)[: self.shapes.shape[2]].astype(np.float64)
        return np.asarray(self.mean + self.shapes[..., : len(used)] @ used)


def read_body_model(file: FileLike | BodyModel) -> BodyModel:
    """Read a model; one that was read before is returned.

    Raises FileFormatError if an array is missing, pickled, or of another skeleton.
    """
    if isinstance(file, BodyModel):
        return file
    with opened(file) as source:
        return _read(source)


def _read(source: Source) -> BodyModel:
    if source.suffix != ".npz":
        raise FileFormatError(
            f"{source.name}: expected a body model as .npz (its makers offer one), got {source.suffix or 'no ending'}; "
            "a pickled one may run code and is not opened"
        )
    arrays = npz_arrays(source)
    missing = [name for name in _NAMES if name not in arrays]
    if missing:
        raise FileFormatError(f"{source.name}: expected a body model with {', '.join(_NAMES)}, got no {missing[0]}")
    regressor, template, shapes, tree = arrays.select(_NAMES).values()
    _check(source.path, regressor, template, shapes=shapes, tree=tree)
    weights = regressor[:JOINT_COUNT].astype(np.float64)
    moved = np.einsum("jv,vcs->jcs", weights, shapes.astype(np.float64), optimize=True)
    return BodyModel(source.name, weights @ template.astype(np.float64), moved)


def _check(path: Path, regressor: AnyArray, template: AnyArray, *, shapes: AnyArray, tree: AnyArray) -> None:
    vertices = len(template) if template.ndim else 0
    fits = (
        template.shape == (vertices, 3)
        and regressor.ndim == 2
        and regressor.shape[1] == vertices
        and regressor.shape[0] >= JOINT_COUNT
        and shapes.ndim == 3
        and shapes.shape[:2] == (vertices, 3)
        and tree.ndim == 2
        and tree.shape[1] >= JOINT_COUNT
        and {part.dtype.kind for part in (regressor, template, shapes)} == {"f"}
    )
    if not fits:
        raise FileFormatError(
            f"{path.name}: expected joints by vertices, vertices by 3 and vertices by 3 by shapes, "
            f"got {regressor.shape}, {template.shape} and {shapes.shape}"
        )
    if tree[0, 1:JOINT_COUNT].astype(np.int64).tolist() != list(PARENTS[1:]):
        raise FileFormatError(f"{path.name}: expected the skeleton of SMPL, got another tree of joints")
    if not all(np.isfinite(part).all() for part in (regressor[:JOINT_COUNT], template, shapes)):
        raise FileFormatError(f"{path.name}: expected numbers, got NaN or infinite; is the file damaged?")
