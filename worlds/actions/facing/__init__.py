"""Turning to an object, looking at it, pointing at it."""
