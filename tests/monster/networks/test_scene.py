from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch
from tiny_networks import TINY_PAPER, TINY_SMALL, tiny_network
from torch import Tensor, nn

from monster.networks.collate import SceneBatch
from monster.networks.scene import SpatialAttention, SpatialLayer, pair_features


def batch_of(objects: int, padded: int = 0, seed: int = 0) -> SceneBatch:
    rng = np.random.default_rng(seed)
    points = rng.normal(scale=0.4, size=(objects, 40, 6)).astype(np.float32)
    boxes = rng.normal(size=(objects, 6)).astype(np.float32)
    return SceneBatch.of([points], [boxes], pad_to=objects + padded)


def test_pair_features_by_hand() -> None:
    centers = torch.tensor([[[0.0, 0, 0], [3, 4, 12]]])
    found = pair_features(centers, torch.ones(1, 2, dtype=torch.bool))
    expected = [1.0, 12 / 13, 5 / 13, 4 / 5, 3 / 5]  # query 1 minus key 0
    assert torch.allclose(found[0, 1, 0], torch.tensor(expected), atol=1e-5)
    assert torch.allclose(found[0, 0, 1], torch.tensor([1.0, -12 / 13, 5 / 13, -4 / 5, -3 / 5]), atol=1e-5)
    assert torch.isfinite(found).all()
    assert torch.allclose(found[0, 0, 0], torch.tensor([1e-5 / 13, 0, 1, 0, 0]), atol=1e-6)


def test_padding_at_the_origin_counts_in_the_largest_distance_only_where_it_is_said() -> None:
    centers = torch.tensor([[[10.0, 0, 0], [11, 0, 0], [0, 0, 0]]]).expand(2, -1, -1)
    real, origin = torch.tensor([[True, True, False]]).expand(2, -1), torch.tensor([True, False])
    there, nowhere = pair_features(centers, real, origin)[:, 1, 0, 0].tolist()
    assert (there, nowhere) == (pytest.approx(1 / 11), pytest.approx(1.0))
    assert pair_features(centers, real)[0, 1, 0, 0].item() == pytest.approx(1.0)
    everything = torch.ones(2, 3, dtype=torch.bool)  # padding that is there lies at the origin
    assert torch.equal(pair_features(centers, everything)[0], pair_features(centers, real, origin)[0])


def test_the_network_counts_padding_as_its_config_says() -> None:
    boxes = batch_of(3)
    far = dataclasses.replace(boxes, boxes=boxes.boxes + 20.0)
    padded = SceneBatch.of([far.points[0].numpy()], [far.boxes[0].numpy()], pad_to=5)  # type: ignore[index]
    paper, small = tiny_network(TINY_PAPER), tiny_network(TINY_SMALL)
    for network in (paper, small):
        for layer in network.scene.spatial:
            nn.init.normal_(layer.attention.condition.weight)  # gates that the distances move
    moved = (paper.encode_scene(far).tokens - paper.encode_scene(padded).tokens[:, :3]).abs().max()
    still = (small.encode_scene(far).tokens - small.encode_scene(padded).tokens[:, :3]).abs().max()
    assert moved > 1e-3
    assert still < 1e-5


def slow_attention(layer: SpatialAttention, tokens: Tensor, relations: Tensor, mask: Tensor) -> Tensor:
    """One head, one query at a time."""
    width = tokens.shape[-1] // layer.heads
    query, key, value = layer.query(tokens), layer.key(tokens), layer.value(tokens)
    condition = layer.condition(tokens)
    mixed = torch.zeros_like(tokens)
    for b, q, h in np.ndindex(len(tokens), tokens.shape[1], layer.heads):
        part = slice(h * width, (h + 1) * width)
        bias, *weights = condition[b, q, h * 6 : h * 6 + 6]
        gate = torch.sigmoid(bias + relations[b, q] @ torch.stack(weights))
        logits = (key[b, :, part] @ query[b, q, part]) / width**0.5 + gate.clamp(min=1e-6).log()
        mixed[b, q, part] = logits.masked_fill(~mask[b], -torch.inf).softmax(0) @ value[b, :, part]
    return layer.norm(layer.output(mixed) + tokens)


def test_spatial_attention_equals_its_definition() -> None:
    torch.manual_seed(0)
    layer = SpatialAttention(12, 3, 0.0)
    nn.init.normal_(layer.condition.weight, std=3.0)  # gates that also reach the clamp
    tokens, relations = torch.randn(2, 4, 12), torch.randn(2, 4, 4, 5)
    mask = torch.tensor([[True] * 4, [True, True, False, False]])
    assert torch.allclose(layer(tokens, relations, mask), slow_attention(layer, tokens, relations, mask), atol=1e-5)


def test_a_spatial_layer_adds_its_input_twice() -> None:
    torch.manual_seed(0)
    layer = SpatialLayer(12, TINY_PAPER.scene.spatial, 0.0)
    tokens, relations, mask = torch.randn(1, 4, 12), torch.randn(1, 4, 4, 5), torch.ones(1, 4, dtype=torch.bool)
    middle = layer.norm1(tokens + layer.attention(tokens, relations, mask))
    expected = layer.norm2(middle + layer.linear2(nn.functional.gelu(layer.linear1(middle))))
    assert torch.allclose(layer(tokens, relations, mask), expected, atol=1e-6)


def test_boxes_are_added_before_every_spatial_layer_and_stay() -> None:
    network = tiny_network(TINY_PAPER)
    given: list[Tensor] = []
    left: list[Tensor] = []
    for layer in network.scene.spatial:
        layer.register_forward_hook(lambda _, inputs, output: (given.append(inputs[0]), left.append(output))[0])
    batch = batch_of(3, padded=1)
    encoding = network.encode_scene(batch)
    assert torch.allclose(given[1], left[0] + network.scene.boxes(batch.boxes[:, :3]), atol=1e-6)
    assert torch.equal(encoding.tokens, left[-1])


def test_padding_objects_receive_the_learned_vector_and_real_ones_do_not() -> None:
    network = tiny_network(TINY_PAPER)
    given: list[Tensor] = []
    network.scene.spatial[0].register_forward_hook(lambda _, inputs, __: given.append(inputs[0]))
    short, long = batch_of(2, padded=2), batch_of(4)
    assert short.points is not None
    assert long.points is not None
    points = torch.cat([long.points, short.points])  # the longest comes first
    batch = SceneBatch(torch.cat([long.boxes, short.boxes]), torch.cat([long.mask, short.mask]), points=points)
    network.encode_scene(batch)
    with torch.no_grad():
        network.scene.padding.add_(1.0)
    network.encode_scene(batch)
    code = network.scene.boxes(batch.boxes)
    assert torch.allclose(given[1][1, 2:], (network.scene.padding + code)[1, 2:], atol=1e-6)
    assert torch.equal(given[0][1, :2], given[1][1, :2])


def test_the_predicted_class_takes_its_row_of_the_table() -> None:
    network = tiny_network(TINY_PAPER)
    batch = batch_of(4)
    logits = network.encode_scene(batch).class_logits
    assert logits is not None
    chosen = int(logits[0, 0].argmax())
    before = network.encode_scene(batch).mean
    with torch.no_grad():
        unused = next(row for row in range(7) if row not in logits.argmax(-1))
        network.scene.class_vectors[unused] += 5.0
    assert torch.equal(network.encode_scene(batch).mean, before)
    with torch.no_grad():
        network.scene.class_vectors[chosen] += 5.0
    assert not torch.allclose(network.encode_scene(batch).mean, before, atol=1e-4)


def test_a_known_label_replaces_the_prediction() -> None:
    network = tiny_network(TINY_PAPER)
    batch = batch_of(4)
    logits = network.encode_scene(batch).class_logits
    assert logits is not None
    row = network.scene.class_vectors[3]
    nothing = torch.zeros(1, 4, dtype=torch.bool)
    labelled = dataclasses.replace(batch, label_vectors=row.expand(1, 4, 5), has_label=~nothing)
    without = dataclasses.replace(labelled, has_label=nothing)
    assert torch.equal(network.encode_scene(without).mean, network.encode_scene(batch).mean)
    found = network.encode_scene(labelled).mean
    assert not torch.allclose(found, network.encode_scene(batch).mean, atol=1e-4)
    with torch.no_grad():
        network.scene.class_vectors[:] = row  # now every prediction is that vector
    assert torch.equal(network.encode_scene(batch).mean, found)


def test_labels_are_used_with_their_probability() -> None:
    network = tiny_network(TINY_PAPER)
    labelled = dataclasses.replace(
        batch_of(4), label_vectors=torch.ones(1, 4, 5), has_label=torch.ones(1, 4, dtype=torch.bool)
    )
    never = network.encode_scene(labelled, label_probability=0.0).mean
    assert torch.equal(never, network.encode_scene(batch_of(4)).mean)
    many = dataclasses.replace(
        SceneBatch(labelled.boxes.expand(400, 4, 6), labelled.mask.expand(400, 4), features=torch.zeros(400, 4, 24)),
        label_vectors=torch.full((400, 4, 5), 9.0),
        has_label=torch.ones(400, 4, dtype=torch.bool),
    )
    torch.manual_seed(0)
    assert many.features is not None
    logits = network.scene.class_head(many.features)
    drawn = network.scene._class_vectors(logits, many, 0.25)
    assert (drawn == 9.0).all(-1).float().mean().item() == pytest.approx(0.25, abs=0.05)


def test_cached_features_stand_for_the_points() -> None:
    network = tiny_network()
    batch = batch_of(3, padded=2)
    assert batch.points is not None
    features = network.encode_objects(batch.points, batch.mask)
    assert features.shape == (1, 5, 24)
    assert (features[~batch.mask] == 0).all()
    cached = SceneBatch(batch.boxes, batch.mask, features=features)
    assert torch.equal(network.encode_scene(cached).mean, network.encode_scene(batch).mean)


def test_objects_form_a_set_up_to_their_position_codes_and_padding_is_unseen() -> None:
    network = tiny_network()
    batch = batch_of(4)
    assert batch.points is not None
    turned = dataclasses.replace(batch, points=batch.points[:, [2, 0, 3, 1]], boxes=batch.boxes[:, [2, 0, 3, 1]])
    tokens = network.encode_scene(batch).tokens
    assert torch.allclose(network.encode_scene(turned).tokens, tokens[:, [2, 0, 3, 1]], atol=1e-5)
    padded = batch_of(4, padded=3)
    assert padded.points is not None
    strange = dataclasses.replace(padded, points=torch.where(padded.mask[..., None, None], padded.points, 50.0))
    assert torch.equal(network.encode_scene(strange).mean, network.encode_scene(padded).mean)
