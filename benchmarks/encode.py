"""How fast texts, motions, scenes and pairs are encoded, against the bare matrix products of the same forward pass.

    python benchmarks/encode.py [--weights FILE] [--config paper] [--runs 9]

The products of one call (linear maps, convolutions, attention) are recorded by their shapes; the replay computes just
these, on random numbers, one after the other. Both are timed in turn, so that a busy moment touches both; the share is
replay over call: 100 % would mean that nothing but matrix products costs time. "As defined" are the products of the
network as it is defined, every list of neighbours filled up; out of training the copies in it are not computed, so a
scene's own products are fewer. Prints medians and both shares.
`--config paper` times the published sizes with random weights on 8 items of 20 objects of 1,024 points.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from monster.arrays import AnyArray
from monster.model import MonSTeR, load
from monster.networks import pointnet
from monster.networks.collate import MotionBatch, SceneBatch, TextBatch
from monster.networks.config import PAPER
from monster.networks.network import Network
from monster.types import Motion, Scene

Call = Callable[[], Any]
BATCHES = (1, 32)
FRAMES, OBJECTS, POINTS, RAW = 200, 20, 1024, 100_000
WORDS = "a person walks to the {} next to the window, turns around and sits down on it"
NOUNS = ("chair", "sofa", "bed", "stool", "bench", "armchair", "desk", "table")


@dataclass
class Shapes(TorchDispatchMode):
    """Records the matrix products of what runs inside: pairs of shapes whose product is taken, batch first."""

    found: list[tuple[tuple[int, ...], tuple[int, ...]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Note the operation, then do it."""
        self._note(func.name().partition(".")[0].removeprefix("aten::"), [a for a in args if isinstance(a, Tensor)])
        return func(*args, **(kwargs or {}))

    def _note(self, name: str, given: list[Tensor]) -> None:
        if name in ("mm", "bmm"):
            self.found.append((tuple(given[0].shape), tuple(given[1].shape)))
        elif name in ("addmm", "baddbmm"):
            self.found.append((tuple(given[1].shape), tuple(given[2].shape)))
        elif name == "linear":
            rows, width = given[0].numel() // given[0].shape[-1], given[0].shape[-1]
            self.found.append(((rows, width), (width, given[1].shape[0])))
        elif name == "matmul":
            self.found.append((tuple(given[0].shape), tuple(given[1].shape)))
        elif "scaled_dot_product" in name:
            query, key, value = given[:3]
            batch = query.shape[0] * query.shape[1]
            rows, keys = query.shape[2], key.shape[2]
            self.found.append(((batch, rows, query.shape[3]), (batch, query.shape[3], keys)))
            self.found.append(((batch, rows, keys), (batch, keys, value.shape[3])))


def products(call: Call, *, defined: bool = False) -> Call:
    """The bare products of a call, or of the network as it is ``defined``, as a call."""
    few = pointnet.BALLS
    torch.backends.mha.set_fastpath_enabled(False)  # its one fused operation would hide the products inside
    pointnet.BALLS = 10**9 if defined else few  # in one group every list is as long as the longest
    with Shapes() as shapes:
        call()
    pointnet.BALLS = few
    torch.backends.mha.set_fastpath_enabled(True)
    known: dict[tuple[tuple[int, ...], tuple[int, ...]], tuple[Tensor, Tensor]] = {}
    for a, b in shapes.found:
        known.setdefault((a, b), (torch.randn(a), torch.randn(b)))
    pairs = [known[key] for key in shapes.found]

    def replay() -> None:
        with torch.inference_mode():
            for a, b in pairs:
                torch.matmul(a, b)

    return replay


def timed(call: Call, runs: int) -> list[float]:
    """Median seconds of the call, its bare products, and those of the network as defined, measured in turn."""
    calls = (call, products(call), products(call, defined=True))
    times: list[list[float]] = [[] for _ in calls]
    for run in range(runs + 1):
        for one, kept in zip(calls, times, strict=True):
            start = time.perf_counter()
            one()
            if run:  # the first warms up
                kept.append(time.perf_counter() - start)
    return [statistics.median(kept) for kept in times]


def motion(seed: int) -> Motion:
    """A random walk of ten seconds."""
    rng = np.random.default_rng(seed)
    joints = rng.normal(0, 0.02, (FRAMES, 22, 3)) + standing()
    joints[..., :2] += np.cumsum(rng.normal(0, 0.02, (FRAMES, 1, 2)), axis=0)
    return Motion(joints.astype(np.float32), placed=True)


def standing() -> AnyArray:
    """A rough body (22, 3): joints at their usual heights."""
    heights = [0.95, 0.87, 0.87, 1.07, 0.47, 0.47, 1.2, 0.08, 0.08, 1.26, 0.02, 0.02, 1.46, 1.38, 1.38, 1.56, 1.4, 1.4,
               1.13, 1.13, 0.88, 0.88]  # fmt: skip
    sides = [0, 0.1, -0.1, 0, 0.1, -0.1, 0, 0.1, -0.1, 0, 0.1, -0.1, 0, 0.08, -0.08, 0, 0.18, -0.18, 0.2, -0.2, 0.2,
             -0.2]  # fmt: skip
    return np.stack([sides, np.zeros(22), heights], axis=1)


def scene(seed: int, count: int = OBJECTS * POINTS) -> Scene:
    """Twenty boxes of points in a room."""
    rng = np.random.default_rng(seed)
    owner = np.arange(count) % OBJECTS
    points = rng.uniform(-0.4, 0.4, (count, 3)) + rng.uniform(-3, 3, (OBJECTS, 3))[owner] * [1, 1, 0.1] + [0, 0, 0.5]
    labels = {number: NOUNS[number % len(NOUNS)] for number in range(OBJECTS)}
    return Scene(points.astype(np.float32), rng.random((count, 3)).astype(np.float32), owner, labels)


def cases(model: MonSTeR) -> Iterator[tuple[str, int, Call]]:
    """Name, batch and call of everything that is timed with the shipped sizes."""
    for batch in BATCHES:
        texts = [WORDS.format(NOUNS[i % len(NOUNS)]) for i in range(batch)]
        motions, scenes = [motion(i) for i in range(batch)], [scene(i) for i in range(batch)]
        yield "text", batch, lambda texts=texts: model.encode_text(texts)
        yield "motion, 10 s", batch, lambda motions=motions: model.encode_motion(motions)
        yield "scene, 20 x 1,024 points", batch, lambda scenes=scenes: model.encode_scene(scenes)
        for kind, given in (
            ("st", {"text": texts, "scene": scenes}),
            ("mt", {"text": texts, "motion": motions}),
            ("ms", {"motion": motions, "scene": scenes}),
        ):
            yield f"pair {kind}, with its parts", batch, lambda given=given: model.encode_pair(**given)
    whole = scene(0, RAW)
    yield "scene, 100,000 points", 1, lambda: model.encode_scene(whole)


def paper_cases(items: int = 8) -> Iterator[tuple[str, int, Call]]:
    """The published sizes with random weights: tokens in, embeddings out."""
    network = Network(PAPER).eval()
    text = TextBatch.of([np.random.default_rng(i).normal(size=(20, 768)).astype(np.float32) for i in range(items)])
    body = MotionBatch.of([motion(i).joints for i in range(items)])
    rng = np.random.default_rng(0)
    points = [rng.uniform(-0.5, 0.5, (OBJECTS, POINTS, 6)).astype(np.float32) for _ in range(items)]
    rooms = SceneBatch.of(
        points, [rng.uniform(-2, 2, (OBJECTS, 6)).astype(np.float32) for _ in range(items)], pad_to=50
    )

    def whole() -> None:
        with torch.inference_mode():
            network(text, body, rooms)

    def part(name: str) -> Call:
        def call() -> None:
            with torch.inference_mode():
                if name == "text":
                    network.encode_text(text.tokens, text.mask)
                elif name == "motion":
                    network.encode_motion(body.joints, body.mask)
                else:
                    network.encode_scene(rooms)

        return call

    yield from ((f"paper: {name}", items, part(name)) for name in ("text", "motion", "scene"))
    yield "paper: all six", items, whole


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--config", choices=("small", "paper"), default="small")
    parser.add_argument("--runs", type=int, default=9)
    given = parser.parse_args()
    chosen = cases(load(given.weights)) if given.config == "small" else paper_cases()
    print("| what | batch | ms an item | bare products, ms | share | as defined, ms | share |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, batch, call in chosen:
        took, *bare = timed(call, given.runs)
        shares = " | ".join(f"{1000 * least / batch:.2f} | {least / took:.0%}" for least in bare)
        print(f"| {name} | {batch} | {1000 * took / batch:.2f} | {shares} |", flush=True)


if __name__ == "__main__":
    main()
