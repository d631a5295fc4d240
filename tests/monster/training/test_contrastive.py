"""The contrastive loss equals NTXentLoss, and the plain formula with masks and extra negatives; names are checked."""

from __future__ import annotations

import math
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytorch_metric_learning.distances import LpDistance
from pytorch_metric_learning.losses import NTXentLoss
from pytorch_metric_learning.reducers import SumReducer
from torch import Tensor
from torch.nn import functional

from monster.errors import InputError
from monster.training.contrastive import (
    LOSSES,
    ExtraNegatives,
    LossSettings,
    MaskedInfoNCE,
    pair_indices,
    symmetric_loss,
)


def former_info_nce(
    a: Tensor, b: Tensor, temperature: Tensor, excluded: Tensor, extra_b: Tensor, extra_a: Tensor
) -> Tensor:
    """The arithmetic that training used before: cosines, -inf where a pair is no negative, two cross entropies.

    ``extra_b`` (batch, k) are cosines of each row of a with its own further negatives, ``extra_a`` those of each row
    of b; -inf where there is none.
    """
    logits = functional.normalize(a, dim=-1) @ functional.normalize(b, dim=-1).T
    logits = logits.masked_fill(excluded, float("-inf"))
    target = torch.arange(len(logits))
    rows, columns = torch.cat([logits, extra_b], dim=1), torch.cat([logits.T, extra_a], dim=1)
    total = torch.zeros(())
    for part in (rows, columns):
        missing = torch.isneginf(part)
        heated = (part.masked_fill(missing, 0.0) / temperature).masked_fill(missing, float("-inf"))
        total = total + functional.cross_entropy(heated, target)
    return total / 2


def slow_info_nce(a: Tensor, b: Tensor, temperature: float, allowed: Tensor) -> float:
    """One direction, query by query, in double precision."""
    unit_a, unit_b = (functional.normalize(rows.double(), dim=-1) for rows in (a, b))
    cosines = (unit_a @ unit_b.T / temperature).numpy()
    losses = []
    for row, cosine in enumerate(cosines):
        kept = [cosine[row], *(cosine[column] for column in range(len(b)) if allowed[row, column])]
        losses.append(math.log(sum(math.exp(value) for value in kept)) - cosine[row])
    return float(np.mean(losses))


@given(st.integers(2, 9), st.integers(0, 2**32 - 1), st.sampled_from([0.05, 0.1, 0.5, 2.0]))
@hypothesis_settings(max_examples=40, deadline=None)
def test_equal_to_the_ntxent_loss_of_the_library(count: int, seed: int, temperature: float) -> None:
    """The same pairs: every row's own target is positive, all other targets are negative."""
    noise = torch.Generator().manual_seed(seed)
    a, b = (torch.randn(count, 6, generator=noise, dtype=torch.float64) for _ in "ab")
    labels = torch.arange(count)
    gradients, values = [], []
    for loss in (MaskedInfoNCE(temperature), NTXentLoss(temperature)):
        rows = a.clone().requires_grad_()
        value = loss(rows, labels, ref_emb=b, ref_labels=labels.clone())
        value.backward()
        values.append(float(value.detach()))
        gradients.append(rows.grad)
    assert values[0] == pytest.approx(values[1], abs=1e-6)
    torch.testing.assert_close(gradients[0], gradients[1], atol=1e-6, rtol=1e-5)


def test_equal_to_ntxent_where_labels_give_several_positives() -> None:
    torch.manual_seed(0)
    embeddings, labels = torch.randn(12, 5), torch.arange(12) % 4
    ours, theirs = MaskedInfoNCE(0.2)(embeddings, labels), NTXentLoss(0.2)(embeddings, labels)
    assert float(ours) == pytest.approx(float(theirs), abs=1e-6)


@given(st.integers(1, 9), st.integers(0, 2**32 - 1), st.floats(0.0, 1.0), st.integers(0, 6), st.integers(0, 6))
@hypothesis_settings(max_examples=60, deadline=None)
def test_equal_to_the_former_arithmetic_with_masks_and_extra_negatives(
    count: int, seed: int, excluded_share: float, extra_b: int, extra_a: int
) -> None:
    """Value and all gradients, the temperature's among them."""
    noise = torch.Generator().manual_seed(seed)
    rows = [torch.randn(n, 6, generator=noise, dtype=torch.float64) for n in (count, count, extra_b, extra_a)]
    excluded = (torch.rand(count, count, generator=noise) < excluded_share).fill_diagonal_(False)
    masks = [torch.rand(count, n, generator=noise) < 0.5 for n in (extra_b, extra_a)]
    values, gradients = [], []
    for former in (True, False):
        a, b, more_b, more_a = (part.clone().requires_grad_() for part in rows)
        if former:
            log_scale = torch.tensor(-math.log(0.1), requires_grad=True)
            cosines = [
                (functional.normalize(query, dim=-1) @ functional.normalize(more, dim=-1).T).masked_fill(
                    ~mask, -math.inf
                )
                for query, more, mask in ((a, more_b, masks[0]), (b, more_a, masks[1]))
            ]
            value = former_info_nce(a, b, (-log_scale).exp(), excluded, *cosines)
        else:
            loss = MaskedInfoNCE(0.1, learned=True)
            assert loss.log_scale is not None
            log_scale = loss.log_scale
            negatives = [ExtraNegatives(more, mask) for more, mask in ((more_b, masks[0]), (more_a, masks[1]))]
            value = symmetric_loss(loss, a, b, excluded=excluded, negatives_b=negatives[0], negatives_a=negatives[1])
        value.backward()  # type: ignore[no-untyped-call]
        values.append(float(value.detach()))
        gradients.append([a.grad, b.grad, more_b.grad, more_a.grad, log_scale.grad])
    assert values[1] == pytest.approx(values[0], abs=2e-6, rel=1e-6)
    for ours, theirs in zip(gradients[1], gradients[0], strict=True):
        torch.testing.assert_close(ours, theirs, atol=2e-6, rtol=1e-4)


def test_equal_to_its_definition_in_both_directions() -> None:
    torch.manual_seed(0)
    a, b = torch.randn(5, 4) * 7, torch.randn(5, 4)
    excluded = torch.zeros(5, 5, dtype=torch.bool)
    excluded[1, 3] = excluded[0, 4] = True
    allowed = ~(excluded | torch.eye(5, dtype=torch.bool))
    found = symmetric_loss(MaskedInfoNCE(0.5), a, b, excluded=excluded)
    wanted = (slow_info_nce(a, b, 0.5, allowed) + slow_info_nce(b, a, 0.5, allowed.T)) / 2
    assert float(found) == pytest.approx(wanted, abs=1e-6)
    assert float(symmetric_loss(MaskedInfoNCE(0.5), b, a, excluded=excluded.T)) == pytest.approx(float(found))


def test_items_without_any_negative_have_no_loss_and_finite_gradients() -> None:
    a, b = (torch.randn(3, 4, requires_grad=True) for _ in "ab")
    loss = MaskedInfoNCE(0.1, learned=True)
    value = symmetric_loss(loss, a, b, excluded=torch.ones(3, 3, dtype=torch.bool))
    value.backward()  # type: ignore[no-untyped-call]
    assert value.detach() == 0 and loss.log_scale is not None
    assert all(bool(p.grad is not None and (p.grad == 0).all()) for p in (a, b, loss.log_scale))


def test_distances_and_reducers_of_the_library_apply() -> None:
    """A distance is turned into a similarity, and the reducer decides how the pairs are summed up."""
    torch.manual_seed(0)
    a, b, labels, others = torch.randn(4, 3), torch.randn(4, 3), torch.arange(4), torch.arange(4)
    ours, theirs = (kind(0.3, distance=LpDistance(power=2)) for kind in (MaskedInfoNCE, NTXentLoss))
    found = float(ours(a, labels, ref_emb=b, ref_labels=others))
    assert found == pytest.approx(float(theirs(a, labels, ref_emb=b, ref_labels=others)), abs=1e-6)
    summed = MaskedInfoNCE(0.3, distance=LpDistance(power=2), reducer=SumReducer())
    assert float(summed(a, labels, ref_emb=b, ref_labels=others)) == pytest.approx(4 * found, rel=1e-5)


def test_a_learned_temperature_is_a_parameter_and_stays_above_a_hundredth() -> None:
    loss = MaskedInfoNCE(0.07, learned=True)
    assert (
        float(torch.as_tensor(loss.temperature).detach()) == pytest.approx(0.07) and len(list(loss.parameters())) == 1
    )
    with torch.no_grad():
        next(loss.parameters()).fill_(9.0)
    assert float(torch.as_tensor(loss.temperature).detach()) == pytest.approx(0.01)
    assert not list(MaskedInfoNCE(0.07).parameters())


def test_pair_indices_name_own_targets_and_allowed_negatives() -> None:
    allowed = torch.tensor([[False, True, False], [False, False, True]])
    assert [part.tolist() for part in pair_indices(allowed)] == [[0, 1], [0, 1], [0, 1], [1, 2]]


@pytest.mark.parametrize("name", list(LOSSES))
def test_every_loss_takes_masked_pairs_and_extra_negatives(name: str) -> None:
    torch.manual_seed(0)
    a, b = (torch.randn(6, 5, requires_grad=True) for _ in "ab")
    extra = ExtraNegatives(torch.randn(3, 5), torch.rand(6, 3) < 0.7)
    excluded = (torch.rand(6, 6) < 0.2).fill_diagonal_(False)
    value = symmetric_loss(LossSettings(name).build(), a, b, excluded=excluded, negatives_a=extra, negatives_b=extra)
    value.backward()  # type: ignore[no-untyped-call]
    assert value.detach() > 0
    assert all(bool(p.grad is not None and p.grad.isfinite().all() and p.grad.any()) for p in (a, b))


def test_a_loss_is_named_with_its_arguments() -> None:
    assert {"MultiSimilarityLoss", "SupConLoss", "NTXentLoss", "CircleLoss", "MaskedInfoNCE"} <= set(LOSSES)
    loss: Any = LossSettings.parse("MultiSimilarityLoss", {"alpha": "3", "base": "0.25"}).build()
    assert (loss.alpha, loss.beta, loss.base) == (3, 50, 0.25)
    ours: Any = LossSettings.parse(None, {"temperature": "0.2"}).build(temperature=0.5, learned=True)
    assert float(ours.temperature.detach()) == pytest.approx(0.2) and ours.log_scale is not None


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("SupconLoss", {}, r"unknown loss 'SupconLoss'.*did you mean SupConLoss"),
        ("ArcFaceLoss", {}, "unknown loss 'ArcFaceLoss'"),
        ("GenericPairLoss", {}, "unknown loss 'GenericPairLoss'"),
        ("SupConLoss", {"alpha": "1"}, "unknown argument of loss SupConLoss 'alpha': expected one of temperature"),
        ("MultiSimilarityLoss", {"alpa": "1"}, "did you mean alpha"),
        ("TupletMarginLoss", {"margin": "wide"}, "loss TupletMarginLoss: arguments .* are refused"),
        (None, {"temperature": "0"}, "expected a temperature above 0, got 0"),
    ],
)
def test_losses_that_are_refused(name: str | None, arguments: dict[str, str], words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        LossSettings.parse(name, arguments)
    assert "\n" not in str(caught.value)


def test_without_the_library_the_extra_is_named() -> None:
    code = (
        "import sys\nsys.modules['pytorch_metric_learning'] = None\nfrom monster.errors import MissingExtra\n"
        "try:\n    import monster.training.loop\nexcept MissingExtra as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert "training needs an optional package: pip install 'monster-retrieval[train]'" in done.stdout, done.stderr
