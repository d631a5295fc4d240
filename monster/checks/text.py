"""Remarks on a text: what of it the text model does not read, or does not know.

The default model was trained on English; its vocabulary has single letters of many scripts, so that another language is
no unknown sign to it. Such a text is recognised by two facts: a fifth of its letters are of another script, or it has
words that the model must spell in pieces (more than 1.35 a word) and none of the most frequent words of English.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from monster.provenance import Remark

_OTHER_LETTERS: Final = 0.2
_PIECES_A_WORD: Final = 1.35
_FEWEST_WORDS: Final = 4
_ENGLISH: Final = re.compile(
    r"\b(the|and|is|are|to|of|with|his|he|she|they|their|then|while|from|down|up|for|out|off|as|that|this|it"
    r"|someone|somebody|human|walks|walking|does|doing)\b"
)


class TextCutWarning(UserWarning):
    """A text is longer than the window of the text model, which does not read its end."""


@dataclass(frozen=True)
class TextPieces:
    """How a text model reads a text: its word pieces, how many fit into the window, and the signs it does not know.

    ``letters`` is the number of pieces that have a letter; the others are figures and punctuation.
    """

    count: int
    window: int
    letters: int
    unknown: tuple[str, ...] = ()

    @property
    def cut(self) -> int:
        """Word pieces at the end that are not read."""
        return max(0, self.count - self.window)


def check_text(text: str, pieces: TextPieces) -> tuple[Remark, ...]:
    """The remarks on a text that a model reads as these ``pieces``."""
    return tuple(_remarks(text, pieces))


def _remarks(text: str, pieces: TextPieces) -> Iterator[Remark]:
    if pieces.cut:
        line = f"the last {pieces.cut} of {pieces.count} word pieces are cut: the text model reads {pieces.window}"
        yield Remark("text-cut", "warning", line)
    if pieces.unknown:
        signs = " ".join(pieces.unknown[:5])
        line = f"{len(pieces.unknown)} signs or words that the text model does not know ({signs[:40]})"
        yield Remark("unknown-signs", "warning", line)
    words = re.findall(r"[^\W\d_]+", text.lower())
    if not words:
        yield Remark("no-words", "warning", "no letters: the text model was trained on sentences")
        return
    script, share = _other_script(text)
    if share > _OTHER_LETTERS:
        yield Remark("language", "warning", f"{share:.0%} of the letters are {script}; the text model knows English")
        return
    spelled = pieces.letters / len(words)
    if len(words) >= _FEWEST_WORDS and spelled > _PIECES_A_WORD and not _ENGLISH.search(text.lower()):
        line = f"{spelled:.1f} word pieces a word: words that the text model does not know"
        yield Remark("language", "warning", f"{line}; is it English?")


def _other_script(text: str) -> tuple[str, float]:
    """The first script other than Latin, and the share of letters that are not Latin."""
    names = [unicodedata.name(sign, "UNKNOWN").split()[0] for sign in text if sign.isalpha()]
    others = [name for name in names if name not in ("LATIN", "FULLWIDTH")]
    return (others[0].capitalize(), len(others) / len(names)) if others else ("", 0.0)
