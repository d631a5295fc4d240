"""Settings of the network family: frozen dataclasses, and the two sizes that exist, `PAPER` and `SMALL`.

A configuration is written as JSON beside its weights. `NetworkConfig.from_dict` refuses unknown and missing keys by
name, so a typo or the file of another version is refused. A setting that was added after the first release is written
only if it differs from its default, so that the configuration of an older file keeps its text and its fingerprint.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from monster.errors import ModelError
from monster.settings_text import settings_from_mapping

Activation = Literal["gelu", "relu"]
MotionFeatures = Literal["joints", "local"]
Frames = Literal["world", "own"]
Fusion = Literal["separate", "shared", "late", "beside"]
_OPTIONAL: Final = {"optional": True}  # marks a setting that older files lack


@dataclass(frozen=True)
class StackConfig:
    """A stack of post-norm transformer layers."""

    layers: int
    heads: int
    feedforward: int
    activation: Activation = "gelu"


@dataclass(frozen=True)
class GroupConfig:
    """One set abstraction of PointNet++; ``centers`` None takes all points as one group (no radius, no neighbours)."""

    widths: tuple[int, ...]
    centers: int | None = None
    radius: float = 0.0  # metres of the object scaled into the unit sphere
    neighbours: int = 0


@dataclass(frozen=True)
class MotionConfig:
    """The motion encoder. ``features`` and ``frames_per_token`` are explained in `monster.networks.motion`."""

    stack: StackConfig
    features: MotionFeatures = "joints"
    frames_per_token: int = 1
    root_frequencies: int = 0  # wavelengths that code the root's place in the room; 0 adds nothing


@dataclass(frozen=True)
class TextConfig:
    """The text encoder, over the token states (``width``) of a frozen language model."""

    stack: StackConfig
    width: int
    project: bool = False  # a linear map width -> hidden; without it width is hidden
    residual: bool = field(
        default=False, metadata=_OPTIONAL
    )  # a linear map of the sentence vector is added to the mean


@dataclass(frozen=True)
class SceneConfig:
    """The scene encoder: PointNet++ an object, class vectors, spatial layers, summary layers."""

    groups: tuple[GroupConfig, ...]
    spatial: StackConfig
    summary: StackConfig
    classes: int
    class_width: int  # width of a class's vector
    class_hidden: int
    points: int  # points an object is sampled to
    max_objects: int = 50
    pad_to_max: bool = False  # every scene is padded to max_objects
    padding_in_distance: bool = False  # padding objects, at the origin, count in the largest distance of a scene
    box_frequencies: int = 0  # wavelengths that code a box's centre; 0 adds nothing


@dataclass(frozen=True)
class PairConfig:
    """A pair encoder: layers over both token sequences, then a decoder that reads the first into the second.

    ``fusion``: "separate" has an encoder for each of the three pairs, "shared" one for all three (a three-way encoder
    whose third modality is absent), "late" none (a pair is the sum of its parts' unit vectors), "beside" adds that
    sum, by a learned weight, to the unit vector of the separate encoders.
    """

    stack: StackConfig
    decoder: StackConfig
    fusion: Fusion = field(default="separate", metadata=_OPTIONAL)


@dataclass(frozen=True)
class NetworkConfig:
    """The whole network. Raises ModelError when sizes do not fit together."""

    name: str
    hidden: int
    dim: int  # width of the shared space
    dropout: float
    motion: MotionConfig
    text: TextConfig
    scene: SceneConfig
    pair: PairConfig
    decoder: StackConfig | None = None  # motion decoder of the training; None: not built
    head: int = field(
        default=0, metadata=_OPTIONAL
    )  # hidden width of a residual projection head on every mean; 0: none
    frames: Frames = field(default="world", metadata=_OPTIONAL)  # "own": those of `monster.frames`; "world": the file's

    def __post_init__(self) -> None:
        stacks = [self.motion.stack, self.text.stack, self.scene.spatial, self.scene.summary, self.pair.stack]
        for width, stack in [(self.hidden, s) for s in [*stacks, self.pair.decoder]] + [(self.dim, self.decoder)]:
            if stack is not None and (stack.heads < 1 or width % stack.heads):
                raise ModelError(f"config {self.name!r}: width {width} cannot be split into {stack.heads} heads")
        if self.hidden % 2 or self.dim % 2:
            raise ModelError(f"config {self.name!r}: hidden {self.hidden} and dim {self.dim} must be even")
        if not self.text.project and self.text.width != self.hidden:
            raise ModelError(
                f"config {self.name!r}: text.width {self.text.width} is not hidden {self.hidden}; set text.project"
            )
        if self.scene.classes < 1 or self.motion.frames_per_token < 1:
            raise ModelError(f"config {self.name!r}: scene.classes and motion.frames_per_token must be at least 1")
        if self.head < 0:
            raise ModelError(f"config {self.name!r}: head must be 0 or a width, got {self.head}")
        if not 0 <= self.dropout < 1:
            raise ModelError(f"config {self.name!r}: dropout {self.dropout} is outside 0..1")

    def with_classes(self, classes: int) -> NetworkConfig:
        """The same network for another number of object classes."""
        return dataclasses.replace(self, scene=dataclasses.replace(self.scene, classes=classes))

    def with_fusion(self, fusion: Fusion) -> NetworkConfig:
        """The same network with pairs made in another way."""
        return dataclasses.replace(self, pair=dataclasses.replace(self.pair, fusion=fusion))

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; tuples become lists there and tuples again in `from_dict`."""
        return typing.cast("dict[str, Any]", _plain(self))

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> NetworkConfig:
        """The inverse of `to_dict`. Raises ModelError naming each unknown or missing key and each wrong value."""
        return settings_from_mapping(cls, values, "config", error=ModelError)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_plain(entry) for entry in value)
    if not dataclasses.is_dataclass(value):
        return value
    found = {}
    for setting in dataclasses.fields(value):
        entry = getattr(value, setting.name)
        if not (setting.metadata.get("optional") and entry == setting.default):
            found[setting.name] = _plain(entry)
    return found


PAPER: Final = NetworkConfig(
    name="paper",
    hidden=768,
    dim=256,
    dropout=0.1,
    motion=MotionConfig(stack=StackConfig(6, 4, 1024)),
    text=TextConfig(stack=StackConfig(6, 4, 1024), width=768),
    scene=SceneConfig(
        groups=(
            GroupConfig((64, 64, 128), centers=32, radius=0.2, neighbours=32),
            GroupConfig((128, 128, 256), centers=16, radius=0.4, neighbours=32),
            GroupConfig((256, 512, 768)),
        ),
        spatial=StackConfig(4, 12, 2048),
        summary=StackConfig(2, 2, 2048, "relu"),
        classes=607,
        class_width=300,
        class_hidden=384,
        points=4000,
        pad_to_max=True,
        padding_in_distance=True,
    ),
    pair=PairConfig(stack=StackConfig(4, 12, 2048, "relu"), decoder=StackConfig(2, 2, 2048, "relu")),
    decoder=StackConfig(6, 4, 1024),
)

SMALL: Final = NetworkConfig(
    name="small",
    hidden=256,
    dim=256,
    dropout=0.0,
    motion=MotionConfig(stack=StackConfig(4, 4, 512), features="local", frames_per_token=8, root_frequencies=4),
    text=TextConfig(stack=StackConfig(2, 4, 512), width=384, project=True),
    scene=SceneConfig(
        groups=(
            GroupConfig((32, 32, 64), centers=32, radius=0.2, neighbours=16),
            GroupConfig((64, 64, 128), centers=16, radius=0.4, neighbours=16),
            GroupConfig((128, 256, 256)),
        ),
        spatial=StackConfig(3, 8, 512),
        summary=StackConfig(1, 4, 512),
        classes=40,
        class_width=384,
        class_hidden=128,
        points=256,
        box_frequencies=4,
    ),
    pair=PairConfig(stack=StackConfig(2, 8, 512), decoder=StackConfig(1, 8, 512)),
)
CONFIGS: Final[dict[str, NetworkConfig]] = {config.name: config for config in (PAPER, SMALL)}
