"""The contrastive losses: a masked InfoNCE and the pair losses of pytorch-metric-learning, chosen by name.

A term of the recipe calls `symmetric_loss` with two sets of embeddings of which row i of one belongs to row i of the
other. Which pairs are positive and which are negative is passed to the loss as its ``indices_tuple``.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.nn import functional

from monster.errors import InputError, MissingExtra
from monster.settings_text import parse_literal, unknown_name

try:
    from pytorch_metric_learning import losses as library
    from pytorch_metric_learning.distances import CosineSimilarity
    from pytorch_metric_learning.utils.loss_and_miner_utils import convert_to_pairs
except ImportError as error:
    raise MissingExtra("training", "train") from error

Indices = tuple[Tensor, Tensor, Tensor, Tensor]
COLDEST: Final = 0.01  # a learned temperature stays above it


class MaskedInfoNCE(library.BaseMetricLossFunction):  # type: ignore[misc]  # the library has no types
    """InfoNCE over the named pairs: cross entropy of each positive pair against the negative pairs of its anchor.

    Pairs of the ``indices_tuple`` that are named neither positive nor negative are masked out. The similarity is that
    of ``distance`` over ``temperature``, which is a parameter when it is ``learned``.
    """

    def __init__(self, temperature: float = 0.07, learned: bool = False, **options: Any) -> None:
        super().__init__(**options)
        if not temperature > 0:
            raise ValueError(f"expected a temperature above 0, got {temperature}")
        self.start = temperature
        self.log_scale = nn.Parameter(torch.tensor(-math.log(temperature))) if learned else None

    @property
    def temperature(self) -> Tensor | float:
        """What similarities are divided by."""
        if self.log_scale is None:
            return self.start
        return (-self.log_scale.clamp(max=-math.log(COLDEST))).exp()

    def get_default_distance(self) -> CosineSimilarity:
        """Cosine similarity."""
        return CosineSimilarity()

    def compute_loss(  # noqa: PLR0917  the library calls it so
        self, embeddings: Tensor, labels: Tensor | None, indices_tuple: Any, ref_emb: Tensor, ref_labels: Tensor | None
    ) -> dict[str, dict[str, Any]]:
        """The loss of each positive pair, for the reducer."""
        anchors, positives, negative_anchors, negatives = convert_to_pairs(indices_tuple, labels, ref_labels)
        if not len(anchors):
            zero: dict[str, dict[str, Any]] = self.zero_losses()
            return zero
        similarity = self.distance(embeddings, ref_emb)
        logits = (similarity if self.distance.is_inverted else -similarity) / self.temperature
        is_negative = torch.zeros_like(logits, dtype=torch.bool)
        is_negative[negative_anchors, negatives] = True
        against = logits.masked_fill(~is_negative, float("-inf")).logsumexp(dim=1)
        losses = functional.softplus(against[anchors] - logits[anchors, positives])
        return {"loss": {"losses": losses, "indices": (anchors, positives), "reduction_type": "pos_pair"}}


def _library_losses() -> dict[str, type[nn.Module]]:
    """The losses of the library that take pairs and need no classes."""
    base = library.GenericPairLoss
    classes: dict[str, Any] = dict(inspect.getmembers(library, inspect.isclass))
    return {name: kind for name, kind in classes.items() if issubclass(kind, base) and kind is not base}


DEFAULT_LOSS: Final = MaskedInfoNCE.__name__
LOSSES: Final[dict[str, type[nn.Module]]] = {DEFAULT_LOSS: MaskedInfoNCE, **_library_losses()}


@dataclass(frozen=True)
class LossSettings:
    """The loss of every contrastive term: a name of `LOSSES` and arguments of its constructor.

    Raises InputError for an unknown name, and for arguments that the loss does not have or refuses.
    """

    name: str = DEFAULT_LOSS
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.name not in LOSSES:
            raise InputError(unknown_name("loss", self.name, LOSSES))
        known = self._defaults()
        for name in self.arguments:
            if name not in known:
                raise InputError(unknown_name(f"argument of loss {self.name}", name, known))
        self.build()

    @classmethod
    def parse(cls, name: str | None, arguments: Mapping[str, str]) -> LossSettings:
        """Settings from texts: ``loss=NAME`` and ``loss.ARGUMENT=VALUE``."""
        values = {key: parse_literal(text) for key, text in arguments.items()}
        return cls(name or DEFAULT_LOSS, values)

    def build(self, **defaults: Any) -> nn.Module:
        """The loss; ``defaults`` are arguments that are used where the settings name none."""
        try:
            return LOSSES[self.name](**{**defaults, **self.arguments})
        except (TypeError, ValueError, AssertionError, ArithmeticError) as error:
            raise InputError(f"loss {self.name}: arguments {dict(self.arguments)} are refused: {error}") from error

    def _defaults(self) -> list[str]:
        """The arguments of the constructor."""
        parameters = list(inspect.signature(LOSSES[self.name]).parameters.values())
        return [each.name for each in parameters if each.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD]


@dataclass(frozen=True, eq=False)
class ExtraNegatives:
    """Further rows (k, dim) beside the targets of a batch; ``mask`` (n, k): row j is a negative of query i."""

    rows: Tensor
    mask: Tensor


def pair_indices(allowed: Tensor) -> Indices:
    """Row i of the queries and row i of the targets are a positive pair; ``allowed`` (n, n + k) marks the negatives."""
    rows = torch.arange(len(allowed), device=allowed.device)
    anchors, negatives = allowed.nonzero(as_tuple=True)
    return rows, rows, anchors, negatives


def symmetric_loss(
    loss: nn.Module,
    a: Tensor,
    b: Tensor,
    *,
    excluded: Tensor | None = None,
    negatives_a: ExtraNegatives | None = None,
    negatives_b: ExtraNegatives | None = None,
) -> Tensor:
    """The mean of the loss of a (n, dim) against b (n, dim) and of b against a; row i of one belongs to row i of b.

    ``excluded`` (n, n) marks pairs of a row of a and a row of b that are no negatives, in both directions.
    ``negatives_b`` are further targets of a, ``negatives_a`` further targets of b.
    """
    allowed = ~torch.eye(len(a), dtype=torch.bool, device=a.device)
    if excluded is not None:
        allowed = allowed & ~excluded
    forth = _one_way(loss, a, b, allowed=allowed, extra=negatives_b)
    back = _one_way(loss, b, a, allowed=allowed.T, extra=negatives_a)
    return (forth + back) / 2


def _one_way(
    loss: nn.Module, query: Tensor, target: Tensor, *, allowed: Tensor, extra: ExtraNegatives | None
) -> Tensor:
    if extra is not None:
        target = torch.cat([target, extra.rows])
        allowed = torch.cat([allowed, extra.mask], dim=1)
    value: Tensor = loss(query, indices_tuple=pair_indices(allowed), ref_emb=target)
    return value
