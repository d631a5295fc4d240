"""Remarks on texts, from the counts of a text model."""

from __future__ import annotations

import pytest

from monster.checks.text import TextPieces, check_text


def codes(text: str, pieces: TextPieces) -> list[str]:
    return [remark.code for remark in check_text(text, pieces)]


def test_a_cut_is_counted() -> None:
    (remark,) = check_text("he walks", TextPieces(300, 254, 300))
    assert str(remark) == "warning: the last 46 of 300 word pieces are cut: the text model reads 254 [text-cut]"
    assert check_text("he walks", TextPieces(254, 254, 254)) == ()


def test_signs_that_the_model_does_not_know_are_shown() -> None:
    (remark,) = check_text("he walks 🏃", TextPieces(3, 254, 2, ("🏃",)))
    assert remark.code == "unknown-signs" and "🏃" in remark.text


@pytest.mark.parametrize(
    ("text", "letters", "expected"),
    [
        ("человек идет", 8, ["language"]),
        ("he walks идет", 6, ["language"]),
        ("he walks round the corner to the ёж", 9, []),
        ("springt hoch und weit", 5, []),
        ("springt hoch und weit", 6, ["language"]),
        ("hopscotches the und weit", 6, []),
        ("springt hoch", 6, []),
        ("1 2 ...", 0, ["no-words"]),
    ],
)
def test_another_language_shows_in_letters_and_pieces(text: str, letters: int, expected: list[str]) -> None:
    assert codes(text, TextPieces(9, 254, letters)) == expected
