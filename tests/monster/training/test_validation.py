"""Recall during training: which tasks, which numbers, and what a network that diverged gives."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from tiny_corpus import TINY
from torch.nn import functional

from monster.errors import InputError
from monster.metrics.functional import recalls
from monster.networks.network import Network
from monster.tasks import ROW_KINDS, TASKS, Task
from monster.training.dataset import CorpusDataset
from monster.training.objective import also_relevant
from monster.training.prepared import Prepared
from monster.training.recipes import RECIPES
from monster.training.validation import _task_recalls, validate

TRAIN, VALIDATION = 0, 1


@pytest.fixture
def features(prepared: Prepared) -> torch.Tensor:
    """Random features of all objects."""
    return torch.randn(4, len(prepared["boxes"]), TINY.hidden, generator=torch.Generator().manual_seed(0))


@pytest.fixture
def network() -> Network:
    """Random weights of a network with two frames."""
    torch.manual_seed(0)
    return Network(RECIPES["ours"].configured(TINY))


def test_all_tasks_of_a_recipe_have_a_recall_whatever_the_chunk(
    network: Network, prepared: Prepared, features: torch.Tensor
) -> None:
    measured = validate(network, prepared, features, RECIPES["ours"], split=TRAIN)
    tasks = [str(task) for task in TASKS]
    assert set(measured) == {*tasks, "mrecall", "st2m_r3"}
    assert measured["mrecall"] == pytest.approx(np.mean([measured[task] for task in tasks]))
    assert all(0 <= value <= 100 for value in measured.values())
    assert validate(network, prepared, features, RECIPES["ours"], split=TRAIN, chunk=2) == pytest.approx(measured)


def test_a_recipe_without_scenes_has_the_tasks_without_scenes(
    network: Network, prepared: Prepared, features: torch.Tensor
) -> None:
    measured = validate(network, prepared, features, RECIPES["text-motion"], split=TRAIN)
    assert set(measured) == {"t2m", "m2t", "mrecall"}


def test_a_split_without_items_has_no_recall(network: Network, prepared: Prepared, features: torch.Tensor) -> None:
    assert validate(network, prepared, features, RECIPES["ours"], split=VALIDATION) == {}


def test_a_network_that_diverged_is_an_error(network: Network, prepared: Prepared, features: torch.Tensor) -> None:
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.fill_(torch.nan)
    with pytest.raises(InputError, match="NaN"):
        validate(network, prepared, features, RECIPES["ours"], split=TRAIN)


def test_what_the_corpus_knows_to_be_true_is_relevant(prepared: Prepared, features: torch.Tensor) -> None:
    items = CorpusDataset(prepared, features, split=TRAIN, modalities=2)
    relations = items.relations([items.plain(int(row)) for row in items.rows])
    generator = torch.Generator().manual_seed(1)
    kinds = {kind: 3 * torch.randn(len(items), 8, generator=generator) for kind in ROW_KINDS}  # of any length
    measured = _task_recalls(kinds, relations, RECIPES["ours"])
    eye = torch.eye(len(items), dtype=torch.bool)
    for name, relevant in (
        ("m2t", also_relevant(relations, "m", "t") | eye),
        ("t2m", also_relevant(relations, "m", "t").T | eye),
        ("st2m", also_relevant(relations, "st", "m") | eye),
    ):
        query, target = Task.parse(name).rows
        scores = functional.normalize(kinds[query], dim=-1) @ functional.normalize(kinds[target], dim=-1).T
        expected = recalls(scores.numpy(), relevant.numpy())
        assert measured[name] == pytest.approx(expected.mrecall)
        if name == "st2m":
            assert measured["st2m_r3"] == pytest.approx(expected.r3)
