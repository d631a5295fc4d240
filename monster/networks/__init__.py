"""The network family: text, motion and scene encoders, the three pair encoders, and the settings that size them.

Importing this package loads nothing heavy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monster.lazy import lazy_names

if TYPE_CHECKING:
    from monster.networks.collate import Encoding, MotionBatch, SceneBatch, TextBatch
    from monster.networks.config import (
        CONFIGS,
        MotionConfig,
        NetworkConfig,
        PairConfig,
        SceneConfig,
        StackConfig,
        TextConfig,
    )
    from monster.networks.decoder import MotionDecoder
    from monster.networks.motion import MotionEncoder
    from monster.networks.network import Network
    from monster.networks.pairs import PairEncoder
    from monster.networks.scene import SceneEncoder
    from monster.networks.text import TextEncoder

_HOME = {
    "CONFIGS": "monster.networks.config",
    "Encoding": "monster.networks.collate",
    "MotionBatch": "monster.networks.collate",
    "MotionConfig": "monster.networks.config",
    "MotionDecoder": "monster.networks.decoder",
    "MotionEncoder": "monster.networks.motion",
    "Network": "monster.networks.network",
    "NetworkConfig": "monster.networks.config",
    "PairConfig": "monster.networks.config",
    "PairEncoder": "monster.networks.pairs",
    "SceneBatch": "monster.networks.collate",
    "SceneConfig": "monster.networks.config",
    "SceneEncoder": "monster.networks.scene",
    "StackConfig": "monster.networks.config",
    "TextBatch": "monster.networks.collate",
    "TextConfig": "monster.networks.config",
    "TextEncoder": "monster.networks.text",
}

__all__ = [
    "CONFIGS",
    "Encoding",
    "MotionBatch",
    "MotionConfig",
    "MotionDecoder",
    "MotionEncoder",
    "Network",
    "NetworkConfig",
    "PairConfig",
    "PairEncoder",
    "SceneBatch",
    "SceneConfig",
    "SceneEncoder",
    "StackConfig",
    "TextBatch",
    "TextConfig",
    "TextEncoder",
]

__getattr__, __dir__ = lazy_names(__name__, _HOME)
