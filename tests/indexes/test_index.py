import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from indexes import IdError, IndexSpec, RowsError, VectorIndex

DIM = 4
# A coarse grid of values makes equal scores frequent and every product exact.
numbers = st.integers(-3, 3).map(float)
row = st.lists(numbers, min_size=DIM, max_size=DIM).map(lambda values: np.array(values, np.float32))
names = st.text(min_size=1, max_size=3)


def brute(table: dict[str, np.ndarray], query: np.ndarray, k: int) -> tuple[list[str], list[float]]:
    scored = sorted((-float(values @ query), id) for id, values in table.items())[:k]
    return [id for _, id in scored], [-score for score, _ in scored]


def made(table: dict[str, np.ndarray]) -> VectorIndex:
    index = VectorIndex(IndexSpec(DIM))
    index.add(list(table), np.array(list(table.values()), np.float32).reshape(-1, DIM))
    return index


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(names, row, max_size=40), row, st.integers(1, 50), st.one_of(st.none(), st.sets(names)))
def test_a_search_is_the_brute_force_search(table, query, k, among):
    result = made(table).search(query, k, among=among)
    expected = brute({id: v for id, v in table.items() if among is None or id in among}, query, k)
    assert (result.ids[0], result.scores[0].tolist()) == expected


def test_many_queries_at_once_are_many_searches():
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((300, 24), dtype=np.float32)
    index = VectorIndex(IndexSpec(24))
    index.add([f"v{n:03d}" for n in range(300)], rows)
    queries = rng.standard_normal((40, 24), dtype=np.float32)
    together = index.search(queries, 7)
    assert together.scores.shape == (40, 7) and together.scores.dtype == np.float32
    for query, ids, scores in zip(queries, together.ids, together.scores, strict=True):
        alone = index.search(query, 7)
        assert alone.ids == [ids]
        np.testing.assert_allclose(alone.scores[0], scores, rtol=1e-5, atol=1e-5)


def test_a_selective_filter_finds_every_row():
    rows = np.random.default_rng(1).standard_normal((5000, 8), dtype=np.float32)
    index = VectorIndex(IndexSpec(8))
    index.add([str(n) for n in range(5000)], rows)
    few = [str(n) for n in range(0, 5000, 500)]
    found = index.search(rows[3], 100, among=few)
    assert sorted(found.ids[0]) == sorted(few)
    assert found.ids[0] == sorted(few, key=lambda id: -float(rows[int(id)] @ rows[3]))


def test_equal_scores_are_ordered_by_id():
    index = VectorIndex(IndexSpec(2))
    names = [f"{n:03d}" for n in np.random.default_rng(2).permutation(500)]
    index.add(names, np.tile(np.array([[1.0, 0.0]], np.float32), (500, 1)))
    assert index.search([1.0, 0.0], 5).ids == [["000", "001", "002", "003", "004"]]


class Dictionary(RuleBasedStateMachine):
    """After any sequence of operations an index equals a dict of vectors."""

    def __init__(self) -> None:
        super().__init__()
        self.index = VectorIndex(IndexSpec(DIM))
        self.table: dict[str, np.ndarray] = {}

    @rule(new=st.dictionaries(names, row, max_size=5))
    def add(self, new):
        rows = np.array(list(new.values()), np.float32).reshape(-1, DIM)
        if set(new) & set(self.table):
            with pytest.raises(IdError):
                self.index.add(list(new), rows)
        else:
            self.index.add(list(new), rows)
            self.table.update(new)

    @precondition(lambda self: self.table)
    @rule(data=st.data())
    def remove(self, data):
        gone = data.draw(st.sets(st.sampled_from(sorted(self.table))))
        self.index.remove(gone)
        for id in gone:
            del self.table[id]

    @rule(id=names)
    def remove_one_that_may_be_unknown(self, id):
        if id not in self.table:
            with pytest.raises(IdError, match="unknown id"):
                self.index.remove([*self.table, id])

    @rule(query=row, k=st.integers(1, 10))
    def search(self, query, k):
        result = self.index.search(query, k)
        assert (result.ids[0], result.scores[0].tolist()) == brute(self.table, query, k)

    @invariant()
    def is_the_dict(self):
        assert self.index.ids() == list(self.table) == list(self.index)
        assert len(self.index) == len(self.table)
        for id, values in self.table.items():
            assert id in self.index
            assert np.array_equal(self.index.get(id), values)


Dictionary.TestCase.settings = settings(max_examples=25, stateful_step_count=15, deadline=None)
test_dictionary = Dictionary.TestCase


@pytest.mark.parametrize(
    ("ids", "rows", "error", "text"),
    [
        (["b", "b"], np.ones((2, 4)), IdError, "duplicate id 'b'"),
        (["b", "a"], np.ones((2, 4)), IdError, "duplicate id 'a'"),
        (["b", ""], np.ones((2, 4)), IdError, "non-empty"),
        (["b", 3], np.ones((2, 4)), IdError, "got 3"),
        (["b"], np.ones((2, 4)), RowsError, "2 rows for 1 ids"),
        ("bc", np.ones((2, 4)), RowsError, "as many rows as ids"),
        (["b", "c"], np.ones((2, 5)), RowsError, r"\(n, 4\), got \(2, 5\)"),
        (["b", "c"], [[1, 2, 3, 4], [1, 2, np.nan, 4]], RowsError, "1 of 2 rows are not finite"),
        (["b"], [[np.inf, 2, 3, 4]], RowsError, "not finite"),
        (["b"], [["x", 2, 3, 4]], RowsError, "expected rows of numbers"),
    ],
)
def test_a_failed_add_changes_nothing(ids, rows, error, text):
    index = made({"a": np.ones(4, np.float32)})
    with pytest.raises(error, match=text):
        index.add(ids, rows)
    assert index.ids() == ["a"]
    assert index.search(np.ones(4), 5).ids == [["a"]]


@pytest.mark.parametrize("k", [0, -1, True, 1.5, "3"])
def test_k_below_one_is_an_error(k):
    with pytest.raises(RowsError, match="k of at least 1"):
        made({"a": np.ones(4, np.float32)}).search(np.ones(4), k)


@pytest.mark.parametrize("query", [np.full(4, np.nan), np.ones(3), np.ones((1, 2, 4))])
def test_a_query_of_another_shape_is_an_error(query):
    with pytest.raises(RowsError):
        made({"a": np.ones(4, np.float32)}).search(query, 1)


def test_an_empty_index_filter_or_query_finds_nothing():
    empty = VectorIndex(IndexSpec(4))
    assert empty.search(np.ones((2, 4)), 3).ids == [[], []]
    assert made({"a": np.ones(4, np.float32)}).search(np.ones(4), 3, among=["z"]).ids == [[]]
    assert made({"a": np.ones(4, np.float32)}).search(np.empty((0, 4)), 3).ids == []


@pytest.mark.parametrize("act", [lambda i: i.remove("a"), lambda i: i.search(np.ones(4), 1, among="a")])
def test_a_str_is_not_a_collection_of_ids(act):
    with pytest.raises(IdError, match="collection of ids"):
        act(made({"a": np.ones(4, np.float32)}))


def test_the_row_of_an_unknown_id_is_an_error():
    with pytest.raises(IdError, match="unknown id 'b'"):
        made({"a": np.ones(4, np.float32)}).get("b")
