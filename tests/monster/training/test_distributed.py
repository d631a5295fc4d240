"""Two processes give the loss and the gradients of one with the joint batch."""

from __future__ import annotations

import dataclasses
import os
import socket
from pathlib import Path

import pytest
import torch
from tiny_corpus import SETTINGS, TINY, with_sentences
from torch import distributed, multiprocessing

from monster.networks.network import Network
from monster.training.distributed import Distributed
from monster.training.prepared import Prepared
from monster.training.recipes import RECIPES
from monster.training.trainer import Trainer

RECIPE = dataclasses.replace(RECIPES["ours"], pair_negatives=1.0, latent_weight=0.01)
STILL = dataclasses.replace(TINY, dropout=0.0)  # dropout draws other numbers in every process


Tensors = dict[str, torch.Tensor]


def step(folder: Path, processes: Distributed, rooms: int) -> tuple[dict[str, float], Tensors, Tensors]:
    """The losses of one step, its gradients, and the weights after it."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    prepared = Prepared.open(folder)
    prepared = with_sentences(prepared, [int(item) for item in prepared.rows(0)[-2:]])
    config = RECIPE.configured(STILL.with_classes(len(prepared.categories)))
    network = Network(config)
    network.set_class_vectors(prepared["class_vectors"])
    features = torch.randn(4, len(prepared["boxes"]), TINY.hidden, generator=torch.Generator().manual_seed(0))
    settings = dataclasses.replace(
        SETTINGS,
        recipe=RECIPE,
        rooms=rooms,
        items_per_room=3,
        label_probability=1.0,
        precision="float32",
        learning_rate=0.01,
    )
    trainer = Trainer(network, prepared, features, settings, processes=processes)
    trainer.network.train()
    trainer.network.scene.points.eval()
    losses = trainer.step(next(trainer.sampler.batches(4)))
    gradients = {name: p.grad for name, p in network.named_parameters() if p.grad is not None}
    gradients["log_scale"] = trainer.loss.log_scale.grad
    return losses, gradients, {**network.state_dict(), "log_scale": trainer.loss.log_scale.detach()}


def member(rank: int, port: int, folder: Path, out: Path) -> None:
    """One of two processes."""
    os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "WORLD_SIZE": "2", "RANK": str(rank)}
    losses, gradients, weights = step(folder, Distributed.initialize(), rooms=1)
    torch.save({"losses": losses, "gradients": gradients, "weights": weights}, out / f"{rank}.pt")
    distributed.destroy_process_group()


@pytest.mark.skipif(not distributed.is_gloo_available(), reason="this torch has no gloo")
def test_two_processes_do_what_one_does_with_the_joint_batch(prepared_folder: Path, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    multiprocessing.spawn(member, (port, prepared_folder, tmp_path), nprocs=2)  # type: ignore[no-untyped-call]
    two = [torch.load(tmp_path / f"{rank}.pt", weights_only=True) for rank in range(2)]
    losses, gradients, weights = step(prepared_folder, Distributed(), rooms=2)
    assert "caption geometry" in losses and "m2s alone" in losses
    for each in two:
        assert each["losses"] == pytest.approx(losses, abs=1e-4)
        assert each["gradients"].keys() == gradients.keys()
        for name, value in gradients.items():
            torch.testing.assert_close(each["gradients"][name], value, atol=1e-4, rtol=1e-3)
        for name in weights:
            torch.testing.assert_close(each["weights"][name], two[0]["weights"][name], atol=0, rtol=0)


def test_the_local_rank_chooses_the_gpu_and_the_rank_the_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second process of the second machine with two GPUs: rank 3, local rank 1."""
    chosen: list[int] = []
    environment = {"WORLD_SIZE": "4", "RANK": "3", "LOCAL_RANK": "1"}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "set_device", chosen.append)
    monkeypatch.setattr(distributed, "is_initialized", lambda: True)
    monkeypatch.setattr(distributed, "get_rank", lambda: 3)
    monkeypatch.setattr(distributed, "get_world_size", lambda: 4)
    assert Distributed.initialize() == Distributed(rank=3, world_size=4, local_rank=1)
    assert chosen == [1]


def test_alone_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    alone, rows, done = Distributed.initialize(), torch.ones(2, 3), []
    alone.rank_zero_first(lambda: done.append(1))
    assert alone == Distributed() and alone.gather(rows, (2,)) is rows and done == [1]
    assert alone.broadcast_flag(True) and not alone.broadcast_flag(False) and alone.sum(torch.tensor(3.0)) == 3.0
