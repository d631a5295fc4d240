"""ScanNet scans by name, in the coordinate frame of the data set's motions."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from monster.arrays import DoubleArray
from monster.corpus.importers.data import by_data_set
from monster.errors import CorpusError, FileFormatError
from monster.io.normalise.segmentation import without_noise
from monster.io.scene.scannet import MESH, OBJECTS, SEGMENTS, raw_scannet
from monster.types import Provenance, Scene


@dataclass(frozen=True)
class Scans:
    """The folder that holds ``scene0000_00/`` and so on, or ``scans/`` with them; shifts (3,) by scan name."""

    folder: Path
    shifts: dict[str, DoubleArray] = field(default_factory=dict)

    @classmethod
    def in_folder(cls, folder: Path | None, data_set: str) -> Scans:
        """The scans in the caller's folder. Raises CorpusError if the folder does not exist."""
        if folder is None or not folder.is_dir():
            actual = "none" if folder is None else str(folder)
            raise CorpusError(f"{data_set}: expected the folder of the ScanNet v2 scans (scenes=), got {actual}")
        return cls(folder)

    def shift(self, scan: str, shift: DoubleArray) -> DoubleArray:
        """The shift of a scan: the first that is requested for it, which later requests reuse."""
        return self.shifts.setdefault(scan, shift)

    def scene(self, scan: str) -> Scene:
        """A scan as published (no axis alignment), moved by its shift."""
        folder = next((base / scan for base in (self.folder, self.folder / "scans") if (base / scan).is_dir()), None)
        if folder is None:
            names = ", ".join(f"{scan}/{scan}{ending}" for ending in (MESH, SEGMENTS, OBJECTS))
            raise FileFormatError(f"{scan}: expected a ScanNet folder, got nothing ({names})")
        raw = raw_scannet(folder, align=False)
        shift = self.shifts.get(scan, np.zeros(3))
        instances = without_noise(raw.instances) if raw.instances is not None else None
        kept = set() if instances is None else set(np.unique(instances).tolist())
        note = ", ".join(f"{value:.3f}" for value in shift)
        return Scene(
            (raw.points + shift).astype(np.float32),
            colors=None if raw.colors is None else raw.colors.astype(np.float32),
            instances=instances,
            labels={key: name for key, name in (raw.labels or {}).items() if key in kept} or None,
            provenance=Provenance(scan, (*raw.findings, by_data_set("shift", note))),
        )
