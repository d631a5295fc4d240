"""Axes, units, and which way is up for a body and for a room: geometry that readers and checks share."""
