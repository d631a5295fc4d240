from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from monster.tasks import KINDS, Kind
from monster.training.losses import (
    FIVE_TERMS,
    SIX_TERMS,
    contrastive,
    contrastive_terms,
    kl_divergence,
    latent,
    reconstruction,
    same_meaning,
)


def slow_contrastive(a: Tensor, b: Tensor, temperature: float, excluded: Tensor) -> float:
    """Query by query, both ways."""
    scores = np.array([[float(x @ y / (x.norm() * y.norm())) / temperature for y in b] for x in a])
    scores[excluded.numpy()] = -np.inf
    total = 0.0
    for matrix in (scores, scores.T):
        total += np.mean([np.log(np.exp(row).sum()) - row[i] for i, row in enumerate(matrix)])
    return total / 2


def test_contrastive_equals_its_definition_with_and_without_excluded_negatives() -> None:
    torch.manual_seed(0)
    a, b = torch.randn(5, 4) * 7, torch.randn(5, 4)
    excluded = torch.zeros(5, 5, dtype=torch.bool)
    assert contrastive(a, b).item() == pytest.approx(slow_contrastive(a, b, 0.1, excluded), rel=1e-4)
    excluded[1, 3] = excluded[3, 1] = True
    found = contrastive(a, b, temperature=0.5, excluded=excluded)
    assert found.item() == pytest.approx(slow_contrastive(a, b, 0.5, excluded), rel=1e-4)
    assert contrastive(b, a, excluded=excluded).item() == pytest.approx(contrastive(a, b, excluded=excluded).item())


def test_a_temperature_can_be_learned() -> None:
    temperature = torch.tensor(0.1, requires_grad=True)
    contrastive(torch.randn(4, 3), torch.randn(4, 3), temperature=temperature).backward()
    assert temperature.grad is not None
    assert temperature.grad != 0


def test_items_whose_captions_mean_the_same_are_no_negatives_but_never_themselves() -> None:
    vectors = torch.tensor([[1.0, 0, 0], [2.0, 0.1, 0], [0, 1, 0], [0.7, 0.75, 0]])
    assert same_meaning(vectors).tolist() == [
        [False, True, False, True],
        [True, False, False, True],
        [False, False, False, True],
        [True, True, True, False],
    ]
    assert not same_meaning(vectors, threshold=1.0).any()


def test_a_batch_of_equal_captions_leaves_nothing_to_tell_apart() -> None:
    a, b = torch.randn(3, 4), torch.randn(3, 4)
    assert contrastive(a, b, excluded=same_meaning(torch.ones(3, 2))).item() == pytest.approx(0.0, abs=1e-6)


def test_recipes_are_data() -> None:
    assert set(SIX_TERMS) - set(FIVE_TERMS) == {("m", "s")}
    torch.manual_seed(0)
    embeddings: dict[Kind, Tensor] = {kind: torch.randn(4, 6) for kind in KINDS}
    found = contrastive_terms(embeddings, SIX_TERMS)
    assert list(found) == list(SIX_TERMS)
    assert found["st", "m"].item() == pytest.approx(contrastive(embeddings["st"], embeddings["m"]).item())
    assert list(contrastive_terms(embeddings)) == list(FIVE_TERMS)


def test_latent_is_the_sum_over_terms() -> None:
    embeddings: dict[Kind, Tensor] = {kind: torch.full((2, 3), float(index)) for index, kind in enumerate(KINDS)}
    # t=0 m=1 s=2 st=3 mt=4 ms=5; smooth L1 of a distance d >= 1 is d - 1/2
    assert latent(embeddings, SIX_TERMS).item() == pytest.approx(1.5 + 0.5 + 0.5 + 1.5 + 1.5 + 4.5)
    assert latent(embeddings).item() == pytest.approx(1.5 + 0.5 + 1.5 + 1.5 + 4.5)


def test_kl_of_the_standard_gaussian_is_zero_and_grows_with_the_mean() -> None:
    zero = torch.zeros(2, 3)
    assert kl_divergence(zero, zero).item() == 0.0
    assert kl_divergence(zero + 2, zero).item() == pytest.approx(2.0)
    assert kl_divergence(zero, zero + 1).item() == pytest.approx(0.5 * (np.e - 2))


def test_reconstruction_counts_padding_as_zero_on_both_sides() -> None:
    mask = torch.tensor([[True, True], [True, False]])
    joints = torch.zeros(2, 2, 22, 3)
    joints[1, 1] = 9.0
    decoded = torch.full((2, 2, 66), 2.0)
    assert reconstruction(decoded, joints, mask).item() == pytest.approx(1.5 * 3 / 4)
    assert reconstruction(decoded, joints.reshape(2, 2, 66), mask).item() == pytest.approx(1.5 * 3 / 4)
