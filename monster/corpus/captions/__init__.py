"""What happened, in words: verbs, object phrases, sentence patterns, and the captions that the checker has proven."""

from monster.corpus.captions.describe import Caption, describe, drawn_phrase
from monster.corpus.captions.nouns import category_word, noun_phrase
from monster.corpus.captions.patterns import HELD_OUT_PATTERNS, PATTERNS, STYLES, Pattern, Style
from monster.corpus.captions.realise import realise

__all__ = [
    "HELD_OUT_PATTERNS",
    "PATTERNS",
    "STYLES",
    "Caption",
    "Pattern",
    "Style",
    "category_word",
    "describe",
    "drawn_phrase",
    "noun_phrase",
    "realise",
]
