"""Rooms: shells, furniture, and the point clouds that a scanner would see."""
