"""What happened, in words: verbs, object phrases, sentence patterns, and the captions that the checker has proven."""

from worlds.captions.describe import Caption, can_tell_way, describe, drawn_phrase
from worlds.captions.nouns import category_word, noun_phrase
from worlds.captions.patterns import HELD_OUT_PATTERNS, PATTERNS, Pattern, patterns_of
from worlds.captions.realise import realise
from worlds.captions.skeletons import STYLES, Style

__all__ = [
    "HELD_OUT_PATTERNS",
    "PATTERNS",
    "STYLES",
    "Caption",
    "Pattern",
    "Style",
    "can_tell_way",
    "category_word",
    "describe",
    "drawn_phrase",
    "noun_phrase",
    "patterns_of",
    "realise",
]
