"""The names of the tensors in the authors' implementation, and their names here.

Each rule is a pattern over a whole key and its replacement. The authors' state dict lists shared modules twice, and
has modules that its forward pass never uses; both are listed here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import torch
from torch import Tensor

from monster.errors import ModelError

_SHARED: Final = re.compile(
    r"scene_encoder\."
    r"((?:point_feature_extractor|point_cls_head|sem_cls_embed_layer|sem_mask_embeddings|spatial_encoder)\..+)"
)
_UNUSED: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:ts|tm|ms)_encoder\.project\..+",
        r".+\.(?:encoder_layer|decoder_layer)\..+",
        r"tm_encoder\.unified_encoder\.loc_layers\..+",
    )
)
_SCENE: Final = r"scene_encoder\.point_tokenize_encoder\."
_RULES: Final = tuple(
    (re.compile(pattern), name)
    for pattern, name in (
        (r"(motion|text)_encoder\.tokens", r"\1.body.summary"),
        (r"motion_encoder\.projection\.(.+)", r"motion.input.\1"),
        (r"(motion|text)_encoder\.tok_projection\.(.+)", r"\1.body.project.\2"),
        (r"(motion|text)_encoder\.seqTransEncoder\.layers\.(.+)", r"\1.body.layers.\2"),
        (r"motion_decoder\.seqTransDecoder\.layers\.(.+)", r"decoder.layers.\1"),
        (r"motion_decoder\.final_layer\.(.+)", r"decoder.output.\1"),
        (r"(ts|tm|ms)_encoder\.unified_encoder\.unified_encoder\.(.+)", r"pairs.\1.layers.\2"),
        (r"(ts|tm|ms)_encoder\.unified_encoder\.loc_layers\.0\.0\.(.+)", r"pairs.\1.boxes.linear.\2"),
        (r"(ts|tm|ms)_encoder\.unified_encoder\.loc_layers\.0\.1\.(.+)", r"pairs.\1.boxes.norm.\2"),
        (r"(ts|tm|ms)_encoder\.unified_encoder\.token_type_embeddings\.weight", r"pairs.\1.types"),
        (r"(ts|tm|ms)_encoder\.cross_attention\.token", r"pairs.\1.summary"),
        (r"(ts|tm|ms)_encoder\.cross_attention\.decoder\.layers\.(.+)", r"pairs.\1.decoder.\2"),
        (r"(ts|tm|ms)_encoder\.cross_attention\.projection\.(.+)", r"pairs.\1.project.\2"),
        (
            _SCENE + r"point_feature_extractor\.encoder\.(\d+)\.mlps\.0\.layer(\d+)\.conv\.(.+)",
            r"scene.points.groups.\1.linears.\2.\3",
        ),
        (
            _SCENE + r"point_feature_extractor\.encoder\.(\d+)\.mlps\.0\.layer(\d+)\.bn\.bn\.(.+)",
            r"scene.points.groups.\1.norms.\2.\3",
        ),
        (_SCENE + r"point_feature_extractor\.fc\.(.+)", r"scene.points.output.\1"),
        (_SCENE + r"point_cls_head\.(.+)", r"scene.class_head.\1"),
        (_SCENE + r"sem_cls_embed_layer\.(.+)", r"scene.class_map.\1"),
        (_SCENE + r"sem_mask_embeddings\.weight", r"scene.padding"),
        (_SCENE + r"loc_layers\.0\.0\.(.+)", r"scene.boxes.linear.\1"),
        (_SCENE + r"loc_layers\.0\.1\.(.+)", r"scene.boxes.norm.\1"),
        (_SCENE + r"spatial_encoder\.(\d+)\.self_attn\.w_qs\.(.+)", r"scene.spatial.\1.attention.query.\2"),
        (_SCENE + r"spatial_encoder\.(\d+)\.self_attn\.w_ks\.(.+)", r"scene.spatial.\1.attention.key.\2"),
        (_SCENE + r"spatial_encoder\.(\d+)\.self_attn\.w_vs\.(.+)", r"scene.spatial.\1.attention.value.\2"),
        (_SCENE + r"spatial_encoder\.(\d+)\.self_attn\.fc\.(.+)", r"scene.spatial.\1.attention.output.\2"),
        (_SCENE + r"spatial_encoder\.(\d+)\.self_attn\.layer_norm\.(.+)", r"scene.spatial.\1.attention.norm.\2"),
        (_SCENE + r"spatial_encoder\.(\d+)\.self_attn\.lang_cond_fc\.(.+)", r"scene.spatial.\1.attention.condition.\2"),
        (_SCENE + r"spatial_encoder\.(\d+)\.((?:linear|norm)\d\..+)", r"scene.spatial.\1.\2"),
        (r"scene_encoder\.self_attention\.token", r"scene.body.summary"),
        (r"scene_encoder\.self_attention\.encoder\.layers\.(.+)", r"scene.body.layers.\1"),
        (r"scene_encoder\.self_attention\.projection\.(.+)", r"scene.body.project.\1"),
    )
)
_PAIRS: Final = {"pairs.ts.": "pairs.st.", "pairs.tm.": "pairs.mt."}


def canonical_key(key: str) -> str:
    """The first of the names under which the authors' state dict lists a tensor."""
    match = _SHARED.fullmatch(key)
    return f"scene_encoder.point_tokenize_encoder.{match[1]}" if match else key


def our_name(key: str) -> str | None:
    """The name here of an authors' canonical key; None without a rule for it."""
    for pattern, name in _RULES:
        if pattern.fullmatch(key):
            found = pattern.sub(name, key)
            return _PAIRS.get(found[:9], found[:9]) + found[9:]
    return None


def translate(state: Mapping[str, Tensor], where: str) -> dict[str, Tensor]:
    """The tensors of an authors' state dict by their names here, without those that the forward pass never uses.

    Raises ModelError for keys without a rule, and if two names of one tensor have different values.
    """
    found: dict[str, Tensor] = {}
    unknown: list[str] = []
    for key, tensor in state.items():
        canonical = canonical_key(key)
        if any(pattern.fullmatch(key) for pattern in _UNUSED):
            continue
        if canonical != key and canonical in state:
            _check_alias(key, canonical, state, where)
            continue
        name = our_name(canonical)
        if name is None:
            unknown.append(key)
        else:
            found[name] = (
                tensor.flatten(1) if tensor.shape[2:] == (1, 1) else tensor
            )  # 1x1 convolutions are linear maps
    if unknown:
        more = f" and {len(unknown) - 4} more" if len(unknown) > 4 else ""
        raise ModelError(f"{where}: {len(unknown)} unexpected tensors: {', '.join(sorted(unknown)[:4])}{more}")
    return found


def _check_alias(key: str, canonical: str, state: Mapping[str, Tensor], where: str) -> None:
    one, other = state[key], state[canonical]
    if one is not other and not torch.equal(one, other):
        raise ModelError(f"{where}: {key} and {canonical} are one tensor but hold different values")
