"""Walks to an object and away from it."""
