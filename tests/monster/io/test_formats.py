"""What a caller declares, and what a reader returns, is nothing unless it is said."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from monster.io.formats import DeclaredFrame, MotionOptions, RawMotion, RawScene


def test_nothing_is_declared_by_default() -> None:
    for empty in (DeclaredFrame(), MotionOptions()):
        assert not any(getattr(empty, field.name) for field in fields(empty))


def test_a_reader_states_nothing_by_default() -> None:
    motion, scene = RawMotion(np.zeros((2, 22, 3))), RawScene(np.zeros((2, 3)))
    assert (motion.fps, motion.up, motion.unit, motion.usual_up, motion.usual_fps, motion.findings) == (*[None] * 5, ())
    assert (scene.colors, scene.instances, scene.labels, scene.up, scene.unit, scene.findings) == (*[None] * 5, ())
