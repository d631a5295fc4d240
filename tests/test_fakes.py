import numpy as np
import pytest
from fakes import FakeModel, item_of, motion_of, scene_of, text_of

from monster.errors import InputError

KEYS = range(-5, 300)
MAKERS = {"text": text_of, "motion": motion_of, "scene": scene_of}


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("other", MAKERS)
def test_embeddings_of_one_key_are_nearest(kind, other):
    model = FakeModel()
    rows = getattr(model, f"encode_{kind}")([MAKERS[kind](key) for key in KEYS])
    others = getattr(model, f"encode_{other}")([MAKERS[other](key) for key in KEYS])
    cosines = rows @ others.T
    assert (cosines.argmax(axis=1) == np.arange(len(KEYS))).all() and cosines.diagonal().min() > 0.9
    np.fill_diagonal(cosines, -1)
    assert cosines.max() < 0.9
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, rtol=1e-6)


def test_item_embeddings_equal_those_of_the_parts():
    model = FakeModel()
    made = model.encode_items([item_of(3, scene=1, captions=["a walk", text_of(3)])])[0]
    assert np.array_equal(made["st"][1], model.encode_pair(text=text_of(3), scene=scene_of(1))[0])
    assert np.array_equal(made["mt"][0], model.encode_pair(text="a walk", motion=motion_of(3))[0])
    assert np.array_equal(made["t"], model.encode_text(["a walk", text_of(3)]))


def test_scores_of_matching_triples_are_higher():
    model = FakeModel()
    fit = model.score(text=text_of(3), motion=motion_of(3), scene=scene_of(3))
    unfit = model.score(text=text_of(3), motion=motion_of(3), scene=scene_of(4))
    assert fit.tm2s > 0.95 > unfit.tm2s and fit.t2m == unfit.t2m
    assert model.score(text="walk", scene=scene_of(1)).given().keys() == {"t2s"}


def test_too_little_is_refused():
    with pytest.raises(InputError):
        FakeModel().score(text="walk")
    with pytest.raises(InputError):
        FakeModel().encode_pair(text="walk")


def test_texts_that_share_words_are_closer():
    near, far = FakeModel().encode_text(["walk to the bed", "wave"]) @ FakeModel().encode_text("walk to the sofa")[0]
    assert near > far
