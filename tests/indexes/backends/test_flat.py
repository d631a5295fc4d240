import sys

import numpy as np
import pytest

from indexes import EngineError, IndexSpec, StorageError
from indexes.backends import make_backend

ROWS = np.arange(12, dtype=np.float32).reshape(4, 3)


@pytest.fixture
def backend():
    made = make_backend(IndexSpec(3))
    made.add(np.array([5, 2, 9, 7]), ROWS)
    return made


def test_rows_are_found_and_removed_by_number(backend):
    backend.remove(np.array([2, 7]))
    assert np.array_equal(backend.get(9), ROWS[2])
    scores, found = backend.search(np.array([[0, 0, 1]], np.float32), 2, None)
    assert found.tolist() == [[9, 5]] and scores.tolist() == [[8.0, 2.0]]
    assert backend.search(np.array([[0, 0, 1]], np.float32), 1, np.array([5]))[1].tolist() == [[5]]


def test_rows_are_saved_in_the_requested_order(backend, tmp_path):
    backend.save(tmp_path / "rows.npy", np.array([9, 7, 5, 2]))
    assert np.array_equal(np.load(tmp_path / "rows.npy"), ROWS[[2, 3, 0, 1]])
    again = make_backend(IndexSpec(3))
    again.load(tmp_path / "rows.npy", 4)
    assert np.array_equal(again.get(3), ROWS[1])


@pytest.mark.parametrize(("count", "dim"), [(3, 3), (4, 2)])
def test_rows_of_another_shape_are_an_error(backend, tmp_path, count, dim):
    backend.save(tmp_path / "rows.npy", np.array([5, 2, 9, 7]))
    with pytest.raises(StorageError, match=r"rows.npy: expected float32 .* got float32 \(4, 3\)"):
        make_backend(IndexSpec(dim)).load(tmp_path / "rows.npy", count)


def test_a_missing_engine_is_a_clear_error(monkeypatch):
    monkeypatch.setitem(sys.modules, "faiss", None)
    with pytest.raises(EngineError, match="install faiss-cpu"):
        make_backend(IndexSpec(3))
