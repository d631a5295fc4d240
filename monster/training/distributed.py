"""Several processes that train one network: each encodes its rooms, embeddings and gradients are shared.

Started by ``torchrun``, which names rank and number of processes in the environment; alone, nothing is sent.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

import torch
from torch import Tensor, distributed


@dataclass(frozen=True)
class Processes:
    """This process among all."""

    rank: int = 0
    world: int = 1

    @classmethod
    def join(cls) -> Processes:
        """Meet the other processes of ``torchrun``; a process without it is alone."""
        if int(os.environ.get("WORLD_SIZE", "1")) < 2:
            return cls()
        if not distributed.is_initialized():
            backend = "nccl" if torch.cuda.is_available() else "gloo"
            distributed.init_process_group(backend, timeout=timedelta(hours=6))
        return cls(distributed.get_rank(), distributed.get_world_size())

    def after_first(self, work: Callable[[], None]) -> None:
        """The first process does the work, the others wait for it."""
        if self.rank == 0:
            work()
        if self.world > 1:
            distributed.barrier()

    def gathered(self, rows: Tensor, parts: tuple[int, ...]) -> Tensor:
        """The rows (parts[r], ...) of all processes, one after the other; only the own ones carry a gradient."""
        if self.world == 1:
            return rows
        width = torch.tensor(rows.shape[1:], device=rows.device)
        distributed.all_reduce(width, distributed.ReduceOp.MAX)  # a process may hold fewer near misses
        shape = (max(parts), *width.tolist())
        padded = rows.new_full(shape, float("-inf"))
        padded[tuple(slice(0, size) for size in rows.shape)] = rows.detach()
        received = [torch.empty_like(padded) for _ in range(self.world)]
        distributed.all_gather(received, padded)
        pieces = [piece[:count] for piece, count in zip(received, parts, strict=True)]
        missing = shape[1] - rows.shape[1]
        pieces[self.rank] = torch.nn.functional.pad(rows, (0, missing), value=float("-inf")) if missing else rows
        return torch.cat(pieces)

    def sum_gradients(self, parameters: Iterable[torch.nn.Parameter]) -> None:
        """Add the gradients of all processes; a parameter that none has a gradient of stays without."""
        if self.world == 1:
            return
        held = list(parameters)
        some = torch.tensor([float(p.grad is not None) for p in held], device=held[0].device)
        flat = torch.cat([(torch.zeros_like(p) if p.grad is None else p.grad).flatten() for p in held])
        distributed.all_reduce(some)
        distributed.all_reduce(flat)
        for parameter, piece, there in zip(
            held, torch.split(flat, [p.numel() for p in held]), some.tolist(), strict=True
        ):
            parameter.grad = piece.view_as(parameter).clone() if there else None

    def total(self, value: Tensor) -> Tensor:
        """The sum of a number over all processes, without gradient."""
        value = value.detach().clone()
        if self.world > 1:
            distributed.all_reduce(value)
        return value

    def agreed(self, stop: bool) -> bool:
        """Whether the first process says stop: clocks differ, steps must not."""
        if self.world == 1:
            return stop
        told = torch.tensor(float(stop))
        if torch.cuda.is_available():
            told = told.cuda()
        distributed.broadcast(told, 0)
        return bool(told.item())
