"""ScanNet scans in the coordinate frame of a data set: found by name, moved by the first shift, not axis-aligned."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from reader_files import room
from scan_files import write_scan

from monster.corpus.importers.scans import Scans
from monster.errors import CorpusError, FileFormatError

SHIFT = np.array([1.0, -2.0, 0.5])


@pytest.mark.parametrize("below", ["", "scans"])
def test_a_scan_is_moved_by_its_first_shift_and_not_aligned(tmp_path: Path, below: str) -> None:
    write_scan(tmp_path / below / "scene0000_00", align="0 1 0 0 -1 0 0 0 0 0 1 0 0 0 0 1")
    scans = Scans.in_folder(tmp_path, "a data set")
    assert scans.shift("scene0000_00", SHIFT) is SHIFT
    assert scans.shift("scene0000_00", 2 * SHIFT) is SHIFT
    scene = scans.scene("scene0000_00")
    assert np.allclose(scene.points, room(0.1)[0] + SHIFT, atol=0.001)
    assert scene.labels == {10: "floor", 11: "wall", 12: "wall", 13: "table", 14: "cabinet"}
    assert any("1.000, -2.000, 0.500" in str(finding) for finding in scene.provenance)


def test_a_missing_folder_or_scan_is_an_error(tmp_path: Path) -> None:
    for folder, got in ((None, "none"), (tmp_path / "z", "z")):
        with pytest.raises(
            CorpusError, match=f"a data set: expected the folder of the ScanNet v2 scans .* got .*{got}"
        ):
            Scans.in_folder(folder, "a data set")
    with pytest.raises(FileFormatError, match=r"scene0007_00: expected a ScanNet folder, got nothing"):
        Scans.in_folder(tmp_path, "a data set").scene("scene0007_00")
