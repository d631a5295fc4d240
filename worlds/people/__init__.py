"""Bodies, their gait and their paths."""
