"""Walks past an object, around it, between two, and over one."""
