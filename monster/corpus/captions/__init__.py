"""What happened, in words: verbs, object phrases, sentence patterns, and the captions that the checker has proven."""

from monster.corpus.captions.describe import Caption, can_tell_way, describe, drawn_phrase
from monster.corpus.captions.nouns import category_word, noun_phrase
from monster.corpus.captions.patterns import HELD_OUT_PATTERNS, PATTERNS, Pattern, patterns_of
from monster.corpus.captions.realise import realise
from monster.corpus.captions.skeletons import STYLES, Style

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
