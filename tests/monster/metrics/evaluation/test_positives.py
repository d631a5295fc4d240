"""Relevant targets by identity against a slow loop, with equal and with similar captions."""

from __future__ import annotations

import numpy as np
from embedded_rows import embedded
from hypothesis import given, settings
from hypothesis import strategies as st

from monster.metrics.evaluation.positives import Embedded, codes, positives, similar_texts
from monster.tasks import TASKS, Task


def slow_positives(data: Embedded, task: Task, same_text: np.ndarray | None = None) -> np.ndarray:
    """Whether some item has the content of the query and that of the target."""
    values = {"t": data.captions, "s": data.scenes, "m": data.motions}

    def equal(letter: str, i: int, j: int) -> bool:
        if letter == "t" and same_text is not None:
            return bool(same_text[i, j])
        return values[letter][i] == values[letter][j]

    def same(kind: str, i: int, j: int) -> bool:
        return all(equal(letter, i, j) for letter in kind)

    found = np.zeros((len(data), len(data)), dtype=bool)
    for query in range(len(data)):
        for target in range(len(data)):
            found[query, target] = any(
                same(task.query, query, item) and same(task.target, item, target) for item in range(len(data))
            )
    return found


names = st.lists(st.tuples(*[st.integers(0, 3)] * 3), min_size=1, max_size=9)


@settings(deadline=None)
@given(names, st.sampled_from(TASKS))
def test_positives_equal_a_slow_loop(rows: list[tuple[int, int, int]], task: Task) -> None:
    data = embedded(*zip(*rows, strict=True))
    found = positives(data, task)
    np.testing.assert_array_equal(found, slow_positives(data, task))
    assert found.diagonal().all()


@settings(deadline=None)
@given(names, st.sampled_from(TASKS), st.integers(0, 99))
def test_similar_captions_count_as_equal(rows: list[tuple[int, int, int]], task: Task, seed: int) -> None:
    data = embedded(*zip(*rows, strict=True))
    alike = np.random.default_rng(seed).random((len(data), len(data))) < 0.2
    alike |= alike.T | np.eye(len(data), dtype=bool)
    np.testing.assert_array_equal(positives(data, task, alike), slow_positives(data, task, alike))


def test_a_cosine_above_the_threshold_makes_captions_equal() -> None:
    angle = np.radians([0, 10, 40])
    vectors = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    assert similar_texts(vectors, 0.95).tolist() == [[True, True, False], [True, True, False], [False, False, True]]


def test_rows_of_several_captions_have_an_owner() -> None:
    data = embedded("abcd", "xxyy", "1122")
    flat = Embedded(data.rows, data.captions, data.scenes, data.motions, owner=np.array([0, 0, 1, 1]))
    assert flat.first_rows().tolist() == [0, 2]
    first = flat.take(flat.first_rows())
    assert first.captions == ("a", "c") and first.owner.tolist() == [0, 1] and first.rows["t"].shape == (2, 8)
    assert codes(data, "ms").tolist() == [0, 0, 1, 1]
