"""Retrieval between human motion, 3D scenes and text, and scores of how well a motion fits a text and a scene.

Importing this package loads nothing heavy: torch, faiss, open3d and the text model are imported on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monster.lazy import lazy_names

if TYPE_CHECKING:
    from monster.corpus.storage import Corpus
    from monster.errors import MonsterError
    from monster.gallery.gallery import Gallery
    from monster.io import read_motion, read_scene
    from monster.model import MonSTeR, load
    from monster.results import Hit, Scores
    from monster.tasks import Task
    from monster.types import Item, Motion, Query, Scene

__version__ = "0.1.0"

_HOME = {
    "Corpus": "monster.corpus.storage",
    "Gallery": "monster.gallery.gallery",
    "Hit": "monster.results",
    "Item": "monster.types",
    "MonSTeR": "monster.model",
    "MonsterError": "monster.errors",
    "Motion": "monster.types",
    "Query": "monster.types",
    "Scene": "monster.types",
    "Scores": "monster.results",
    "Task": "monster.tasks",
    "load": "monster.model",
    "read_motion": "monster.io",
    "read_scene": "monster.io",
}

__all__ = [
    "Corpus",
    "Gallery",
    "Hit",
    "Item",
    "MonSTeR",
    "MonsterError",
    "Motion",
    "Query",
    "Scene",
    "Scores",
    "Task",
    "load",
    "read_motion",
    "read_scene",
]

__getattr__, __dir__ = lazy_names(__name__, _HOME)
