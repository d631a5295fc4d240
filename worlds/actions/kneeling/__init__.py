"""Kneeling and crouching beside an object."""
