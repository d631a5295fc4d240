"""Recipes of the training as plain data: which embeddings meet, what else is asked of them, what counts as negative.

Every part is a field of its own, so that ablations can tell what helps. `RECIPES` names the published ones (MonSTeR,
2025), their ablations, and ours.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Final, Literal

from monster.errors import InputError
from monster.networks.config import Fusion, NetworkConfig, StackConfig
from monster.training.losses import FIVE_TERMS, SIX_TERMS, Term

Negatives = Literal["truth", "wording"]


@dataclass(frozen=True)
class Recipe:
    """What a step asks of the network. The defaults are the plain six terms on means, truth deciding the negatives.

    ================== ===================================================================================
    terms              pairs of embedding kinds that are pulled together
    fusion, head       what the network's configuration is changed to: see `PairConfig`, `NetworkConfig`
    sample             the terms meet draws from the Gaussians, not their means
    temperature        where it starts; ``learned``: it is a parameter
    negatives          "truth": what the corpus knows to be true of another item is none; "wording": captions of
                       cosine above 0.6 are none, as published
    reconstruction     weight of the motion decoded from st (config gets a decoder where it has none)
    kl, latent         weights of the divergence of st's Gaussian and of the distance between a term's embeddings
    same_room          a batch holds several items of a room, so that negatives share it
    bare_share         share of the items told without naming an object; None: as the captions come
    turn, shift        rooms are turned by quarters and moved by up to so many metres
    body               other bodies: metres (one sigma) by which each joint is off in a whole motion
    text_negatives     captions proven false of an item that it is held against, at most so many an item
    pair_negatives     share of those captions and motions that go through the pair encoders too; with a caption that
                       is false of the motion in any scene, their pair is a negative of every scene
    motion_negatives   motions turned, shifted or reversed until the caption is false, at most so many an item
    ================== ===================================================================================
    """

    name: str
    terms: tuple[Term, ...] = SIX_TERMS
    fusion: Fusion = "separate"
    head: int = 0
    sample: bool = False
    temperature: float = 0.07
    learned: bool = True
    negatives: Negatives = "truth"
    reconstruction: float = 0.0
    kl: float = 0.0
    latent: float = 0.0
    same_room: bool = True
    bare_share: float | None = 0.15
    turn: bool = True
    shift: float = 0.4
    body: float = 0.0
    text_negatives: int = 0
    pair_negatives: float = 0.0
    motion_negatives: int = 0

    def __post_init__(self) -> None:
        if not self.terms:
            raise InputError(f"recipe {self.name!r}: expected at least one term")
        if not 0 <= self.pair_negatives <= 1:
            raise InputError(f"recipe {self.name!r}: expected pair_negatives in 0..1, got {self.pair_negatives}")
        if not self.temperature > 0:
            raise InputError(f"recipe {self.name!r}: expected a temperature above 0, got {self.temperature}")

    def configured(self, config: NetworkConfig) -> NetworkConfig:
        """The configuration with what the recipe needs of it."""
        config = dataclasses.replace(config.with_fusion(self.fusion), head=self.head)
        if self.reconstruction and config.decoder is None:
            config = dataclasses.replace(config, decoder=StackConfig(2, 4, 2 * config.dim))
        return config

    @property
    def kinds(self) -> frozenset[str]:
        """The embedding kinds that a step computes: those of the terms, and the parts of pairs among them."""
        named = {kind for term in self.terms for kind in term}
        return frozenset(named | {letter for kind in named for letter in kind})


_PUBLISHED: Final = Recipe(
    "five-term",
    FIVE_TERMS,
    sample=True,
    temperature=0.1,
    learned=False,
    negatives="wording",
    reconstruction=1.0,
    kl=1e-5,
    latent=1e-5,
    same_room=False,
    bare_share=None,
    turn=False,
    shift=0.0,
)
_SINGLES: Final[tuple[Term, ...]] = tuple(term for term in SIX_TERMS if len(term[0]) == 1)
_PAIRS: Final[tuple[Term, ...]] = tuple(term for term in SIX_TERMS if len(term[0]) == 2)
_ALL: Final = (
    # Without st there is nothing to decode a motion from, and no Gaussian whose divergence counts.
    dataclasses.replace(_PUBLISHED, name="text-motion", terms=(("m", "t"),), reconstruction=0.0, kl=0.0),
    dataclasses.replace(_PUBLISHED, name="late-fusion", terms=_SINGLES, fusion="late", reconstruction=0.0, kl=0.0),
    dataclasses.replace(_PUBLISHED, name="no-single-terms", terms=_PAIRS),
    dataclasses.replace(_PUBLISHED, name="three-way", terms=SIX_TERMS, fusion="shared"),
    _PUBLISHED,
    dataclasses.replace(_PUBLISHED, name="six-term", terms=SIX_TERMS),
    Recipe("ours", fusion="beside", body=0.02, text_negatives=1, motion_negatives=1, pair_negatives=0.33),
)
RECIPES: Final[dict[str, Recipe]] = {recipe.name: recipe for recipe in _ALL}
