"""Every kind of index keeps the contract of a backend, compared with a dict of rows searched by brute force."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexes import IndexSpec
from indexes.backends import Backend, Numbers, Rows, make_backend
from indexes.kinds import BACKENDS

DIM = 3
values = st.lists(st.integers(-3, 3).map(float), min_size=DIM, max_size=DIM)
tables = st.dictionaries(st.integers(0, 50), values, min_size=1, max_size=20)


def filled(kind: str, table: dict[int, list[float]]) -> Backend:
    backend = make_backend(IndexSpec(DIM, kind))
    backend.add(numbers(table), rows(list(table.values())))
    return backend


def numbers(ids: object) -> Numbers:
    return np.array(list(ids), np.int64)  # type: ignore[call-overload]


def rows(lists: list[list[float]]) -> Rows:
    return np.array(lists, np.float32).reshape(-1, DIM)


@pytest.mark.parametrize("kind", BACKENDS)
@settings(max_examples=40, deadline=None)
@given(tables, st.lists(values, min_size=1, max_size=4), st.data())
def test_search_finds_the_largest_inner_products(
    kind: str, table: dict[int, list[float]], queries: list[list[float]], data: st.DataObject
) -> None:
    backend = filled(kind, table)
    chosen = data.draw(st.none() | st.sets(st.sampled_from(sorted(table)), min_size=1))
    among = sorted(table if chosen is None else chosen)
    k = data.draw(st.integers(1, len(among)))
    scores, found = backend.search(rows(queries), k, None if chosen is None else numbers(chosen))
    for query, query_scores, query_numbers in zip(queries, scores, found, strict=True):
        expected = sorted((float(np.dot(table[number], query)) for number in among), reverse=True)[:k]
        assert query_scores.tolist() == expected
        assert [float(np.dot(table[number], query)) for number in query_numbers.tolist()] == expected
        assert len(set(query_numbers.tolist())) == k and set(query_numbers.tolist()) <= set(among)


@pytest.mark.parametrize("kind", BACKENDS)
@settings(max_examples=40, deadline=None)
@given(tables, st.data())
def test_removed_rows_are_not_found_and_others_remain(
    kind: str, table: dict[int, list[float]], data: st.DataObject
) -> None:
    backend = filled(kind, table)
    removed = data.draw(st.sets(st.sampled_from(sorted(table)), max_size=len(table) - 1))
    backend.remove(numbers(removed))
    left = {number: row for number, row in table.items() if number not in removed}
    assert set(backend.search(rows([[1, 0, 0]]), len(left), None)[1][0].tolist()) == set(left)
    for number, row in left.items():
        assert backend.get(number).tolist() == row


@pytest.mark.parametrize("kind", BACKENDS)
@settings(max_examples=40, deadline=None)
@given(tables, st.randoms())
def test_saved_rows_are_loaded_in_the_requested_order(kind: str, table: dict[int, list[float]], random: object) -> None:
    order = list(table)
    random.shuffle(order)  # type: ignore[attr-defined]
    with TemporaryDirectory() as folder:
        path = Path(folder, "rows")
        filled(kind, table).save(path, numbers(order))
        loaded = make_backend(IndexSpec(DIM, kind))
        loaded.load(path, len(order))
        assert [loaded.get(number).tolist() for number in range(len(order))] == [table[number] for number in order]
