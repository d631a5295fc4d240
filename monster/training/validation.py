"""Recall during training, on a split of the prepared corpus."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional

from monster.metrics.functional import Recalls, recalls
from monster.networks.network import Network
from monster.tasks import TASKS, Kind
from monster.training.dataset import CorpusDataset, Relations
from monster.training.encoding import encode_batch
from monster.training.losses import SIX_TERMS
from monster.training.objective import also_relevant
from monster.training.prepared import Prepared
from monster.training.recipes import Recipe


@torch.inference_mode()
def validate(
    network: Network, prepared: Prepared, features: Tensor, recipe: Recipe, *, split: int = 1, chunk: int = 64
) -> dict[str, float]:
    """mRecall in percent of each task that the recipe trains, their mean "mrecall", and "st2m_r3".

    Items have their first caption. Targets that the corpus knows to be true of a query are relevant as well. Empty if
    the split has fewer than two items. Raises InputError if an embedding is NaN.
    """
    items = CorpusDataset(prepared, features, split=split, modalities=2)
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
    return _task_recalls(whole, relations, recipe)


def _task_recalls(kinds: Mapping[Kind, Tensor], relations: Relations, recipe: Recipe) -> dict[str, float]:
    trained = {letter for term in recipe.terms for kind in term for letter in kind}
    by_task: dict[str, Recalls] = {}
    for task in TASKS:
        query, target = task.rows
        if query not in kinds or target not in kinds or not set(task.query + task.target) <= trained:
            continue
        keep = relations.has(task.query) & relations.has(task.target)
        if not keep.any():
            continue
        relevant = _relevant(relations, task.query, task.target)[keep][:, keep]
        scores = _cosines(kinds[query][keep], kinds[target][keep])
        by_task[str(task)] = recalls(scores.numpy(), relevant.numpy())
    values = {name: result.mrecall for name, result in by_task.items()}
    if not values:
        return {}
    values["mrecall"] = sum(values.values()) / len(by_task)
    if "st2m" in by_task:
        values["st2m_r3"] = by_task["st2m"].r3
    return values


def _cosines(query: Tensor, target: Tensor) -> Tensor:
    """Cosines (queries, targets) of rows of any length."""
    return functional.normalize(query, dim=-1) @ functional.normalize(target, dim=-1).T


def _relevant(relations: Relations, query: Kind, target: Kind) -> Tensor:
    same_item = torch.eye(len(relations.scene_free), dtype=torch.bool)
    if (query, target) in SIX_TERMS:
        return also_relevant(relations, query, target) | same_item
    return also_relevant(relations, target, query).T | same_item
