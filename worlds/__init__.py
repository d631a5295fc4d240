"""Generates rooms, people who act in them, captions proven true and hard negatives proven false."""
