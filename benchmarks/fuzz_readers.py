"""Reads damaged files of every format: each must give a correct result or a clear error.

    python benchmarks/fuzz_readers.py [--reader all | NAME ...] [--count 10000] [--seed 0] [--jobs 1] [--out FOLDER]
                                      [--structured]

Readers run in a process with 1 GiB of memory above what it starts with and 5 seconds of computing a file. Prints a
table; files that crash, hang, take too much memory or raise anything but a clear error are saved, and the exit code is
then 1. The same seed damages the same files in the same way. ``--structured`` changes the contents of npz and glb
files and keeps their containers valid, so that a good part of them is still read: the column "right" counts them.
"""

from __future__ import annotations

import argparse
import queue
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from fuzz_files import Seed
from fuzz_mutations import damaged
from fuzz_seeds import SEEDS
from fuzz_structure import changed

from monster.sandbox import Limits, Worker, WorkerDied, WorkerOutOfMemory, WorkerTimeout

FUNCTION = "fuzz_program:outcome"
FOLDER = Path(__file__).parent
LIBRARIES = ("trimesh", "open3d")  # loaded before memory is limited
LIMITS = Limits(seconds=5.0, megabytes=1024)
MOST = 20_000  # files that one process reads
WAIT = 24.0  # times 5 seconds, for a machine that others use too
OUTCOMES = ("right", "error", "missing", "crash", "hang", "memory", "other")
GOOD = ("right", "error")
SPLIT = 0.1  # share of the scenes that are split into objects, which is slow


@dataclass(frozen=True)
class Case:
    """Files to read, numbered; whether a scene is split into objects, and whether anything was damaged."""

    number: int
    seed: Seed
    split: bool = True
    is_damaged: bool = False


def cases(reader: str, count: int, seed: int, *, structured: bool = False) -> Iterator[Case]:
    """The seeds of a reader as they are, then so many damaged ones."""
    seeds = SEEDS[reader]()
    if not seeds:  # the library that makes them is missing
        return
    yield from (Case(number, whole) for number, whole in enumerate(seeds))
    for number in range(len(seeds), len(seeds) + count):
        random = np.random.default_rng([seed, number, *reader.encode()])
        chosen, lender = (seeds[int(random.integers(len(seeds)))] for _ in range(2))
        files = changed(chosen.files, random) if structured else damaged(chosen.files, lender.files, random)
        yield Case(number, Seed(files, chosen.main, chosen.kind), bool(random.random() < SPLIT), is_damaged=True)


def run(reader: str, child: Worker, given: argparse.Namespace) -> tuple[Counter[str], float]:
    """Outcomes of all cases of a reader, and the slowest one's seconds; bad cases are saved."""
    found: Counter[str] = Counter()
    slowest = 0.0
    shared = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as folder:
        for case in cases(reader, given.count, given.seed, structured=given.structured):
            where = Path(folder, str(case.number), "scene0000_00")  # a new folder each: readers remember what they saw
            where.mkdir(parents=True)
            for name, content in case.seed.files.items():
                (where / name).write_bytes(content)
            outcome, text, seconds = ask(child, where / case.seed.main, case.seed.kind, case.split)
            slowest = max(slowest, seconds)
            found[outcome] += 1
            if outcome not in GOOD or (not case.is_damaged and outcome != "right"):
                found["broken seed"] += not case.is_damaged
                save(given.out / reader / f"{given.seed}-{case.number}-{outcome}", where, text)
            shutil.rmtree(where.parent)
    return found, slowest


def worker() -> Worker:
    """A process that reads files."""
    modules = [name for name in LIBRARIES if find_spec(name) is not None]
    return Worker(FUNCTION, limits=LIMITS, modules=modules, search=[FOLDER], most_answers=MOST, patience=WAIT)


def ask(child: Worker, path: Path, kind: str, split: bool) -> tuple[str, str, float]:
    """How reading a file ended, what was said of it, and the seconds of computing."""
    request = {"path": str(path), "kind": kind, "split": split}
    try:
        answer = next(iter(list(child.ask(request, path.name))))
    except WorkerDied as error:
        return "crash", str(error), 0.0
    except WorkerOutOfMemory as error:
        return "memory", str(error), 0.0
    except WorkerTimeout as error:
        return "hang", str(error), LIMITS.seconds
    return str(answer["outcome"]), str(answer["text"]), float(answer["seconds"])


def save(target: Path, where: Path, text: str) -> None:
    """Keep a bad case: its files, and what was said."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(where, target / "files")
    (target / "said.txt").write_text(text)


def main() -> int:
    """Run the fuzzer and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reader", nargs="+", choices=("all", *SEEDS), default=["all"])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--structured", action="store_true")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("fuzz-findings"))
    given = parser.parse_args()
    readers = list(SEEDS) if "all" in given.reader else given.reader
    print(f"{'reader':<12}" + "".join(f"{name:>9}" for name in OUTCOMES) + f"{'slowest':>10}")
    failed = False
    children: queue.SimpleQueue[Worker] = queue.SimpleQueue()
    for _ in range(given.jobs):
        children.put(worker())

    def with_child(reader: str) -> tuple[Counter[str], float]:
        child = children.get()
        try:
            return run(reader, child, given)
        finally:
            children.put(child)

    with ThreadPoolExecutor(given.jobs) as threads:
        for reader, (found, slowest) in zip(readers, threads.map(with_child, readers), strict=True):
            print(f"{reader:<12}" + "".join(f"{found[name]:>9}" for name in OUTCOMES) + f"{slowest:>9.2f}s", flush=True)
            failed |= any(found[name] for name in (*OUTCOMES[2:], "broken seed"))
    while not children.empty():
        children.get().close()
    if failed:
        print(f"bad cases are in {given.out}, each with what was said of it in said.txt")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
