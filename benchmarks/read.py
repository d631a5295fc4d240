"""How long reading motion files takes, against another checkout of this project, file by file in turn.

    python benchmarks/read.py [FOLDER] [--against CHECKOUT] [--count 500] [--workers 2]

Without FOLDER it reads BVH files made here. CHECKOUT is the root of another version, with the same environment. Each
version has a process of its own and reads each file right after the other one, so that a busy machine slows both.
Prints CPU seconds of both, the ratio of their sums and the median ratio of a file; then how long all files take with
``read_many`` in this process and in ``--workers`` processes.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from monster.io import read_many, write_bvh
from monster.io.motion.kinematics import axis_angle_matrices, pose_body
from monster.types import Motion

ROOT = Path(__file__).parents[1]
CHILD = """
import sys, time
from monster import read_motion
for line in sys.stdin:
    start = time.process_time()
    read_motion(line.rstrip("\\n"))
    print(time.process_time() - start, flush=True)
"""


class Reader:
    """A process that reads files with one version of the project."""

    def __init__(self, checkout: Path) -> None:
        environment = os.environ | {"PYTHONPATH": str(checkout), "OMP_NUM_THREADS": "1"}
        command = [sys.executable, "-c", CHILD]
        self._process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=checkout
        )

    def seconds(self, path: Path) -> float:
        """CPU seconds for one file. Raises ValueError if it cannot be read."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{path}\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


@contextmanager
def files(folder: Path | None, count: int) -> Iterator[list[Path]]:
    """Up to ``count`` BVH files of a folder, spread over it; without a folder as many that are made."""
    if folder is not None:
        found = sorted(folder.rglob("*.bvh"))
        yield found[:: max(1, len(found) // count)][:count]
        return
    with tempfile.TemporaryDirectory() as made:
        yield [_made(Path(made) / f"{seed}.bvh", seed) for seed in range(count)]


def _made(path: Path, seed: int) -> Path:
    rng = np.random.default_rng(seed)
    turns = axis_angle_matrices(rng.normal(scale=0.01, size=(160, 22, 3)).cumsum(axis=0))
    joints = pose_body(turns, np.cumsum(rng.normal(scale=0.01, size=(160, 3)), axis=0))
    joints = joints[..., [2, 0, 1]].astype(np.float32)
    joints[..., 2] -= joints[..., 2].min()
    write_bvh(path, Motion(joints, 30.0))
    return path


def compare(paths: list[Path], checkout: Path) -> None:
    """Print what each version takes."""
    this, other = Reader(ROOT), Reader(checkout.resolve())
    for reader in (this, other):
        reader.seconds(paths[0])  # imports
    pairs = [(this.seconds(path), other.seconds(path)) for path in paths]
    this.close()
    other.close()
    mine, theirs = (sum(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(two / one for one, two in pairs)
    print(f"this version: {mine:.2f} s CPU; the other: {theirs:.2f} s CPU")
    print(f"ratio of sums {theirs / mine:.2f}; median ratio of a file {ratio:.2f}")


def main() -> None:
    """Print the times."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--against", type=Path, default=ROOT)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    with files(given.folder, given.count) as paths:
        print(f"{len(paths)} files, {sum(path.stat().st_size for path in paths) / 2**20:.1f} MiB")
        compare(paths, given.against)
        for workers in (0, given.workers):
            start = time.perf_counter()
            failed = sum(bool(found.error or found.errors) for found in read_many(paths, workers=workers))
            print(f"read_many, {workers} workers: {time.perf_counter() - start:.2f} s, {failed} failed")


if __name__ == "__main__":
    main()
