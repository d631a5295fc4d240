"""The losses of the published recipe, as pure functions of tensors.

A *term* is a pair of embedding kinds that training pulls together. The published recipe trains on draws from the
Gaussians (`Encoding.sample`) and evaluates their means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

from monster.tasks import Kind

Term = tuple[Kind, Kind]
SIX_TERMS: Final[tuple[Term, ...]] = (("t", "s"), ("m", "t"), ("m", "s"), ("st", "m"), ("mt", "s"), ("ms", "t"))
FIVE_TERMS: Final[tuple[Term, ...]] = tuple(term for term in SIX_TERMS if term != ("m", "s"))  # the released default


def same_meaning(caption_vectors: Tensor, threshold: float = 0.6) -> Tensor:
    """(batch, batch) mask: the captions of two items have a cosine above the threshold, so they are no negatives.

    caption_vectors (batch, width) of a sentence model; the diagonal is False.
    """
    unit = functional.normalize(caption_vectors, dim=-1)
    return ((unit @ unit.T) > threshold).fill_diagonal_(False)


def latent(embeddings: Mapping[Kind, Tensor], terms: Sequence[Term] = FIVE_TERMS) -> Tensor:
    """Sum over the terms of the mean smooth L1 between an item's two embeddings (batch, dim)."""
    return torch.stack([functional.smooth_l1_loss(embeddings[a], embeddings[b]) for a, b in terms]).sum()


def kl_divergence(mean: Tensor, log_variance: Tensor) -> Tensor:
    """Kullback-Leibler divergence of Gaussians (batch, dim) to the standard one, mean over all values."""
    return 0.5 * (mean.square() + log_variance.exp() - 1.0 - log_variance).mean()


def reconstruction(decoded: Tensor, joints: Tensor, mask: Tensor) -> Tensor:
    """Smooth L1 of decoded (batch, frames, 66) against joints (batch, frames, 22, 3) or (batch, frames, 66).

    The mean runs over all values; padding, where mask (batch, frames) is False, is 0 on both sides.
    """
    target = joints.reshape(decoded.shape).masked_fill(~mask.unsqueeze(-1), 0.0)
    return functional.smooth_l1_loss(decoded.masked_fill(~mask.unsqueeze(-1), 0.0), target)


def geometry_loss(means: Tensor, vectors: Tensor) -> Tensor:
    """1 - the correlation of the pairwise cosines of embeddings (n, dim) with those of sentence vectors (n, width)."""
    ours, theirs = _cosines(means), _cosines(vectors)
    if len(ours) < 2:
        return means.new_zeros((), dtype=torch.float32)
    return 1 - functional.cosine_similarity(ours - ours.mean(), theirs - theirs.mean(), dim=0)


def _cosines(rows: Tensor) -> Tensor:
    """The cosines of all pairs of different rows (n, width), as a vector."""
    first, second = torch.triu_indices(len(rows), len(rows), offset=1, device=rows.device)
    return _cosine_matrix(rows)[first, second]


def _cosine_matrix(rows: Tensor) -> Tensor:
    """The cosines (n, n) of rows (n, width), in float32 under autocast too: half precision is too coarse here."""
    with torch.autocast(rows.device.type, enabled=False):
        unit = functional.normalize(rows.float(), dim=-1)
        return unit @ unit.T


def paraphrase_loss(means: Tensor, vectors: Tensor, group: Tensor, *, temperature: float = 0.1) -> Tensor:
    """InfoNCE between sentences of one group, against the sentences of the others that are not `same_meaning`.

    means (n, dim), vectors (n, width) of the language model, group (n,). 0 without two sentences of one group.
    """
    logits = _cosine_matrix(means) / temperature
    same = (group[:, None] == group) & ~torch.eye(len(group), dtype=torch.bool, device=group.device)
    is_negative = (group[:, None] != group) & ~same_meaning(vectors)
    against = logits.masked_fill(~is_negative, float("-inf")).logsumexp(dim=1)
    anchors, positives = same.nonzero(as_tuple=True)
    if not len(anchors):
        return logits.new_zeros(())
    return functional.softplus(against[anchors] - logits[anchors, positives]).mean()
