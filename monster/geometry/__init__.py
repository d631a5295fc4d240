"""Axes, units and up directions of bodies and rooms, for readers and checks."""
