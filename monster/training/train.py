"""Train the network on a prepared corpus: seeded, resumable, in pieces that may start from weights alone."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from monster.checkpoints import Metadata, load_weights, save_weights
from monster.errors import InputError, ModelError
from monster.networks.config import CONFIGS, NetworkConfig
from monster.networks.network import Network
from monster.training.batches import Batcher, BatchSettings, TrainingBatch
from monster.training.objects import ObjectSettings, object_features, train_objects
from monster.training.prepared import Prepared
from monster.training.recipe import contrast, encode_batch

Report = Callable[[str, int, dict[str, float]], None]
STATE: Final = "state.pt"
WEIGHTS: Final = "weights.safetensors"


@dataclass(frozen=True)
class TrainSettings:
    """Everything a run depends on besides corpus and config. ``minutes`` ends a piece early; it can be resumed."""

    steps: int = 3000
    rate: float = 6e-4
    warmup: int = 200
    decay: float = 0.05
    temperature: float = 0.07  # where the learned temperature starts
    average: float = 0.998  # of the running mean of the weights, which is what is saved
    label_probability: float = 0.5
    rooms: int = 32
    items_per_room: int = 4
    object_steps: int = 1500
    seed: int = 0
    minutes: float = 100.0
    save_every: int = 100

    @classmethod
    def of(cls, given: dict[str, str]) -> TrainSettings:
        """Settings from ``key=value`` texts. Raises InputError for an unknown key or a value of another type."""
        known = {field.name: type(getattr(cls, field.name)) for field in fields(cls)}
        values: dict[str, Any] = {}
        for key, text in given.items():
            if key not in known:
                raise InputError(f"unknown setting {key!r}: expected one of {', '.join(known)}")
            try:
                values[key] = known[key](text)
            except ValueError as error:
                raise InputError(f"setting {key}: expected {known[key].__name__}, got {text!r}") from error
            if not 0 <= values[key] < math.inf:
                raise InputError(f"setting {key}: expected a finite number from 0 on, got {text!r}")
        return cls(**values)


class Trainer:
    """A run: network, optimiser and the running mean of the weights, in step with each other."""

    def __init__(self, network: Network, prepared: Prepared, features: Tensor, settings: TrainSettings) -> None:
        self.network, self.settings = network, settings
        self.mean = _copy(network)
        self.log_scale = nn.Parameter(torch.tensor(-math.log(settings.temperature)))
        trained = [p for name, p in network.named_parameters() if not _is_object_encoder(name)]
        self.optimizer = torch.optim.AdamW([*trained, self.log_scale], lr=settings.rate, weight_decay=settings.decay)
        batches = BatchSettings(rooms=settings.rooms, items_per_room=settings.items_per_room)
        self.batcher = Batcher(prepared, features, batches)
        self.step = 0

    def rate(self) -> float:
        """The learning rate of the current step: a linear rise, then half a cosine to a fiftieth."""
        s = self.settings
        if self.step < s.warmup:
            return s.rate * (self.step + 1) / s.warmup
        done = min(1.0, (self.step - s.warmup) / max(1, s.steps - s.warmup))
        return s.rate * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))

    def take_step(self, batch: TrainingBatch) -> dict[str, float]:
        """One step of the optimiser; the loss of each term. Raises ModelError when the loss is not finite."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate()
        torch.manual_seed(hash((self.settings.seed, self.step)) & 0xFFFFFFFF)
        # Of the kernels for attention this one has the quickest backward pass on a CPU: a step takes 0.7 times as long.
        with sdpa_kernel(SDPBackend.MATH), torch.autocast("cpu", dtype=torch.bfloat16):
            encodings = encode_batch(self.network, batch, label_probability=self.settings.label_probability)
        terms = contrast(encodings, batch, temperature=(-self.log_scale.clamp(max=math.log(100.0))).exp())
        loss = torch.stack(list(terms.values())).sum()
        if not torch.isfinite(loss):
            named = ", ".join(self.batcher.prepared.ids(batch.items.tolist()))
            raise ModelError(f"step {self.step}: expected a finite loss, got {float(loss.detach())}; items {named}")
        self.optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        self._follow()
        self.step += 1
        return {name: float(value.detach()) for name, value in terms.items()} | {"loss": float(loss.detach())}

    @torch.no_grad()
    def _follow(self) -> None:
        keep = min(self.settings.average, (self.step + 1) / (self.step + 10))
        for mean, value in zip(self.mean.parameters(), self.network.parameters(), strict=True):
            mean.lerp_(value, 1 - keep)

    def state(self) -> dict[str, Any]:
        """All that a resumed run needs."""
        return {
            "step": self.step,
            "settings": asdict(self.settings),
            "network": self.network.state_dict(),
            "mean": self.mean.state_dict(),
            "log_scale": self.log_scale.detach(),
            "optimizer": self.optimizer.state_dict(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        self.step = state["step"]
        self.network.load_state_dict(state["network"])
        self.mean.load_state_dict(state["mean"])
        self.log_scale.data.copy_(state["log_scale"])
        self.optimizer.load_state_dict(state["optimizer"])


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
    out.mkdir(parents=True, exist_ok=True)
    network, categories = _network(prepared, config, settings, start)
    _with_object_encoder(network, prepared, out, settings, tell, trained=start is not None)
    trainer = Trainer(network, prepared, _features(network, prepared, out), settings)
    if (out / STATE).exists():
        state = torch.load(out / STATE, weights_only=True)
        trainer.restore(state)
        # Another seed would draw other batches than the run without the break.
        trainer.settings = replace(settings, seed=state["settings"]["seed"])
    _run(trainer, out, tell)
    notes = {"text_model": prepared.meta["text_model"], "corpus": prepared.meta["corpus"], "settings": asdict(settings)}
    save_weights(out / WEIGHTS, trainer.mean, Metadata(categories, notes | {"steps": trainer.step}))
    return out / WEIGHTS


def _network(
    prepared: Prepared, config: str | NetworkConfig, settings: TrainSettings, start: str | Path | None
) -> tuple[Network, tuple[str, ...]]:
    """The network to begin with and the categories that its class head tells: those of ``start``, else the corpus's."""
    torch.manual_seed(settings.seed)
    if start is not None:
        network, metadata = load_weights(start)
        _check_widths(network.config, prepared, Path(start).name)
        return network, metadata.categories
    if isinstance(config, str) and config not in CONFIGS:
        raise InputError(f"unknown config {config!r}: expected one of {', '.join(CONFIGS)}")
    base = CONFIGS[config] if isinstance(config, str) else config
    _check_widths(base, prepared, f"config {base.name}")
    network = Network(base.with_classes(len(prepared.categories)))
    network.set_class_vectors(prepared["class_vectors"])
    return network, tuple(prepared.categories)


def _check_widths(config: NetworkConfig, prepared: Prepared, where: str) -> None:
    for name, width in (("tokens", config.text.width), ("class_vectors", config.scene.class_width)):
        if prepared[name].shape[-1] != width:
            got = prepared[name].shape[-1]
            raise ModelError(
                f"{where}: expected {name} {width} wide, the prepared corpus has {got}: another text model?"
            )


def _with_object_encoder(
    network: Network, prepared: Prepared, out: Path, settings: TrainSettings, tell: Report, *, trained: bool
) -> None:
    path = out / "objects.pt"
    if path.exists():
        network.load_state_dict(torch.load(path, weights_only=True))
        return
    if not trained:
        stage = ObjectSettings(steps=settings.object_steps, seed=settings.seed)
        train_objects(network, prepared, stage, lambda step, values: tell("objects", step, values))
    _save(network.state_dict(), path)


def _features(network: Network, prepared: Prepared, out: Path) -> Tensor:
    path = out / "features.pt"
    if not path.exists():
        _save(object_features(network, prepared), path)
    return torch.load(path, weights_only=True)  # type: ignore[no-any-return]


def _run(trainer: Trainer, out: Path, tell: Report) -> None:
    settings, began = trainer.settings, time.monotonic()
    trainer.network.train()
    trainer.network.scene.points.eval()
    with closing(_ahead(trainer.batcher.epochs(settings.seed, skip=trainer.step))) as batches:
        for batch in batches:
            if trainer.step >= settings.steps or time.monotonic() - began > settings.minutes * 60:
                break
            values = trainer.take_step(batch)
            if trainer.step % 20 == 0:
                tell("network", trainer.step, values | {"rate": trainer.rate(), "seconds": time.monotonic() - began})
            if trainer.step % settings.save_every == 0:
                _save(trainer.state(), out / STATE)
    _save(trainer.state(), out / STATE)


def _ahead(batches: Iterator[TrainingBatch], depth: int = 4) -> Generator[TrainingBatch]:
    """The same batches, drawn by a thread while a step computes."""
    with ThreadPoolExecutor(1) as pool:
        waiting = deque(pool.submit(next, batches) for _ in range(depth))
        while True:
            waiting.append(pool.submit(next, batches))
            yield waiting.popleft().result()  # an error of the thread is raised here


def _save(value: Any, path: Path) -> None:
    temporary = path.with_name(f".{path.name}.tmp")
    torch.save(value, temporary)
    temporary.replace(path)


def _is_object_encoder(name: str) -> bool:
    return name.startswith(("scene.points.", "scene.class_head."))


def _copy(network: Network) -> Network:
    copy = Network(network.config)
    copy.load_state_dict(network.state_dict())
    return copy.requires_grad_(False).eval()
