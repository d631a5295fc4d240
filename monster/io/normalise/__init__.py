"""Axes, units, rigs and objects: from what a file has to the project's conventions."""
