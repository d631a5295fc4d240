"""The encodings of a training batch: every kind that the recipe needs, and the hard negatives with their pairs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor

from monster.networks.collate import Encoding
from monster.networks.network import Network
from monster.networks.packing import FEW
from monster.networks.pairs import ROW_PARTS
from monster.tasks import ROW_KINDS, Kind
from monster.training.dataset import TrainingBatch
from monster.training.recipes import Recipe

_FRAMES: Final[tuple[Kind, ...]] = ("m", "m@s")
Rows = tuple[Tensor, Encoding]  # items (k,) of the batch and their encoding


@dataclass(frozen=True, eq=False)
class HardNegatives:
    """Encoded hard negatives of one kind.

    ``items`` (k,): the item of the batch that each belongs to, ascending within a part; ``rows`` (k, dim): their
    embeddings; ``of_motion`` (k,): whether the caption is false of the motion in any scene.
    """

    items: Tensor
    rows: Tensor
    of_motion: Tensor

    def take(self, chosen: Tensor) -> HardNegatives:
        """Some of them, by a mask (k,) or by indices."""
        return HardNegatives(self.items[chosen], self.rows[chosen], self.of_motion[chosen])


@dataclass(frozen=True, eq=False)
class EncodedBatch:
    """The encodings of a batch: by kind, the items that have the kind and their encoding; and the hard negatives."""

    kinds: Mapping[Kind, Rows]
    negatives: Mapping[Kind, HardNegatives]

    def embeddings(self, kind: Kind, count: int, *, sample: bool = False) -> Tensor:
        """The embeddings (count, dim) of the items of the batch, 0 where an item lacks the kind."""
        if kind not in self.kinds:
            return self.any_mean().new_zeros(count, self.dim)
        items, encoding = self.kinds[kind]
        values = (encoding.sample() if sample else encoding.mean).float()  # half precision is too coarse here
        return values if len(items) == count else values.new_zeros(count, self.dim).index_copy(0, items, values)

    def hard_negatives(self, kind: Kind) -> HardNegatives:
        """The hard negatives of a kind, possibly none."""
        if kind in self.negatives:
            return self.negatives[kind]
        nothing = torch.zeros(0, dtype=torch.int64, device=self.any_mean().device)
        return HardNegatives(nothing, self.any_mean().new_zeros(0, self.dim).float(), nothing.bool())

    @property
    def dim(self) -> int:
        """Width of the shared space."""
        return self.any_mean().shape[-1]

    def any_mean(self) -> Tensor:
        """The means of the first kind: for their device and type."""
        return next(iter(self.kinds.values()))[1].mean


def encode_batch(
    network: Network, batch: TrainingBatch, *, label_probability: float, recipe: Recipe | None = None
) -> EncodedBatch:
    """The encodings of a batch that the recipe asks for (all six without one); a shared room is encoded once."""
    wanted = recipe.kinds if recipe is not None else frozenset(ROW_KINDS)
    encodings: dict[Kind, Rows] = {}
    if batch.text is not None and "t" in wanted:
        encodings["t"] = _per_item(network.encode_text(batch.text.tokens, batch.text.mask), batch.text_row)
    _add_motions(network, batch, wanted, encodings)
    if batch.scene is not None and "s" in wanted:
        scenes = network.encode_scene(batch.scene, label_probability=label_probability)
        encodings["s"] = _per_item(scenes, batch.room)
    for kind, (a, b) in ROW_PARTS.items():
        if kind in wanted and a in encodings and b in encodings:
            _add_pair(network, kind, (encodings[a], encodings[b]), encodings)
    return EncodedBatch(encodings, _encode_negatives(network, batch, recipe, encodings))


def _add_motions(network: Network, batch: TrainingBatch, wanted: frozenset[str], encodings: dict[Kind, Rows]) -> None:
    """Adds the motions in their own frame and in that of their scene; a "world" network has one encoding for both."""
    if batch.motion is None or batch.own_motion is None:
        return
    if network.config.frames == "world":
        if wanted & {"m", "m@s"}:
            motions = network.encode_motion(batch.motion.joints, batch.motion.mask)
            encoded = _per_item(motions, batch.motion_row)
            encodings |= {kind: encoded for kind in _FRAMES if kind in wanted}
        return
    if "m" in wanted:
        own = network.encode_motion(batch.own_motion.joints, batch.own_motion.mask)
        encodings["m"] = _per_item(own, batch.motion_row)
    if "m@s" in wanted:
        has_scene = (batch.room >= 0) & (batch.motion_row >= 0)
        items = torch.nonzero(has_scene).flatten()
        if len(items):
            rows = batch.motion_row[items]
            joints, mask = batch.motion.joints[rows], batch.motion.mask[rows]
            encodings["m@s"] = items, network.encode_motion(joints, mask, placed=True)


def _per_item(encoding: Encoding, row_of: Tensor) -> Rows:
    """The items that have a row in the encoding, and the encoding of each."""
    items = torch.nonzero(row_of >= 0).flatten()
    rows = row_of[items]
    same = len(rows) == len(encoding.mean) and bool((rows == torch.arange(len(rows), device=rows.device)).all())
    return items, encoding if same else encoding.take(rows)


def _add_pair(network: Network, kind: Kind, parts: tuple[Rows, Rows], encodings: dict[Kind, Rows]) -> None:
    """Adds the pair of the items that have both parts, if any."""
    (items_a, a), (items_b, b) = parts
    if len(items_a) == len(items_b) and bool((items_a == items_b).all()):
        encodings[kind] = items_a, network.encode_pair(kind, a, b)
        return
    in_a, in_b = torch.isin(items_a, items_b), torch.isin(items_b, items_a)
    if in_a.any():
        encodings[kind] = items_a[in_a], network.encode_pair(kind, a.take(in_a), b.take(in_b))


@dataclass(frozen=True, eq=False)
class _Part:
    """Hard negatives with their encoding and its tokens, for pairs."""

    items: Tensor
    encoding: Encoding
    of_motion: Tensor


def _encode_negatives(
    network: Network, batch: TrainingBatch, recipe: Recipe | None, encodings: dict[Kind, Rows]
) -> dict[Kind, HardNegatives]:
    singles: dict[Kind, _Part] = {}
    if batch.negative_text is not None and "t" in encodings:
        texts = network.encode_text(batch.negative_text.tokens, batch.negative_text.mask)
        singles["t"] = _Part(batch.negative_text_item, texts, batch.negative_of_motion)
    if batch.negative_motion is not None and "m@s" in encodings:
        motions = network.encode_motion(batch.negative_motion.joints, batch.negative_motion.mask, placed=True)
        items = batch.negative_motion_item
        singles["m@s"] = _Part(items, motions, torch.zeros_like(items, dtype=torch.bool))
    parts: dict[Kind, list[_Part]] = {kind: [part] for kind, part in singles.items()}
    if recipe is not None and recipe.pair_negatives:
        for letter, single in singles.items():
            _add_pair_negatives(
                network, (letter, single), share=recipe.pair_negatives, encodings=encodings, parts=parts
            )
    if batch.mirrored_motion is not None and "m" in encodings and network.config.frames == "own":
        mirrored = network.encode_motion(batch.mirrored_motion.joints, batch.mirrored_motion.mask)
        items = batch.mirrored_motion_item
        parts["m"] = [_Part(items, mirrored, torch.ones_like(items, dtype=torch.bool))]
    return {kind: _joined(each) for kind, each in parts.items()}


def _add_pair_negatives(
    network: Network,
    single: tuple[Kind, _Part],
    *,
    share: float,
    encodings: dict[Kind, Rows],
    parts: dict[Kind, list[_Part]],
) -> None:
    """Adds the pairs of a share of the hard negatives of one modality with the other modalities of their item."""
    letter, negatives = single
    chosen = random_share(len(negatives.items), share).to(negatives.items.device)
    for kind, (a, b) in ROW_PARTS.items():
        if letter not in (a, b) or kind not in encodings:
            continue
        items, other = encodings[b if a == letter else a]
        paired = chosen & torch.isin(negatives.items, items)
        if not paired.any():
            continue
        of, wrong = negatives.items[paired], negatives.encoding.take(paired)
        right = other.take(torch.searchsorted(items, of))
        first, second = (wrong, right) if a == letter else (right, wrong)
        pair = _Part(of, network.encode_pair(kind, first, second), negatives.of_motion[paired])
        parts.setdefault(kind, []).append(pair)


def random_share(count: int, share: float) -> Tensor:
    """A random choice (count,); above `FEW` its number is rounded up to a multiple of it, to reuse kernels by shape."""
    wanted = round(share * count)
    if wanted > FEW:
        wanted = min(count, -(-wanted // FEW) * FEW)
    return torch.zeros(count, dtype=torch.bool).index_fill(0, torch.randperm(count)[:wanted], True)


def _joined(parts: list[_Part]) -> HardNegatives:
    return HardNegatives(
        torch.cat([part.items for part in parts]),
        torch.cat([part.encoding.mean.float() for part in parts]),
        torch.cat([part.of_motion for part in parts]),
    )
