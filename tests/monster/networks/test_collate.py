from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from monster.errors import InputError
from monster.networks.collate import Encoding, MotionBatch, SceneBatch, TextBatch, pad


@given(st.lists(st.integers(1, 6), min_size=1, max_size=5), st.integers(0, 3))
def test_padding_keeps_rows_and_marks_them(lengths: list[int], extra: int) -> None:
    rows = [np.random.default_rng(n).normal(size=(n, 2)).astype(np.float32) for n in lengths]
    padded, mask = pad(rows, length=max(lengths) + extra, fill=7.0)
    assert padded.shape == (len(rows), max(lengths) + extra, 2)
    assert mask.sum(1).tolist() == lengths
    for row, place, real in zip(rows, padded, mask, strict=True):
        assert np.array_equal(place[real].numpy(), row)
        assert (place[~real] == 7.0).all()


def test_what_cannot_be_padded_is_refused() -> None:
    row = np.zeros((3, 2), dtype=np.float32)
    with pytest.raises(InputError, match="at least one row"):
        pad([row, row[:0]])
    with pytest.raises(InputError, match="at least one entry"):
        pad([])
    with pytest.raises(InputError, match="at most 2 rows, got 3"):
        pad([row], length=2)


def test_batches_of_each_modality() -> None:
    rng = np.random.default_rng(0)
    text = TextBatch.of([rng.normal(size=(n, 4)).astype(np.float32) for n in (2, 3)])
    motion = MotionBatch.of([rng.normal(size=(n, 22, 3)).astype(np.float32) for n in (5, 4)])
    points = [rng.normal(size=(n, 8, 6)).astype(np.float32) for n in (1, 2)]
    scene = SceneBatch.of(points, [rng.normal(size=(n, 6)).astype(np.float32) for n in (1, 2)], pad_to=4).to("cpu")
    assert text.to("cpu").tokens.shape == (2, 3, 4)
    assert motion.to("cpu").joints.shape == (2, 5, 22, 3)
    assert scene.mask.tolist() == [[True, False, False, False], [True, True, False, False]]
    assert scene.points is not None
    assert (scene.points[~scene.mask] == 1).all()
    assert (scene.boxes[~scene.mask] == 0).all()


def test_a_scene_batch_holds_points_or_features_and_whole_labels() -> None:
    boxes, mask = torch.zeros(1, 2, 6), torch.ones(1, 2, dtype=torch.bool)
    with pytest.raises(InputError, match="either points or object features"):
        SceneBatch(boxes, mask)
    with pytest.raises(InputError, match="either points or object features"):
        SceneBatch(boxes, mask, points=torch.zeros(1, 2, 4, 6), features=torch.zeros(1, 2, 3))
    with pytest.raises(InputError, match="together"):
        SceneBatch(boxes, mask, features=torch.zeros(1, 2, 3), has_label=mask)


def test_encodings_are_sampled_from_their_gaussian_and_taken_by_row() -> None:
    torch.manual_seed(0)
    mean = torch.tensor([[2.0, -1.0]], requires_grad=True)
    log_variance = torch.tensor([[0.0, float(np.log(0.25))]], requires_grad=True)
    encoding = Encoding(mean, log_variance, torch.zeros(1, 3, 4), torch.ones(1, 3, dtype=torch.bool))
    many = encoding.take(torch.zeros(20_000, dtype=torch.long))
    draws = many.sample()
    assert many.boxes is None
    assert many.tokens.shape == (20_000, 3, 4)
    assert torch.allclose(draws.mean(0), mean[0], atol=0.05)
    assert torch.allclose(draws.std(0), torch.tensor([1.0, 0.5]), atol=0.05)
    draws.sum().backward()
    assert log_variance.grad is not None
    assert encoding.to("cpu").mean is mean
