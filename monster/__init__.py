"""Find human motion, 3D scenes and text from one another; rate how well a motion does what a text says in a scene.

Importing this package loads nothing heavy: torch, faiss, open3d and the text model come when they are first used.
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
    from monster.tasks import Task
    from monster.types import Hit, Item, Motion, Query, Scene, Scores

__version__ = "0.1.0"

_HOME = {
    "Corpus": "monster.corpus.storage",
    "Gallery": "monster.gallery.gallery",
    "Hit": "monster.types",
    "Item": "monster.types",
    "MonSTeR": "monster.model",
    "MonsterError": "monster.errors",
    "Motion": "monster.types",
    "Query": "monster.types",
    "Scene": "monster.types",
    "Scores": "monster.types",
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
