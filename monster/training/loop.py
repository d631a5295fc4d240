"""Train the network on a prepared corpus: seeded, resumable, in pieces that may start from weights alone.

Imports only torch, numpy and safetensors, so that it runs on a bare machine with a GPU.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor

from monster.checkpoints import Metadata, save_weights
from monster.errors import MissingExtra
from monster.networks.config import NetworkConfig
from monster.training.dataset import TrainingBatch
from monster.training.distributed import Processes
from monster.training.prepared import Prepared
from monster.training.settings import TrainSettings
from monster.training.setup import FEATURES, OBJECTS, begin, check_terms, save, stage_one, take_objects
from monster.training.trainer import Trainer
from monster.training.validation import validate

Report = Callable[[str, int, dict[str, float]], None]
STATE: Final = "state.pt"
WEIGHTS: Final = "weights.safetensors"


@dataclass
class _Best:
    """The best measure so far, its weights, and how many measures since did not reach it."""

    value: float = -1.0
    since: int = 0
    mean: dict[str, Tensor] | None = None


def train(
    prepared: Prepared,
    out: str | Path,
    *,
    config: str | NetworkConfig = "small",
    settings: TrainSettings | None = None,
    start: str | Path | None = None,
    report: Report | None = None,
) -> Path:
    """Train in folder ``out`` and return the path of the weights it made.

    A folder that holds a state is continued, to the same result as without the break; ``start`` names weights to begin
    with instead of random ones. ``report(stage, step, values)`` is called now and then.
    """
    settings, out, tell = settings or TrainSettings(), Path(out), report or (lambda stage, step, values: None)
    check_terms(prepared, settings.recipe)
    processes = Processes.join()
    out.mkdir(parents=True, exist_ok=True)
    begun = begin(prepared, config, settings, start)
    processes.after_first(lambda: stage_one(begun, prepared, out, settings, tell))
    take_objects(begun.network, out / OBJECTS)
    features = torch.load(out / FEATURES, weights_only=True)
    trainer, best = Trainer(begun.network, prepared, features, settings, processes), _Best()
    if (out / STATE).exists():
        state = torch.load(out / STATE, weights_only=True, map_location=trainer.device)
        trainer.restore(state)
        best = _Best(*state["best"])
        # Another seed would draw other batches than the run without the break.
        trainer.settings = replace(settings, seed=state["settings"]["seed"])
    with closing(_Board(out, settings, processes)) as board:
        _run(trainer, best, out, _both(tell, board))
    if settings.patience and best.mean is not None:
        trainer.mean.load_state_dict(best.mean)
    notes = {"text_model": prepared.meta["text_model"], "corpus": prepared.meta["corpus"], "settings": asdict(settings)}
    if processes.rank == 0:
        save_weights(out / WEIGHTS, trainer.mean, Metadata(begun.categories, notes | {"steps": trainer.step}))
    processes.after_first(lambda: None)
    return out / WEIGHTS


def _both(tell: Report, board: _Board) -> Report:
    def told(stage: str, step: int, values: dict[str, float]) -> None:
        tell(stage, step, values)
        board.add(step, values)

    return told


def _run(trainer: Trainer, best: _Best, out: Path, tell: Report) -> None:
    settings, began = trainer.settings, time.monotonic()
    trainer.network.train()
    trainer.network.scene.points.eval()
    drawn = trainer.batcher.epochs(settings.seed, skip=trainer.step * settings.accumulate)
    with closing(read_ahead(drawn)) as batches:
        while not trainer.processes.agreed(_done(trainer, best, began)):
            values = trainer.take_step(*(next(batches) for _ in range(max(1, settings.accumulate))))
            if trainer.step % 20 == 0:
                tell("network", trainer.step, values | {"rate": trainer.rate(), "seconds": time.monotonic() - began})
            if settings.validate_every and trainer.step % settings.validate_every == 0:
                _measure(trainer, best, tell)
            if trainer.step % settings.save_every == 0:
                _save(trainer, best, out)
    _save(trainer, best, out)


def _done(trainer: Trainer, best: _Best, began: float) -> bool:
    settings = trainer.settings
    stale = bool(settings.patience) and best.since >= settings.patience
    return stale or trainer.step >= settings.steps or time.monotonic() - began > settings.minutes * 60


def _measure(trainer: Trainer, best: _Best, tell: Report) -> None:
    """Recall of the running mean of the weights on the validation split; the best is kept where a run may end early."""
    items = trainer.batcher.items
    found = validate(trainer.mean, items.prepared, items.features, trainer.settings.recipe)
    if not found:
        return
    tell("validation", trainer.step, found)
    best.since += 1
    if found["mrecall"] > best.value:
        best.value, best.since = found["mrecall"], 0
        if trainer.settings.patience:
            best.mean = {name: value.detach().clone() for name, value in trainer.mean.state_dict().items()}


def _save(trainer: Trainer, best: _Best, out: Path) -> None:
    if trainer.processes.rank == 0:
        save(trainer.state() | {"best": (best.value, best.since, best.mean)}, out / STATE)


class _Board:
    """Writes what is reported to TensorBoard, where it is installed and wanted."""

    def __init__(self, out: Path, settings: TrainSettings, processes: Processes) -> None:
        self.writer: Any = None
        if settings.tensorboard == "off" or processes.rank:
            return
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError as error:
            if settings.tensorboard == "on":
                raise MissingExtra("tensorboard=on", "train") from error
        else:
            self.writer = SummaryWriter(str(out / "tensorboard"))

    def add(self, step: int, values: dict[str, float]) -> None:
        """Add numbers of a step."""
        for name, value in values.items():
            if self.writer is not None:
                self.writer.add_scalar(name, value, step)

    def close(self) -> None:
        """Write what is left."""
        if self.writer is not None:
            self.writer.close()


def read_ahead(batches: Iterator[TrainingBatch], depth: int = 4) -> Generator[TrainingBatch]:
    """The same batches, drawn by a thread while a step computes."""
    with ThreadPoolExecutor(1) as pool:
        waiting = deque(pool.submit(next, batches) for _ in range(depth))
        while True:
            waiting.append(pool.submit(next, batches))
            yield waiting.popleft().result()  # an error of the thread is raised here
