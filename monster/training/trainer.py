"""One training step, on one device or in one of several processes, and the state to resume from."""

from __future__ import annotations

import math
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import get_ema_multi_avg_fn

from monster.errors import InputError, ModelError
from monster.networks.network import Network
from monster.training.contrastive import DEFAULT_LOSS
from monster.training.dataset import TrainingBatch
from monster.training.distributed import ALONE, Distributed
from monster.training.encoding import encode_batch
from monster.training.object_encoder import is_object_encoder
from monster.training.objective import auxiliary_losses, contrastive_losses
from monster.training.prepared import Prepared
from monster.training.sampler import BatchSettings, RoomBatchSampler
from monster.training.settings import TrainSettings

_AUTOCAST_TYPES: Final = {"auto": torch.bfloat16, "bfloat16": torch.bfloat16, "float16": torch.float16}
_LAST_SHARE: Final = 0.02  # of the learning rate, at the last step


class Trainer:
    """Network, loss, optimiser and the exponential moving average of the weights (``ema``), in step with each other."""

    def __init__(
        self,
        network: Network,
        prepared: Prepared,
        features: Tensor,
        settings: TrainSettings,
        *,
        processes: Distributed = ALONE,
    ) -> None:
        self.settings, self.processes = settings, processes
        self.device = device_of(settings)
        self.network = network.to(self.device)
        self.ema = frozen_copy(network)
        self.loss = build_loss(settings).to(self.device)
        encoders = [p for name, p in network.named_parameters() if not is_object_encoder(name)]
        self.trained = [*encoders, *self.loss.parameters()]
        self.optimizer = torch.optim.AdamW(
            self.trained, lr=settings.learning_rate, weight_decay=settings.weight_decay, fused=True
        )
        self.scaler = torch.amp.GradScaler(self.device.type, enabled=settings.precision == "float16")
        self.sampler = RoomBatchSampler(prepared, features, batch_settings(settings), processes=processes)
        self.steps_done = 0

    def learning_rate(self) -> float:
        """The learning rate of the current step: a linear warm-up, then half a cosine to a fiftieth."""
        s = self.settings
        if self.steps_done < s.warmup:
            return s.learning_rate * (self.steps_done + 1) / s.warmup
        done = min(1.0, (self.steps_done - s.warmup) / max(1, s.steps - s.warmup))
        return s.learning_rate * (_LAST_SHARE + (1 - _LAST_SHARE) * 0.5 * (1 + math.cos(math.pi * done)))

    def step(self, *batches: TrainingBatch) -> dict[str, float]:
        """One step of the optimiser over one batch or several, each with its own negatives; the mean loss of each term.

        Raises ModelError when a loss is not finite; nothing has changed then.
        """
        for group in self.optimizer.param_groups:
            group["lr"] = self.learning_rate()
        torch.manual_seed((hash((self.settings.seed, self.steps_done)) + self.processes.rank) & 0xFFFFFFFF)
        self.optimizer.zero_grad(set_to_none=True)
        losses: dict[str, float] = {}
        for batch in batches:
            for name, value in self._add_gradients(batch.to(self.device), 1 / len(batches)).items():
                losses[name] = losses.get(name, 0.0) + value / len(batches)
        self.scaler.unscale_(self.optimizer)
        for parameter in self.loss.parameters():
            if parameter.grad is not None:
                parameter.grad /= self.processes.world_size  # every process has the whole gradient of the loss
        self.processes.sum_gradients(self.trained)
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.scaler.step(self.optimizer)
        self.scaler.update()
        self._update_ema()
        self.steps_done += 1
        return losses

    def _add_gradients(self, batch: TrainingBatch, share: float) -> dict[str, float]:
        recipe = self.settings.recipe
        with self._autocast():
            encoded = encode_batch(
                self.network, batch, label_probability=self.settings.label_probability, recipe=recipe
            )
            auxiliary = auxiliary_losses(self.network, encoded, batch, recipe)
            auxiliary = auxiliary * (len(batch.items) / sum(batch.parts))
        terms = contrastive_losses(encoded, batch, recipe, loss=self.loss, processes=self.processes)
        contrastive = torch.stack(list(terms.values())).sum()
        total = contrastive.detach() + self.processes.sum(auxiliary)
        if not torch.isfinite(total):
            ids = ", ".join(self.sampler.prepared.ids(batch.items.tolist()))
            raise ModelError(f"step {self.steps_done}: expected a finite loss, got {float(total)}; items {ids}")
        torch.autograd.backward(self.scaler.scale((contrastive + auxiliary) * share))
        return {name: float(value.detach()) for name, value in terms.items()} | {"loss": float(total)}

    def _autocast(self) -> AbstractContextManager[Any]:
        """Mixed precision."""
        dtype = _AUTOCAST_TYPES.get(self.settings.precision)
        return nullcontext() if dtype is None else torch.autocast(self.device.type, dtype=dtype)

    @torch.no_grad()
    def _update_ema(self) -> None:
        """The average follows faster at first, so that it forgets the random weights."""
        decay = min(self.settings.ema_decay, (self.steps_done + 1) / (self.steps_done + 10))
        update = get_ema_multi_avg_fn(decay)  # type: ignore[no-untyped-call]
        update(list(self.ema.parameters()), list(self.network.parameters()), 0)

    def state(self) -> dict[str, Any]:
        """All that a resumed run needs."""
        return {
            "step": self.steps_done,
            "settings": asdict(self.settings),
            "network": self.network.state_dict(),
            "ema": self.ema.state_dict(),
            "loss": self.loss.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "scaler": self.scaler.state_dict(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Resume from a state."""
        self.steps_done = state["step"]
        self.network.load_state_dict(state["network"])
        self.ema.load_state_dict(state["ema"])
        self.loss.load_state_dict(state["loss"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.scaler.load_state_dict(state["scaler"])


def build_loss(settings: TrainSettings) -> nn.Module:
    """The contrastive loss of a run. Our own takes its temperature from the recipe."""
    recipe = settings.recipe
    if settings.loss.name != DEFAULT_LOSS:
        return settings.loss.build()
    return settings.loss.build(temperature=recipe.temperature, learned=recipe.learned_temperature)


def batch_settings(settings: TrainSettings) -> BatchSettings:
    """How a run draws its batches; a recipe without ``same_room`` takes one item each of as many more rooms."""
    recipe = settings.recipe
    rooms, items = settings.rooms, settings.items_per_room
    if not recipe.same_room:
        rooms, items = rooms * items, 1
    return BatchSettings(
        rooms=rooms,
        items_per_room=items,
        shift=recipe.shift,
        scene_free_share=recipe.scene_free_share,
        rotate=recipe.rotate,
        joint_noise=recipe.joint_noise,
        text_negatives=recipe.text_negatives,
        motion_negatives=recipe.motion_negatives,
        mirror_negatives=recipe.mirror_negatives,
        crop_unproven=recipe.crop_unproven,
        sentences=recipe.sentences,
        own_scale=recipe.own_scale,
        own_turn=recipe.own_turn,
    )


def device_of(settings: TrainSettings) -> torch.device:
    """The device of a run. Raises InputError for one that does not exist, and for float16 without a GPU."""
    name = settings.device
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise InputError(f"setting device: expected auto, cpu or cuda, got {name!r}") from error
    if device.type == "cuda" and not torch.cuda.is_available():
        raise InputError("setting device: expected a CUDA device, but torch finds none")
    if device.type == "cpu" and settings.precision == "float16":
        raise InputError("setting precision: float16 needs a GPU; expected bfloat16 or float32 on a CPU")
    return device


def frozen_copy(network: Network) -> Network:
    """A copy in evaluation mode, without gradients."""
    copy = Network(network.config).to(next(network.parameters()).device)
    copy.load_state_dict(network.state_dict())
    return copy.requires_grad_(False).eval()
