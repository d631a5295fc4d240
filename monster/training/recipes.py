"""Recipes of the training as plain data: which embeddings meet, the auxiliary losses, what counts as negative.

Every part is a field of its own, so that ablations can tell what helps. `RECIPES` names the published ones (MonSTeR,
2025), their ablations, and ours.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from monster.errors import InputError, TaskError
from monster.networks.config import Frames, Fusion, NetworkConfig, StackConfig
from monster.networks.pairs import ROW_PARTS
from monster.settings_text import refuse_negative_numbers, settings_from_text, unknown_name
from monster.tasks import Task
from monster.training.losses import FIVE_TERMS, SIX_TERMS, Term

Negatives = Literal["truth", "similarity"]


def parse_terms(text: str, where: str) -> tuple[Term, ...]:
    """Terms from the names of tasks, ``"st2m,m2t"``; either direction names the term. Raises InputError."""
    return tuple(_parse_term(name, where) for name in text.split(","))


def _parse_term(name: str, where: str) -> Term:
    try:
        task = Task.parse(name)
    except TaskError as error:
        raise InputError(f"{where}: {error}") from error
    for term in SIX_TERMS:
        if {task.query, task.target} == set(term):
            return term
    raise InputError(f"{where}: expected a task that is a contrastive term, got {name!r}")


@dataclass(frozen=True)
class Recipe:
    """What a training step optimises. Raises InputError for values out of range.

    ====================== ===================================================================================
    terms                  pairs of embedding kinds that are pulled together
    fusion, head, frames   what the network's configuration is changed to: see `PairConfig`, `NetworkConfig`
    text_residual          so is this: see `TextConfig`
    sample                 the terms use draws from the Gaussians instead of their means
    temperature            initial value, of `MaskedInfoNCE` only; ``learned_temperature``: it is a parameter
    negatives              which pairs of items are left out of the negatives: "truth", what the corpus knows to be
                           true of both; "similarity", captions of cosine above 0.6, as published
    reconstruction_weight  of the motion decoded from st (a configuration without a decoder gets one)
    kl_weight              of the divergence of st's Gaussian
    latent_weight          of the distance between the embeddings of a term
    same_room              a batch holds several items of a room, so that negatives share it
    scene_free_share       share of the items whose caption names no object; None: captions as they come
    rotate, shift          rooms are rotated by quarter turns and moved by up to ``shift`` metres
    joint_noise            std (m) of a per-joint offset, constant over the motion
    text_negatives         hard-negative captions (proven false of the item) per item, at most
    motion_negatives       edited motions (the caption becomes false) per item, at most
    mirror_negatives       a motion is mirrored for a caption that says left or right; with ``frames`` "own"
    crop_unproven          a motion is cropped and changed in tempo a little if no checker can prove its caption
    alone_weight           of the term that pulls a motion in its own frame to its scene; with ``frames`` "own"
    geometry_weight        of the loss that keeps the cosines of sentences as the language model has them
    paraphrase_weight      of the contrastive term between sentences that say the same
    sentences              free sentences a step, in groups of two that say the same
    own_scale, own_turn    in its own frame a motion is scaled (share) and turned (radians) by up to so much
    pair_negatives         share of these captions and motions that also go through the pair encoders. The pair of a
                           motion and a caption that is false of it in any scene is a negative of every scene
    ====================== ===================================================================================
    """

    name: str
    terms: tuple[Term, ...] = field(default=SIX_TERMS, metadata={"parse": parse_terms})
    fusion: Fusion = "separate"
    head: int = 0
    frames: Frames = "world"
    text_residual: bool = False
    sample: bool = False
    temperature: float = 0.07
    learned_temperature: bool = True
    negatives: Negatives = "truth"
    reconstruction_weight: float = 0.0
    kl_weight: float = 0.0
    latent_weight: float = 0.0
    same_room: bool = True
    scene_free_share: float | None = 0.15
    rotate: bool = True
    shift: float = 0.4
    joint_noise: float = 0.0
    text_negatives: int = 0
    pair_negatives: float = 0.0
    motion_negatives: int = 0
    mirror_negatives: bool = False
    crop_unproven: bool = False
    alone_weight: float = 0.0
    geometry_weight: float = 0.0
    paraphrase_weight: float = 0.0
    sentences: int = 0
    own_scale: float = 0.0
    own_turn: float = 0.0

    def __post_init__(self) -> None:
        refuse_negative_numbers(self, prefix="recipe.")
        if not self.terms:
            raise InputError(f"recipe {self.name!r}: expected at least one term")
        if not 0 <= self.pair_negatives <= 1:
            raise InputError(f"recipe {self.name!r}: expected pair_negatives in 0..1, got {self.pair_negatives}")
        if not self.temperature > 0:
            raise InputError(f"recipe {self.name!r}: expected a temperature above 0, got {self.temperature}")

    def configured(self, config: NetworkConfig) -> NetworkConfig:
        """The configuration with what the recipe needs of it."""
        text = dataclasses.replace(config.text, residual=self.text_residual)
        config = dataclasses.replace(config.with_fusion(self.fusion), head=self.head, frames=self.frames, text=text)
        if self.reconstruction_weight and config.decoder is None:
            config = dataclasses.replace(config, decoder=StackConfig(2, 4, 2 * config.dim))
        return config

    @property
    def kinds(self) -> frozenset[str]:
        """The embedding kinds that a step computes: those of the terms, and the parts of pairs among them."""
        named = {kind for term in self.terms for kind in Task(*term).rows}
        return frozenset(named | {part for kind in named for part in ROW_PARTS.get(kind, ())})


_PUBLISHED: Final = Recipe(
    "five-term",
    FIVE_TERMS,
    sample=True,
    temperature=0.1,
    learned_temperature=False,
    negatives="similarity",
    reconstruction_weight=1.0,
    kl_weight=1e-5,
    latent_weight=1e-5,
    same_room=False,
    scene_free_share=None,
    rotate=False,
    shift=0.0,
)
_SINGLES: Final[tuple[Term, ...]] = tuple(term for term in SIX_TERMS if len(term[0]) == 1)
_PAIRS: Final[tuple[Term, ...]] = tuple(term for term in SIX_TERMS if len(term[0]) == 2)
_ALL: Final = (
    # Without st there is nothing to decode a motion from, and no Gaussian whose divergence counts.
    dataclasses.replace(_PUBLISHED, name="text-motion", terms=(("m", "t"),), reconstruction_weight=0.0, kl_weight=0.0),
    dataclasses.replace(
        _PUBLISHED, name="late-fusion", terms=_SINGLES, fusion="late", reconstruction_weight=0.0, kl_weight=0.0
    ),
    dataclasses.replace(_PUBLISHED, name="no-single-terms", terms=_PAIRS),
    dataclasses.replace(_PUBLISHED, name="three-way", terms=SIX_TERMS, fusion="shared"),
    _PUBLISHED,
    dataclasses.replace(_PUBLISHED, name="six-term", terms=SIX_TERMS),
    Recipe("ours-world", fusion="beside", joint_noise=0.02, text_negatives=1, motion_negatives=1, pair_negatives=0.33),
    Recipe(
        "ours",
        fusion="beside",
        frames="own",
        text_residual=True,
        scene_free_share=0.35,
        joint_noise=0.02,
        text_negatives=1,
        motion_negatives=1,
        pair_negatives=0.33,
        mirror_negatives=True,
        crop_unproven=True,
        alone_weight=0.25,
        geometry_weight=1.0,
        paraphrase_weight=0.25,
        sentences=64,
        own_scale=0.1,
        own_turn=0.3,
    ),
)
RECIPES: Final[dict[str, Recipe]] = {recipe.name: recipe for recipe in _ALL}


def parse_recipe(name: str | None, texts: Mapping[str, str]) -> Recipe:
    """The recipe of that name ("ours" without one), with the fields that the texts name. Raises InputError."""
    name = name or "ours"
    if name not in RECIPES:
        raise InputError(unknown_name("recipe", name, RECIPES))
    return settings_from_text(Recipe, texts, base=RECIPES[name], prefix="recipe.")
