"""One step of the training, on one device or as one of several processes, and the state that it can go on from."""

from __future__ import annotations

import math
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import get_ema_multi_avg_fn

from monster.errors import InputError, ModelError
from monster.networks.network import Network
from monster.training.dataset import TrainingBatch
from monster.training.distributed import Processes
from monster.training.object_encoder import is_object_encoder
from monster.training.objective import beside, contrast, encode_batch
from monster.training.prepared import Prepared
from monster.training.sampler import Batcher, BatchSettings
from monster.training.settings import TrainSettings

ALONE = Processes()
_TYPES = {"auto": torch.bfloat16, "bfloat16": torch.bfloat16, "float16": torch.float16}


class Trainer:
    """A run: network, optimiser and the running mean of the weights, in step with each other."""

    def __init__(
        self,
        network: Network,
        prepared: Prepared,
        features: Tensor,
        settings: TrainSettings,
        processes: Processes = ALONE,
    ) -> None:
        self.settings, self.processes = settings, processes
        self.device = device_of(settings)
        self.network = network.to(self.device)
        self.mean = copy_of(network)
        self.log_scale = nn.Parameter(torch.tensor(-math.log(settings.recipe.temperature), device=self.device))
        self.trained = [p for name, p in network.named_parameters() if not is_object_encoder(name)]
        parameters = [*self.trained, self.log_scale] if settings.recipe.learned else self.trained
        self.optimizer = torch.optim.AdamW(parameters, lr=settings.rate, weight_decay=settings.decay, fused=True)
        self.scaler = torch.amp.GradScaler(self.device.type, enabled=settings.precision == "float16")
        self.batcher = Batcher(prepared, features, batch_settings(settings), rank=processes.rank, world=processes.world)
        self.step = 0

    def rate(self) -> float:
        """The learning rate of the current step: a linear rise, then half a cosine to a fiftieth."""
        s = self.settings
        if self.step < s.warmup:
            return s.rate * (self.step + 1) / s.warmup
        done = min(1.0, (self.step - s.warmup) / max(1, s.steps - s.warmup))
        return s.rate * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))

    def take_step(self, *batches: TrainingBatch) -> dict[str, float]:
        """One step of the optimiser over one batch or several, each with its own negatives; the mean loss of each term.

        Raises ModelError when a loss is not finite; nothing has changed then.
        """
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate()
        torch.manual_seed((hash((self.settings.seed, self.step)) + self.processes.rank) & 0xFFFFFFFF)
        self.optimizer.zero_grad(set_to_none=True)
        told: dict[str, float] = {}
        for batch in batches:
            for name, value in self._add_gradients(batch.to(self.device), 1 / len(batches)).items():
                told[name] = told.get(name, 0.0) + value / len(batches)
        self.scaler.unscale_(self.optimizer)
        if self.log_scale.grad is not None:
            self.log_scale.grad /= self.processes.world  # each process has the whole of it
        self.processes.sum_gradients([*self.trained, self.log_scale])
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.scaler.step(self.optimizer)
        self.scaler.update()
        self._follow()
        self.step += 1
        return told

    def _add_gradients(self, batch: TrainingBatch, share: float) -> dict[str, float]:
        recipe, parts = self.settings.recipe, batch.parts
        with self._arithmetic():
            encoded = encode_batch(
                self.network, batch, label_probability=self.settings.label_probability, recipe=recipe
            )
            own = beside(self.network, encoded, batch, recipe) * (len(batch.items) / sum(parts))
        temperature = (-self.log_scale.clamp(max=math.log(100.0))).exp() if recipe.learned else recipe.temperature
        gather = None if self.processes.world == 1 else (lambda rows: self.processes.gathered(rows, parts))
        terms = contrast(encoded, batch, recipe, temperature=temperature, gather=gather)
        loss = torch.stack(list(terms.values())).sum()
        whole = loss.detach() + self.processes.total(own)
        if not torch.isfinite(whole):
            named = ", ".join(self.batcher.prepared.ids(batch.items.tolist()))
            raise ModelError(f"step {self.step}: expected a finite loss, got {float(whole)}; items {named}")
        torch.autograd.backward(self.scaler.scale((loss + own) * share))
        return {name: float(value.detach()) for name, value in terms.items()} | {"loss": float(whole)}

    def _arithmetic(self) -> AbstractContextManager[Any]:
        """Mixed precision."""
        kind = _TYPES.get(self.settings.precision)
        return nullcontext() if kind is None else torch.autocast(self.device.type, dtype=kind)

    @torch.no_grad()
    def _follow(self) -> None:
        keep = min(self.settings.average, (self.step + 1) / (self.step + 10))
        follow = get_ema_multi_avg_fn(keep)  # type: ignore[no-untyped-call]
        follow(list(self.mean.parameters()), list(self.network.parameters()), 0)

    def state(self) -> dict[str, Any]:
        """All that a resumed run needs."""
        return {
            "step": self.step,
            "settings": asdict(self.settings),
            "network": self.network.state_dict(),
            "mean": self.mean.state_dict(),
            "log_scale": self.log_scale.detach(),
            "optimizer": self.optimizer.state_dict(),
            "scaler": self.scaler.state_dict(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        self.step = state["step"]
        self.network.load_state_dict(state["network"])
        self.mean.load_state_dict(state["mean"])
        self.log_scale.data.copy_(state["log_scale"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.scaler.load_state_dict(state["scaler"])


def batch_settings(settings: TrainSettings) -> BatchSettings:
    """How a run draws its batches: where a batch is not to share rooms, one item of as many rooms."""
    recipe = settings.recipe
    rooms, each = settings.rooms, settings.items_per_room
    return BatchSettings(
        rooms=rooms if recipe.same_room else rooms * each,
        items_per_room=each if recipe.same_room else 1,
        shift=recipe.shift,
        bare_share=recipe.bare_share,
        turn=recipe.turn,
        body=recipe.body,
        text_negatives=recipe.text_negatives,
        motion_negatives=recipe.motion_negatives,
    )


def device_of(settings: TrainSettings) -> torch.device:
    """The device of a run. Raises InputError for one that is not there, and for float16 without a GPU."""
    name = settings.device
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise InputError(f"setting device: expected auto, cpu or cuda, got {name!r}") from error
    if device.type == "cuda" and not torch.cuda.is_available():
        raise InputError("setting device: expected a CUDA device, this torch sees none")
    if device.type == "cpu" and settings.precision == "float16":
        raise InputError("setting precision: float16 needs a GPU; expected bfloat16 or float32 on a CPU")
    return device


def copy_of(network: Network) -> Network:
    """A copy for reading alone."""
    copy = Network(network.config).to(next(network.parameters()).device)
    copy.load_state_dict(network.state_dict())
    return copy.requires_grad_(False).eval()
