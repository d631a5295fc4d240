from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from monster.tasks import KINDS, Kind
from monster.training.losses import (
    FIVE_TERMS,
    SIX_TERMS,
    kl_divergence,
    latent,
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
