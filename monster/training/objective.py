"""What a training step asks of the network: which embeddings meet, and which pairs of items are no negatives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.nn import functional

from monster.networks.collate import Encoding
from monster.networks.network import Network
from monster.networks.packing import FEW
from monster.networks.pairs import PAIR_PARTS
from monster.tasks import Kind
from monster.training.dataset import Relations, TrainingBatch
from monster.training.losses import Term, contrastive, kl_divergence, reconstruction, same_meaning
from monster.training.recipes import Recipe

Gather = Callable[[Tensor], Tensor]


@dataclass(frozen=True, eq=False)
class Wrong:
    """Near misses encoded: the rows ``of`` (k,) that they belong to, and which are false of the motion in any scene."""

    of: Tensor
    encoding: Encoding
    of_motion: Tensor

    def take(self, rows: Tensor) -> Wrong:
        """Some of them, by a mask (k,) or by rows."""
        return Wrong(self.of[rows], self.encoding.take(rows), self.of_motion[rows])

    def unit(self) -> Tensor:
        """Their embeddings (k, dim) of length 1."""
        return functional.normalize(self.encoding.mean.float(), dim=-1)


@dataclass(frozen=True, eq=False)
class Encoded:
    """A batch encoded: by kind, the rows (k,) that hold the kind and their encoding.

    ``wrong``: likewise the near misses; a pair has some by each part.
    """

    kinds: Mapping[Kind, tuple[Tensor, Encoding]]
    wrong: Mapping[Kind, list[Wrong]]

    def embeddings(self, kind: Kind, count: int, *, sample: bool = False) -> Tensor:
        """The embeddings (count, dim) of the items of the batch, 0 where an item lacks the kind."""
        if kind not in self.kinds:
            return next(iter(self.kinds.values()))[1].mean.new_zeros(count, self.dim)
        rows, encoding = self.kinds[kind]
        values = (encoding.sample() if sample else encoding.mean).float()  # half precision is too coarse here
        return values if len(rows) == count else values.new_zeros(count, self.dim).index_copy(0, rows, values)

    @property
    def dim(self) -> int:
        """Width of the shared space."""
        return next(iter(self.kinds.values()))[1].mean.shape[-1]


def encode_batch(
    network: Network, batch: TrainingBatch, *, label_probability: float, recipe: Recipe | None = None
) -> Encoded:
    """The encodings of a batch that the recipe asks for (all six without one); a shared room is encoded once."""
    wanted = recipe.kinds if recipe is not None else frozenset(("t", "m", "s", *PAIR_PARTS))
    found: dict[Kind, tuple[Tensor, Encoding]] = {}
    if batch.text is not None and "t" in wanted:
        found["t"] = _spread(network.encode_text(batch.text.tokens, batch.text.mask), batch.text_row)
    if batch.motion is not None and "m" in wanted:
        found["m"] = _spread(network.encode_motion(batch.motion.joints, batch.motion.mask), batch.motion_row)
    if batch.scene is not None and "s" in wanted:
        scenes = network.encode_scene(batch.scene, label_probability=label_probability)
        found["s"] = _spread(scenes, batch.room)
    for kind, (a, b) in PAIR_PARTS.items():
        if kind in wanted and a in found and b in found:
            _add_pair(network, kind, (found[a], found[b]), found)
    return Encoded(found, _near_misses(network, batch, recipe, found))


def _spread(encoding: Encoding, row_of: Tensor) -> tuple[Tensor, Encoding]:
    """The items that have a row in the encoding, and the encoding of each."""
    rows = torch.nonzero(row_of >= 0).flatten()
    own = row_of[rows]
    same = len(own) == len(encoding.mean) and bool((own == torch.arange(len(own), device=own.device)).all())
    return rows, encoding if same else encoding.take(own)


def _add_pair(
    network: Network,
    kind: Kind,
    parts: tuple[tuple[Tensor, Encoding], tuple[Tensor, Encoding]],
    found: dict[Kind, tuple[Tensor, Encoding]],
) -> None:
    """Adds the pair of what belongs to the same item; nothing where no item has both."""
    (rows_a, a), (rows_b, b) = parts
    if len(rows_a) == len(rows_b) and bool((rows_a == rows_b).all()):
        found[kind] = rows_a, network.encode_pair(kind, a, b)
        return
    in_a, in_b = torch.isin(rows_a, rows_b), torch.isin(rows_b, rows_a)
    if in_a.any():
        found[kind] = rows_a[in_a], network.encode_pair(kind, a.take(in_a), b.take(in_b))


def _near_misses(
    network: Network, batch: TrainingBatch, recipe: Recipe | None, found: dict[Kind, tuple[Tensor, Encoding]]
) -> dict[Kind, list[Wrong]]:
    wrong: dict[Kind, list[Wrong]] = {}
    if batch.wrong_text is not None and "t" in found:
        encoding = network.encode_text(batch.wrong_text.tokens, batch.wrong_text.mask)
        wrong["t"] = [Wrong(batch.wrong_text_of, encoding, batch.wrong_of_motion)]
    if batch.wrong_motion is not None and "m" in found:
        encoding = network.encode_motion(batch.wrong_motion.joints, batch.wrong_motion.mask)
        of = batch.wrong_motion_of
        wrong["m"] = [Wrong(of, encoding, torch.zeros_like(of, dtype=torch.bool))]
    if recipe is not None and recipe.pair_negatives:
        for letter in tuple(wrong):
            _add_wrong_pairs(network, letter, recipe.pair_negatives, found, wrong)
    return wrong


def _add_wrong_pairs(
    network: Network,
    letter: Kind,
    share: float,
    found: dict[Kind, tuple[Tensor, Encoding]],
    wrong: dict[Kind, list[Wrong]],
) -> None:
    """Adds the pairs that a share of the near misses of a modality make with what else their item has."""
    all_ = wrong[letter][0]
    of_these = _share(len(all_.of), share).to(all_.of.device)
    for kind, parts in PAIR_PARTS.items():
        if letter not in parts or kind not in found:
            continue
        rows, other = found[parts[1] if parts[0] == letter else parts[0]]
        has = of_these & torch.isin(all_.of, rows)
        if has.any():
            some = all_.take(has)
            beside_it = other.take(torch.searchsorted(rows, some.of))
            a, b = (some.encoding, beside_it) if parts[0] == letter else (beside_it, some.encoding)
            wrong.setdefault(kind, []).append(replace(some, encoding=network.encode_pair(kind, a, b)))


def _share(count: int, share: float) -> Tensor:
    """A random choice (count,); many are rounded up to a multiple of `FEW`: kernels are made anew for every shape."""
    wanted = round(share * count)
    wanted = wanted if wanted <= FEW else min(count, -(-wanted // FEW) * FEW)
    return torch.zeros(count, dtype=torch.bool).index_fill(0, torch.randperm(count)[:wanted], True)


def not_negative(relations: Relations, query: Kind, target: Kind, recipe: Recipe | None = None) -> Tensor:
    """Which other items (columns) also answer an item (rows) of the term: (n, n), the diagonal False."""
    if recipe is not None and recipe.negatives == "wording":
        return same_meaning(relations.wording)
    r = relations
    masks = {
        ("m", "t"): r.text_fits.T | r.same_plan,
        ("t", "s"): r.same_room | r.bare[:, None],
        ("m", "s"): r.same_room,
        ("st", "m"): r.same_room & r.text_fits | r.same_plan,
        ("mt", "s"): r.same_room,
        ("ms", "t"): r.text_fits.T | r.same_plan,
    }
    return masks[query, target] & ~torch.eye(len(r.bare), dtype=torch.bool, device=r.bare.device)


def contrast(
    encoded: Encoded, batch: TrainingBatch, recipe: Recipe, *, temperature: Tensor | float, gather: Gather | None = None
) -> dict[str, Tensor]:
    """The contrastive loss of each term by name (``"st2m"``), over the joint batch that ``gather`` makes of all parts.

    An item takes part in the terms whose two sides it has. A term that no item has is 0.
    """
    join: Gather = gather or (lambda rows: rows)
    count = len(batch.items)
    kinds = {kind: encoded.embeddings(kind, count, sample=recipe.sample) for kind in _named(recipe)}
    joint = {kind: join(rows) for kind, rows in kinds.items()}
    losses = {}
    for query, target in recipe.terms:
        wrong_b, wrong_a = (join(rows) for rows in _wrong_cosines(encoded, kinds, (query, target)))
        if (query, target) == ("mt", "s"):  # a motion that does not do what the text says has no room where it does
            wrong_a = torch.cat([wrong_a, _cosines_anywhere(encoded, joint["s"], count, join)], dim=1)
        keep = batch.relations.has(query) & batch.relations.has(target)
        if (query, target) == ("t", "s") and recipe.negatives == "truth":
            keep = keep & ~batch.relations.bare  # a text that names nothing of the room says nothing about it
        skip = not_negative(batch.relations, query, target, recipe)[keep][:, keep]
        a, b = joint[query][keep], joint[target][keep]
        losses[f"{query}2{target}"] = (
            contrastive(a, b, temperature=temperature, excluded=skip, wrong_b=wrong_b[keep], wrong_a=wrong_a[keep])
            if len(a)  # the mean over no items would be no number
            else a.sum()
        )
    return losses


def _named(recipe: Recipe) -> list[Kind]:
    return list(dict.fromkeys(kind for term in recipe.terms for kind in term))


def _wrong_cosines(encoded: Encoded, kinds: Mapping[Kind, Tensor], term: Term) -> tuple[Tensor, Tensor]:
    """Cosines (items, k) of the query with near misses of the target, and of the target with those of the query."""
    query, target = term
    of_target = encoded.wrong.get(target, []) if target == "t" or term == ("st", "m") else []
    of_query = encoded.wrong.get(query, []) if len(query) == 2 else []
    if term == ("m", "t"):  # without the room, "the other chair" may be true
        of_target = [part.take(part.of_motion) for part in of_target]
    return _cosines(kinds[query], of_target), _cosines(kinds[target], of_query)


def _cosines(rows: Tensor, parts: Sequence[Wrong]) -> Tensor:
    """Cosines (items, most of an item) of rows with the near misses of each, minus infinity where there are less."""
    unit = functional.normalize(rows, dim=-1)
    found = [_by_item(part.of, (unit[part.of] * part.unit()).sum(-1), len(rows)) for part in parts]
    return torch.cat([rows.new_zeros(len(rows), 0), *found], dim=1)


def _by_item(of: Tensor, values: Tensor, count: int) -> Tensor:
    """Values (k, ...) of near misses by the item that they are of: (count, most of an item, ...), -inf for none."""
    most = int(torch.bincount(of).max()) if len(of) else 0
    place = torch.arange(len(of), device=of.device) - torch.searchsorted(of, of)  # which of its item's near misses
    return values.new_full((count, most, *values.shape[1:]), float("-inf")).index_put((of, place), values)


def _cosines_anywhere(encoded: Encoded, rows: Tensor, count: int, join: Gather) -> Tensor:
    """Cosines (rows, k) of the rooms of all processes with all pairs of a motion and a text that is false of it.

    Minus infinity where the pair is of the row's own item.
    """
    parts = [part.take(part.of_motion) for part in encoded.wrong.get("mt", [])]
    laid = [_by_item(part.of, part.unit(), count).flatten(1) for part in parts]
    near = join(torch.cat([rows.new_zeros(count, 0), *laid], dim=1)).reshape(len(rows), -1, rows.shape[-1])
    of, place = torch.nonzero(near.isfinite().all(-1), as_tuple=True)
    found = functional.normalize(rows, dim=-1) @ near[of, place].T
    own = torch.arange(len(rows), device=rows.device)[:, None] == of
    return found.masked_fill(own, float("-inf"))


def beside(network: Network, encoded: Encoded, batch: TrainingBatch, recipe: Recipe) -> Tensor:
    """Reconstruction, divergence and latent distance by their weights, the mean over the items of the batch."""
    total = next(iter(encoded.kinds.values()))[1].mean.new_zeros(())
    if "st" in encoded.kinds:
        rows, pair = encoded.kinds["st"]
        if recipe.kl:
            total = total + recipe.kl * kl_divergence(pair.mean.float(), pair.log_variance.float())
        has_motion = batch.motion_row[rows] >= 0
        if recipe.reconstruction and batch.motion is not None and has_motion.any():
            motion = batch.motion_row[rows][has_motion]
            joints, mask = batch.motion.joints[motion], batch.motion.mask[motion]
            vector = (pair.sample() if recipe.sample else pair.mean)[has_motion].float()
            total = total + recipe.reconstruction * reconstruction(network.decode_motion(vector, mask), joints, mask)
    if recipe.latent:
        count = len(batch.items)
        for a, b in recipe.terms:
            one, other = (encoded.embeddings(kind, count, sample=recipe.sample) for kind in (a, b))
            total = total + recipe.latent * functional.smooth_l1_loss(one, other)
    return total
