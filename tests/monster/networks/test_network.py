from __future__ import annotations

import dataclasses

import pytest
import torch
from tiny_networks import TINY_PAPER, TINY_SMALL, tiny_batch, tiny_network

from monster.errors import InputError, ModelError
from monster.networks.collate import MotionBatch, SceneBatch, TextBatch
from monster.networks.config import SMALL, NetworkConfig
from monster.networks.network import Network
from monster.tasks import KINDS

CONFIGS = [TINY_PAPER, TINY_SMALL]


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.name)
def test_all_six_encodings_and_their_shapes(config: NetworkConfig) -> None:
    six = tiny_network(config)(*tiny_batch(config))
    frames = 12 if config is TINY_PAPER else 3
    objects = 4  # what is padded in all rows is left out
    lengths = {"t": 5, "m": frames, "s": objects}
    assert sorted(six) == sorted(KINDS)
    for kind, encoding in six.items():
        assert encoding.mean.shape == encoding.log_variance.shape == (3, 8)
        assert encoding.mask.sum(1).tolist() == sum(six[letter].mask.sum(1) for letter in kind).tolist()
        assert encoding.tokens.shape == (*encoding.mask.shape, 24)
        assert encoding.mask.shape[1] <= sum(lengths[letter] for letter in kind)
    assert six["s"].class_logits is not None
    assert six["s"].class_logits.shape == (3, objects, 7)


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.name)
def test_an_item_in_a_batch_is_the_item_alone(config: NetworkConfig) -> None:
    network = tiny_network(config)
    text, motion, scene = tiny_batch(config)
    together = network(text, motion, scene)
    assert scene.points is not None
    for row in range(3):
        words, frames = int(text.mask[row].sum()), int(motion.mask[row].sum())
        objects = len(scene.mask[row]) if config.scene.pad_to_max else int(scene.mask[row].sum())
        one = slice(row, row + 1)
        alone = network(
            TextBatch(text.tokens[one, :words], text.mask[one, :words]),
            MotionBatch(motion.joints[one, :frames], motion.mask[one, :frames]),
            SceneBatch(scene.boxes[one, :objects], scene.mask[one, :objects], points=scene.points[one, :objects]),
        )
        for kind in KINDS:
            assert torch.allclose(together[kind].mean[one], alone[kind].mean, atol=1e-5), kind


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.name)
def test_training_without_dropout_computes_what_evaluation_does(config: NetworkConfig) -> None:
    network = tiny_network(dataclasses.replace(config, dropout=0.0))
    batch = tiny_batch(config)
    with torch.inference_mode():
        quiet = network(*batch)
    network.train()
    network.scene.points.eval()  # batch statistics differ, as they should
    loud = network(*batch)
    for kind in KINDS:
        assert torch.allclose(quiet[kind].mean, loud[kind].mean, atol=1e-5), kind


def test_every_weight_learns() -> None:
    network = tiny_network(TINY_PAPER).train()
    text, motion, scene = tiny_batch(TINY_PAPER)
    six = network(text, motion, scene)
    decoded = network.decode_motion(six["st"].sample(), motion.mask)
    logits = six["s"].class_logits
    assert logits is not None
    total = decoded.square().mean() + logits[six["s"].mask].logsumexp(-1).mean()
    for encoding in six.values():
        total = total + encoding.sample().square().mean()
    total.backward()
    assert [name for name, parameter in network.named_parameters() if parameter.grad is None] == []


def test_dropout_is_for_training_only() -> None:
    network = tiny_network()
    text, _, _ = tiny_batch()
    assert torch.equal(
        network.encode_text(text.tokens, text.mask).mean, network.encode_text(text.tokens, text.mask).mean
    )
    network.train()
    assert not torch.equal(
        network.encode_text(text.tokens, text.mask).mean, network.encode_text(text.tokens, text.mask).mean
    )


def test_what_does_not_fit_is_refused() -> None:
    network = tiny_network()
    six = network(*tiny_batch())
    with pytest.raises(InputError, match="expected a pair, one of st, mt, ms, got 't'"):
        network.encode_pair("t", six["t"], six["s"])
    with pytest.raises(InputError, match="equally many of both, got 3 and 1"):
        network.encode_pair("st", six["t"], six["s"].take(torch.tensor([0])))
    with pytest.raises(ModelError, match="'tiny small' has no motion decoder"):
        network.decode_motion(six["t"].mean, torch.ones(3, 4, dtype=torch.bool))
    with pytest.raises(ModelError, match=r"class vectors \(7, 5\), got \(2, 5\)"):
        network.set_class_vectors(torch.zeros(2, 5))


def test_the_shipped_size() -> None:
    count = sum(parameter.numel() for parameter in Network(SMALL).parameters())
    assert 2 * count < 40_000_000  # bytes in half precision: what the repository may hold


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.name)
def test_the_device_computes_the_same(config: NetworkConfig) -> None:
    network = tiny_network(config)
    batch = tiny_batch(config)
    here = network(*batch)
    there = network.cuda()(*(part.to("cuda") for part in batch))
    for kind in KINDS:
        assert torch.allclose(there[kind].mean.cpu(), here[kind].mean, atol=1e-4), kind
