"""The name that `test_architecture.py` had before."""

from test_architecture import *  # noqa: F403
