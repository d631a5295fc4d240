from __future__ import annotations

import torch
from torch.nn import functional

from monster.training.memory import SceneMemory


def test_the_newest_scenes_are_kept_each_once_and_are_no_negatives_of_themselves() -> None:
    torch.manual_seed(0)
    memory, queries = SceneMemory(3), torch.randn(4, 5)
    wanted = torch.tensor([7, 2, 3, 9])
    assert memory.cosines(queries, wanted).shape == (4, 0)
    first, second = torch.randn(4, 5), torch.randn(2, 5)
    memory.add(first, torch.tensor([1, 2, -1, 2]))
    memory.add(second, torch.tensor([3, 7]))
    unit = functional.normalize(queries, dim=-1)
    expected = unit @ functional.normalize(torch.stack([first[1], *second]), dim=-1).T
    own = torch.tensor([[False, False, True], [True, False, False], [False, True, False], [False] * 3])
    found = memory.cosines(queries, wanted)
    torch.testing.assert_close(found, expected.masked_fill(own, float("-inf")))
    other = SceneMemory(3)
    other.restore(memory.state())
    torch.testing.assert_close(other.cosines(queries, wanted), found)
