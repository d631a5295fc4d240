"""Humanoid robots: their bodies as tables, forward kinematics, and readers of their recordings.

May import the motion package's kinematics, the body frame, NumPy files, pickles and sources; no other reader.
"""

from __future__ import annotations
