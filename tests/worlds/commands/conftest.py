"""Fixtures of the command line tests."""

from __future__ import annotations

from command_line import folder, gallery_folder, model, run

__all__ = ["folder", "gallery_folder", "model", "run"]
