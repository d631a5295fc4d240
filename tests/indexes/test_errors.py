"""One base class for all errors of the package; the docstring draws the tree as it is."""

from __future__ import annotations

import pytest

import indexes.errors
from indexes import IndexesError

ERRORS = [value for value in vars(indexes.errors).values() if isinstance(value, type) and issubclass(value, Exception)]


@pytest.mark.parametrize("error", ERRORS)
def test_every_error_has_the_base_class_and_is_in_the_tree(error: type[Exception]) -> None:
    assert issubclass(error, IndexesError)
    assert error.__name__ in str(indexes.errors.__doc__)


def test_errors_have_different_types() -> None:
    specific = [error for error in ERRORS if error is not IndexesError]
    assert len(specific) == 5
    assert all(error.__bases__ == (IndexesError,) for error in specific)
