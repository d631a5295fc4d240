"""The fixtures of command line tests."""

from __future__ import annotations

from command_line import folder, library, model, run

__all__ = ["folder", "library", "model", "run"]
