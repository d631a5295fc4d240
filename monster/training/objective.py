"""The objective of a training step: contrastive terms over the joint batch, and auxiliary losses."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from monster.networks.network import Network
from monster.networks.text import sentence_vectors
from monster.tasks import Kind, Task
from monster.training.contrastive import ExtraNegatives, symmetric_loss
from monster.training.dataset import Relations, TrainingBatch
from monster.training.distributed import ALONE, Distributed
from monster.training.encoding import EncodedBatch, HardNegatives
from monster.training.losses import (
    Term,
    geometry_loss,
    kl_divergence,
    paraphrase_loss,
    reconstruction,
    same_meaning,
)
from monster.training.recipes import Recipe


def also_relevant(relations: Relations, query: Kind, target: Kind, recipe: Recipe | None = None) -> Tensor:
    """(n, n) mask: the target of item j also answers the query of item i, so the pair is no negative; diagonal False.

    The query and target are those of a contrastive term (`SIX_TERMS`).
    """
    if recipe is not None and recipe.negatives == "similarity":
        return same_meaning(relations.text_vectors)
    r = relations
    masks = {
        ("m", "t"): r.text_true.T | r.same_actions | _perhaps_relevant(r),
        ("t", "s"): r.same_room | r.scene_free[:, None],
        ("m", "s"): r.same_room,
        ("st", "m"): r.same_room & r.text_true | r.same_actions,
        ("mt", "s"): r.same_room,
        ("ms", "t"): r.text_true.T | r.same_actions,
    }
    return masks[query, target] & ~torch.eye(len(r.scene_free), dtype=torch.bool, device=r.scene_free.device)


def _perhaps_relevant(relations: Relations) -> Tensor:
    """(n, n) mask: captions of similar wording of which one has no claim, so what else it is true of is not known."""
    known = relations.has_claim[:, None] & relations.has_claim
    return same_meaning(relations.text_vectors) & ~known


def contrastive_losses(
    encoded: EncodedBatch, batch: TrainingBatch, recipe: Recipe, *, loss: nn.Module, processes: Distributed = ALONE
) -> dict[str, Tensor]:
    """The contrastive loss of each term by name (``"st2m"``), over the joint batch of all processes.

    An item takes part in the terms of which it has both sides. A term that no item has is 0.
    """
    count = len(batch.items)
    rows = {term: Task(*term).rows for term in recipe.terms}
    kinds = list(dict.fromkeys(kind for term in rows.values() for kind in term))
    own = {kind: encoded.embeddings(kind, count, sample=recipe.sample) for kind in kinds}
    joint = {kind: processes.gather(rows, batch.parts) for kind, rows in own.items()}
    negatives = {kind: _gathered(encoded.hard_negatives(kind), batch, processes) for kind in kinds}
    losses = {}
    for query, target in recipe.terms:
        keep = _takes_part(batch.relations, (query, target), recipe)
        a, b = (joint[kind][keep] for kind in rows[query, target])
        if not len(a):  # the mean over no items would be NaN
            losses[f"{query}2{target}"] = a.sum()
            continue
        excluded = also_relevant(batch.relations, query, target, recipe)[keep][:, keep]
        of_query, of_target = _term_negatives(negatives, (query, target))
        losses[f"{query}2{target}"] = symmetric_loss(
            loss,
            a,
            b,
            excluded=excluded,
            negatives_a=_extra(of_query, keep, everywhere=(query, target) == ("mt", "s")),
            negatives_b=_extra(of_target, keep),
        )
    if recipe.alone_weight and recipe.frames == "own":
        keep = batch.relations.has("m") & batch.relations.has_scene
        value = symmetric_loss(
            loss, joint["m"][keep], joint["s"][keep], excluded=batch.relations.same_room[keep][:, keep]
        )
        losses["m2s alone"] = recipe.alone_weight * value
    return losses


def _takes_part(relations: Relations, term: Term, recipe: Recipe) -> Tensor:
    """Which items (n,) have both sides of a term."""
    keep = relations.has(term[0]) & relations.has(term[1])
    if term == ("t", "s") and recipe.negatives == "truth":
        return keep & ~relations.scene_free  # a scene-free caption does not describe its room
    return keep


def _gathered(negatives: HardNegatives, batch: TrainingBatch, processes: Distributed) -> HardNegatives:
    """The hard negatives of all processes, their items numbered in the joint batch."""
    if processes.world_size == 1:
        return negatives
    counts = processes.gather_counts(len(negatives.items), negatives.items.device)
    first = sum(batch.parts[: processes.rank])
    return HardNegatives(
        processes.gather(negatives.items + first, counts),
        processes.gather(negatives.rows, counts),
        processes.gather(negatives.of_motion.to(torch.uint8), counts).bool(),
    )


def _term_negatives(
    negatives: dict[Kind, HardNegatives], term: Term
) -> tuple[HardNegatives | None, HardNegatives | None]:
    """The hard negatives of a term's query and of its target, None where the term uses none."""
    query, target = Task(*term).rows
    of_query = negatives[query] if len(term[0]) == 2 or term == ("m", "t") else None
    of_target = negatives[target] if target == "t" or term == ("st", "m") else None
    if of_target is not None and term == ("m", "t"):  # without the room, "the other chair" may be true
        of_target = of_target.take(of_target.of_motion)
    return of_query, of_target


def _extra(negatives: HardNegatives | None, keep: Tensor, *, everywhere: bool = False) -> ExtraNegatives | None:
    """Hard negatives of the kept items: each is a negative of its own item.

    ``everywhere``: those that are false of the motion in any scene are negatives of all items.
    """
    if negatives is None or not len(negatives.items):
        return None
    kept = negatives.take(keep[negatives.items] | (negatives.of_motion & everywhere))
    mask = keep.nonzero() == kept.items
    return ExtraNegatives(kept.rows, mask | kept.of_motion if everywhere else mask)


def auxiliary_losses(network: Network, encoded: EncodedBatch, batch: TrainingBatch, recipe: Recipe) -> Tensor:
    """The weighted sum of the losses beside the contrastive terms, each a mean over the batch.

    Reconstruction, KL divergence, latent distance, the geometry of texts and their paraphrases.
    """
    total = encoded.any_mean().new_zeros(())
    if "st" in encoded.kinds:
        total = total + _gaussian_losses(network, encoded, batch, recipe)
    if recipe.latent_weight:
        count = len(batch.items)
        for a, b in recipe.terms:
            one, other = (encoded.embeddings(kind, count, sample=recipe.sample) for kind in Task(a, b).rows)
            total = total + recipe.latent_weight * functional.smooth_l1_loss(one, other)
    return total + _text_losses(network, encoded, batch, recipe)


def _text_losses(network: Network, encoded: EncodedBatch, batch: TrainingBatch, recipe: Recipe) -> Tensor:
    """Keeps the geometry of captions and free sentences, and pulls sentences that say the same together."""
    total = encoded.any_mean().new_zeros((), dtype=torch.float32)
    if recipe.geometry_weight and batch.text is not None and "t" in encoded.kinds:
        vectors = sentence_vectors(batch.text.tokens, batch.text.mask)
        total = total + 0.5 * recipe.geometry_weight * geometry_loss(encoded.kinds["t"][1].mean, vectors)
    if batch.sentences is None:
        return total
    text = batch.sentences.text
    means = network.encode_text(text.tokens, text.mask).mean.float()
    vectors = sentence_vectors(text.tokens, text.mask)
    total = total + recipe.geometry_weight * geometry_loss(means, vectors)
    if recipe.paraphrase_weight:
        total = total + recipe.paraphrase_weight * paraphrase_loss(means, vectors, batch.sentences.group)
    return total


def _gaussian_losses(network: Network, encoded: EncodedBatch, batch: TrainingBatch, recipe: Recipe) -> Tensor:
    """KL divergence of st, and reconstruction of the motion from it."""
    items, pair = encoded.kinds["st"]
    total = pair.mean.new_zeros(())
    if recipe.kl_weight:
        total = total + recipe.kl_weight * kl_divergence(pair.mean.float(), pair.log_variance.float())
    has_motion = batch.motion_row[items] >= 0
    if recipe.reconstruction_weight and batch.motion is not None and has_motion.any():
        rows = batch.motion_row[items][has_motion]
        joints, mask = batch.motion.joints[rows], batch.motion.mask[rows]
        vector = (pair.sample() if recipe.sample else pair.mean)[has_motion].float()
        decoded = network.decode_motion(vector, mask)
        total = total + recipe.reconstruction_weight * reconstruction(decoded, joints, mask)
    return total
