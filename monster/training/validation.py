"""A light measure while training: recall on a split of the prepared corpus, from its arrays alone."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional

from monster.networks.network import Network
from monster.tasks import TASKS, Kind
from monster.training.dataset import Items, Relations
from monster.training.losses import SIX_TERMS
from monster.training.objective import encode_batch, not_negative
from monster.training.prepared import Prepared
from monster.training.recipes import Recipe

CUTS = (1, 2, 3, 5, 10)


@torch.inference_mode()
def validate(
    network: Network, prepared: Prepared, features: Tensor, recipe: Recipe, *, split: int = 1, chunk: int = 64
) -> dict[str, float]:
    """mRecall in percent of each task that the recipe trains, their mean "mrecall", and "st2m_r3"; empty without items.

    An item is told by its first caption. What the corpus knows to be true of another item counts as found too.
    """
    items = Items(prepared, features, split=split, modalities=2)
    if len(items) < 2:
        return {}
    readings = [items.plain(int(row)) for row in items.rows]
    relations = items.relations(readings)
    device = next(network.parameters()).device
    parts: dict[Kind, list[Tensor]] = {}
    for start in range(0, len(items), chunk):
        batch = items.collate([items.read(reading) for reading in readings[start : start + chunk]]).to(device)
        encoded = encode_batch(network.eval(), batch, label_probability=1.0)
        for kind in encoded.kinds:
            parts.setdefault(kind, [])
        for kind in parts:
            parts[kind].append(encoded.embeddings(kind, len(batch.items)).cpu())
    whole = {kind: torch.cat(rows) for kind, rows in parts.items() if sum(map(len, rows)) == len(items)}
    return _recalls(whole, relations, recipe)


def _recalls(kinds: Mapping[Kind, Tensor], relations: Relations, recipe: Recipe) -> dict[str, float]:
    trained = {letter for term in recipe.terms for kind in term for letter in kind}
    found: dict[str, float] = {}
    for task in TASKS:
        if task.query not in kinds or task.target not in kinds or not set(task.query + task.target) <= trained:
            continue
        keep = relations.has(task.query) & relations.has(task.target)
        if not keep.any():
            continue
        relevant = _relevant(relations, task.query, task.target)[keep][:, keep]
        recall = recalls(kinds[task.query][keep], kinds[task.target][keep], relevant)
        found[str(task)] = sum(recall.values()) / len(CUTS)
        if str(task) == "st2m":
            found["st2m_r3"] = recall[3]
    means = [value for name, value in found.items() if name != "st2m_r3"]
    return found | ({"mrecall": sum(means) / len(means)} if means else {})


def _relevant(relations: Relations, query: Kind, target: Kind) -> Tensor:
    own = torch.eye(len(relations.bare), dtype=torch.bool)
    if (query, target) in SIX_TERMS:
        return not_negative(relations, query, target) | own
    return not_negative(relations, target, query).T | own


def recalls(query: Tensor, target: Tensor, relevant: Tensor) -> dict[int, float]:
    """Recall at each of `CUTS` in percent: the share of queries with a relevant target so high up; ties count half."""
    scores = functional.normalize(query, dim=-1) @ functional.normalize(target, dim=-1).T
    best = scores.masked_fill(~relevant, float("-inf")).amax(dim=1, keepdim=True)
    above = (scores > best).sum(1) + ((scores == best) & ~relevant).sum(1) / 2
    return {cut: 100 * float((above < cut).float().mean()) for cut in CUTS}
