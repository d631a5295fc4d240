"""What a training step asks of the network: which embeddings meet, and which pairs of items are no negatives."""

from __future__ import annotations

import torch
from torch import Tensor

from monster.networks.batches import Encoding
from monster.networks.network import Network
from monster.networks.pairs import PAIR_PARTS
from monster.tasks import Kind
from monster.training.batches import TrainingBatch
from monster.training.losses import SIX_TERMS, contrastive


def encode_batch(network: Network, batch: TrainingBatch, *, label_probability: float) -> dict[Kind, Encoding]:
    """The six encodings of a batch; a room that items share is encoded once."""
    scenes = network.encode_scene(batch.scene, label_probability=label_probability)
    found: dict[Kind, Encoding] = {
        "t": network.encode_text(batch.text.tokens, batch.text.mask),
        "m": network.encode_motion(batch.motion.joints, batch.motion.mask),
        "s": scenes.take(batch.room),
    }
    return found | {kind: network.encode_pair(kind, found[a], found[b]) for kind, (a, b) in PAIR_PARTS.items()}


def not_negative(batch: TrainingBatch, query: Kind, target: Kind) -> Tensor:
    """Which other items (columns) also answer an item (rows) of the term: (n, n), the diagonal False."""
    masks = {
        ("m", "t"): batch.text_fits.T | batch.same_plan,
        ("t", "s"): batch.same_room | batch.bare[:, None],
        ("m", "s"): batch.same_room,
        ("st", "m"): batch.same_room & batch.text_fits | batch.same_plan,
        ("mt", "s"): batch.same_room,
        ("ms", "t"): batch.text_fits.T | batch.same_plan,
    }
    return masks[query, target] & ~torch.eye(len(batch.room), dtype=torch.bool, device=batch.room.device)


def contrast(encodings: dict[Kind, Encoding], batch: TrainingBatch, temperature: Tensor | float) -> dict[str, Tensor]:
    """The contrastive loss of each of the six terms, by name (``"st2m"``)."""
    losses = {}
    for query, target in SIX_TERMS:
        a, b = encodings[query].mean.float(), encodings[target].mean.float()  # half precision is too coarse here
        skip = not_negative(batch, query, target)
        if (query, target) == ("t", "s"):  # a text that names nothing of the room says nothing about it
            keep = torch.nonzero(~batch.bare).flatten()
            a, b, skip = a[keep], b[keep], skip[keep][:, keep]
        told = len(a) > 0  # the mean over no items would be no number
        losses[f"{query}2{target}"] = contrastive(a, b, temperature=temperature, excluded=skip) if told else a.sum()
    return losses
