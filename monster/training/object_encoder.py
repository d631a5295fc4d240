"""Pre-training of the object encoder as a classifier of categories, and the features of every object of the corpus."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

import torch
from torch import Tensor, nn

from monster.errors import CorpusError
from monster.networks.network import Network
from monster.training.augment import QUARTERS, rotated_points
from monster.training.prepared import Prepared

STAGE: Final = "objects"
REPORT_EVERY: Final = 50  # steps


class Report(Protocol):
    """Called now and then by training: the stage, its step, and losses or other numbers by name."""

    def __call__(self, stage: str, step: int, losses: Mapping[str, float]) -> None:
        """One report."""


@dataclass(frozen=True)
class ObjectSettings:
    """How the object encoder is trained."""

    steps: int = 1500
    batch: int = 96
    learning_rate: float = 1.5e-3
    seed: int = 0
    gray_share: float = 0.15  # of the objects lose their colour, like scans without colour


def is_object_encoder(name: str) -> bool:
    """Whether a parameter belongs to the object encoder, which is frozen after its pre-training."""
    return name.startswith(("scene.points.", "scene.class_head."))


def train_objects(
    network: Network, prepared: Prepared, settings: ObjectSettings, *, report: Report | None = None
) -> None:
    """Train ``scene.points`` and ``scene.class_head`` on the objects of the training rooms, in place.

    Reports "loss" and "accuracy", a running mean on the training objects.
    """
    rows = object_rows(prepared, split=0)
    encoder = nn.ModuleList([network.scene.points, network.scene.class_head]).train()
    optimizer = torch.optim.AdamW(encoder.parameters(), lr=settings.learning_rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, settings.learning_rate, total_steps=settings.steps, pct_start=0.1
    )
    generator = torch.Generator().manual_seed(settings.seed)
    accuracy = 0.0
    for step in range(settings.steps):
        chosen = rows[torch.randint(len(rows), (settings.batch,), generator=generator)]
        points = _augmented(prepared["points"][chosen].float(), settings, generator)
        logits = network.scene.class_head(network.scene.points(points))
        classes = prepared["classes"][chosen]
        loss = nn.functional.cross_entropy(logits, classes, label_smoothing=0.05)
        optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        accuracy += 0.05 * (float((logits.argmax(-1) == classes).float().mean()) - accuracy)
        if report is not None and (step % REPORT_EVERY == 0 or step == settings.steps - 1):
            report(STAGE, step, {"loss": float(loss.detach()), "accuracy": accuracy})
    optimizer.zero_grad(set_to_none=True)  # otherwise they would count when the training clips its gradients
    encoder.eval()


def train_new_categories(
    network: Network, prepared: Prepared, features: Tensor, head_rows: Tensor, *, settings: ObjectSettings, old: int
) -> None:
    """Train the rows of the class head from ``old`` on, in place; the rest of the network does not change.

    ``features`` are those of `object_features`; ``head_rows`` (categories,): the head's row of each corpus category.
    """
    rows = object_rows(prepared, split=0)
    last = network.scene.class_head[-1]
    optimizer = torch.optim.AdamW(last.parameters(), lr=settings.learning_rate, weight_decay=0.0)
    generator = torch.Generator().manual_seed(settings.seed)
    network.eval()
    for _ in range(settings.steps):
        chosen = rows[torch.randint(len(rows), (settings.batch,), generator=generator)]
        with torch.no_grad():
            hidden = network.scene.class_head[:-1](features[0, chosen].float())
        loss = nn.functional.cross_entropy(last(hidden), head_rows[prepared["classes"][chosen]])
        optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        for parameter in last.parameters():
            if parameter.grad is not None:
                parameter.grad[:old] = 0.0
        optimizer.step()
    optimizer.zero_grad(set_to_none=True)


def object_rows(prepared: Prepared, split: int) -> Tensor:
    """Rows of the objects whose room belongs to the split. Raises CorpusError if there are none."""
    scenes = torch.unique(prepared["item_scene"][prepared["split"] == split])
    spans = [prepared.span("boxes", int(scene)) for scene in scenes if scene >= 0]
    if not spans:
        raise CorpusError("expected a prepared corpus with rooms of the split to train on, got none")
    return torch.cat([torch.arange(start, end) for start, end in spans])


def _augmented(points: Tensor, settings: ObjectSettings, generator: torch.Generator) -> Tensor:
    count = len(points)
    angle = torch.rand(count, generator=generator) * 2 * torch.pi
    cos, sin = angle.cos(), angle.sin()
    rotation = torch.stack([cos, -sin, sin, cos], dim=-1).reshape(count, 2, 2)
    out = points.clone()
    out[..., :2] = points[..., :2] @ rotation.transpose(1, 2)
    out[..., :3] += torch.randn(out[..., :3].shape, generator=generator) * 0.01
    gray = torch.rand(count, generator=generator) < settings.gray_share
    out[gray, :, 3:] = 0
    return out


@torch.inference_mode()
def object_features(network: Network, prepared: Prepared, *, chunk: int = 512) -> Tensor:
    """Features (4, objects, hidden) float16 of every object, for each quarter turn of its room."""
    network.eval()
    if not len(prepared["points"]):
        return torch.zeros(QUARTERS, 0, network.config.hidden, dtype=torch.float16)
    kept = []
    for quarters in range(QUARTERS):
        rows = [rotated_points(part.float(), quarters) for part in torch.split(prepared["points"], chunk)]
        kept.append(torch.cat([network.scene.points(part).half() for part in rows]))
    return torch.stack(kept)
