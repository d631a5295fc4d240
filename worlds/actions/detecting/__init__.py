"""Observations that several detectors use: contact, facing, paths, wrists, cycles."""
