"""Audits corpora: faults of items, overlap of splits, statistics and an HTML page."""
