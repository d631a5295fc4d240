"""The text tower that is installed: the official weights, the same states alone or in a batch, no network."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

from monster.checks import TextCutWarning, check_text
from monster.errors import ModelError, WeightsMissing
from monster.text import DEFAULT_SHA256, TextTower, model_folder

TEXTS = [
    "a person walks to the chair and sits down",
    "sit",
    "someone walks past the long table next to the window, turns left, and slowly lies down on the bed by the door",
    "日本語 🙂 \N{ZERO WIDTH JOINER} e\N{COMBINING ACUTE ACCENT}",
]


def test_the_installed_weights_are_the_official_ones() -> None:
    weights = (model_folder() / "model.safetensors").read_bytes()
    assert hashlib.sha256(weights).hexdigest() == DEFAULT_SHA256


def test_states_and_mask_have_one_row_a_token(tower: TextTower) -> None:
    found = tower.tokens(TEXTS)
    assert found.states.shape == (4, found.mask.shape[1], 384) and tower.width == 384
    assert found.states.dtype == np.float32 and found.mask.dtype == np.bool_
    lengths = found.mask.sum(axis=1)
    assert lengths[1] == 3  # [CLS] sit [SEP]
    assert lengths.max() == found.mask.shape[1] == lengths[2]
    for states, mask, length in zip(found.states, found.mask, lengths, strict=True):
        assert mask[:length].all() and not states[length:].any() and np.abs(states[:length]).sum(axis=1).min() > 0


def test_a_text_gives_the_same_alone_and_in_a_batch(tower: TextTower) -> None:
    together, sentences = tower.tokens(TEXTS), tower.sentences(TEXTS)
    for row, text in enumerate(TEXTS):
        alone = tower.tokens([text])
        length = alone.mask.shape[1]
        assert together.mask[row].sum() == length
        np.testing.assert_allclose(together.states[row, :length], alone.states[0], atol=1e-5)
        np.testing.assert_allclose(sentences[row], tower.sentences([text])[0], atol=1e-5)


def test_sentence_vectors_are_unit_rows_and_similar_texts_are_closer(tower: TextTower) -> None:
    sofa, couch, engine = tower.sentences(["a sofa", "a couch", "repair of a diesel engine"])
    assert np.linalg.norm(sofa) == pytest.approx(1, abs=1e-5)
    assert sofa @ couch > 0.6 > sofa @ engine


def test_no_texts_and_texts_beyond_the_window(tower: TextTower) -> None:
    assert tower.tokens([]).states.shape == (0, 0, 384) and tower.sentences([]).shape == (0, 384)
    with pytest.warns(TextCutWarning, match="2 of 2 texts cut: up to 646 of 900"):
        long, longer = tower.tokens(["walk " * 300, "walk " * 900]).mask
    assert long.sum() == longer.sum() == 256


def test_nothing_is_fetched() -> None:
    """In a process of its own where every way to a network raises, without a hint that it is offline."""
    script = """
        import socket
        def refuse(*args, **options):
            raise SystemExit(f"the network was asked for {args}")
        socket.socket.connect = socket.socket.connect_ex = refuse
        socket.getaddrinfo = socket.create_connection = refuse
        from monster.text import TextTower
        print(TextTower().tokens(["sit down"]).states.shape)
    """
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("HF_", "TRANSFORMERS_"))}
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "(1, 4, 384)"


def test_a_missing_model_is_named() -> None:
    with pytest.raises(WeightsMissing, match=r"'all-mpnet-base-v2': expected 'all-MiniLM-L6-v2' or a folder"):
        TextTower("all-mpnet-base-v2")


def test_a_folder_that_holds_no_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelError, match="expected a sentence-transformers model, got") as caught:
        TextTower(str(tmp_path)).sentences(["sit"])
    assert "\n" not in str(caught.value)


def test_a_user_folder_is_a_text_tower(tower: TextTower) -> None:
    own = TextTower(str(model_folder()))
    np.testing.assert_array_equal(own.sentences(["sit"]), tower.sentences(["sit"]))


def test_word_pieces_are_counted_and_truncation_is_reported(tower: TextTower) -> None:
    short, long = "a person walks", "a person walks. " * 100
    counted = tower.pieces([short, long, "walk 🏃 now"])
    assert (counted[0].count, counted[0].letters, counted[0].cut, counted[0].window) == (3, 3, 0, 254)
    assert counted[1].count == 400 and counted[1].cut == 146
    assert counted[2].unknown == ("🏃",)
    with pytest.warns(TextCutWarning, match="1 of 2 texts cut: up to 146 of 400 word pieces; the text model reads 254"):
        states = tower.tokens([short, long])
    assert states.mask.sum(axis=1).tolist() == [5, 256]
    assert tower.pieces([]) == []


def test_a_model_remarks_on_a_text(tower: TextTower) -> None:
    checked = {text: [r.code for r in check_text(text, tower.pieces([text])[0])] for text in (*FOREIGN, *ENGLISH)}
    assert checked == {text: ["language"] for text in FOREIGN} | {text: [] for text in ENGLISH}


FOREIGN = (
    "eine Person geht zum Stuhl und setzt sich hin",
    "une personne marche vers la chaise et s'assoit",
    "una persona camina hacia la silla y se sienta",
    "en person går till stolen och sätter sig",
    "человек идет к стулу и садится",
)
ENGLISH = (
    "a person walks to the café",
    "A person takes 4 steps backwards.",
    "sit",
    "walk - exaggerated stride",
    "someone moonwalks counterclockwise",
)
