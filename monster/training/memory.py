"""Scenes of the last steps, as further negatives (cross-batch memory; Wang et al., 2020): a batch holds few rooms."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional


class SceneMemory:
    """The last ``size`` scene embeddings, the newest last, and the numbers of their scenes."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.units = torch.zeros(0, 1)
        self.scenes = torch.zeros(0, dtype=torch.int64)

    def cosines(self, queries: Tensor, scenes: Tensor) -> Tensor:
        """Cosines (n, remembered) of queries (n, dim); minus infinity where it is the query's own scene (n,)."""
        if not len(self.scenes):
            return queries.new_zeros(len(queries), 0)
        found = functional.normalize(queries, dim=-1) @ self.units.T
        return found.masked_fill(scenes[:, None] == self.scenes, float("-inf"))

    @torch.no_grad()
    def add(self, embeddings: Tensor, scenes: Tensor) -> None:
        """Remember embeddings (n, dim) of scenes (n,), each scene once; -1 is none."""
        distinct = [row for row, scene in enumerate(scenes.tolist()) if scene >= 0 and scene not in scenes[:row]]
        new = functional.normalize(embeddings[distinct].float(), dim=-1)
        old = self.units.to(new) if len(self.units) else new[:0]
        self.units = torch.cat([old, new])[-self.size :]
        self.scenes = torch.cat([self.scenes.to(scenes.device), scenes[distinct]])[-self.size :]

    def state(self) -> dict[str, Any]:
        """What `restore` takes."""
        return {"units": self.units, "scenes": self.scenes}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        self.units, self.scenes = state["units"], state["scenes"]
