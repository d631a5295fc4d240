"""The objective of a training step: contrastive terms over the joint batch, and auxiliary losses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

from monster.networks.network import Network
from monster.networks.text import sentence_vectors
from monster.tasks import Kind, Task
from monster.training.contrastive import ExtraNegatives, symmetric_loss
from monster.training.dataset import Relations, SentenceBatch, TrainingBatch
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

_CAPTION_SHARE: Final = 0.5  # of the geometry weight, for captions; free sentences have all of it


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
    """The losses over the joint batch of all processes, by name: the contrastive loss of each term (``"st2m"``).

    An item takes part in the terms of which it has both sides. A term that no item has is 0. Beside the
    terms, where the recipe weighs them: "m2s alone", "caption geometry".
    """
    count = len(batch.items)
    rows = {term: Task(*term).rows for term in recipe.terms}
    kinds = list(dict.fromkeys(kind for term in rows.values() for kind in term))
    local = {kind: encoded.embeddings(kind, count, sample=recipe.sample) for kind in kinds}
    joint = {kind: processes.gather(embeddings, batch.parts) for kind, embeddings in local.items()}
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
    return losses | _further_losses(joint, batch.relations, recipe, loss=loss)


def _further_losses(
    joint: Mapping[Kind, Tensor], relations: Relations, recipe: Recipe, *, loss: nn.Module
) -> dict[str, Tensor]:
    """Weighted losses over the joint batch that are no terms: a motion in its own frame to its scene, the captions."""
    losses = {}
    if recipe.alone_weight and recipe.frames == "own" and "m" in joint and "s" in joint:
        keep = relations.has("m") & relations.has_scene
        if keep.any():
            excluded = relations.same_room[keep][:, keep]
            value = symmetric_loss(loss, joint["m"][keep], joint["s"][keep], excluded=excluded)
            losses["m2s alone"] = recipe.alone_weight * value
    if recipe.geometry_weight and "t" in joint:
        has_text = relations.has_text
        value = geometry_loss(joint["t"][has_text], relations.text_vectors[has_text])
        losses["caption geometry"] = _CAPTION_SHARE * recipe.geometry_weight * value
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
    """The weighted sum of the losses that need no other item: each a mean over the items of this process.

    Reconstruction, KL divergence, latent distance; the free sentences, which are the same in every process.
    """
    total = encoded.any_mean().new_zeros(())
    if "st" in encoded.kinds:
        total = total + _gaussian_losses(network, encoded, batch, recipe)
    if recipe.latent_weight:
        count = len(batch.items)
        for a, b in recipe.terms:
            one, other = (encoded.embeddings(kind, count, sample=recipe.sample) for kind in Task(a, b).rows)
            total = total + recipe.latent_weight * functional.smooth_l1_loss(one, other)
    if batch.sentences is not None:
        total = total + _sentence_losses(network, batch.sentences, recipe)
    return total


def _sentence_losses(network: Network, sentences: SentenceBatch, recipe: Recipe) -> Tensor:
    """Keeps the geometry of free sentences, and pulls those that say the same together."""
    text = sentences.text
    means = network.encode_text(text.tokens, text.mask).mean.float()
    vectors = sentence_vectors(text.tokens, text.mask)
    geometry = recipe.geometry_weight * geometry_loss(means, vectors)
    return geometry + recipe.paraphrase_weight * paraphrase_loss(means, vectors, sentences.group)


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
