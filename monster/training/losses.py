"""The losses of the published recipe, as pure functions of tensors.

A *term* is a pair of embedding kinds that training pulls together; a recipe is a tuple of terms, plain data. In
training the embeddings are draws (`Encoding.sample`), in evaluation the means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

from monster.tasks import Kind

Term = tuple[Kind, Kind]
SIX_TERMS: Final[tuple[Term, ...]] = (("t", "s"), ("m", "t"), ("m", "s"), ("st", "m"), ("mt", "s"), ("ms", "t"))
FIVE_TERMS: Final[tuple[Term, ...]] = tuple(term for term in SIX_TERMS if term != ("m", "s"))  # the released default


@dataclass(frozen=True)
class LossWeights:
    """What each part of the total weighs; the published values."""

    contrastive: float = 1.0
    reconstruction: float = 1.0
    kl: float = 1e-5
    latent: float = 1e-5


def same_meaning(caption_vectors: Tensor, threshold: float = 0.6) -> Tensor:
    """Which different items (batch, batch) have captions of cosine above the threshold: they are not used as negatives.

    caption_vectors (batch, width) of a sentence model; False on the diagonal.
    """
    unit = functional.normalize(caption_vectors, dim=-1)
    return ((unit @ unit.T) > threshold).fill_diagonal_(False)


def contrastive(
    a: Tensor,
    b: Tensor,
    *,
    temperature: float | Tensor = 0.1,
    excluded: Tensor | None = None,
    wrong_b: Tensor | None = None,
    wrong_a: Tensor | None = None,
) -> Tensor:
    """Symmetric InfoNCE of a and b (batch, dim), row i of one belonging to row i of the other.

    ``excluded`` (batch, batch) marks pairs that are no negatives, in both directions. ``temperature`` may be learned.
    ``wrong_b`` (batch, k) are cosines of each row of a with near misses of its b, ``wrong_a`` of each row of b with
    near misses of its a: negatives of that row alone, minus infinity where it has none.

    Written here, not taken from pytorch-metric-learning: its NTXentLoss excludes pairs by labels or by lists of
    (anchor, positive, anchor, negative), which cost a row each; it knows no negatives of a single row that come as
    cosines, and no learned temperature. The tests hold the two equal where both apply.
    """
    logits = functional.normalize(a, dim=-1) @ functional.normalize(b, dim=-1).T
    if excluded is not None:
        logits = logits.masked_fill(excluded, float("-inf"))
    target = torch.arange(len(logits), device=logits.device)
    rows = logits if wrong_b is None else torch.cat([logits, wrong_b], dim=1)
    columns = logits.T if wrong_a is None else torch.cat([logits.T, wrong_a], dim=1)
    both = (functional.cross_entropy(_heated(part, temperature), target) for part in (rows, columns))
    return torch.stack(list(both)).sum() / 2


def _heated(cosines: Tensor, temperature: float | Tensor) -> Tensor:
    """Cosines over the temperature; minus infinity is left out of the division, whose gradient would be no number."""
    missing = torch.isneginf(cosines)
    return (cosines.masked_fill(missing, 0.0) / temperature).masked_fill(missing, float("-inf"))


def contrastive_terms(
    embeddings: Mapping[Kind, Tensor],
    terms: Sequence[Term] = FIVE_TERMS,
    *,
    temperature: float | Tensor = 0.1,
    excluded: Tensor | None = None,
) -> dict[Term, Tensor]:
    """`contrastive` of each term over embeddings (batch, dim) by kind; the recipe's loss is the sum of the values."""
    return {
        (a, b): contrastive(embeddings[a], embeddings[b], temperature=temperature, excluded=excluded) for a, b in terms
    }


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
