"""Training by several processes: each encodes its own rooms; embeddings and gradients are exchanged.

``torchrun`` starts them and sets WORLD_SIZE, RANK and LOCAL_RANK. A single process exchanges nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import torch
from torch import Tensor, distributed


@dataclass(frozen=True)
class Distributed:
    """One process of ``world_size``; ``rank`` is its number among all, ``local_rank`` that on its machine."""

    rank: int = 0
    world_size: int = 1
    local_rank: int = 0

    @classmethod
    def initialize(cls) -> Distributed:
        """Connect to the other processes of ``torchrun``; without it, the process is alone.

        Each process of a machine takes the GPU of its local rank as its current device.
        """
        if int(os.environ.get("WORLD_SIZE", "1")) < 2:
            return cls()
        local_rank = int(os.environ.get("LOCAL_RANK", os.environ.get("RANK", "0")))
        if torch.cuda.is_available():
            torch.cuda.set_device(local_rank % torch.cuda.device_count())
        if not distributed.is_initialized():
            backend = "nccl" if torch.cuda.is_available() else "gloo"
            distributed.init_process_group(backend, timeout=timedelta(hours=6))
        return cls(distributed.get_rank(), distributed.get_world_size(), local_rank)

    def rank_zero_first(self, work: Callable[[], None]) -> None:
        """Process 0 does the work, the others wait for it."""
        if self.rank == 0:
            work()
        if self.world_size > 1:
            distributed.barrier()

    def gather_counts(self, count: int, device: torch.device) -> tuple[int, ...]:
        """A number of every process, by rank."""
        if self.world_size == 1:
            return (count,)
        local = torch.tensor([count], device=device)
        received = [torch.empty_like(local) for _ in range(self.world_size)]
        distributed.all_gather(received, local)
        return tuple(int(each) for each in received)

    def gather(self, rows: Tensor, counts: Sequence[int]) -> Tensor:
        """all_gather along dim 0, where rank r holds ``counts[r]`` rows; gradients flow only to the local rows."""
        if self.world_size == 1 or not max(counts):
            return rows
        padded = rows.new_zeros(max(counts), *rows.shape[1:])
        padded[: len(rows)] = rows.detach()
        received = [torch.empty_like(padded) for _ in range(self.world_size)]
        distributed.all_gather(received, padded)
        pieces = [piece[:count] for piece, count in zip(received, counts, strict=True)]
        pieces[self.rank] = rows
        return torch.cat(pieces)

    def sum_gradients(self, parameters: Iterable[torch.nn.Parameter]) -> None:
        """Add the gradients of all processes; a parameter that no process has a gradient of stays without."""
        if self.world_size == 1:
            return
        held = list(parameters)
        has_gradient = torch.tensor([float(p.grad is not None) for p in held], device=held[0].device)
        flat = torch.cat([(torch.zeros_like(p) if p.grad is None else p.grad).flatten() for p in held])
        distributed.all_reduce(has_gradient)
        distributed.all_reduce(flat)
        pieces = torch.split(flat, [p.numel() for p in held])
        for parameter, piece, present in zip(held, pieces, has_gradient.tolist(), strict=True):
            parameter.grad = piece.view_as(parameter).clone() if present else None

    def sum(self, value: Tensor) -> Tensor:
        """The sum of a number over all processes, without gradient."""
        value = value.detach().clone()
        if self.world_size > 1:
            distributed.all_reduce(value)
        return value

    def broadcast_flag(self, flag: bool) -> bool:
        """The flag of process 0, for all: their clocks differ, their steps must not."""
        if self.world_size == 1:
            return flag
        value = torch.tensor(float(flag), device="cuda" if torch.cuda.is_available() else "cpu")
        distributed.broadcast(value, 0)
        return bool(value.item())


ALONE: Final = Distributed()
