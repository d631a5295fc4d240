from __future__ import annotations

import dataclasses

import torch
from tiny_networks import TINY_PAPER, TINY_SMALL, tiny_network

from monster.networks.config import MotionConfig, StackConfig
from monster.networks.layers import place_features
from monster.networks.motion import feature_width, frame_features, whole_tokens

STACK = StackConfig(1, 1, 1)


def test_joints_as_they_are() -> None:
    joints = torch.randn(2, 5, 22, 3)
    config = MotionConfig(STACK)
    assert torch.equal(frame_features(joints, config), joints.reshape(2, 5, 66))
    assert feature_width(config) == 66


def test_local_features_split_place_pose_and_velocity() -> None:
    joints = torch.randn(1, 4, 22, 3)
    config = MotionConfig(STACK, features="local", root_frequencies=3)
    found = frame_features(joints, config)
    root = joints[:, :, 0]
    assert found.shape[-1] == feature_width(config) == 69 + 18
    assert torch.allclose(found[..., :3], root / 4)
    assert torch.allclose(found[0, 2, 3:6], (joints[0, 2, 1] - root[0, 2]) * 2)
    assert torch.allclose(found[0, 3, 66:69], (root[0, 3] - root[0, 2]) * 20, atol=1e-5)
    assert (found[0, 0, 66:69] == 0).all()
    assert torch.allclose(found[..., 69:], place_features(root, 3))
    moved = frame_features(joints + 3.0, config)
    assert torch.allclose(moved[..., 3:69], found[..., 3:69], atol=1e-4)  # pose and velocity do not know the place


def test_frames_fold_into_tokens_and_the_last_real_frame_repeats() -> None:
    joints = torch.arange(7.0).reshape(1, 7, 1, 1).expand(2, 7, 22, 3)
    mask = torch.arange(7) < torch.tensor([6, 3])[:, None]
    padded, tokens = whole_tokens(joints, mask, 4)
    assert padded[:, :, 0, 0].tolist() == [[0, 1, 2, 3, 4, 5, 5, 5], [0, 1, 2, 2, 2, 2, 2, 2]]
    assert tokens.tolist() == [[True, True], [True, False]]


def test_padding_never_reaches_an_embedding() -> None:
    for config in (TINY_PAPER, TINY_SMALL):
        network = tiny_network(config)
        joints, mask = torch.randn(1, 9, 22, 3), torch.arange(9)[None] < 6
        noisy = torch.where(mask[..., None, None], joints, 100.0)
        alone = network.encode_motion(joints[:, :6], mask[:, :6])
        found = network.encode_motion(noisy, mask)
        assert torch.allclose(found.mean, alone.mean, atol=1e-5)
        real = alone.tokens.shape[1]
        assert torch.allclose(found.tokens[:, :real], alone.tokens, atol=1e-5)
        assert found.mask.sum() == real == (6 if config is TINY_PAPER else 2)


def test_joints_may_come_flat() -> None:
    network = tiny_network()
    joints, mask = torch.randn(2, 8, 22, 3), torch.ones(2, 8, dtype=torch.bool)
    flat = network.encode_motion(joints.reshape(2, 8, 66), mask)
    assert torch.equal(flat.mean, network.encode_motion(joints, mask).mean)


def test_place_in_the_room_and_order_in_time_matter() -> None:
    network = tiny_network(dataclasses.replace(TINY_SMALL, name="any"))
    joints, mask = torch.randn(1, 12, 22, 3), torch.ones(1, 12, dtype=torch.bool)
    here = network.encode_motion(joints, mask).mean
    assert not torch.allclose(network.encode_motion(joints + 1.0, mask).mean, here, atol=1e-3)
    assert not torch.allclose(network.encode_motion(joints.flip(1), mask).mean, here, atol=1e-3)
