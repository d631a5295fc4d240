from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from monster.tasks import KINDS, Kind
from monster.training.losses import (
    FIVE_TERMS,
    SIX_TERMS,
    geometry_loss,
    kl_divergence,
    latent,
    paraphrase_loss,
    reconstruction,
    same_meaning,
)


def test_items_whose_captions_mean_the_same_are_no_negatives_but_never_themselves() -> None:
    vectors = torch.tensor([[1.0, 0, 0], [2.0, 0.1, 0], [0, 1, 0], [0.7, 0.75, 0]])
    assert same_meaning(vectors).tolist() == [
        [False, True, False, True],
        [True, False, False, True],
        [False, False, False, True],
        [True, True, True, False],
    ]
    assert not same_meaning(vectors, threshold=1.0).any()


def test_terms() -> None:
    assert set(SIX_TERMS) - set(FIVE_TERMS) == {("m", "s")}


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


def test_geometry_loss_is_one_minus_the_correlation_of_the_cosines() -> None:
    noise = torch.Generator().manual_seed(0)
    means, vectors = torch.randn(7, 5, generator=noise), torch.randn(7, 9, generator=noise)
    ours: list[float] = []
    theirs: list[float] = []
    for i in range(7):
        for j in range(i + 1, 7):
            for rows, cosines in ((means, ours), (vectors, theirs)):
                cosines.append(float(rows[i] @ rows[j] / (rows[i].norm() * rows[j].norm())))
    expected = 1 - np.corrcoef(ours, theirs)[0, 1]
    assert geometry_loss(means, vectors).item() == pytest.approx(expected, abs=1e-5)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert geometry_loss(means, vectors).item() == pytest.approx(expected, abs=1e-5)


def test_geometry_loss_is_zero_for_rotated_vectors_and_for_fewer_than_three_rows() -> None:
    noise = torch.Generator().manual_seed(1)
    vectors = torch.randn(6, 5, generator=noise)
    rotation = torch.linalg.qr(torch.randn(5, 5, generator=noise))[0]
    assert geometry_loss(3 * vectors @ rotation, vectors).item() == pytest.approx(0, abs=1e-5)
    assert geometry_loss(vectors[:2], vectors[:2]).item() == 0.0


def test_paraphrase_loss_contrasts_a_group_with_the_other_groups_of_another_meaning() -> None:
    """Sentence 4 belongs to another group than 0 and 1, but its vector is that of 0, so it is no negative of theirs."""
    noise = torch.Generator().manual_seed(2)
    means, vectors = torch.randn(6, 5, generator=noise), torch.eye(6)
    vectors[4] = vectors[0]
    group = [0, 0, 1, 1, 2, 2]
    unit, terms = means / means.norm(dim=1, keepdim=True), []
    for i in range(6):
        negatives = [j for j in range(6) if group[j] != group[i] and {i, j} != {0, 4}]
        for j in range(6):
            if j != i and group[j] == group[i]:
                logits = [float(unit[i] @ unit[k]) / 0.1 for k in (j, *negatives)]
                terms.append(np.log(np.sum(np.exp(logits))) - logits[0])
    loss = paraphrase_loss(means, vectors, torch.tensor(group))
    assert loss.item() == pytest.approx(np.mean(terms), rel=1e-4)
    assert paraphrase_loss(means, vectors, torch.arange(6)).item() == 0.0
