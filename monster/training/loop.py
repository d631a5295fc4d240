"""Train the network on a prepared corpus: seeded, resumable, optionally from existing weights.

Imports only torch, numpy, safetensors and pytorch-metric-learning, so that it runs on a GPU machine without the rest.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Generator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor

from monster.checkpoints import WEIGHTS_FILE, Metadata, save_weights
from monster.errors import MissingExtra
from monster.networks.config import NetworkConfig
from monster.training.dataset import TrainingBatch
from monster.training.distributed import Distributed
from monster.training.object_encoder import Report
from monster.training.prepared import Prepared
from monster.training.settings import TrainSettings
from monster.training.setup import (
    FEATURES,
    OBJECTS,
    check_terms,
    initial_state,
    load_object_encoder,
    pretrain_object_encoder,
    save_file,
)
from monster.training.trainer import Trainer
from monster.training.validation import validate

STATE: Final = "state.pt"
REPORT_EVERY: Final = 20  # steps


@dataclass
class _Best:
    """The best validation measure so far, its weights, and the number of measures since."""

    value: float = -1.0
    since: int = 0
    weights: dict[str, Tensor] | None = None


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

    A folder that holds a state is resumed, with the same result as without the break; ``start`` names weights to start
    from instead of random ones. ``report(stage, step, losses)`` is called now and then.
    """
    settings, out = settings or TrainSettings(), Path(out)
    check_terms(prepared, settings.recipe)
    if settings.recipe.frames == "world":
        prepared = prepared.in_file_coordinates()
    processes = Distributed.initialize()
    out.mkdir(parents=True, exist_ok=True)
    initial = initial_state(prepared, config, settings, start)
    processes.rank_zero_first(lambda: pretrain_object_encoder(initial, prepared, out, settings, report=report))
    load_object_encoder(initial.network, out / OBJECTS)
    features = torch.load(out / FEATURES, weights_only=True)
    trainer, best = Trainer(initial.network, prepared, features, settings, processes=processes), _Best()
    if (out / STATE).exists():
        best = _resume(trainer, out / STATE)
    with closing(_Board(out, settings, processes)) as board:
        _run(trainer, best, out, _Reports(report, board))
    if settings.patience and best.weights is not None:
        trainer.ema.load_state_dict(best.weights)
    notes = {"text_model": prepared.meta["text_model"], "corpus": prepared.meta["corpus"], "settings": asdict(settings)}
    if processes.rank == 0:
        save_weights(
            out / WEIGHTS_FILE, trainer.ema, Metadata(initial.categories, notes | {"steps": trainer.steps_done})
        )
    processes.rank_zero_first(lambda: None)
    return out / WEIGHTS_FILE


def _resume(trainer: Trainer, path: Path) -> _Best:
    """Loads a state into the trainer; the best measure so far."""
    state = torch.load(path, weights_only=True, map_location=trainer.device)
    trainer.restore(state)
    # Another seed would draw other batches than the run without the break.
    trainer.settings = replace(trainer.settings, seed=state["settings"]["seed"])
    return _Best(*state["best"])


def _run(trainer: Trainer, best: _Best, out: Path, report: Report) -> None:
    settings, started = trainer.settings, time.monotonic()
    trainer.network.train()
    trainer.network.scene.points.eval()
    drawn = trainer.sampler.batches(settings.seed, skip=trainer.steps_done * settings.accumulate)
    with closing(read_ahead(drawn)) as batches:
        while not trainer.processes.broadcast_flag(_done(trainer, best, started)):
            losses = trainer.step(*(next(batches) for _ in range(max(1, settings.accumulate))))
            if trainer.steps_done % REPORT_EVERY == 0:
                extra = {"learning_rate": trainer.learning_rate(), "seconds": time.monotonic() - started}
                report("network", trainer.steps_done, losses | extra)
            if settings.validate_every and trainer.steps_done % settings.validate_every == 0:
                _measure(trainer, best, report)
            if trainer.steps_done % settings.save_every == 0:
                _save(trainer, best, out)
    _save(trainer, best, out)


def _done(trainer: Trainer, best: _Best, started: float) -> bool:
    settings = trainer.settings
    stale = bool(settings.patience) and best.since >= settings.patience
    return stale or trainer.steps_done >= settings.steps or time.monotonic() - started > settings.minutes * 60


def _measure(trainer: Trainer, best: _Best, report: Report) -> None:
    """Recall of the averaged weights on the validation split; the best are kept where a run may end early."""
    dataset = trainer.sampler.dataset
    measured = validate(trainer.ema, dataset.prepared, dataset.features, trainer.settings.recipe)
    if not measured:
        return
    report("validation", trainer.steps_done, measured)
    best.since += 1
    if measured["mrecall"] > best.value:
        best.value, best.since = measured["mrecall"], 0
        if trainer.settings.patience:
            best.weights = {name: value.detach().clone() for name, value in trainer.ema.state_dict().items()}


def _save(trainer: Trainer, best: _Best, out: Path) -> None:
    if trainer.processes.rank == 0:
        save_file(trainer.state() | {"best": (best.value, best.since, best.weights)}, out / STATE)


class _Board:
    """Writes reports to TensorBoard if it is installed and wanted."""

    def __init__(self, out: Path, settings: TrainSettings, processes: Distributed) -> None:
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

    def add(self, step: int, losses: Mapping[str, float]) -> None:
        """Add the numbers of a step."""
        if self.writer is not None:
            for name, value in losses.items():
                self.writer.add_scalar(name, value, step)

    def close(self) -> None:
        """Flush and close."""
        if self.writer is not None:
            self.writer.close()


@dataclass(frozen=True)
class _Reports:
    """Passes reports on to the caller and to TensorBoard."""

    caller: Report | None
    board: _Board

    def __call__(self, stage: str, step: int, losses: Mapping[str, float]) -> None:
        if self.caller is not None:
            self.caller(stage, step, losses)
        self.board.add(step, losses)


def read_ahead(batches: Iterator[TrainingBatch], depth: int = 4) -> Generator[TrainingBatch]:
    """The same batches, drawn by a thread while a step computes."""
    with ThreadPoolExecutor(1) as pool:
        waiting = deque(pool.submit(next, batches) for _ in range(depth))
        while True:
            waiting.append(pool.submit(next, batches))
            yield waiting.popleft().result()  # an error of the thread is raised here
